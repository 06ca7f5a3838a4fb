"""Open lots at a moment, and the choice among them for one sale: what each would bring, and what the law asks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from app.core.errors import RefusedError
from app.core.lots.events import ACQUISITIONS, later_splits
from app.core.lots.methods import BY_LOT, Method, Scope
from app.core.lots.presets import Choosable, Preset, Sale, chosen
from app.core.lots.results import OpenLot
from app.core.lots.shares import share
from app.core.money import ratio
from app.core.tax.events import Transaction, Unit, Units, in_units, units_of
from app.core.tax.matching import matched
from app.core.tax.profile import Profile

_FINEST = Decimal("1e-18")
_LONGEST = 100_000
"""Days after which a holding term has ended, however long it is."""

_LAST_DAY = 3_652_000
"""A day close to the last that has a date; no term is looked for beyond it."""


@dataclass(frozen=True, slots=True)
class LotFigures:
    """One open lot.

    Attributes:
        lot: The row of its acquisition.
        wallet: None where lots belong to no wallet.
        unit_cost: To 34 digits, to be shown; None where the cost is not known.
        is_long: It would be held for long if it were sold at that moment; None where the country knows no terms.
        days_to_long: Until a sale is long-term; 0 where it is, None where there are no terms.
        long_from: The first day, as an ordinal, on which a sale is long-term; None where there are no terms.
    """

    lot: str
    asset: str
    wallet: str | None
    acquired_ns: int
    resolution: int
    quantity: Decimal
    cost: Decimal | None
    unit_cost: Decimal | None
    is_long: bool | None
    days_held: int
    days_to_long: int | None
    long_from: int | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a choice gives; None where a part is not known. Short and long are None where there are no terms."""

    quantity: Decimal
    proceeds: Decimal | None
    cost: Decimal | None
    gain: Decimal | None
    short_gain: Decimal | None
    long_gain: Decimal | None
    short_quantity: Decimal
    long_quantity: Decimal


@dataclass(frozen=True, slots=True)
class Choosing:
    """A sale, and the lots that it can be taken from: those of its wallet that are open just before it.

    Attributes:
        lots: The oldest first.
        method: By which lots go where none are selected for this sale.
    """

    sale: Transaction
    lots: tuple[LotFigures, ...]
    method: Method
    _units: Units = field(repr=False)
    _open: Mapping[str, OpenLot] = field(repr=False)
    _prices: Mapping[str, tuple[int, int] | None] = field(repr=False)
    _long_taxed: tuple[int, int] = (1, 1)

    @property
    def _unit(self) -> Unit:
        return self._units.assets[self.sale.asset]

    def preset(self, preset: Preset) -> tuple[tuple[str, Decimal], ...]:
        """Return the (lot, quantity) of a preset, which together are the sale's quantity where the lots hold it.

        Raises:
            RefusedError: The preset looks at holding terms, and the country knows none.
        """
        if preset is Preset.LONG_FIRST and self.lots and self.lots[0].is_long is None:
            raise RefusedError(
                "These figures know no holding terms, so no lot is long-term.",
                hint=f"Choose {', '.join(one.value for one in Preset if one is not Preset.LONG_FIRST)}.",
            )
        lots = [
            Choosable(one.lot, self._open[one.lot].quantity, self._prices[one.lot], one.is_long) for one in self.lots
        ]
        proceeds = None if self.sale.value is None else self._units.money.count(self.sale.value)
        sale = Sale(self._unit.count(self.sale.quantity), proceeds, self._long_taxed)
        found = chosen(preset, lots, sale)
        return tuple(zip((row for row, _ in found), self._unit.parts(units for _, units in found), strict=True))

    def weigh(self, choice: Iterable[tuple[str, Decimal]]) -> Weighed:
        """Return what a choice gives, exactly as the computation of the sale would tell it.

        Args:
            choice: Open lots with quantities that they hold, each lot once; together at most the sale's quantity.
        """
        terms = {one.lot: one.is_long for one in self.lots}
        taken = [(row, self._unit.count(quantity)) for row, quantity in choice if quantity]
        whole = self._unit.count(self.sale.quantity)
        used = sum(units for _, units in taken)
        costs = {row: self._cost(row, units) for row, units in taken}
        proceeds = None if self.sale.value is None else share(self._units.money.count(self.sale.value), whole, used)
        cost = _known_sum(costs.values())
        gain = None if cost is None or proceeds is None else proceeds - cost
        long_units = sum(units for row, units in taken if terms[row])
        short = long = None
        if None not in terms.values() and gain is not None and proceeds is not None:
            long_cost = _known_sum(costs[row] for row, _ in taken if terms[row]) or 0
            long = share(proceeds, used, long_units) - long_cost if long_units else 0
            short = gain - long
        amount, number = self._units.amount, self._unit.number
        return Weighed(
            number(used),
            amount(proceeds),
            amount(cost),
            amount(gain),
            amount(short),
            amount(long),
            number(used - long_units),
            number(long_units),
        )

    def gain_on(self, lot: str, quantity: Decimal) -> Decimal | None:
        """Return the gain on a part of a lot; None where its cost or the proceeds are not known."""
        units, value = self._unit.count(quantity), self.sale.value
        cost = self._cost(lot, units)
        if cost is None or value is None:
            return None
        whole = self._unit.count(self.sale.quantity)
        return self._units.amount(share(self._units.money.count(value), whole, units) - cost)

    def _cost(self, row: str, units: int) -> int | None:
        lot = self._open[row]
        return None if lot.cost is None else share(lot.cost, lot.quantity, units)


