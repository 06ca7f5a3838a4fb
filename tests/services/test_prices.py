"""Daily prices for a person: gaps, sources that were not believed, and prices set by hand, also in the portfolio."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.model.price_overrides import PriceOverride
from app.services.workspace import Workspace
from tests.services.books import KEY, NOW, Script, candles, deposit, no_progress, page, tick

TODAY = NOW // DAY


@pytest.fixture
async def books(workspace: Workspace, script: Script) -> Workspace:
    """Return books with bitcoin of five, three and two days ago; the day of the second has no price."""
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    events = [deposit(str(days), "1", days_ago=days) for days in (5, 3, 2)]
    script.pages = [page(*events, deposit("e", "4", "ethereum"), cursor="1")]
    script.held = {"bitcoin": "3", "ethereum": "4"}
    script.ticks = [tick("bitcoin", "50")]
    script.candles = {"bitcoin": [*candles("30", "31", last_days_ago=4), *candles("33", "34")]}
    await workspace.ingest.sync([], no_progress)
    await workspace.market_data.refresh()
    return workspace


async def test_days_with_events_and_without_a_price_are_gaps_by_asset(books: Workspace) -> None:
    bitcoin, ether = sorted(await books.prices.coverage(), key=lambda one: one.asset.asset_id)

    assert (bitcoin.days, bitcoin.gaps) == ((TODAY - 5, TODAY - 3, TODAY - 2), (TODAY - 3,))
    assert (ether.gaps, ether.is_known) == ((TODAY - 3,), False)


async def test_a_gap_is_a_finding_and_what_no_source_quotes_is_another_one(books: Workspace) -> None:
    (found,) = await books.prices.findings()

    assert (found.code, found.subject, found.place) == ("price-gap", "bitcoin", "prices/bitcoin")
    assert found.message == "BTC has no price of 2026-09-18, when something happened to it."
    assert [one.subject for one in await books.findings.all() if one.code == "no-price"] == ["ethereum"]


async def test_a_price_set_by_hand_closes_the_gap_also_in_the_portfolio(books: Workspace) -> None:
    before = dict(await books.portfolio.closes("bitcoin"))
    await books.prices.set_price(PriceOverride("bitcoin", TODAY - 3, Decimal(32), "usd", "the fund's own"))

    day = next(one for one in await books.prices.days("bitcoin", TODAY - 5, TODAY - 1) if one.day == TODAY - 3)
    assert (day.price, day.told, day.set_price is not None) == (Decimal(32), None, True)
    assert await books.prices.findings() == ()
    assert set(dict(await books.portfolio.closes("bitcoin")).values()) - set(before.values()) == {Decimal(32)}


async def test_a_price_taken_back_leaves_the_gap_again_and_both_records(books: Workspace) -> None:
    await books.prices.set_price(PriceOverride("bitcoin", TODAY - 3, Decimal(32), "usd", "the fund's own"))
    await books.prices.take_back("bitcoin", TODAY - 3, "wrong day")

    assert [(one.price, one.reason) for one in await books.prices.recorded()] == [
        (Decimal(32), "the fund's own"),
        (None, "wrong day"),
    ]
    assert len(await books.prices.findings()) == 1
    with pytest.raises(InputError, match="No price of bitcoin was set"):
        await books.prices.take_back("bitcoin", TODAY - 3, "again")


async def test_a_source_that_lied_on_a_day_is_named(books: Workspace) -> None:
    liar = {TODAY - 5: Decimal(31), TODAY - 2: Decimal(45), TODAY - 1: Decimal("34.1")}
    await books._threads.write(books._vault.prices.add, "bitcoin", "usd", "elsewhere", liar)

    bitcoin = next(one for one in await books.prices.coverage() if one.asset.asset_id == "bitcoin")
    assert bitcoin.doubted == (TODAY - 5, TODAY - 2)


async def test_the_rate_of_a_money_is_set_in_the_money_of_the_book_only(books: Workspace) -> None:
    with pytest.raises(InputError, match="The rate of 'eur' is given in 'gbp'"):
        await books.prices.set_price(PriceOverride("eur", TODAY - 3, Decimal("0.85"), "gbp", "a bank's"))
