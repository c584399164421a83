"""Reads of the boards, one module a page."""
