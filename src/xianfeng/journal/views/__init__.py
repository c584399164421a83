"""The log as others see it: ``log`` for programmes, ``pages`` for people."""
