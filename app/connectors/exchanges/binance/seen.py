"""What the histories of an account showed so far: its assets, its age, and what they sum up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.core.ledger.entries import Entry
from app.core.money import ZERO, add, exact, plain


@dataclass(slots=True)
class Seen:
    """What one stream showed.

    Attributes:
        assets: What the account ever moved, by our ids.
        first_at: The moment of the oldest event; None where there was none.
        sums: What entries moved in the spot wallet, by asset.
        counted_to: Entries before this are in the sums; they are not counted again when they are read again.
    """

    assets: set[str] = field(default_factory=set)
    first_at: int | None = None
    sums: dict[str, Decimal] = field(default_factory=dict)
    counted_to: int = 0

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Seen:
        """Return what a cursor kept."""
        sums = {asset: exact(text) for asset, text in kept.get("sums", {}).items()}
        return cls(set(kept.get("assets", ())), kept.get("first"), sums, int(kept.get("counted", 0)))

    def kept(self) -> dict[str, Any]:
        """Return what a cursor keeps."""
        sums = {asset: plain(quantity) for asset, quantity in sorted(self.sums.items()) if quantity}
        return {"assets": sorted(self.assets), "first": self.first_at, "sums": sums, "counted": self.counted_to}

    def see(self, entries: Iterable[Entry], *, until: int | None = None) -> None:
        """Hear of entries; with `until`, all before it were heard of once this is over."""
        for entry in entries:
            self.first_at = entry.at if self.first_at is None else min(self.first_at, entry.at)
            is_new = until is None or entry.at >= self.counted_to
            for leg in entry.legs:
                self.assets.add(leg.asset)
                if is_new and leg.sub_place == "spot":
                    self.sums[leg.asset] = add(self.sums.get(leg.asset, ZERO), leg.quantity)
        if until is not None:
            self.counted_to = max(self.counted_to, until)


class Universe:
    """What all streams of an account showed."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._streams: dict[str, Seen] = {}

    def put(self, stream: str, seen: Seen) -> None:
        """Know what a stream showed; it goes on counting in the same place."""
        self._streams[stream] = seen

    @property
    def assets(self) -> set[str]:
        """Return every asset that was seen."""
        return {asset for seen in self._streams.values() for asset in seen.assets}

    @property
    def first_at(self) -> int | None:
        """Return the moment of the oldest event."""
        return min((seen.first_at for seen in self._streams.values() if seen.first_at is not None), default=None)

    def differences(self, held: Mapping[str, Decimal]) -> dict[str, Decimal]:
        """Return by how much the spot wallet holds more than all streams sum up to."""
        found = dict(held)
        for seen in self._streams.values():
            for asset, quantity in seen.sums.items():
                found[asset] = add(found.get(asset, ZERO), quantity.copy_negate())
        return {asset: quantity for asset, quantity in found.items() if quantity}
