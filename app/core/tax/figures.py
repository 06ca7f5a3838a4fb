"""What a computation gives: disposals, income, holdings and totals, exact, with what a person should look at."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.core.findings import Finding
from app.core.values import made_quickly


class Term(StrEnum):
    """How long what was sold had been held."""

    SHORT = "short"
    LONG = "long"
    MIXED = "mixed"


@made_quickly
@dataclass(frozen=True, slots=True)
class MatchFigures:
    """A part of a disposal: the acquisition that it used up, or the pool."""

    lot: str | None
    rule: str
    quantity: Decimal
    cost: Decimal | None
    acquired_ns: int | None
    acquired_resolution: int
    term: Term | None


@made_quickly
@dataclass(frozen=True, slots=True)
class DisposalFigures:
    """One disposal; gain = proceeds − cost + denied, None where a part is not known.

    Attributes:
        rows: The rows of the input that the law takes as this one disposal; the first of them is `row`.
        short_gain: The part of the gain on what was held for short; None where the jurisdiction knows no terms.
    """

    row: str
    rows: tuple[str, ...]
    asset: str
    wallet: str
    at: int
    resolution: int
    quantity: Decimal
    proceeds: Decimal | None
    cost: Decimal | None
    gain: Decimal | None
    denied: Decimal
    term: Term | None
    short_gain: Decimal | None
    long_gain: Decimal | None
    matches: tuple[MatchFigures, ...]


@dataclass(frozen=True, slots=True)
class IncomeFigures:
    """Income at its value on receipt."""

    row: str
    asset: str
    wallet: str
    at: int
    resolution: int
    quantity: Decimal
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class DepartureFigures:
    """What left for good without a disposal, such as a gift or a loss that the law does not recognise."""

    row: str
    asset: str
    wallet: str
    at: int
    resolution: int
    quantity: Decimal
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class HoldingFigures:
    """What is left; the wallet is None where lots belong to no wallet."""

    asset: str
    wallet: str | None
    quantity: Decimal
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums; None where one of the parts is not known, or where there are no terms."""

    proceeds: Decimal | None
    cost: Decimal | None
    gain: Decimal | None
    denied: Decimal
    short_gain: Decimal | None
    long_gain: Decimal | None
    income: Decimal | None

    @property
    def are_known(self) -> bool:
        """Tell whether no sum is blocked by a part that is not known."""
        return None not in (self.proceeds, self.cost, self.gain, self.income)


@dataclass(frozen=True, slots=True)
class AllowanceFigures:
    """An allowance of a tax year, before losses of other years and other income.

    Attributes:
        measured: What it looks at: a gain, income, or proceeds; None where that is not known.
        left: How much more there may be before the allowance is used up or the cliff reached; negative beyond it.
        applies: It leaves something untaxed in this year.
        taxable: What is left to be taxed.
    """

    name: str
    kind: str
    amount: Decimal
    measured: Decimal | None
    left: Decimal | None
    applies: bool | None
    taxable: Decimal | None
    law: str
    url: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class TaxFigures:
    """The figures of one year, or of all.

    Attributes:
        portfolio_cost: The cost of all that is held, where the law knows only that.
    """

    currency: str
    disposals: tuple[DisposalFigures, ...]
    income: tuple[IncomeFigures, ...]
    holdings: tuple[HoldingFigures, ...]
    totals: Totals
    findings: tuple[Finding, ...]
    portfolio_cost: Decimal | None = None
    departures: tuple[DepartureFigures, ...] = ()
    allowances: tuple[AllowanceFigures, ...] = ()
