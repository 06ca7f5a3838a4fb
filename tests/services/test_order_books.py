"""Order books are followed while somebody looks, of venues that are connected; what is none is said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.errors import RetryableError
from app.core.market.spreads import perpetual
from app.core.model.market import Instrument
from app.core.model.order_books import BookState, BookView
from app.services import order_books
from app.services.events import BooksChanged, ConnectionsChanged
from app.services.workspace import Workspace
from tests.services.books import KEY, NOW, Script


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("_LINGER", 0.05), ("_LOOK", 0.01), ("_AGAIN", 0.05)):
        monkeypatch.setattr(order_books, name, seconds)


def book(asset: str = "bitcoin", bid: str = "99", at: int = NOW) -> BookView:
    one = Instrument("kraken", f"{asset}/USD", asset, "usd")
    sides = ((Decimal(bid), Decimal(2)),), ((Decimal(101), Decimal(3)),)
    return BookView(one, BookState.IN_STEP, *sides, at)


async def until(workspace: Workspace, done: Callable[[], bool]) -> None:
    moved = asyncio.Event()
    for kind in (BooksChanged, ConnectionsChanged):
        workspace.events.subscribe(kind, lambda _event: moved.set())
    async with asyncio.timeout(20):
        while not done():
            moved.clear()
            await moved.wait()


async def gone(script: Script) -> None:
    async with asyncio.timeout(20):
        while script.following:  # noqa: ASYNC110 - a task ends by itself
            await asyncio.sleep(0.01)


@pytest.fixture
async def connected(workspace: Workspace, script: Script) -> Workspace:
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    script.books = [book(), book("ethereum")]
    return workspace


async def test_nobody_looks_and_nothing_is_followed(connected: Workspace, script: Script) -> None:
    look = connected.order_books.look("bitcoin")

    assert (script.following, look.views, look.is_waiting) == (0, (), False)


async def test_what_is_looked_at_is_followed_and_nothing_else(connected: Workspace, script: Script) -> None:
    found = connected.order_books
    found.want("markets", ["bitcoin"])
    before = found.look("bitcoin").is_waiting
    await until(connected, lambda: bool(found.look("bitcoin").views))
    look = found.look("bitcoin")

    assert before
    assert (look.views, look.is_waiting, look.best(NOW)) == ((book(),), False, book())
    assert found.look("ethereum").views == ()


async def test_the_last_who_looks_away_lets_the_socket_be_closed(connected: Workspace, script: Script) -> None:
    found = connected.order_books
    found.want("markets", ["bitcoin"])
    found.want("risk", ["bitcoin", "ethereum"])
    await until(connected, lambda: bool(found.look("ethereum").views))
    found.want("risk", ())
    left = found.looked_at(), script.following
    await until(connected, lambda: not found.look("ethereum").views)
    found.want("markets", ())
    await gone(script)

    assert left == (frozenset({"bitcoin"}), 1)
    found.want("markets", ["bitcoin"])
    await until(connected, lambda: bool(found.look("bitcoin").views))


async def test_an_asset_without_a_book_is_told_apart_from_one_that_is_on_its_way(
    connected: Workspace, script: Script
) -> None:
    found = connected.order_books
    found.want("markets", ["solana"])
    waiting = found.look("solana").is_waiting
    await until(connected, lambda: not found.look("solana").is_waiting)

    assert (waiting, found.look("solana").views) == (True, ())


async def test_a_venue_that_cannot_be_read_is_named_and_tried_again(connected: Workspace, script: Script) -> None:
    found = connected.order_books
    found.want("markets", ["bitcoin"])
    await until(connected, lambda: bool(found.look("bitcoin").views))
    script.books_fault = RetryableError("Kraken is away.", hint="Try again later.")
    await until(connected, lambda: bool(found.look("bitcoin").faults))
    (lost,) = found.look("bitcoin").views
    script.books_fault = None
    await until(connected, lambda: found.look("bitcoin").views == (book(),))

    assert (lost.state, lost.bids, "Kraken is away" in lost.fault) == (BookState.LOST, (), True)
    assert found.look("bitcoin").faults == {}


async def test_a_connection_that_is_paused_is_followed_no_more(connected: Workspace, script: Script) -> None:
    found = connected.order_books
    found.want("markets", ["bitcoin"])
    await until(connected, lambda: bool(found.look("bitcoin").views))
    await connected.connections.pause("main", paused=True)
    await gone(script)

    assert script.following == 0


async def test_books_tell_how_wide_bid_and_ask_stand(connected: Workspace, script: Script) -> None:
    connected.order_books.want("risk", ["bitcoin"])
    for second in range(3):
        script.books = [book(at=NOW + second * 10**9, bid=f"{99 - second}")]
        await until(connected, lambda: connected.order_books.look("bitcoin").views == tuple(script.books))
    (seen,) = connected.market_data.spreads.of("bitcoin", NOW + 3 * 10**9)

    assert (seen.venue, seen.count) == ("kraken", 3)
    assert seen.mean == pytest.approx((2 / 100 + 3 / 99.5 + 4 / 99) / 3)


async def test_a_locked_vault_follows_nothing(connected: Workspace, script: Script) -> None:
    connected.order_books.want("markets", ["bitcoin"])
    await until(connected, lambda: bool(connected.order_books.look("bitcoin").views))
    await connected.lock()

    assert script.following == 0


def contract(symbol: str = "PF_XBTUSD", bid: str = "98") -> BookView:
    one = book(bid=bid)
    return replace(one, instrument=replace(one.instrument, symbol=symbol, is_perpetual=True))


async def test_a_perpetual_is_followed_by_its_own_name_and_never_taken_for_the_coin(
    connected: Workspace, script: Script
) -> None:
    script.books = [book(), contract()]
    found = connected.order_books
    found.want("risk", ["bitcoin"], [("kraken", "PF_XBTUSD")])
    await until(connected, lambda: found.perpetual(("kraken", "PF_XBTUSD")) is not None)

    assert found.look("bitcoin").views == (book(),)
    assert found.perpetual(("kraken", "PF_XBTUSD")) == contract()
    assert (found.perpetual(("binance", "PF_XBTUSD")), found.perpetuals_of("binance")) == (None, frozenset())


async def test_a_perpetual_alone_is_followed_until_nobody_looks(connected: Workspace, script: Script) -> None:
    script.books = [book(), contract()]
    found = connected.order_books
    found.want("risk", (), [("kraken", "PF_XBTUSD")])
    await until(connected, lambda: found.perpetual(("kraken", "PF_XBTUSD")) is not None)
    found.want("risk", ())
    await gone(script)
    async with asyncio.timeout(20):
        while found.perpetual(("kraken", "PF_XBTUSD")) is not None:  # noqa: ASYNC110 - a task ends by itself
            await asyncio.sleep(0.01)

    assert script.following == 0


async def test_how_wide_a_perpetual_is_quoted_is_not_that_of_the_coin(connected: Workspace, script: Script) -> None:
    script.books = [contract()]
    found = connected.order_books
    found.want("risk", ["bitcoin"], [("kraken", "PF_XBTUSD")])
    await until(connected, lambda: found.perpetual(("kraken", "PF_XBTUSD")) is not None)

    (seen,) = connected.market_data.spreads.of(perpetual("PF_XBTUSD"), NOW)

    assert connected.market_data.spreads.of("bitcoin", NOW) == ()
    assert (seen.venue, seen.count) == ("kraken", 1)
