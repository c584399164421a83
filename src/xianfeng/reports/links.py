"""Addresses of pages other apps bring: the first name that exists wins, none is an empty link, never an error."""

from django.urls import NoReverseMatch, reverse


def first(*names: str, args: tuple[object, ...] = (), query: str = "") -> str:
    """The address of the first of these url names that resolves, with a query; empty without any."""
    for name in names:
        try:
            found = reverse(name, args=args)
        except NoReverseMatch:
            continue
        return f"{found}?{query}" if query else found
    return ""
