"""Losses that a sale would realise now, and what the law makes of purchases around that sale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core.lots.events import ACQUISITIONS, in_last_units
from app.core.lots.methods import BY_LOT, Method
from app.core.money import EXACT, add
from app.core.tax.compute import compute
from app.core.tax.events import Transaction, in_units, units_of
from app.core.tax.figures import HoldingFigures
from app.core.tax.open_lots import LotFigures, method_at, open_at
from app.core.tax.profile import Profile
from app.core.tax.repurchase import Repurchase, repurchase
from app.core.tax.valuations import Valuation

Value = Callable[[str, Decimal], Valuation]
"""Returns what a quantity of an asset is worth now."""


@dataclass(frozen=True, slots=True)
class Recent:
    """An acquisition in the days before a sale that the law looks at, in the units of today."""

    row: str
    at: int
    resolution: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Loss:
    """Units that are worth less than they cost.

    Attributes:
        lot: The row of their acquisition; None where the law knows one pool of all.
        loss: What they cost less what they are worth: above zero.
        is_long: None where the country knows no terms, or where a pool has none.
        days_to_long: 0 where they are long-term.
        counts: A sale makes a loss that the law counts; it does not where long-term gains are not taxed.
        sold_before: How many units a sale would take first, as lots go where none are selected.
        recent: Acquisitions of the same asset in the days before that the law looks at, the newest first.
    """

    lot: str | None
    asset: str
    wallet: str | None
    acquired_ns: int | None
    resolution: int
    quantity: Decimal
    cost: Decimal
    value: Valuation
    loss: Decimal
    is_long: bool | None
    days_to_long: int | None
    counts: bool
    sold_before: Decimal
    recent: tuple[Recent, ...]

    @property
    def recent_quantity(self) -> Decimal:
        """Return how much was acquired in the days before."""
        return add(*(one.quantity for one in self.recent))


@dataclass(frozen=True, slots=True)
class Harvest:
    """All that could be sold at a loss, the greatest loss first.

    Attributes:
        sale_day: On which the sale is thought to be, in the country's days.
        rule: None where the country has no rule on buying again that this program knows.
        not_before: The first day on which buying again leaves the loss as it is; None where no such day is named.
        total: Of the losses that count; the short and long parts of it are None where there are no terms.
        unknown: Assets of which something has no known cost or value, and is left out.
    """

    losses: tuple[Loss, ...]
    profile: Profile
    at: int
    sale_day: date
    rule: Repurchase | None
    not_before: date | None
    total: Decimal
    short: Decimal | None
    long: Decimal | None
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """A lot, or a pool, before anybody knows what it is worth."""

    figures: LotFigures
    is_pool: bool
    sold_before: Decimal


def harvest(transactions: Sequence[Transaction], profile: Profile, at: int, value: Value) -> Harvest:
    """Return every loss that a sale at a moment would make.

    Args:
        transactions: The whole history in the order of time; what comes after the moment is left out.
        profile: The country's rules with a person's choices.
        at: When the sale is thought to be.
        value: Of quantities at that moment.
    """
    until = [one for one in transactions if one.at <= at]
    rule, today = repurchase(profile), profile.calendar.day(at)
    recent = {} if rule is None or rule.before is None else _recent(until, profile, today - rule.before, today)
    found, unknown = [], set()
    for held in _held(until, profile, at):
        worth = value(held.figures.asset, held.figures.quantity)
        cost = held.figures.cost
        if cost is None or worth.amount is None:
            unknown.add(held.figures.asset)
        elif worth.amount < cost:
            loss = EXACT.subtract(cost, worth.amount)
            found.append(_loss(held, (cost, worth, loss), profile, recent.get(held.figures.asset, ())))
    losses = tuple(sorted(found, key=lambda one: (-one.loss, one.asset, one.acquired_ns or 0, one.lot or "")))
    days = None if rule is None else rule.after
    not_before = None if days is None else date.fromordinal(today + days + 1)
    counted = [one for one in losses if one.counts]
    has_terms = profile.is_long is not None and profile.method in BY_LOT
    return Harvest(
        losses,
        profile,
        at,
        date.fromordinal(today),
        rule,
        not_before,
        _sum(counted),
        _sum(one for one in counted if not one.is_long) if has_terms else None,
        _sum(one for one in counted if one.is_long) if has_terms else None,
        tuple(sorted(unknown)),
    )


def _sum(losses: Iterable[Loss]) -> Decimal:
    return add(*(one.loss for one in losses))


def _loss(held: _Held, worth: tuple[Decimal, Valuation, Decimal], profile: Profile, recent: tuple[Recent, ...]) -> Loss:
    figures = held.figures
    return Loss(
        None if held.is_pool else figures.lot,
        figures.asset,
        figures.wallet,
        None if held.is_pool else figures.acquired_ns,
        figures.resolution,
        figures.quantity,
        *worth,
        figures.is_long,
        figures.days_to_long,
        counts=not figures.is_long or profile.jurisdiction.long_taxed[0] > 0,
        sold_before=held.sold_before,
        recent=recent,
    )


def _held(until: Sequence[Transaction], profile: Profile, at: int) -> list[_Held]:
    if profile.method in BY_LOT:
        return _in_turn(open_at(until, at, profile), profile, at)
    figures = compute(until, profile, currency="", refuses_choices=False)
    return [_pool(one) for one in figures.holdings if one.quantity]


def _pool(one: HoldingFigures) -> _Held:
    figures = LotFigures(
        lot="",
        asset=one.asset,
        wallet=one.wallet,
        acquired_ns=0,
        resolution=1,
        quantity=one.quantity,
        cost=one.cost,
        unit_cost=None,
        is_long=None,
        days_held=0,
        days_to_long=None,
    )
    return _Held(figures, is_pool=True, sold_before=Decimal(0))


def _in_turn(lots: Iterable[LotFigures], profile: Profile, at: int) -> list[_Held]:
    """Return lots with what a sale of their wallet would use up before them."""
    places: dict[tuple[str, str | None], list[LotFigures]] = {}
    for lot in lots:
        places.setdefault((lot.asset, lot.wallet), []).append(lot)
    found = []
    for (_, wallet), several in places.items():
        before = Decimal(0)
        is_free = profile.method is Method.SPEC_ID
        for lot in _ordered(several, method_at(profile, wallet or "", at), profile, at):
            found.append(_Held(lot, is_pool=False, sold_before=Decimal(0) if is_free else before))
            before = add(before, lot.quantity)
    return found


def _ordered(lots: Sequence[LotFigures], method: Method, profile: Profile, at: int) -> list[LotFigures]:
    """Return the lots of one place in the order in which a sale takes them; they come the oldest first."""
    if method is Method.LIFO:
        return list(reversed(lots))
    if method in (Method.HIFO, Method.LOFO):
        known = [one for one in lots if one.unit_cost is not None]
        return sorted(known, key=lambda one: one.unit_cost or Decimal(0), reverse=method is Method.HIFO) + [
            one for one in lots if one.unit_cost is None
        ]
    rule = repurchase(profile)
    if method is Method.FIFO and rule is not None and rule.before:
        # Ireland: what was bought within the last weeks goes first.
        first = profile.calendar.day(at) - rule.before
        return sorted(lots, key=lambda one: profile.calendar.day(one.acquired_ns) < first)
    return list(lots)


def _recent(until: Sequence[Transaction], profile: Profile, first: int, last: int) -> dict[str, tuple[Recent, ...]]:
    """Return the acquisitions from one day to another, by asset, the newest first."""
    units = units_of(until)
    events = in_units(until, units)
    found: dict[str, list[Recent]] = {}
    for one, event, quantity in zip(until, events, in_last_units(events), strict=True):
        if event.kind in ACQUISITIONS and first <= profile.calendar.day(one.at) <= last:
            told = Recent(one.row, one.at, one.resolution, units.assets[one.asset].number(quantity))
            found.setdefault(one.asset, []).insert(0, told)
    return {asset: tuple(several) for asset, several in found.items()}
