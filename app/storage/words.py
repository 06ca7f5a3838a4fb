"""Short numbers for words that repeat in every row of a projection."""

from __future__ import annotations

from typing import Any

from app.core.ports import AssetRegistry


class Words:
    """Numbers of words and assets as one transaction sees them; new ones are kept with it."""

    def __init__(self, connection: Any, registry: AssetRegistry) -> None:
        """Read what is known."""
        self._connection = connection
        self._registry = registry
        self._numbers: dict[str, int] = dict(connection.execute("SELECT word, number FROM words"))
        self._assets: dict[str, tuple[int, int]] = {
            asset_id: (number, scale)
            for asset_id, number, scale in connection.execute("SELECT asset_id, number, scale FROM assets")
        }

    def find(self, word: str) -> int:
        """Return the number of a word, 0 where no row has it."""
        return self._numbers.get(word, 0)

    def number(self, word: str) -> int:
        """Return the number of a word, a new one where it is new."""
        known = self._numbers.get(word)
        if known is None:
            known = self._numbers[word] = len(self._numbers) + 1
            self._connection.execute("INSERT INTO words VALUES (?, ?)", (known, word))
        return known

    def find_asset(self, asset_id: str) -> int:
        """Return the number of an asset, 0 where no row has it."""
        return self._assets.get(asset_id, (0, 0))[0]

    def asset(self, asset_id: str) -> tuple[int, int]:
        """Return the number of an asset and the scale in which its limbs are written."""
        known = self._assets.get(asset_id)
        if known is None:
            known = self._assets[asset_id] = len(self._assets) + 1, self._registry.asset(asset_id).scale
            self._connection.execute("INSERT INTO assets VALUES (?, ?, ?)", (known[0], asset_id, known[1]))
        return known

    def scale(self, asset_id: str) -> int:
        """Return the scale of an asset without keeping anything."""
        known = self._assets.get(asset_id)
        return self._registry.asset(asset_id).scale if known is None else known[1]

    def words(self) -> dict[int, str]:
        """Return words by number."""
        return {number: word for word, number in self._numbers.items()}

    def assets(self) -> dict[int, tuple[str, int]]:
        """Return (asset id, scale) by number."""
        return {number: (asset_id, scale) for asset_id, (number, scale) in self._assets.items()}
