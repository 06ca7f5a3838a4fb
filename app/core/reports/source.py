"""What reports are made from: the figures of one tax year, the transactions behind them, what a broker reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from app.core.findings import Finding
from app.core.lots.methods import Method
from app.core.money import ZERO
from app.core.reports.broker import BrokerLine
from app.core.reports.held import HeldAt, HeldLot
from app.core.reports.rounding import summed
from app.core.tax.compute import compute
from app.core.tax.events import Transaction
from app.core.tax.figures import TaxFigures, Term
from app.core.tax.from_entries import entry_of
from app.core.tax.income import IncomeKind
from app.core.tax.profile import Profile
from app.core.tax.valuations import Prices, Valuation

_LOOK_AHEAD = timedelta(days=30)
"""What is bought this long after a sale may still count for it, in the country that looks furthest ahead."""


@dataclass(frozen=True, slots=True)
class ReportSource:
    """One tax year.

    Attributes:
        figures: Of that year only; holdings are those at its end, or at `as_of`.
        transactions: By row, as far as they are known: for notes, prices and the portfolio's value.
        findings: Everything that a person should look at, the most pressing first.
        evidence: By row, in words: where its value stands.
        fractions_before: What sales of earlier years took out of the portfolio's cost (France).
        broker: By (row, term); None where nobody asked.
        values: What each of the holdings is worth on that day, in their order; None where there are no prices at all.
        valued_on: The day of those prices, which is earlier where the day has none yet.
        lots: Makes the lots behind the holdings, valued likewise: only one report wants them, and they take a while.
        as_of: The day at whose end holdings are told; None is the end of the year.
        income_kinds: What kind of income each receipt is, by its row, as far as anything says it.
        is_incomplete: Something is missing in the history, though every figure of the year may look known.
        known_until: The last day of which prices are known, where they come from the books.
        days: Of what the findings name, by row or entry.
        is_simulated: Nothing in the books is real.
    """

    figures: TaxFigures
    profile: Profile
    year: int
    transactions: Mapping[str, Transaction] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    fractions_before: Decimal | None = None
    broker: Mapping[tuple[str, Term | None], BrokerLine] | None = None
    values: tuple[Valuation, ...] | None = None
    valued_on: date | None = None
    lots: Callable[[], tuple[HeldLot, ...]] | None = None
    as_of: date | None = None
    income_kinds: Mapping[str, IncomeKind] = field(default_factory=dict)
    is_incomplete: bool = False
    known_until: date | None = None
    days: Mapping[str, date] = field(default_factory=dict)
    is_simulated: bool = False

    @property
    def period(self) -> tuple[date, date]:
        """Return the first and the last day of the year."""
        return self.profile.calendar.bounds(self.year)

    @property
    def currency(self) -> str:
        """Return the currency of every amount."""
        return self.figures.currency

    def day(self, at: int) -> date:
        """Return the day of a moment in the zone whose days count."""
        return date.fromordinal(self.profile.calendar.day(at))

    def day_of(self, finding: Finding) -> date | None:
        """Return the first day of what a finding names; None where it names nothing that has one."""
        return min((self.days[one] for one in finding.entries if one in self.days), default=None)

    def is_later(self, finding: Finding) -> bool:
        """Tell whether a finding is of a time that no figure of the year can follow from."""
        day, last = self.day_of(finding), self.as_of or self.period[1]
        return day is not None and day > last + _LOOK_AHEAD

    def noted(self, rows: Sequence[str]) -> str:
        """Return what a person noted at transactions, and where their values stand."""
        found: list[str] = []
        for row in rows:
            one = self.transactions.get(row)
            found += ["" if one is None else one.note, self.evidence.get(row, "")]
        return "; ".join(filter(None, found))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which year is asked for, and what is known besides the transactions; see `ReportSource`."""

    year: int
    currency: str
    findings: tuple[Finding, ...] = ()
    broker: Mapping[tuple[str, Term | None], BrokerLine] | None = None
    as_of: date | None = None
    prices: Prices | None = None


def from_transactions(transactions: Sequence[Transaction], profile: Profile, wanted: Wanted) -> ReportSource:
    """Return the source of every report of a year, computed from the whole history in the order of time."""
    played = transactions
    if wanted.as_of is not None:
        last = wanted.as_of.toordinal()
        played = [one for one in transactions if profile.calendar.day(one.at) <= last]
    figures = compute(played, profile, currency=wanted.currency, year=wanted.year)
    held = held_at(figures, played, profile, wanted)
    findings = (*wanted.findings, *figures.findings)
    return ReportSource(
        figures,
        profile,
        wanted.year,
        transactions={one.row: one for one in played},
        findings=findings,
        fractions_before=fractions_before(played, profile, wanted) if profile.method is Method.PMP else None,
        broker=wanted.broker,
        values=None if held is None else held.values(),
        valued_on=None if held is None else held.valued_on,
        lots=None if held is None else held.lots,
        as_of=wanted.as_of,
        days=days_of(findings, transactions, profile),
    )


def days_of(findings: Sequence[Finding], transactions: Iterable[Transaction], profile: Profile) -> dict[str, date]:
    """Return the tax days of the rows and entries that findings name."""
    named = {one for finding in findings for one in finding.entries}
    found: dict[str, date] = {}
    for one in transactions if named else ():
        for name in {one.row, entry_of(one.row)} & named:
            found.setdefault(name, date.fromordinal(profile.calendar.day(one.at)))
    return found


def held_at(
    figures: TaxFigures, transactions: Sequence[Transaction], profile: Profile, wanted: Wanted
) -> HeldAt | None:
    """Return what is held at the end of the wanted day, else of the year; None where there are no prices at all."""
    if wanted.prices is None:
        return None
    day = wanted.as_of or profile.calendar.bounds(wanted.year)[1]
    return HeldAt(figures, transactions, profile, day, wanted.prices)


def fractions_before(transactions: Sequence[Transaction], profile: Profile, wanted: Wanted) -> Decimal | None:
    """Return what sales of earlier years took out of the portfolio's cost; None where that is not known."""
    earlier = [one for one in transactions if profile.calendar.year_of(one.at) < wanted.year]
    if not earlier:
        return ZERO
    return summed(one.cost for one in compute(earlier, profile, currency=wanted.currency).disposals)