def _known_sum(parts: Iterable[int | None]) -> int | None:
    whole = 0
    for part in parts:
        if part is None:
            return None
        whole += part
    return whole


def check_lots(profile: Profile) -> None:
    """Refuse where the country's method knows no single lots."""
    if profile.method not in BY_LOT:
        raise RefusedError(
            f"{profile.jurisdiction.name} follows {profile.method.value}, which averages: there are no single lots.",
            hint="Look at holdings, or choose --jurisdiction generic.",
        )


def choosing(transactions: Sequence[Transaction], row: str, profile: Profile) -> Choosing:
    """Return the lots that are open to a sale, as all that happened before it leaves them.

    Args:
        transactions: The whole history in the order of time, with the lots that other sales identify.
        row: The sale.
        profile: Of the country in which the choice is made.

    Raises:
        RefusedError: The method averages, or the sale pays the fee of a transfer that is no disposal here.
    """
    check_lots(profile)
    place, sale = next((place, one) for place, one in enumerate(transactions) if one.row == row)
    before = concerning(transactions[:place], sale.asset)
    then = at_moment(profile, sale.at)
    if profile.has("transfer-fee", "to-basis") and _pays_transfer(transactions, sale):
        raise RefusedError(
            f"{row!r} pays the fee of a transfer, which is no disposal under transfer-fee=to-basis.",
            hint="Choose another sale.",
        )
    # Fine enough for whatever part of a lot a person may want.
    units = units_of((*before, replace(sale, lots=(("", _FINEST),))))
    found = matched(in_units(before, units), then)
    wallet = sale.wallet if then.scope is Scope.PER_WALLET else None
    lots = [lot for lot in found.lots if lot.wallet == wallet and lot.asset == sale.asset]
    return Choosing(
        sale,
        tuple(told(lots, units, profile, sale.at, _resolutions(before))),
        method_at(profile, sale.wallet, sale.at),
        units,
        {lot.row: lot for lot in lots},
        _prices(before, lots, units, profile),
        profile.jurisdiction.long_taxed,
    )


def open_at(
    transactions: Sequence[Transaction], at: int, profile: Profile, *, judged_at: int | None = None
) -> list[LotFigures]:
    """Return every lot that is open after a moment, by asset, wallet and age.

    Args:
        transactions: The whole history in the order of time.
        at: The moment.
        profile: How lots are matched.
        judged_at: At which moment terms are judged, where that is another one.
    """
    check_lots(profile)
    until = [one for one in transactions if one.at <= at]
    units = units_of(until)
    found = matched(in_units(until, units), at_moment(profile, at))
    lots = sorted(found.lots, key=lambda lot: (lot.asset, lot.wallet or "", lot.acquired))
    return told(lots, units, profile, at if judged_at is None else judged_at, _resolutions(until))


