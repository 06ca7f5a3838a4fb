"""Made-up closes under the made-up books, and the real desk over them: every figure is the engine's own."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from app.core.clock import DAY, SECOND
from app.core.model.assets import AssetKind
from app.core.model.futures import FuturesPosition, FuturesReading, Lock, MarginWallet, Part, Told
from app.core.model.views import Position, Scope
from app.core.risk.leaving_facts import Depth, Facts, Observed, PerpetualMarket, Volume
from app.services.contract_volumes import Contract
from app.services.risk_books import Known, of_positions
from app.services.risk_futures import beside, perpetuals_in, prices_of
from tests.ui import made_up_books as books
from tests.ui.fake_services import Answers, FakePortfolio

if TYPE_CHECKING:
    from app.services.risk_books import Book

_STILL = (AssetKind.FIAT, AssetKind.STABLE)
_NEW = {"arbitrum": 40}
"""Days of closes that an asset has which is new."""
_NONE = {"lido"}
_CALM = {"monero": 0.4, "aave": 1.6, "dogecoin": 1.7, "curve": 1.5}


class FakeRisk:
    """A desk over closes that a seed draws; a test may shorten them or take them away.

    Attributes:
        days: How many daily closes there are.
        futures: Wallets beside the books.
    """

    def __init__(self, answers: Answers, portfolio: FakePortfolio) -> None:
        self._answers, self._portfolio = answers, portfolio
        self.days = 900
        self.futures: Sequence[FuturesReading] = ()
        self.asked: list[Scope | None] = []
        self.looked_at: tuple[str, ...] = ()
        self.facts: Facts | None = None

    def look_at(self, held: Sequence[Position], perpetuals: Iterable[Contract] = ()) -> None:
        self.looked_at = (*(one.asset.asset_id for one in held), *(symbol for _, symbol in sorted(perpetuals)))

    async def perpetuals(self, _scope: Scope | None = None) -> frozenset[Contract]:
        return frozenset(perpetuals_in(self.futures, {one.account_id: one for one in books.ACCOUNTS}))

    async def book(self, as_of: int | None = None, scope: Scope | None = None) -> Book:
        self.asked.append(scope)
        await self._answers.wait("risk")
        held = await self._portfolio.positions(scope or Scope())
        accounts = {one.account_id: one for one in books.ACCOUNTS}
        prices = prices_of(held.positions, {}, held.currency)
        futures = beside(self.futures, accounts, books.REGISTRY, prices)
        known = Known(held.currency, accounts, books.VENUE_NAMES, beside=futures)
        made = of_positions(held.positions, known, closes(self.days), as_of)
        del prices[held.currency]
        return made._replace(facts=made_up_facts(prices) if self.facts is None else self.facts)


def hedged() -> Sequence[FuturesReading]:
    """Return a hedge of some bitcoin and a leveraged position, a loan, stakes with a day, and what is not read."""
    short = FuturesPosition(
        "BTCUSDT", "bitcoin", Decimal(-60), "tether", Decimal(88_400), None, Decimal(0), Decimal(131_000)
    )
    long = FuturesPosition("SOLUSDT", "solana", Decimal(9_000), "tether", Decimal(171), None, Decimal(0), Decimal(88))
    wallet = MarginWallet((("tether", Decimal(1_150_000)),), (short, long))
    loan = MarginWallet((("bitcoin", Decimal(14)),), (), (("tether", Decimal(612_480)),))
    bound = Lock("ethereum", Decimal(36), books.NOW + 41 * DAY)
    bonded = Lock("polkadot", Decimal(30_000), None, 28 * DAY)
    return [
        FuturesReading("binance-main", books.NOW, Told(Part.FUTURES, (wallet,))),
        FuturesReading("binance-main", books.NOW, Told(Part.MARGIN, (loan,))),
        FuturesReading("binance-main", books.NOW, Told(Part.LOCKED, (), (bound,))),
        FuturesReading("kraken-main", books.NOW, Told(Part.LOCKED, (), (bonded,))),
        FuturesReading("kraken-desk", books.NOW, Told(Part.POSITIONS, is_read=False), is_current=False),
    ]


def made_up_facts(prices: Mapping[str, float]) -> Facts:
    """Return depth of most assets, of some only a spread, of one nothing; volumes of all but one."""
    drawn = random.Random(5)  # noqa: S311
    depths, spreads, volumes = {}, {}, {}
    for place, (asset, price) in enumerate(sorted(prices.items())):
        width = drawn.uniform(0.0001, 0.0015)
        if asset != "near":
            seen = Observed("kraken", width, width / 4, 900, books.NOW - 900 * SECOND, books.NOW)
            spreads[asset] = (seen,)
        if place % 5 != 2 and asset != "near":
            steps = [price * width * (0.5 + step) for step in range(40)]
            sizes = [drawn.uniform(2_000, 20_000) * (1 + step / 4) / price for step in range(40)]
            bids, asks = (
                tuple((price + sign * step, size) for step, size in zip(steps, sizes, strict=True)) for sign in (-1, 1)
            )
            depths[asset] = tuple(
                Depth(venue, f"{asset}/USD", bids, asks, price, books.NOW - 2 * SECOND)
                for venue in ("kraken", "coinbase")[: 1 + place % 2]
            )
        if asset != "aave":
            volumes[asset] = Volume(drawn.uniform(2e5, 4e7) / price, 30, ("kraken",))
    return Facts(
        prices, depths, spreads, volumes, is_watched=True, now=books.NOW,
        perpetuals={("binance", "bitcoin"): contract(prices["bitcoin"])},
    )  # fmt: skip


def contract(price: float) -> PerpetualMarket:
    """Return the market of a contract: its book, how wide it was quoted, what is traded of it."""
    bids, asks = (
        tuple((price * (1 + sign * (step + 0.5) / 20_000), 6.0 + step) for step in range(40)) for sign in (-1, 1)
    )
    depth = Depth("binance", "BTCUSDT", bids, asks, price, books.NOW - SECOND)
    seen = Observed("binance", 5e-5, 1e-5, 900, books.NOW - 900 * SECOND, books.NOW)
    return PerpetualMarket(depth, seen, Volume(900.0, 30, ("binance",)))


@lru_cache(maxsize=4)
def closes(days: int) -> Mapping[str, Mapping[int, float]]:
    """Return closes that fall together: a market with calm and wild times, and what each asset adds."""
    drawn = random.Random(20261120)  # noqa: S311
    wild, market = 0.02, []
    for _ in range(900):
        wild = min(0.07, max(0.009, wild * (1 + drawn.gauss(0, 0.11))))
        market.append(drawn.gauss(0.0004, wild) - (4 * wild if drawn.random() < 0.02 else 0.0))
    last = books.NOW // DAY - 1
    found = {}
    for held in books.HOLDINGS:
        asset = held.asset.asset_id
        if held.price is None or asset in _NONE or asset == books.BOOK.base_currency:
            continue
        is_still = held.asset.kind in _STILL
        pull, own = (0.01, 0.0012) if is_still else (_CALM.get(asset, 0.8 + drawn.random() / 2), 0.018)
        price, course = float(held.price), {}
        for back in range(min(days, _NEW.get(asset, days))):
            course[last - back] = price
            price /= max(0.2, 1 + pull * market[back] + drawn.gauss(0, own))
        found[asset] = dict(sorted(course.items()))
    return found
