"""The panel's arithmetic: conflicts, the draw, the official score. Pure; the solver is loaded on first use."""
