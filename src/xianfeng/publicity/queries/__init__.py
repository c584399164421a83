"""Reads of the public site. A person's name leaves this folder only with consent on record."""
