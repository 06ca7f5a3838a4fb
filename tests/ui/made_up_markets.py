"""Made-up markets: who took part in each mark and who did not, candles, an order book."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from app.core.clock import DAY, SECOND
from app.core.findings import Finding, Severity
from app.core.market.board import NOT_POSITIVE, MarkBoard
from app.core.market.candles import HOUR, MINUTE, kept_for
from app.core.model.market import Candle, Contribution, Instrument, Mark, Series, Tick
from app.core.model.order_books import BookState, BookView
from app.services.candles import Filled
from app.services.events import BooksChanged, Events
from app.services.growing import SoFar
from app.services.order_books import BookLook
from tests.ui import made_up_books as books
from tests.ui.fake_services import Answers, FakeMarketData

D = Decimal
LENGTHS = {MINUTE: 3 * 1_440, HOUR: 24 * 90, DAY: 600}
_SPREADS = {"bitcoin": "0.00002", "ethereum": "0.00004", "solana": "0.0001", "eur": "0.00012"}
_SHARES = (D("0.6"), D("0.4"))


def with_parts(mark: Mark) -> Mark:
    """Return a mark with the sources it is made of; one venue is far off with AAVE, one silent with Polkadot."""
    if mark.asset_id == mark.currency:
        return mark
    price, at, first = mark.price, mark.at, mark.source.lower()
    parts = [
        Contribution(first, price, at, _SHARES[0]),
        Contribution("coinbase", price * D("1.0004"), at - 2 * SECOND, _SHARES[1]),
    ]
    if mark.asset_id == "aave":
        parts.append(Contribution("gemini", price * D("1.25"), at, left_out="too far off"))
    if mark.asset_id == "polkadot":
        parts.append(Contribution("gemini", price * D("0.99"), at - 3_600 * SECOND, left_out="too old"))
    return replace(mark, parts=tuple(parts))


def board(marks: Iterable[Mark]) -> MarkBoard:
    """Return a board that knows quotes at two venues for each mark, and refused two prices."""
    made = MarkBoard("usd", books.REGISTRY)
    for mark in marks:
        half = mark.price * D(_SPREADS.get(mark.asset_id, "0.0006")) / 2
        for venue, more in (("kraken", D(1)), ("coinbase", D(2))):
            bid, ask = mark.price - half * more, mark.price + half * more
            made.take(Tick(venue, mark.asset_id, "usd", mark.price, mark.at, None, bid, ask))
    for _ in range(2):
        made.take(Tick("kraken", "bitcoin", "usd", D(0), books.NOW))
    assert made.refused["kraken", NOT_POSITIVE] == 2
    return made


def order_book(price: Decimal, venue: str = "binance", seed: int = 11) -> BookView:
    """Return 120 levels a side around a price, changed just now."""
    dice = random.Random(seed)  # noqa: S311
    step = price / 20_000
    sides = []
    for sign in (-1, 1):
        sizes = (D(dice.randrange(5, 400)) / 100 * (3 if place % 17 == 0 else 1) for place in range(1, 121))
        sides.append(tuple((round(price + sign * step * place, 2), size) for place, size in enumerate(sizes, 1)))
    quote = {"binance": ("BTCUSDT", "tether")}.get(venue, ("BTC/USD", "usd"))
    instrument = Instrument(venue, quote[0], "bitcoin", quote[1])
    return BookView(instrument, BookState.IN_STEP, sides[0], sides[1], books.NOW)


class FakeOrderBooks:
    """Books that a test puts there, and who looks at which."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self.wanted: dict[str, tuple[str, ...]] = {}
        self.views: dict[str, tuple[BookView, ...]] = {}
        self.is_waiting = False
        self.faults: dict[str, str] = {}

    def want(self, who: str, assets: Iterable[str]) -> None:
        self.wanted[who] = tuple(assets)

    def look(self, asset: str) -> BookLook:
        return BookLook(self.views.get(asset, ()), self.is_waiting, faults=self.faults)

    def tell(self, asset: str, *views: BookView) -> None:
        """Bring other books of an asset, as venues do."""
        self.views[asset] = views
        self._events.publish(BooksChanged(frozenset((asset,))))


