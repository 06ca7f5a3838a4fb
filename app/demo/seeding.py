"""Seeds the defects of a world: which events of the last whole year are told wrongly, and how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from app.core.clock import DAY, SECOND, from_datetime, to_datetime
from app.core.money import plain
from app.demo import ids
from app.demo.accounts import SPOT
from app.demo.defects import Defect, DefectKind, Defects
from app.demo.events import Event, Kind, Move
from app.demo.instruments import symbol
from app.demo.market import Lie
from app.demo.world import World

BINANCE, COINBASE, KRAKEN, WALLET = "binance", "coinbase", "kraken", "wallet"
FILLS, DEPOSITS = "/api/v3/brokerage/orders/historical/fills", "/sapi/v1/capital/deposit/hisrec"
_PAGE, _LEAST_LOST, _LOST_SHARE = 100, 3, 10
_OUTLIER, _HIGH, _LOW = Decimal("1.25"), Decimal("1.4"), Decimal("0.6")
_OUTLIER_DAYS = 3
_LATE = Decimal("0.35")


@dataclass(frozen=True, slots=True)
class _Year:
    """A world's last whole year."""

    world: World
    start: int
    end: int

    def events(self, venue: str, wanted: Callable[[Event], bool], *, month: int = 1) -> Sequence[Event]:
        """Return the events that fit, from a month on."""
        since = self.start + (month - 1) * 30 * DAY
        return [event for event in self.world.events(venue, since, self.end - 1) if wanted(event)]

    def first(self, venue: str, wanted: Callable[[Event], bool], *, month: int = 1) -> Event:
        """Return the first event that fits from a month on, else the last one before."""
        later = self.events(venue, wanted, month=month)
        return later[0] if later else self.events(venue, wanted)[-1]


def seeded(world: World) -> Defects:
    """Return the defects of a world: the same for the same seed and scale throughout a year."""
    number = to_datetime(world.now()).year
    start, end = (from_datetime(datetime(one, 1, 1, tzinfo=UTC)) for one in (number - 1, number))
    year = _Year(world, start, end)
    lost, half = _page(year), _half(year)
    twice, wrong, turned = _twice(year), _without_fee(year), _turned(year)
    late, lying = _late(year), _lying(year)
    retold = {(told[0].venue, told[0].number): told for _, told in (twice, wrong, turned)}
    return Defects(
        seeded=(lost[0], twice[0], wrong[0], turned[0], half[0], *lying[0], late[0]),
        hidden={(COINBASE, FILLS): lost[1], (BINANCE, DEPOSITS): half[1]},
        retold=retold,
        lies=lying[1],
        late=(late[1],),
    )


def _page(year: _Year) -> tuple[Defect, frozenset[str]]:
    """Coinbase never shows a page of fills."""
    fills = year.events(COINBASE, lambda event: event.kind is Kind.TRADE)
    count = min(_PAGE, max(_LEAST_LOST, len(fills) // _LOST_SHARE))
    page = fills[len(fills) // 4 :][:count]
    assets = tuple(sorted({move.asset for event in page for move in event.moves}))
    names = tuple(event.native_id for event in page)
    what = f"{count} fills from {_day(page[0].at)} to {_day(page[-1].at)} are missing in the history of Coinbase."
    mend = "Import the statement of Coinbase, statements/coinbase.csv: it has them."
    return Defect(DefectKind.MISSING_PAGE, COINBASE, page[0].at, assets, names, what, mend), frozenset(names)


def _half(year: _Year) -> tuple[Defect, frozenset[str]]:
    """Binance never shows a deposit that Kraken or Coinbase sent."""
    event = year.first(BINANCE, lambda one: one.kind is Kind.DEPOSIT and bool(one.other), month=6)
    what = f"The deposit of {_amount(event)} at Binance that {event.other.title()} sent is missing."
    mend = "Record the deposit as proposed, and accept that both are one transfer."
    defect = Defect(DefectKind.UNPAIRED_TRANSFER, BINANCE, event.at, (event.base,), (event.native_id,), what, mend)
    return defect, frozenset({event.native_id})


def _twice(year: _Year) -> tuple[Defect, tuple[Event, ...]]:
    """Kraken tells a deposit of money twice, the second time under another id."""
    event = year.first(KRAKEN, lambda one: one.kind is Kind.FIAT_DEPOSIT, month=2)
    again = replace(event, native_id=ids.dashed("Q", year.world.seed, "twice", event.native_id), real=())
    what = f"The deposit of {_amount(event)} at Kraken is there twice, under two ids."
    mend = "Void the second entry."
    names = event.native_id, again.native_id
    return Defect(DefectKind.DUPLICATE, KRAKEN, event.at, (event.base,), names, what, mend), (event, again)


def _turned(year: _Year) -> tuple[Defect, tuple[Event, ...]]:
    """Kraken's ledger tells a trade with both signs turned."""
    event = year.first(KRAKEN, lambda one: one.kind is Kind.TRADE and one.quote == "usd" and one.side == "buy", month=4)
    moves = tuple(move if move.is_fee else replace(move, quantity=-move.quantity) for move in event.moves)
    told = replace(event, moves=moves, side="sell", real=event.moves)
    what = f"The purchase of {_amount(event)} at Kraken is told as a sale."
    mend = "Correct the sign as proposed."
    assets = tuple(sorted({move.asset for move in moves if not move.is_fee}))
    return Defect(DefectKind.WRONG_SIGN, KRAKEN, event.at, assets, (event.native_id,), what, mend), (told,)


def _without_fee(year: _Year) -> tuple[Defect, tuple[Event, ...]]:
    """Binance tells a trade without the commission that it took."""
    event = year.first(BINANCE, lambda one: one.kind is Kind.TRADE and one.fee_asset == "bnb" and one.fee > 0, month=5)
    told = replace(event, fee=Decimal(0), moves=tuple(one for one in event.moves if not one.is_fee), real=event.moves)
    fee = f"{plain(event.fee)} {symbol(event.fee_asset)}"
    what = f"A trade of {_amount(event)} at Binance is told without its commission of {fee}."
    mend = "Record the fee as proposed."
    return Defect(DefectKind.FEE, BINANCE, event.at, ("bnb",), (event.native_id,), what, mend), (told,)


def _lying(year: _Year) -> tuple[tuple[Defect, ...], tuple[Lie, ...]]:
    """Binance lies about Bitcoin for days; one day of BNB, Binance and Coinbase lie in opposite ways."""
    charged = year.first(
        BINANCE, lambda one: one.kind is Kind.TRADE and one.fee_asset == "bnb" and one.fee > 0, month=7
    )
    first = (year.start + 90 * DAY) // DAY
    last, gap = first + _OUTLIER_DAYS - 1, charged.at // DAY
    lies = (
        Lie(BINANCE, "bitcoin", first, last, _OUTLIER),
        Lie(BINANCE, "bnb", gap, gap, _HIGH),
        Lie(COINBASE, "bnb", gap, gap, _LOW),
    )
    outvoted = Defect(
        DefectKind.OUTLIER, BINANCE, first * DAY, ("bitcoin",), (),
        f"Binance tells closes of BTC a quarter too high from {_day(first * DAY)} to {_day(last * DAY)}.",
        "Nothing: the other venues outvote it, and price list names it.",
    )  # fmt: skip
    open_day = Defect(
        DefectKind.PRICE_GAP, BINANCE, gap * DAY, ("bnb",), (),
        f"On {_day(gap * DAY)} Binance tells a close of BNB far too high, and Coinbase one far too low.",
        "Set the price of that day.",
    )  # fmt: skip
    return (outvoted, open_day), lies


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
