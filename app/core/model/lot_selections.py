"""Selections of lots: which units a person says that a sale disposes of, and since when that stands in the books."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class LotSelection:
    """One selection; a later one for the same sale, or ahead for the same wallet, replaces it.

    Attributes:
        jurisdiction: The code of the country for whose figures it is made.
        asset: Of which units are disposed.
        lots: (row of the acquisition, quantity); empty takes back what was selected before.
        disposal: The id of the entry that disposes; "" for a selection ahead of the sale.
        wallet: The account whose next sales follow a selection ahead; "" where it is for one entry.
        preset: The rule by which the lots were chosen, in one word; "" for a person's own choice.
        recorded_ns: When the journal sealed it; 0 before.
        record: The hash of its record; "" before.
    """

    jurisdiction: str
    asset: str
    lots: tuple[tuple[str, Decimal], ...]
    disposal: str = ""
    wallet: str = ""
    preset: str = ""
    recorded_ns: int = 0
    record: str = ""
