"""What matching gives: disposals with the lots that they used up, and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Match = tuple[str | None, str, int, int | None, int | None]
"""(row of the acquisition, rule, units, cost, acquired at); a pool has no row and no moment, unknown cost is None."""


class Disposal(NamedTuple):
    """One disposal.

    Attributes:
        cost: None where it is not known: part of what was sold was never acquired, or at an unknown cost.
        denied: What of a loss the law does not allow, as a positive amount.
        missing: Units that were sold without having been held.
        rows: The rows that the law takes together as this one disposal; empty where it is one.
    """

    row: str
    asset: str
    wallet: str
    at: int
    quantity: int
    proceeds: int | None
    cost: int | None
    matches: Sequence[Match]
    denied: int = 0
    missing: int = 0
    rows: tuple[str, ...] = ()


class Holding(NamedTuple):
    """What is left of an asset; the wallet is None where lots belong to no wallet."""

    asset: str
    wallet: str | None
    quantity: int
    cost: int | None


class OpenLot(NamedTuple):
    """A lot that is not used up."""

    row: str
    asset: str
    wallet: str | None
    acquired: int
    quantity: int
    cost: int | None


class Departure(NamedTuple):
    """Units that left for good without a disposal, with what they cost; None where that is not known."""

    row: str
    asset: str
    wallet: str
    at: int
    quantity: int
    cost: int | None
    matches: Sequence[Match]


@dataclass(frozen=True, slots=True)
class Shortage:
    """More leaves a wallet than it ever held."""

    row: str
    asset: str
    wallet: str
    quantity: int


LOT, ASSET = "%lot", "%asset"
"""What stands in words for a lot and an asset, whose names are not known here."""


@dataclass(frozen=True, slots=True)
class WrongChoice:
    """An identification of lots that cannot be followed, and why.

    Attributes:
        reason: In words, in which LOT stands for the lot.
        asset: What is sold; where another asset is the matter, that one, which ASSET stands for.
        held: Units that the lot still holds, where more of it are chosen.
        lot: The row of the lot that is the matter.
    """

    row: str
    reason: str
    asset: str = ""
    held: int | None = None
    lot: str = ""


@dataclass(slots=True)
class Matched:
    """The result of a whole history.

    Attributes:
        shortages: Transfers and fees that move more than is there.
        overdrawn: Wallets that had given more than they received when lots were dealt out to them.
        wrong_choices: Disposals whose cost is not known for that reason; what left then is what the method takes.
        portfolio_cost: The cost of all that is held where the law knows only that.
        neutral: Rows that are no disposal under the law of the method.
        departures: What left for good without a disposal.
    """

    disposals: list[Disposal] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    lots: list[OpenLot] = field(default_factory=list)
    shortages: list[Shortage] = field(default_factory=list)
    overdrawn: list[Shortage] = field(default_factory=list)
    wrong_choices: list[WrongChoice] = field(default_factory=list)
    portfolio_cost: int | None = None
    neutral: list[str] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
