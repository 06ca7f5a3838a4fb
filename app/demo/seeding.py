"""Seeds the defects of a world: which events of the last whole year are told wrongly, and how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from app.core.clock import DAY, SECOND, from_datetime, to_datetime
from app.core.money import ZERO, plain
from app.demo import ids
from app.demo.accounts import SPOT
from app.demo.defects import Defect, DefectKind, Defects
from app.demo.events import Event, Kind, Move
from app.demo.instruments import USD, symbol
from app.demo.market import Lie
from app.demo.world import World

BINANCE, COINBASE, KRAKEN, WALLET = "binance", "coinbase", "kraken", "wallet"
FILLS, DEPOSITS = "/api/v3/brokerage/orders/historical/fills", "/sapi/v1/capital/deposit/hisrec"
_PAGE, _LEAST_LOST, _LOST_SHARE = 100, 3, 10
_OUTLIER, _HIGH, _LOW = Decimal("1.25"), Decimal("1.4"), Decimal("0.6")
_OUTLIER_DAYS = 3
_LATE = Decimal("0.35")


Retold = tuple[Defect, tuple[Event, ...]]
"""What is wrong, and what the history tells instead of the event."""


@dataclass(frozen=True, slots=True)
class _Year:
    """A world's last whole year."""

    world: World
    start: int
    end: int

    def events(self, venue: str, kind: Kind, *, month: int = 1) -> Sequence[Event]:
        """Return the events of a kind, from a month on."""
        return self.world.events(venue, self.start + (month - 1) * 30 * DAY, self.end - 1, {kind})

    def first(self, venue: str, kind: Kind, wanted: Callable[[Event], bool] = bool, *, month: int = 1) -> Event | None:
        """Return the first event that fits from a month on, else the last one before; None where there is none."""
        later = next(filter(wanted, self.events(venue, kind, month=month)), None)
        return later or next(filter(wanted, reversed(self.events(venue, kind))), None)


def seeded(world: World) -> Defects:
    """Return the defects of a world: the same for the same seed and scale throughout a year.

    A very small world may have no event of some kind in the year; that defect is left out then.
    """
    number = to_datetime(world.now()).year
    start, end = (from_datetime(datetime(one, 1, 1, tzinfo=UTC)) for one in (number - 1, number))
    year = _Year(world, start, end)
    lost, half = _page(year), _half(year)
    retold = [one for one in (_twice(year), _without_fee(year), _turned(year)) if one is not None]
    lying, lies = _lying(year)
    late, event = _late(year)
    hidden = {(COINBASE, FILLS): lost, (BINANCE, DEPOSITS): half}
    found = [one for one in hidden.values() if one is not None]
    return Defects(
        seeded=(*found, *(one for one, _ in retold), *lying, late),
        hidden={place: frozenset(one.ids) for place, one in hidden.items() if one is not None},
        retold={(told[0].venue, told[0].number): told for _, told in retold},
        lies=lies,
        late=(event,),
    )


