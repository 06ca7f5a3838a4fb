"""Lots of the books: which are open, what a sale can be taken from, and a person's selections as records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.core.clock import DAY, EPOCH
from app.core.errors import InputError
from app.core.lots.presets import Preset
from app.core.model.lot_selections import LotSelection
from app.core.money import EXACT, ZERO, add
from app.core.ports import OpenVault, Progress, Runtime
from app.core.tax.asset_courses import AssetLots
from app.core.tax.events import Transaction
from app.core.tax.from_entries import entry_of
from app.core.tax.open_lots import Choosing, LotFigures, at_moment, check_lots, choosing, open_at, told
from app.core.tax.profile import Profile
from app.core.tax.selecting import AHEAD, Choice, ahead, check, check_country, named, sale_of
from app.core.tax.selections import Identified
from app.core.tax.valuations import UNKNOWN, Prices, Valuation
from app.services.events import Events, RecordsAppended
from app.services.lot_courses import Ground, LotCourses
from app.services.tax_years import Asked, History, TaxYears
from app.services.threads import Threads


@dataclass(frozen=True, slots=True)
class OpenLot:
    """An open lot with what it is worth; None where nobody knows.

    Attributes:
        ahead: How many of its units the next sales use up, as was selected in advance.
        turn: Its place among the lots that were selected in advance, from 1; 0 where it is none of them.
    """

    figures: LotFigures
    value: Valuation
    gain: Decimal | None
    ahead: Decimal = ZERO
    turn: int = 0


@dataclass(frozen=True, slots=True)
class OpenLots:
    """All open lots of a moment, by asset, wallet and age."""

    lots: tuple[OpenLot, ...]
    profile: Profile
    currency: str
    at: int


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale with the lots that it can be taken from, and what was selected for it before."""

    choosing: Choosing
    profile: Profile
    currency: str
    identified: Identified | None


@dataclass(frozen=True, slots=True)
class NextSales:
    """The sales that a selection ahead is for: of an asset from a wallet, together so many units.

    Attributes:
        quantity: None takes what the selected lots add up to.
    """

    asset: str
    wallet: str
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Selected:
    """A selection that was recorded.

    Attributes:
        row: The sale; "" for one ahead.
        is_late: It stands in the books later than the law wants it.
    """

    selection: LotSelection
    row: str
    is_late: bool


