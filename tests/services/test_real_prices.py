"""Real price history values the books: known days come out as they were, and a gap stays a gap."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.clock import DAY
from app.core.model.views import Scope
from app.services.workspace import Workspace
from tests.services.books import KEY, Script, deposit, no_progress, page

EPOCH = date(1970, 1, 1)


@pytest.fixture(scope="module")
def closes(data_folder: Path) -> dict[str, dict[int, Decimal]]:
    """Return daily closes against USDT by symbol and day number, digit for digit as the file has them."""
    found: dict[str, dict[int, Decimal]] = {"BTC": {}, "ETH": {}}
    with gzip.open(data_folder / "market" / "binance_daily_ohlcv.csv.gz", "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            symbol = row["symbol"].removesuffix("USDT").removesuffix("/")
            if symbol in found:
                found[symbol][day(row["date"])] = Decimal(row["close"])
    return found


def day(text: str) -> int:
    return (date.fromisoformat(text[:10]) - EPOCH).days


async def held(workspace: Workspace, script: Script, closes: dict[str, dict[int, Decimal]]) -> None:
    """Put 2 BTC and 10 ETH into the books before the crash of March 2020, and real closes beside them."""
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    at = day("2020-03-01") * DAY
    entries = [
        replace(deposit("a", "2"), at=at),
        replace(deposit("b", "10", "ethereum"), at=at),
    ]
    script.pages, script.held = [page(*entries, cursor="1")], {"bitcoin": "2", "ethereum": "10"}
    await workspace.ingest.sync([], no_progress)
    for asset, symbol in (("bitcoin", "BTC"), ("ethereum", "ETH")):
        workspace._vault.prices.add(asset, "usd", "recorded", closes[symbol])


async def test_a_known_crash_is_valued_as_it_was(
    workspace: Workspace, script: Script, closes: dict[str, dict[int, Decimal]]
) -> None:
    await held(workspace, script, closes)
    curve = (await workspace.portfolio.overview(Scope(period="all"))).curve
    values = {point.at // DAY - 1: point.value for point in curve.points}
    before, crash = day("2020-03-11"), day("2020-03-12")

    for one in (before, crash):
        assert values[one] == 2 * closes["BTC"][one] + 10 * closes["ETH"][one]
    fall = closes["BTC"][crash] / closes["BTC"][before] - 1
    assert round(fall * 100, 1) == Decimal("-39.5")


async def test_days_after_the_last_close_are_gaps(
    workspace: Workspace, script: Script, closes: dict[str, dict[int, Decimal]]
) -> None:
    await held(workspace, script, closes)
    curve = (await workspace.portfolio.overview(Scope(period="all"))).curve
    last = max(closes["BTC"])

    assert {point.value for point in curve.points if point.at // DAY - 1 > last} == {None}
