"""Database migrations of the journal."""
