"""Official rates: nobody is asked before a person says so, once a day then, and figures of tax follow them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.clock import DAY
from app.core.errors import RetryableError
from app.core.model.accounts import Book
from app.services.tax_years import Asked
from app.services.vault import VaultService
from app.services.workspace import Workspace
from tests.services.books import KEY, NOW, PASSPHRASE, Script, candles, deposit, make_runtime, no_progress, page, tick

D = Decimal
TODAY = NOW // DAY


class Bank:
    """Tells rates of every day but the last two, and counts how often it was asked."""

    name = "ECB"

    def __init__(self) -> None:
        self.asked = 0
        self.opened: list[str] = []
        self.fault: RetryableError | None = None

    def __call__(self, endpoint: str) -> Bank:
        self.opened.append(endpoint)
        return self

    async def per_euro(self) -> Mapping[str, Mapping[int, Decimal]]:
        self.asked += 1
        if self.fault is not None:
            raise self.fault
        days = range(TODAY - 400, TODAY - 2)
        return {
            code: dict.fromkeys(days, D(rate)) for code, rate in {"usd": "1.25", "gbp": "0.80", "isk": "150"}.items()
        }


@pytest.fixture
def bank() -> Bank:
    return Bank()


@pytest.fixture
async def books(tmp_path: Path, bank: Bank) -> Workspace:
    """Return books in dollars with a bitcoin bought and sold, at a venue that quotes dollars only."""
    script = Script()
    vaults = VaultService(replace(make_runtime(tmp_path, script), rates=bank))
    workspace = await vaults.create(vaults.default_path(), PASSPHRASE, Book("main", "Main", "usd"))
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    script.pages = [page(deposit("a", "2", days_ago=5), cursor="1")]
    script.held = {"bitcoin": "2"}
    script.ticks = [tick("bitcoin", "50")]
    script.candles = {"bitcoin": candles("30", "31", "32", "33", "34")}
    await workspace.ingest.sync([], no_progress)
    return workspace


async def test_nobody_is_asked_before_a_person_says_so(books: Workspace, bank: Bank) -> None:
    await books.market_data.refresh()

    assert (bank.asked, (await books.rates.state()).is_on) == (0, False)
    await books.lock()


async def test_the_authority_is_asked_once_for_every_day_of_the_books(books: Workspace, bank: Bank) -> None:
    await books.rates.use()
    await books.market_data.refresh()
    await books.market_data.refresh()
    state = await books.rates.state()

    assert (bank.asked, set(bank.opened)) == (1, {""})
    assert (state.first, state.last, state.newest) == (TODAY - 12, TODAY - 1, TODAY - 3)
    assert set(books._vault.prices.official("ECB")) == {"usd", "gbp"}
    await books.lock()


async def test_figures_in_a_country_s_money_follow_the_rates_and_name_them(books: Workspace) -> None:
    assert (await books.tax.history(Asked("uk"))).currency == "USD"
    await books.rates.use()
    await books.market_data.refresh()
    history = await books.tax.history(Asked("uk"))
    value = history.prices.value("bitcoin", D(2), NOW - 2 * DAY)

    assert history.currency == "GBP"
    assert value.amount == D(2) * 33 * D("0.80") / D("1.25")
    assert value.source.startswith("2 bitcoin at the close of ")
    assert value.source.endswith(", gbp at the ECB's rates of 2026-09-18, 1 eur = 1.25 usd = 0.8 gbp")
    await books.lock()


async def test_a_fault_is_a_finding_and_stops_nothing_else(books: Workspace, bank: Bank) -> None:
    bank.fault = RetryableError("ECB cannot be reached: TimeoutError.")
    await books.rates.use()
    await books.market_data.refresh()

    (found,) = await books.rates.findings()
    assert (found.code, found.detail) == ("rates-unreachable", bank.fault.line())
    assert books.market_data.marks()["bitcoin"].price == D(50)
    bank.fault = None
    await books.market_data.refresh()
    assert await books.rates.findings() == ()
    await books.lock()


async def test_once_stopped_nobody_is_asked_and_what_was_read_stays(books: Workspace, bank: Bank) -> None:
    await books.rates.use()
    await books.market_data.refresh()
    await books.rates.stop()
    await books.market_data.refresh()

    assert (bank.asked, (await books.rates.state()).newest) == (1, TODAY - 3)
    await books.lock()
