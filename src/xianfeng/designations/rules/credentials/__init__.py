"""Designations as credentials, in pure functions: contexts, canonical form, proof, status list, verdict."""