class Lots:
    """Reads open lots, and records which of them sales use up."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it reads, and what it is told by
        self, runtime: Runtime, vault: OpenVault, threads: Threads, events: Events, tax: TaxYears, courses: LotCourses
    ) -> None:
        """Take the books."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._events = events
        self._tax = tax
        self._courses = courses

    async def selections(self) -> tuple[LotSelection, ...]:
        """Return every selection that was ever recorded, oldest first."""
        return tuple(await self._threads.read(self._vault.reader.decisions, LotSelection))

    async def open(self, asked: Asked, at: int | None = None, *, progress: Progress | None = None) -> OpenLots:
        """Return every open lot after a moment, valued on its day or the last of the week before that has a price.

        Where no moment is given it is the present one, and values are those of the newest prices, however old.
        The first time that takes a while, of which `progress` is told.

        Raises:
            RefusedError: The country averages cost, and knows no lots.
        """
        if at is None:
            return await self._open_now(asked, progress)
        history = await self._tax.history(asked)
        return await self._threads.read(_open_then, history, at)

    async def _open_now(self, asked: Asked, progress: Progress | None) -> OpenLots:
        """Return the lots of the present moment, of which only what changed is derived anew."""
        ground, now = await self._tax.ground(asked), self._runtime.clock.now_ns()
        check_lots(ground.profile)
        newest = {(one.asset, one.wallet): one for one in ground.selections if one.wallet}
        if any(one.lots for one in newest.values()):
            # What the next sales use up follows from every sale since.
            return await self._threads.read(_open, await self._tax.history(asked), now)
        ground = replace(ground, profile=at_moment(ground.profile, now))
        found = await self._courses.lots(ground, progress)
        symbol = self._runtime.assets.asset(ground.prices.currency).symbol
        return await self._threads.read(_told, ground, found, symbol, now)

    async def sale(self, asked: Asked, disposal: str, asset: str = "") -> Sale:
        """Return a sale, named by its row or its entry, with the lots that it can be taken from.

        Raises:
            InputError: It names no sale, or several.
            RefusedError: The country averages cost, and knows no lots.
        """
        history = await self._tax.history(asked)
        return await self._threads.read(_sale, history, disposal, asset)

    async def choosing(self, transactions: Sequence[Transaction], row: str, profile: Profile) -> Choosing:
        """Return the lots open to a sale of a tax year that was computed; see `Sale`."""
        return await self._threads.read(choosing, transactions, row, profile)

    async def select(
        self,
        asked: Asked,
        disposal: str,
        lots: Choice = (),
        *,
        preset: Preset | None = None,
        asset: str = "",
    ) -> Selected:
        """Record which lots a sale uses up; nothing is recorded where that cannot be followed.

        Args:
            asked: For whose figures; their method and scope are those of law and standing orders.
            disposal: The sale's row or entry.
            lots: (lot or its entry, quantity); empty where a preset chooses.
            preset: By which the lots are chosen, or were chosen by whoever gives both.
            asset: Which one, where an entry sells several.

        Raises:
            InputError: The choice cannot be followed: an unknown or later lot, another asset, more than is open,
                units that do not add up, lots that another sale selected.
            RefusedError: The country knows no selection, or keeps the wallets of two lots apart.
        """
        history = await self._tax.history(_by_law(asked))
        word = "" if preset is None else preset.value
        selection, row, sold = await self._threads.read(_selection, history, disposal, asset, lots, preset)
        return await self._record(replace(selection, preset=word), row, sold, history.profile)

    async def select_ahead(
        self, asked: Asked, sales: NextSales, lots: Choice = (), *, preset: Preset | None = None
    ) -> Selected:
        """Record which lots the next sales of an asset from a wallet use up, in this order.

        Args:
            asked: For whose figures.
            sales: Which.
            lots: (lot or its entry, quantity); empty where a preset chooses.
            preset: By which the lots are chosen.

        Raises:
            InputError: The lots are not open in that wallet now, or do not add up to the quantity where one is given.
            RefusedError: The country knows no selection, or keeps the wallets of two lots apart.
        """
        history = await self._tax.history(_by_law(asked))
        now = self._runtime.clock.now_ns()
        selection = await self._threads.read(_selection_ahead, history, sales, now, lots, preset)
        word = "" if preset is None else preset.value
        return await self._record(replace(selection, preset=word), "", None, history.profile)

    async def clear(self, asked: Asked, disposal: str, asset: str = "") -> Selected:
        """Take back what was selected for a sale; InputError where nothing was."""
        known = await self.selections()
        of = [one for one in known if one.jurisdiction == asked.jurisdiction and one.disposal == entry_of(disposal)]
        parts = disposal.split("/")
        wanted = asset or (parts[-1] if len(parts) > 1 else "")
        last = {one.asset: one for one in of if wanted in ("", one.asset)}
        found = [one for one in last.values() if one.lots]
        if len(found) != 1:
            what = "several assets have selections" if found else "nothing is selected"
            raise InputError(
                f"For {disposal!r} {what} under the rules of {asked.jurisdiction}.",
                hint="Nothing was recorded. Name the asset too." if found else "Nothing was recorded.",
            )
        return await self._taken_back(found[0])

    async def clear_ahead(self, asked: Asked, asset: str, wallet: str) -> Selected:
        """Let the next sales of an asset from a wallet go by the standing method; InputError where nothing was."""
        known = [
            one
            for one in await self.selections()
            if (one.jurisdiction, one.asset, one.wallet) == (asked.jurisdiction, asset, wallet)
        ]
        if not known or not known[-1].lots:
            raise InputError(f"Nothing is selected ahead for {asset} in {wallet!r}.", hint="Nothing was recorded.")
        return await self._taken_back(known[-1])

    async def put_back(self, selection: LotSelection | None, made: Selected) -> None:
        """Undo a selection: record the one that counted before it, or that there is none."""
        before = selection or replace(made.selection, lots=(), preset="")
        await self._append(replace(before, recorded_ns=0, record=""))

    async def _taken_back(self, selection: LotSelection) -> Selected:
        return Selected(await self._append(replace(selection, lots=(), preset="")), "", is_late=False)

    async def _record(self, selection: LotSelection, row: str, sold: int | None, profile: Profile) -> Selected:
        made = await self._append(selection)
        is_late = sold is not None and profile.has_deadline(sold) and made.recorded_ns > sold
        return Selected(made, row, is_late)

    async def _append(self, selection: LotSelection) -> LotSelection:
        record = await self._threads.write(self._vault.writer.append_decision, selection)
        self._events.publish(RecordsAppended(()))
        known = await self.selections()
        return next(one for one in reversed(known) if one.record == record)


