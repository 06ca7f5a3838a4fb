"""Exposures of a book: what moves with each asset's price, and who owes it.

Perpetuals count with their signed notional, debt counts negative, locked stakes count like any other holding.
What a book is worth is another sum: a perpetual is worth its margin and open gain, never its notional.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from app.core.errors import InputError
from app.core.risk.arrays import Floats, frozen


class Kind(StrEnum):
    """What an exposure comes from."""

    HOLDING = "holding"
    STAKED = "staked"
    COLLATERAL = "collateral"
    """Held in a futures or margin wallet: it answers for the perpetuals and loans there."""
    PERPETUAL = "perpetual"
    DEBT = "debt"


class Group(StrEnum):
    """By what exposures are gathered."""

    ASSET = "asset"
    VENUE = "venue"
    CHAIN = "chain"
    ISSUER = "issuer"
    COUNTERPARTY = "counterparty"


NOBODY = "\N{EM DASH}"
"""Where it is known that there is none: a wallet is at no venue, money is on no chain, nobody issues bitcoin."""


@dataclass(frozen=True, slots=True)
class Places:
    """Who and what it depends on; "" where that is not known, NOBODY where there is none.

    Attributes:
        bridge: What a wrapped, staked or bridged token is redeemed through; "" where there is none that is known.
    """

    venue: str = ""
    chain: str = ""
    issuer: str = ""
    counterparty: str = ""
    bridge: str = ""


NOWHERE = Places()


@dataclass(frozen=True, slots=True)
class PairLimit:
    """Move of the price of one asset in another at which a venue sells what answers for a loan.

    Attributes:
        is_below: Whether the price must fall so far: it rises against who owes the base.
    """

    base: str
    quote: str
    move: float
    is_below: bool


@dataclass(frozen=True, slots=True)
class Exposure:
    """One line of a book, in the base currency.

    Attributes:
        value: What is gained when the price doubles: negative for debt and short perpetuals.
        claim: What its counterparty owes at present; for a perpetual that is its margin and open gain.
        margin: What the venue holds of its owner for a perpetual alone.
        gain: Open gain of a perpetual since its entry, negative for a loss; 0 for all else, and where it is not known.
        locked_until: Start of the day from which a stake can be sold; None where that is not known.
        liquidation: Move of the price at which the venue closes a perpetual; None where that is not known.
        wallet: What tells a wallet of its venue from others, where each answers for its own debts and perpetuals.
        limit: At which move the wallet of a debt is sold; None where the venue told none.
    """

    asset: str
    value: float
    kind: Kind = Kind.HOLDING
    claim: float = 0.0
    places: Places = NOWHERE
    margin: float = 0.0
    gain: float = 0.0
    locked_until: int | None = None
    liquidation: float | None = None
    wallet: str = ""
    limit: PairLimit | None = None

    @property
    def worth(self) -> float:
        """Return what it adds to the value of a book: of a perpetual margin and open gain, never its notional."""
        return self.margin + self.gain if self.kind is Kind.PERPETUAL else self.value

    def group(self, by: Group) -> str:
        """Return the name of its group; "" where that is not known, NOBODY where there is none."""
        return self.asset if by is Group.ASSET else str(getattr(self.places, by.value))


def holding(
    asset: str, value: float, places: Places = NOWHERE, *, is_locked: bool = False, locked_until: int | None = None
) -> Exposure:
    """Return what somebody holds: its value is at risk, and the place owes it."""
    kind = Kind.STAKED if is_locked or locked_until is not None else Kind.HOLDING
    return Exposure(asset, _finite(asset, value), kind, max(value, 0.0), places, locked_until=locked_until)


def collateral(asset: str, value: float, places: Places = NOWHERE, wallet: str = "") -> Exposure:
    """Return what lies in a futures or margin wallet; below zero it is owed to the venue."""
    return Exposure(asset, _finite(asset, value), Kind.COLLATERAL, max(value, 0.0), places, wallet=wallet)


def debt(
    asset: str, value: float, places: Places = NOWHERE, wallet: str = "", limit: PairLimit | None = None
) -> Exposure:
    """Return what somebody owes: a rise of its price is a loss."""
    return Exposure(asset, -abs(_finite(asset, value)), Kind.DEBT, places=places, wallet=wallet, limit=limit)


def perpetual(  # noqa: PLR0913 - what a venue tells of a position
    asset: str,
    contracts: float,
    mark: float,
    *,
    margin: float = 0.0,
    entry: float | None = None,
    liquidation: float | None = None,
    places: Places = NOWHERE,
    wallet: str = "",
) -> Exposure:
    """Return a perpetual of so many signed contracts of one unit each.

    Args:
        asset: What its price follows.
        contracts: Below zero for a short.
        mark: The price of now.
        margin: What the venue holds of its owner for this one alone; 0 where a wallet answers for it.
        entry: The mean price of its contracts; with it the open gain is known.
        liquidation: The price at which the venue closes it.
        places: Who owes margin and gain.
        wallet: Which one of that venue answers for it.
    """
    value = _finite(asset, contracts * mark)
    gain = 0.0 if entry is None else _finite(asset, contracts * (mark - entry))
    moved = None if liquidation is None or not mark > 0 or not liquidation > 0 else liquidation / mark - 1
    held = max(margin, 0.0)
    claim = max(held + gain, 0.0)
    return Exposure(asset, value, Kind.PERPETUAL, claim, places, held, gain, liquidation=moved, wallet=wallet)


def worth(exposures: Iterable[Exposure]) -> float:
    """Return what a book is worth: holdings, margins and open gains, less what is owed."""
    return math.fsum(one.worth for one in exposures)


def net(exposures: Iterable[Exposure]) -> dict[str, float]:
    """Return the net exposure to each asset: a hedged holding has none."""
    found: dict[str, float] = {}
    for one in exposures:
        found[one.asset] = found.get(one.asset, 0.0) + one.value
    return found


def gross_by(exposures: Iterable[Exposure], by: Group) -> dict[str, float]:
    """Return absolute net exposure by asset, or the claims on each venue, chain, issuer or counterparty.

    Claims whose group is not known are under "", those that have none under NOBODY: by whatever they are gathered,
    claims have one sum.
    """
    if by is Group.ASSET:
        return {asset: abs(value) for asset, value in net(exposures).items() if value}
    found: dict[str, float] = {}
    for one in exposures:
        if one.claim:
            name = one.group(by)
            found[name] = found.get(name, 0.0) + one.claim
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """Net exposures in the order of some scenarios' assets.

    Attributes:
        left_out: Assets of the book that the scenarios do not know, with their exposure.
    """

    assets: tuple[str, ...]
    values: Floats
    left_out: tuple[tuple[str, float], ...] = ()

    @property
    def covered(self) -> float:
        """Return the absolute exposure that takes part."""
        return float(np.abs(self.values).sum())

    @property
    def gross(self) -> float:
        """Return the absolute exposure of the whole book."""
        return self.covered + sum(abs(value) for _, value in self.left_out)

    def changed(self, asset: str, by: float) -> Book:
        """Return the book with more, or less, of one asset."""
        values = self.values.copy()
        values[self.place(asset)] += by
        return Book(self.assets, frozen(values), self.left_out)

    def place(self, asset: str) -> int:
        """Return the column of an asset; InputError where the scenarios do not know it."""
        if asset not in self.assets:
            raise InputError(f"{asset} has no scenarios", hint="Give it a price history or a proxy.")
        return self.assets.index(asset)


def book(exposures: Mapping[str, float], assets: Sequence[str]) -> Book:
    """Return net exposures in the order of `assets`; what is not among them is left out, and named."""
    values = np.array([_finite(asset, exposures.get(asset, 0.0)) for asset in assets], np.float64)
    places = set(assets)
    left = tuple((asset, value) for asset, value in exposures.items() if asset not in places and value)
    return Book(tuple(assets), frozen(values), left)


def _finite(asset: str, value: float) -> float:
    if not math.isfinite(value):
        raise InputError(
            f"the exposure to {asset} is {value}", hint="Leave an asset without a mark out of the book, and name it."
        )
    return float(value)
