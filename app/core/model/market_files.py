"""What files of prices and of holdings tell, before anything is computed of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.findings import Finding


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Closes as a file has them.

    Attributes:
        histories: (nanoseconds, close) by the file's own name of an asset, in the file's order.
        findings: Rows and cells that could not be read.
        turnover: (nanoseconds, money that changed hands) by the same names, where the file says which it means.
    """

    histories: Mapping[str, Sequence[tuple[int, float]]]
    findings: tuple[Finding, ...] = ()
    turnover: Mapping[str, Sequence[tuple[int, float]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line of a file of holdings; a negative quantity is owed, or short.

    Attributes:
        kind: What it comes from, such as "perpetual"; "" for a plain holding or, below zero, a debt.
        bridge: What a token is redeemed through.
        locked_until: Nanoseconds from which a stake can be sold.
        entry: Mean price of a perpetual's contracts.
        margin: What the venue holds for a perpetual alone, in the currency of the prices.
        liquidation: Price at which the venue closes it.
    """

    asset: str
    quantity: Decimal
    venue: str = ""
    chain: str = ""
    issuer: str = ""
    kind: str = ""
    bridge: str = ""
    locked_until: int | None = None
    entry: Decimal | None = None
    margin: Decimal | None = None
    liquidation: Decimal | None = None
