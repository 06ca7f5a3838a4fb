"""The figures of transactions under a profile: matched in whole units, told in exact numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.core.errors import InputError, RefusedError
from app.core.letting_go import let_go
from app.core.lots.methods import Scope
from app.core.lots.results import Departure, Disposal, Match, Matched
from app.core.lots.shares import share
from app.core.lots.undisturbed import undisturbed
from app.core.money import EXACT
from app.core.names import AS_TOLD, Names, counted
from app.core.stopping import Alive, always, while_alive
from app.core.tax.allowances import allowances_of
from app.core.tax.events import Transaction, TransactionType, Unit, Units, in_units, total, units_of
from app.core.tax.figures import (
    DepartureFigures,
    DisposalFigures,
    HoldingFigures,
    IncomeFigures,
    MatchFigures,
    TaxFigures,
    Term,
    Totals,
)
from app.core.tax.findings import findings_of, reason_of
from app.core.tax.matching import matched
from app.core.tax.profile import Profile

_WALLETS_FROM = 2025
"""Since this year the United States look at each wallet by itself (Treas. Reg. § 1.1012-1(j))."""


@undisturbed
def compute(  # noqa: PLR0913 - what figures follow from, and how they are wanted
    transactions: Sequence[Transaction],
    profile: Profile,
    *,
    currency: str,
    year: int | None = None,
    refuses_choices: bool = True,
    alive: Alive = always,
    names: Names = AS_TOLD,
) -> TaxFigures:
    """Return the figures of one tax year, or of the whole history.

    Args:
        transactions: The whole history in the order of time, also what follows the year.
        profile: How.
        currency: Of every value.
        year: As the jurisdiction names its years.
        refuses_choices: A choice of lots that cannot be followed refuses everything, as a file that can be corrected
            asks for; otherwise it blocks the figure of its sale, and is a finding.
        alive: Asked now and then whether the figures are still wanted; what it raises ends the computation.
        names: How findings call assets, accounts and rows.

    Raises:
        InputError: A choice of lots cannot be followed, and choices are refused.
        RefusedError: The jurisdiction does not allow the scope for these transactions.
    """
    _check_wallets(transactions, profile)
    units = units_of(while_alive(transactions, alive))
    events = in_units(while_alive(transactions, alive), units, by_price=profile.has("rank-by", "unit-price"))
    found = matched(events, profile, year=year, alive=alive)
    let_go(events)
    if refuses_choices:
        _check_choices(found, transactions, units)
    teller = _Teller(transactions, units, profile)
    disposals = tuple([teller.disposal(one) for one in while_alive(found.disposals, alive)])
    income = tuple(teller.income(year))
    totals = _totals(disposals, income, has_terms=profile.is_long is not None)
    figures = TaxFigures(
        currency,
        disposals,
        income,
        tuple(
            HoldingFigures(one.asset, one.wallet, units.assets[one.asset].number(one.quantity), units.amount(one.cost))
            for one in sorted(found.holdings, key=lambda one: (one.asset, one.wallet or ""))
        ),
        totals,
        (*profile.findings, *findings_of(found, transactions, units, profile, currency, names)),
        units.amount(found.portfolio_cost),
        tuple(teller.departure(one) for one in found.departures if year in (None, profile.calendar.year_of(one.at))),
        allowances_of(profile, year, currency, totals, disposals),
    )
    let_go(found.disposals)
    let_go(found.lots)
    return figures


def _check_wallets(transactions: Iterable[Transaction], profile: Profile) -> None:
    if profile.jurisdiction.code != "us" or profile.scope is not Scope.UNIVERSAL:
        return
    used: dict[str, set[str]] = {}
    late: dict[str, str] = {}
    for one in transactions:
        used.setdefault(one.asset, set()).update({one.wallet, one.to_wallet} - {""})
        if one.type is TransactionType.SELL and profile.calendar.year_of(one.at) >= _WALLETS_FROM:
            late.setdefault(one.asset, one.row)
    for asset, row in late.items():
        if len(used[asset]) > 1:
            raise RefusedError(
                f"The scope universal ends on 2024-12-31 in the United States, and {row!r} sells {asset}, which lies "
                f"in {len(used[asset])} wallets, after it.",
                hint="Choose --scope per-wallet, with --option safe-harbor=global where basis was allocated.",
            )


def _check_choices(found: Matched, transactions: Iterable[Transaction], units: Units) -> None:
    if found.wrong_choices:
        known = {one.row: one for one in transactions}
        told = "; ".join(
            f"row {one.row!r}, column lots: {reason_of(one, known.get(one.lot), units)}" for one in found.wrong_choices
        )
        raise InputError(
            f"{counted(len(found.wrong_choices), 'identification')} of lots cannot be followed: {told}.",
            hint="Nothing was computed. Name open lots of that wallet whose units add up to what was sold.",
        )


class _Teller:
    """Turns units into numbers, and adds what the jurisdiction says about time."""

    def __init__(self, transactions: Sequence[Transaction], units: Units, profile: Profile) -> None:
        self._transactions = transactions
        self._units = units
        self._money = units.money
        self._calendar = profile.calendar
        self._is_long = profile.is_long
        self._resolutions = {one.row: one.resolution for one in transactions}

    def disposal(self, one: Disposal) -> DisposalFigures:
        """Return the figures of a disposal."""
        unit = self._units.assets[one.asset]
        gain = None if one.cost is None or one.proceeds is None else one.proceeds - one.cost + one.denied
        terms = [self._term(match, one) for match in one.matches]
        short, long = self._gains(one, terms, gain)
        return DisposalFigures(
            one.row,
            one.rows or (one.row,),
            one.asset,
            one.wallet,
            one.at,
            self._resolutions[one.row],
            unit.number(one.quantity),
            self._units.amount(one.proceeds),
            self._units.amount(one.cost),
            self._units.amount(gain),
            self._money.number(one.denied),
            None if one.missing else _together(terms),
            self._units.amount(short),
            self._units.amount(long),
            tuple(self._matches(one, unit, terms)),
        )

    def _matches(self, one: Disposal, unit: Unit, terms: Sequence[Term | None]) -> Iterable[MatchFigures]:
        quantities = unit.parts(match[2] for match in one.matches)
        for (row, rule, _, cost, acquired), quantity, term in zip(one.matches, quantities, terms, strict=True):
            resolution = 1 if row is None else self._resolutions[row]
            yield MatchFigures(row, rule, quantity, self._units.amount(cost), acquired, resolution, term)

    def _term(self, match: Match, one: Disposal) -> Term | None:
        if self._is_long is None or match[4] is None:
            return None
        is_long = self._is_long(self._calendar.day(match[4]), self._calendar.day(one.at))
        return Term.LONG if is_long else Term.SHORT

    def _gains(self, one: Disposal, terms: Sequence[Term | None], gain: int | None) -> tuple[int | None, int | None]:
        """Return the gain on what was held for short and for long; proceeds belong to units in equal shares."""
        if self._is_long is None or gain is None or one.proceeds is None:
            return None, None
        held_long = [match for match, term in zip(one.matches, terms, strict=True) if term is Term.LONG]
        long_units = sum(match[2] for match in held_long)
        long_cost = sum(match[3] or 0 for match in held_long)
        long = share(one.proceeds, one.quantity, long_units) - long_cost if long_units else 0
        return gain - long, long

    def departure(self, one: Departure) -> DepartureFigures:
        """Return the figures of what left without a disposal."""
        quantity = self._units.assets[one.asset].number(one.quantity)
        cost = self._units.amount(one.cost)
        return DepartureFigures(one.row, one.asset, one.wallet, one.at, self._resolutions[one.row], quantity, cost)

    def income(self, year: int | None) -> Iterable[IncomeFigures]:
        """Yield the income of a year, or all of it."""
        for one in self._transactions:
            if one.type is TransactionType.INCOME and year in (None, self._calendar.year_of(one.at)):
                yield IncomeFigures(one.row, one.asset, one.wallet, one.at, one.resolution, one.quantity, one.value)


def _together(terms: Sequence[Term | None]) -> Term | None:
    found = set(terms)
    if not found or None in found:
        return None
    return found.pop() if len(found) == 1 else Term.MIXED


def _totals(disposals: Sequence[DisposalFigures], income: Iterable[IncomeFigures], *, has_terms: bool) -> Totals:
    denied = Decimal(0)
    for one in disposals:
        denied = EXACT.add(denied, one.denied)
    return Totals(
        total(one.proceeds for one in disposals),
        total(one.cost for one in disposals),
        total(one.gain for one in disposals),
        denied,
        total(one.short_gain for one in disposals) if has_terms else None,
        total(one.long_gain for one in disposals) if has_terms else None,
        total(one.value for one in income),
    )
