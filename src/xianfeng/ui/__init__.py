"""The floor of the pages: layouts, components, edge helpers; no models."""