def concerning(transactions: Iterable[Transaction], *assets: str) -> list[Transaction]:
    """Return the transactions that decide the lots of assets: also of those that others were carried over from."""
    found = list(transactions)
    links = [(one.asset, one.to_asset) for one in found if one.to_asset]
    wanted, before = set(assets), 0
    while len(wanted) > before:
        before = len(wanted)
        wanted |= {asset for link in links if not wanted.isdisjoint(link) for asset in link}
    return [one for one in found if one.asset in wanted]


def at_moment(profile: Profile, at: int) -> Profile:
    """Return the profile as it is at a moment: before a safe harbour lots belong to no wallet yet."""
    harbor = profile.safe_harbor
    if harbor is None or at >= profile.calendar.start_of(harbor.day):
        return profile
    return replace(profile, scope=Scope.UNIVERSAL, safe_harbor=None)


def method_at(profile: Profile, wallet: str, at: int) -> Method:
    """Return by which method the lots of a wallet go at a moment where none are selected."""
    general: Method = Method.FIFO if profile.method is Method.SPEC_ID else profile.method
    own: Method | None = None
    for change in profile.changes:
        if change.at > at:
            break
        if change.wallet == wallet:
            own = change.method
        elif not change.wallet:
            general = change.method
    return general if own is None or at_moment(profile, at).scope is Scope.UNIVERSAL else own


def told(
    lots: Iterable[OpenLot], units: Units, profile: Profile, at: int, resolutions: Mapping[str, int]
) -> list[LotFigures]:
    """Return lots in numbers, with their terms if they were sold at a moment."""
    today, first_long = profile.calendar.day(at), _first_long_day(profile)
    return [
        _figures(lot, units, (profile.calendar.day(lot.acquired), today), first_long, resolutions.get(lot.row, 1))
        for lot in lots
    ]


def _figures(
    lot: OpenLot, units: Units, days: tuple[int, int], first_long: Callable[[int], int | None], resolution: int
) -> LotFigures:
    bought, today = days
    long_from = first_long(bought)
    quantity, cost = units.assets[lot.asset].number(lot.quantity), units.amount(lot.cost)
    return LotFigures(
        lot.row,
        lot.asset,
        lot.wallet,
        lot.acquired,
        resolution,
        quantity,
        cost,
        None if cost is None else ratio(cost, quantity),
        None if long_from is None else today >= long_from,
        today - bought,
        None if long_from is None else max(0, long_from - today),
        long_from,
    )


def _first_long_day(profile: Profile) -> Callable[[int], int | None]:
    """Return what tells from which day on units of a day are long-term; each day is asked once."""
    test = profile.is_long

    @cache
    def first(bought: int) -> int | None:
        if test is None:
            return None
        days = range(min(_LONGEST, _LAST_DAY - bought))
        return bought + bisect_left(days, True, key=lambda held: test(bought, bought + held))  # noqa: FBT003

    return first


def _resolutions(transactions: Iterable[Transaction]) -> dict[str, int]:
    return {one.row: one.resolution for one in transactions}


def _prices(
    before: Sequence[Transaction], lots: Sequence[OpenLot], units: Units, profile: Profile
) -> dict[str, tuple[int, int] | None]:
    """Return what a unit of each lot cost when it was acquired, in the units that it has now.

    What is left of a lot keeps the remainder of every division, so its own share would rank it a hair's breadth off.
    """
    events = in_units(before, units, by_price=profile.has("rank-by", "unit-price"))
    factors = later_splits(events)
    found: dict[str, tuple[int, int] | None] = {}
    ours = {lot.asset for lot in lots}
    for place, event in enumerate(events):
        # A lot that was carried over from another asset ranks by what is left of its cost.
        if event.kind in ACQUISITIONS and event.asset in ours:
            new, old = factors[place] if factors else (1, 1)
            price = event.price or (None if event.value is None else (event.value, event.quantity))
            found[event.row] = None if price is None else (price[0] * old, price[1] * new)
    return {lot.row: None if lot.cost is None else found.get(lot.row) or (lot.cost, lot.quantity) for lot in lots}


def _pays_transfer(transactions: Iterable[Transaction], sale: Transaction) -> bool:
    place = sale.at, sale.asset, sale.wallet
    return any(one.to_wallet and (one.at, one.asset, one.wallet) == place for one in transactions)