@lru_cache(maxsize=16)
def candles(asset: str, interval: int) -> tuple[Candle, ...]:
    """Return candles that end at the mark of now; three are missing."""
    mark = books.marks().get(asset)
    if mark is None or asset == "usd":
        return ()
    dice = random.Random(f"{asset}/{interval}")  # noqa: S311
    wild = {MINUTE: 0.0006, HOUR: 0.005, DAY: 0.026}[interval]
    close, made = float(mark.price), list[Candle]()
    last = books.NOW // interval * interval
    for back in range(LENGTHS[interval]):
        opened = close / (1 + dice.gauss(0.0002, wild))
        high, low = max(opened, close) * (1 + abs(dice.gauss(0, wild / 2))), min(opened, close)
        low *= 1 - abs(dice.gauss(0, wild / 2))
        prices = [D(f"{value:.4f}") for value in (opened, high, low, close)]
        if back not in (40, 41, 42):
            traded = D(f"{dice.expovariate(0.02):.3f}")
            made.append(Candle(last - back * interval, prices[0], prices[1], prices[2], prices[3], traded))
        close = opened
    return tuple(reversed(made))


class FakeCandles:
    """Candles of Kraken for what has a price, except for what a test takes away."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.without: set[str] = set()
        self.faults: list[str] = []
        self.filled: list[tuple[str, int]] = []

    def _known(self, asset: str, interval: int) -> Sequence[Candle]:
        return () if asset in self.without else candles(asset, interval)

    async def sources(self, asset: str, interval: int) -> Sequence[str]:
        await self._answers.wait("candles")
        return ("kraken",) if self._known(asset, interval) else ()

    async def of(self, series: Series, since_ns: int, until_ns: int) -> Sequence[Candle]:
        return [one for one in self._known(series.asset, series.interval)[:-1] if since_ns <= one.at <= until_ns]

    async def fill(self, asset: str, interval: int, since_ns: int, *, again: bool = False) -> Sequence[Filled]:
        await self._answers.wait("fill")
        self.filled.append((asset, interval))
        series = Series(asset, "usd", "kraken", interval)
        return [Filled(series), *(Filled(series, fault=fault) for fault in self.faults)]


class FakeGrowing:
    """The last of the made-up candles, which is not over; it stands where a test puts it."""

    def __init__(self, candles_: FakeCandles) -> None:
        self._candles = candles_
        self.asked: list[tuple[str, str, int]] = []
        self.moved: SoFar | None = None
        self.is_known = True

    async def ask(self, asset: str, source: str, interval: int) -> None:
        self.asked.append((asset, source, interval))

    def now(self, asset: str, _source: str, interval: int) -> SoFar | None:
        found = self._candles._known(asset, kept_for(interval))
        last = SoFar(found[-1], books.NOW) if found else None
        return (self.moved or last) if self.is_known else None

    def marked(self, asset: str) -> SoFar | None:
        mark = books.marks().get(asset)
        price = None if mark is None else mark.price
        return (
            None
            if price is None
            else SoFar(Candle(books.NOW // DAY * DAY, price, price, price, price, None), books.NOW)
        )


def silence(venue: str) -> Finding:
    """Return what is said while the prices of a venue cannot be read."""
    fault = "Kraken cannot be reached. Check the connection."
    return Finding(
        Severity.WARNING, "prices-unreachable", f"Prices of {venue} cannot be read.", subject=venue, detail=fault
    )


class FakeMarkets(FakeMarketData):
    """Marks that say what they are made of, with quotes, order books and venues that are silent."""

    def __init__(self, answers: Answers, events: Events, marks: dict[str, Mark]) -> None:
        super().__init__(answers, events, {asset: with_parts(mark) for asset, mark in marks.items()})
        self.board = board(mark for mark in marks.values() if mark.asset_id != mark.currency)
        self.silent: list[Finding] = []
        self.watched: frozenset[str] = frozenset()

    def findings(self) -> Sequence[Finding]:
        return self.silent

    def watch_also(self, assets: Iterable[str]) -> None:
        self.watched = frozenset(assets)