def _page(year: _Year) -> Defect | None:
    """Coinbase never shows a page of fills."""
    fills = year.events(COINBASE, Kind.TRADE)
    page = fills[len(fills) // 4 :][: min(_PAGE, max(_LEAST_LOST, len(fills) // _LOST_SHARE))]
    if not page:
        return None
    assets = tuple(sorted({move.asset for event in page for move in event.moves}))
    names = tuple(event.native_id for event in page)
    days = f"from {_day(page[0].at)} to {_day(page[-1].at)}"
    what = f"{len(page)} fills {days} are missing in the history of Coinbase."
    mend = "Import the statement of Coinbase, statements/coinbase.csv: it has them."
    return Defect(DefectKind.MISSING_PAGE, COINBASE, page[0].at, assets, names, what, mend)


def _half(year: _Year) -> Defect | None:
    """Binance never shows a deposit that Kraken or Coinbase sent."""
    event = year.first(BINANCE, Kind.DEPOSIT, month=6)
    if event is None:
        return None
    what = f"The deposit of {_amount(event)} at Binance that {event.other.title()} sent is missing."
    mend = "Record the deposit as proposed, and accept that both are one transfer."
    return Defect(DefectKind.UNPAIRED_TRANSFER, BINANCE, event.at, (event.base,), (event.native_id,), what, mend)


def _twice(year: _Year) -> Retold | None:
    """Kraken tells a payment from a bank twice, the second time under another id."""
    event = year.first(KRAKEN, Kind.FIAT_DEPOSIT, month=2)
    if event is None:
        return None
    again = replace(event, native_id=ids.dashed("Q", year.world.seed, "twice", event.native_id), real=())
    what = f"The deposit of {_amount(event)} at Kraken is there twice, under two ids."
    names = event.native_id, again.native_id
    defect = Defect(DefectKind.DUPLICATE, KRAKEN, event.at, (event.base,), names, what, "Void the second entry.")
    return defect, (event, again)


def _turned(year: _Year) -> Retold | None:
    """Kraken's ledger tells a purchase with both signs turned."""
    event = year.first(KRAKEN, Kind.TRADE, lambda one: one.quote == USD and one.side == "buy", month=4)
    if event is None:
        return None
    moves = tuple(move if move.is_fee else replace(move, quantity=-move.quantity) for move in event.moves)
    what = f"The purchase of {_amount(event)} at Kraken is told as a sale."
    assets = tuple(sorted({move.asset for move in moves if not move.is_fee}))
    mend = "Correct the sign as proposed."
    defect = Defect(DefectKind.WRONG_SIGN, KRAKEN, event.at, assets, (event.native_id,), what, mend)
    return defect, (replace(event, moves=moves, side="sell", real=event.moves),)


def _without_fee(year: _Year) -> Retold | None:
    """Binance tells a trade without the commission that it took."""
    event = year.first(BINANCE, Kind.TRADE, _is_charged, month=5)
    if event is None:
        return None
    moves = tuple(move for move in event.moves if not move.is_fee)
    fee = f"{plain(event.fee)} {symbol(event.fee_asset)}"
    what = f"A trade of {_amount(event)} at Binance is told without its commission of {fee}."
    mend = "Record the fee as proposed."
    defect = Defect(DefectKind.FEE, BINANCE, event.at, (event.fee_asset,), (event.native_id,), what, mend)
    return defect, (replace(event, fee=ZERO, moves=moves, real=event.moves),)


def _is_charged(event: Event) -> bool:
    """Tell whether a fee was taken in a third asset."""
    return event.fee > 0 and event.fee_asset not in {event.base, event.quote}


def _lying(year: _Year) -> tuple[Sequence[Defect], tuple[Lie, ...]]:
    """Binance lies about Bitcoin for days; on a day of fees in BNB, Binance and Coinbase lie in opposite ways."""
    first = (year.start + 90 * DAY) // DAY
    last = first + _OUTLIER_DAYS - 1
    what = f"Binance tells closes of BTC a quarter too high from {_day(first * DAY)} to {_day(last * DAY)}."
    mend = "Nothing: the other venues outvote it, and price list names it."
    outvoted = Defect(DefectKind.OUTLIER, BINANCE, first * DAY, ("bitcoin",), (), what, mend)
    lies = (Lie(BINANCE, "bitcoin", first, last, _OUTLIER),)
    charged = year.first(BINANCE, Kind.TRADE, _is_charged, month=7)
    if charged is None:
        return (outvoted,), lies
    asset, day = charged.fee_asset, charged.at // DAY
    what = (
        f"On {_day(charged.at)} Binance tells a far too high close of {symbol(asset)}, and Coinbase a far too low one."
    )
    gap = Defect(DefectKind.PRICE_GAP, BINANCE, day * DAY, (asset,), (), what, "Set the price of that day.")
    contrary = Lie(BINANCE, asset, day, day, _HIGH), Lie(COINBASE, asset, day, day, _LOW)
    return (outvoted, gap), (*lies, *contrary)


def _late(year: _Year) -> tuple[Defect, Event]:
    """A wallet of one's own earned something that no venue knows of."""
    at = (year.end - 45 * DAY) // SECOND * SECOND
    moves = (Move(SPOT, "ethereum", _LATE),)
    name = ids.hexadecimal(year.world.seed, 64, WALLET, "reward", at)
    event = Event(WALLET, 0, at, Kind.REWARD, name, "ethereum", _LATE, moves)
    what = f"A reward of {_amount(event)} on {_day(at)} stands only in the list of a wallet."
    mend = "Import statements/wallet.csv; where the year is sealed by then, amend it."
    return Defect(DefectKind.LATE_ENTRY, WALLET, at, ("ethereum",), (name,), what, mend), event


def _amount(event: Event) -> str:
    return f"{plain(event.quantity)} {symbol(event.base)}"


def _day(at: int) -> str:
    return to_datetime(at).date().isoformat()
