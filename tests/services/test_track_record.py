"""Track records of a real vault: the same growth that performance tells, in parts, beside benchmarks."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.core.clock import to_datetime
from app.core.errors import InputError, UsageError
from app.core.ledger.entries import EntryKind
from app.services.track_record import EQUAL, NO_BENCHMARK, Asked, rate_of
from app.services.workspace import Workspace
from tests.services.books import KEY, NOW, Script, candles, deposit, new_workspace, no_progress, page, tick

TODAY = to_datetime(NOW).date()
DAYS = 60
BITCOIN = [f"{100 + 20 * math.sin(day / 3):.2f}" for day in range(DAYS)]
ETHER = [f"{10 + day / 10 + math.cos(day):.2f}" for day in range(DAYS)]


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
async def books(workspace: Workspace, script: Script) -> Workspace:
    """Return two bitcoins of sixty days ago, ten ether that came in later, and a reward; closes of both."""
    reward = replace(deposit("r", "0.1", days_ago=20), kind=EntryKind.REWARD)
    later = deposit("e", "10", "ethereum", days_ago=40)
    script.pages = [page(deposit("b", "2", days_ago=DAYS), later, reward, cursor="1")]
    script.held = {"bitcoin": "2.1", "ethereum": "10"}
    script.ticks = [tick("bitcoin", "500"), tick("ethereum", "50")]
    script.candles = {"bitcoin": candles(*BITCOIN), "ethereum": candles(*ETHER)}
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    await workspace.ingest.sync([], no_progress)
    await workspace.market_data.refresh()
    return workspace


async def test_growth_is_that_of_performance_up_to_the_last_full_day(books: Workspace) -> None:
    found = await books.track_record.record(Asked())
    told = (await books.performance.study((), None, ago(1))).whole.time_weighted.value

    assert told is not None
    assert found.track.total == pytest.approx(float(told))
    assert found.track.attribution.total == pytest.approx(float(told))
    assert found.track.curve.at.size == DAYS - 1
    assert found.track.curve.coverage.share == 1


async def test_parts_tell_assets_income_and_trades_apart(books: Workspace) -> None:
    found = await books.track_record.record(Asked())
    parts = {line.name: line.part for line in found.track.attribution.lines}

    assert set(parts) == {"bitcoin", "ethereum", "income", "fees", "trades"}
    assert sum(parts.values()) == pytest.approx(found.track.total)
    assert parts["income"] > 0
    assert (parts["fees"], parts["trades"]) == pytest.approx((0, 0), abs=1e-9)


async def test_bitcoin_is_the_benchmark_without_a_word_and_others_are_by_theirs(books: Workspace) -> None:
    usual = await books.track_record.record(Asked())
    ether = await books.track_record.record(Asked(benchmark="ethereum"))
    equal = await books.track_record.record(Asked(benchmark=EQUAL))
    none = await books.track_record.record(Asked(benchmark=NO_BENCHMARK))

    assert usual.track.other is not None
    assert usual.track.other.total == pytest.approx(float(BITCOIN[-1]) / float(BITCOIN[0]) - 1)
    assert [one.track.benchmark and one.track.benchmark.name for one in (usual, ether, equal, none)] == [
        "bitcoin", "ethereum", "equal", None,
    ]  # fmt: skip
    assert none.track.ratios.beta is None


async def test_a_period_is_its_days_and_so_many_before_the_last(books: Workspace) -> None:
    by_day = await books.track_record.record(Asked(first=ago(35), last=ago(2)))
    by_count = await books.track_record.record(Asked(last=ago(2), days=34))

    assert [int(one.track.curve.at.size) for one in (by_day, by_count)] == [34, 34]
    assert by_day.track.total == pytest.approx(by_count.track.total)


async def test_a_benchmark_without_closes_is_refused_by_name_and_told_where_nobody_asked(
    workspace: Workspace, script: Script
) -> None:
    script.pages = [page(deposit("e", "10", "ethereum", days_ago=DAYS), cursor="1")]
    script.held = {"ethereum": "10"}
    script.ticks = [tick("ethereum", "50")]
    script.candles = {"ethereum": candles(*ETHER)}
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    await workspace.ingest.sync([], no_progress)
    await workspace.market_data.refresh()

    found = await workspace.track_record.record(Asked())
    assert found.track.benchmark is None
    assert found.no_benchmark == "BTC has no closes in the period"
    with pytest.raises(InputError, match="BTC has no closes in the period"):
        await workspace.track_record.record(Asked(benchmark="bitcoin"))
    assert await workspace.track_record.benchmarks() == (("ethereum", "ETH"),)


async def test_few_days_have_no_ratios(books: Workspace) -> None:
    with pytest.raises(InputError, match="only 10 of 10 days have a return"):
        await books.track_record.record(Asked(first=ago(10)))


async def test_empty_books_and_a_day_that_runs_have_nothing_to_measure(books: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is whole: the period or the books begin later"):
        await books.track_record.record(Asked(first=TODAY))
    empty = await new_workspace(tmp_path / "other", Script())
    try:
        with pytest.raises(InputError, match="nothing was ever held"):
            await empty.track_record.record(Asked())
    finally:
        await empty.lock()


async def test_a_word_names_a_benchmark_or_is_refused(workspace: Workspace) -> None:
    named = workspace.track_record.named

    assert (named("BTC"), named(" Equal "), named("none"), named("")) == ("bitcoin", EQUAL, NO_BENCHMARK, "")
    with pytest.raises(InputError, match="names no asset"):
        named("no such thing")


def test_a_rate_is_a_share_or_a_percentage() -> None:
    assert (rate_of("4%"), rate_of("0.04"), rate_of(" 4.5 % "), rate_of("")) == pytest.approx((0.04, 0.04, 0.045, 0))


@pytest.mark.parametrize("words", ["four", "4", "-60%", "nan", "inf"])
def test_what_is_no_rate_is_refused(words: str) -> None:
    with pytest.raises(UsageError, match="is no annual rate"):
        rate_of(words)
