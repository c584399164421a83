"""Pools: what is ranked, cut and given out by itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pool:
    """Places that one field competes for: of a category, or of one applicant group in it; ``title`` says which."""

    category: str
    group: str  # "" where the category's places are not split
    title: str
    quota: int

    @property
    def key(self) -> str:
        """Its name in tables and addresses: the category's code where nothing is split."""
        return pool_key(self.category, self.group)


def pool_key(category: str, group: str) -> str:
    """The key of a pool; "/" stands in no code."""
    return f"{category}/{group}" if group else category
