"""Composition: settings, addresses, command line. The top floor; it may import everything."""
