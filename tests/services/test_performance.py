"""What periods of a real vault brought: flows of today, income, fees, accounts, and days without a price."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.core.clock import to_datetime
from app.core.errors import InputError
from app.core.ledger.entries import EntryKind, Role
from app.core.model.performance import By
from app.services.workspace import Workspace
from tests.services.books import KEY, NOW, Script, candles, deposit, no_progress, page, tick

D = Decimal
TODAY = to_datetime(NOW).date()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def read(workspace: Workspace, script: Script) -> None:
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    await workspace.ingest.sync([], no_progress)
    await workspace.market_data.refresh()


@pytest.fixture
async def books(workspace: Workspace, script: Script) -> Workspace:
    """Return a bitcoin of five days ago, a reward of two and a fee of one; closes 30, 31, 33, 34, 40, and 50 now."""
    reward = replace(deposit("r", "0.5", days_ago=2), kind=EntryKind.REWARD)
    fee = deposit("f", "-0.1", days_ago=1)
    paid = replace(fee, kind=EntryKind.FEE, legs=(replace(fee.legs[0], role=Role.FEE),))
    script.pages = [page(deposit("d", "1", days_ago=5), reward, paid, cursor="1")]
    script.held = {"bitcoin": "1.4"}
    script.ticks = [tick("bitcoin", "50")]
    script.candles = {"bitcoin": candles("30", "31", "33", "34", "40")}
    await read(workspace, script)
    return workspace


async def test_income_and_fees_are_at_the_close_of_their_days(books: Workspace) -> None:
    whole = (await books.performance.study()).whole

    assert (whole.before, whole.after, whole.flowed_in, whole.flowed_out) == (D(30), D(70), D(0), D(0))
    assert (whole.gain, whole.income, whole.fees, whole.by_prices) == (D(40), D(17), D(4), D(27))
    assert (whole.priced_days, whole.days, whole.unknown) == (6, 6, ())


async def test_what_came_in_today_is_valued_at_the_marks_like_what_is_held(
    workspace: Workspace, script: Script
) -> None:
    script.pages = [page(deposit("d", "1", days_ago=3), deposit("t", "2", days_ago=0), cursor="1")]
    script.held = {"bitcoin": "3"}
    script.ticks = [tick("bitcoin", "50")]
    script.candles = {"bitcoin": candles("33", "34", "40")}
    await read(workspace, script)

    found = (await workspace.performance.study(first=ago(1))).whole
    assert (found.before, found.flowed_in, found.after, found.gain) == (D(34), D(100), D(150), D(16))
    assert found.time_weighted.value is not None
    assert round(found.time_weighted.value, 6) == D("0.470588")


async def test_parts_of_accounts_add_up_to_the_book(books: Workspace) -> None:
    study = await books.performance.study(by=By.ACCOUNT)

    assert [part.account_id for part in study.parts] == ["main"]
    (part,) = study.parts
    assert (part.performance.gain, part.performance.income) == (study.whole.gain, study.whole.income)


async def test_parts_of_the_calendar_begin_with_the_books(books: Workspace) -> None:
    study = await books.performance.study(first=date(2020, 1, 1), by=By.YEAR)

    assert [(part.name, part.first, part.last) for part in study.parts] == [(str(TODAY.year), ago(5), TODAY)]
    assert study.head == await books._threads.read(books._vault.reader.head)


async def test_a_chart_has_a_point_for_each_day(books: Workspace) -> None:
    study = await books.performance.study()

    assert [day.value for day in study.days] == [D(30), D(31), D(33), D(51), D(56), D(70)]
    assert {day.contributed for day in study.days} == {D(30)}
    assert study.days[0].grown == 0


async def test_a_day_without_a_price_is_a_gap_and_a_flow_on_it_is_unknown(workspace: Workspace, script: Script) -> None:
    script.pages = [page(deposit("d", "1", days_ago=5), deposit("g", "1", days_ago=3), cursor="1")]
    script.held = {"bitcoin": "2"}
    script.ticks = [tick("bitcoin", "50")]
    script.candles = {"bitcoin": [*candles("30", "31", last_days_ago=4), *candles("33", "34")]}
    await read(workspace, script)

    whole = (await workspace.performance.study()).whole
    assert (whole.priced_days, whole.days, whole.gain) == (5, 6, None)
    assert whole.unknown == (f"What was put in or taken out on {ago(3)} has no price.",)


async def test_an_asset_without_any_price_is_left_out_and_named(workspace: Workspace, script: Script) -> None:
    script.pages = [page(deposit("d", "1", days_ago=2), deposit("e", "4", "ethereum", days_ago=2), cursor="1")]
    script.held = {"bitcoin": "1", "ethereum": "4"}
    script.ticks = [tick("bitcoin", "50")]
    script.candles = {"bitcoin": candles("34", "40")}
    await read(workspace, script)

    study = await workspace.performance.study()
    assert (study.whole.left_out, study.whole.gain) == (("ETH",), D(16))


async def test_books_without_entries_have_nothing_to_measure(workspace: Workspace) -> None:
    study = await workspace.performance.study(by=By.MONTH)

    assert (study.first, study.last) == (TODAY, TODAY)
    assert not any(day.value for day in study.days)


async def test_a_period_that_ends_before_it_begins_is_refused(books: Workspace) -> None:
    with pytest.raises(InputError, match="before it begins"):
        await books.performance.study(first=TODAY, last=ago(1))
