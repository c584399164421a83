"""The definition language as pydantic models."""
