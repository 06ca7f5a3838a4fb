"""Names in sentences that stand for themselves."""

from __future__ import annotations


class AsWritten:
    """Ids are their own words."""

    def id_of(self, kind: str, word: str) -> str:
        """Return the word."""
        return word

    def word_of(self, kind: str, known: str) -> str:
        """Return the id."""
        return known
