"""The designer: pages on which an office builds or edits a draft definition without knowing the language beneath.

A draft is kept as YAML, edited as the plain document it reads as, and always has the right shape; what is still wrong
beyond that (sums, codes, examples) stands on its check list until it is published.
"""
