"""What a year leaves untaxed: amounts that come off a gain, cliffs below which nothing is taxed, shares, discounts.

All of it is before losses of other years, other income and the choices that a return leaves to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from app.core.money import EXACT, ZERO, multiply, ratio
from app.core.tax.figures import AllowanceFigures, DisposalFigures, Term, Totals
from app.core.tax.jurisdiction import Allowance, AllowanceKind, Measure
from app.core.tax.profile import Profile


def allowances_of(
    profile: Profile, year: int | None, currency: str, totals: Totals, disposals: Iterable[DisposalFigures]
) -> tuple[AllowanceFigures, ...]:
    """Return every allowance of a tax year, none for several years or in another currency than the country's."""
    rules = profile.jurisdiction
    if year is None or currency != rules.currency or profile.has("taxpayer", "company"):
        return ()
    sales = list(disposals)
    found = []
    for allowance in rules.allowances:
        amount = allowance.amount(year)
        if amount is not None:
            found.append(_figures(allowance, amount, _measured(allowance, totals), _taxed(allowance, totals), sales))
    return tuple(found)


def _measured(allowance: Allowance, totals: Totals) -> Decimal | None:
    if allowance.measure is Measure.PROCEEDS:
        return totals.proceeds
    return _taxed(allowance, totals)


def _taxed(allowance: Allowance, totals: Totals) -> Decimal | None:
    """Return what would be taxed without the allowance."""
    if allowance.measure is Measure.INCOME:
        return totals.income
    return totals.short_gain if allowance.measure is Measure.SHORT_GAIN else totals.gain


def _figures(
    allowance: Allowance,
    amount: Decimal,
    measured: Decimal | None,
    before: Decimal | None,
    sales: Iterable[DisposalFigures],
) -> AllowanceFigures:
    taxable: Decimal | None = None
    applies: bool | None = None
    left: Decimal | None = None
    if allowance.kind is AllowanceKind.DISCOUNT:
        taxable = _discounted(sales, amount)
        applies = None if taxable is None or before is None else 0 < before > taxable
    elif measured is not None and before is not None:
        if allowance.kind is AllowanceKind.SHARE:
            taxable, applies = multiply(before, amount), True
        else:
            left = EXACT.subtract(amount, measured)
            applies = measured <= amount if allowance.is_inclusive else measured < amount
            taxable = _left_taxable(allowance, amount, before, is_below=applies)
            applies = applies if allowance.kind is AllowanceKind.CLIFF else before > 0
    return AllowanceFigures(
        allowance.name, allowance.kind.value, amount, measured, left, applies, taxable, allowance.law, allowance.url,
        allowance.is_verified,
    )  # fmt: skip


def _left_taxable(allowance: Allowance, amount: Decimal, before: Decimal, *, is_below: bool) -> Decimal:
    if allowance.kind is AllowanceKind.CLIFF:
        return ZERO if is_below else before
    # A loss is no smaller for an allowance that it does not need.
    return before if before < 0 else max(EXACT.subtract(before, amount), ZERO)


def _discounted(sales: Iterable[DisposalFigures], share: Decimal) -> Decimal | None:
    """Return the net gain: losses come off gains without discount first, and the discount off what then remains."""
    sums = {True: ZERO, False: ZERO}
    losses = ZERO
    for is_long, gain in _gains(sales):
        if gain is None:
            return None
        if gain < 0:
            losses = EXACT.subtract(losses, gain)
        else:
            sums[is_long] = EXACT.add(sums[is_long], gain)
    left = max(EXACT.subtract(losses, sums[False]), ZERO)
    other = EXACT.subtract(sums[False], losses)
    discounted = multiply(max(EXACT.subtract(sums[True], left), ZERO), EXACT.subtract(Decimal(1), share))
    if left > sums[True]:
        return EXACT.subtract(sums[True], left)
    return EXACT.add(max(other, ZERO), discounted)


def _gains(sales: Iterable[DisposalFigures]) -> Iterator[tuple[bool, Decimal | None]]:
    """Yield (held for long, gain) of each parcel; proceeds belong to its units in equal shares."""
    for one in sales:
        if one.gain is None or one.proceeds is None:
            yield False, None
            continue
        for match in one.matches:
            part = ratio(multiply(one.proceeds, match.quantity), one.quantity)
            gain = None if part is None or match.cost is None else EXACT.subtract(part, match.cost)
            yield match.term is Term.LONG, gain
