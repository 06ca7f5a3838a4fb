"""Disposals taken apart into what was acquired at one time: rounded parts that add up to the rounded disposal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core.money import EXACT, ZERO
from app.core.reports.rounding import minus, rounded_parts, split, summed
from app.core.reports.source import ReportSource
from app.core.tax.figures import DisposalFigures, Term

CENTS = 2


@dataclass(frozen=True, slots=True)
class Parcel:
    """A part of a disposal; amounts are rounded.

    Attributes:
        lot: Row of the acquisition; None for a pool, or for what was never acquired.
        acquired: None where that is not known.
    """

    disposal: DisposalFigures
    lot: str | None
    rule: str
    quantity: Decimal
    acquired: date | None
    sold: date
    term: Term | None
    proceeds: Decimal | None
    cost: Decimal | None

    @property
    def gain(self) -> Decimal | None:
        """Return proceeds less cost."""
        return minus(self.proceeds, self.cost)


def parcels(source: ReportSource, places: int = CENTS) -> Iterator[Parcel]:
    """Yield the parts of every disposal of the year."""
    for one in source.figures.disposals:
        matches = [(m.lot, m.rule, m.quantity, m.cost, m.acquired_ns, m.term) for m in one.matches]
        matched = summed(match[2] for match in matches) or ZERO
        if matched != one.quantity:
            matches.append((None, "missing", EXACT.subtract(one.quantity, matched), None, None, None))
        proceeds = split(one.proceeds, [match[2] for match in matches], places)
        costs = rounded_parts([match[3] for match in matches], places)
        for (lot, rule, quantity, _, acquired, term), brought, cost in zip(matches, proceeds, costs, strict=True):
            day = None if acquired is None else source.day(acquired)
            yield Parcel(one, lot, rule, quantity, day, source.day(one.at), term, brought, cost)