def _by_law(asked: Asked) -> Asked:
    """Return the question whose figures selections count in: a choice is judged by what is in force, not by a wish."""
    return replace(asked, method=None, scope=None, year=None)


def _open_then(history: History, at: int) -> OpenLots:
    """Return the lots of a day as reports of that day have them."""
    lots = open_at(history.selected.transactions, at, history.profile)
    day = min(history.profile.calendar.day(at) - EPOCH, history.prices.last_day())
    valued = [_with_gain(one, history.prices.last_value(one.asset, one.quantity, day)) for one in lots]
    return OpenLots(tuple(valued), history.profile, history.currency, at)


def _open(history: History, at: int) -> OpenLots:
    lots = open_at(history.selected.transactions, at, history.profile)
    valued = _all_valued(lots, history.prices, at)
    ahead = history.selected.ahead
    return OpenLots(tuple(_in_turn(one, ahead) for one in valued), history.profile, history.currency, at)


def _in_turn(lot: OpenLot, ahead: Mapping[tuple[str, str], Choice]) -> OpenLot:
    chosen = ahead.get((lot.figures.asset, lot.figures.wallet or ""), ())
    found = [(place, units) for place, (row, units) in enumerate(chosen, start=1) if row == lot.figures.lot]
    return replace(lot, turn=found[0][0], ahead=found[0][1]) if found else lot


def _told(ground: Ground, found: Mapping[str, AssetLots], symbol: str, at: int) -> OpenLots:
    lots: list[LotFigures] = []
    for one in found.values():
        by_age = sorted(one.found.lots, key=lambda lot: (lot.wallet or "", lot.acquired))
        lots += told(by_age, one.units, ground.profile, at, one.resolutions)
    return OpenLots(tuple(_all_valued(lots, ground.prices, at)), ground.profile, symbol, at)


def _all_valued(lots: Sequence[LotFigures], prices: Prices, at: int) -> Iterator[OpenLot]:
    days = {asset: _day_of(prices, asset, at) for asset in {one.asset for one in lots}}
    return (_valued(one, prices, days[one.asset]) for one in lots)


def _valued(lot: LotFigures, prices: Prices, at: int | None) -> OpenLot:
    return _with_gain(lot, UNKNOWN if at is None else prices.value(lot.asset, lot.quantity, at))


def _with_gain(lot: LotFigures, value: Valuation) -> OpenLot:
    gain = None if value.amount is None or lot.cost is None else EXACT.subtract(value.amount, lot.cost)
    return OpenLot(lot, value, gain)


def _day_of(prices: Prices, asset: str, at: int) -> int | None:
    """Return the newest moment up to another one at which a price of the asset is known."""
    closes = [day * DAY for day in prices.closes.get(asset, {}) if day * DAY <= at]
    mark = prices.marks.get(asset)
    known = [*closes, *([mark[2]] if mark is not None and mark[2] <= at else [])]
    return max(known, default=None)


def _sale(history: History, disposal: str, asset: str) -> Sale:
    sale = sale_of(history.selected.transactions, disposal, asset)
    found = choosing(history.selected.transactions, sale.row, history.profile)
    return Sale(found, history.profile, history.currency, history.selected.identified.get(sale.row))


def _selection(
    history: History, disposal: str, asset: str, lots: Choice, preset: Preset | None
) -> tuple[LotSelection, str, int]:
    check_country(history.profile)
    transactions = history.selected.transactions
    sale = sale_of(transactions, disposal, asset)
    if not lots and preset is not None:
        lots = choosing(transactions, sale.row, history.profile).preset(preset)
    chosen = named(transactions, sale.asset, lots)
    check(transactions, sale.row, chosen, history.profile)
    code = history.profile.jurisdiction.code
    return LotSelection(code, sale.asset, chosen, entry_of(sale.row)), sale.row, sale.at


def _selection_ahead(history: History, sales: NextSales, now: int, lots: Choice, preset: Preset | None) -> LotSelection:
    check_country(history.profile)
    transactions = history.selected.transactions
    chosen = named(transactions, sales.asset, lots)
    wanted = add(*(part for _, part in chosen)) if sales.quantity is None else sales.quantity
    then = ahead(transactions, sales.asset, sales.wallet, wanted, now)
    if not chosen and preset is not None:
        chosen = choosing(then, AHEAD, history.profile).preset(preset)
    check(then, AHEAD, chosen, history.profile)
    return LotSelection(history.profile.jurisdiction.code, sales.asset, chosen, wallet=sales.wallet)
