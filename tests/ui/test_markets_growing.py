"""The candle that is not over: drawn apart, said to be so, grown where it stands, and in no file."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from app.core.clock import DAY, SECOND
from app.core.market.candles import MINUTE, WEEK, wider
from app.services.growing import SoFar
from app.ui import format as fmt
from app.ui.charts import market_paint
from app.ui.charts.chart_table import FittedTable
from app.ui.charts.market_plot import CANDLES, LINE, MarketPlot
from app.ui.charts.series import Level, Series
from app.ui.screens.markets import MarketsScreen
from tests.ui import made_up_books as books
from tests.ui import made_up_candles
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_markets import candles
from tests.ui.markets_places import opened, read

D = Decimal


def grow(screen: MarketsScreen, workspace: FakeWorkspace, price: str, later: int = SECOND) -> None:
    """Let the newest candle close at another price a moment later."""
    last = candles("bitcoin", DAY)[-1]
    close = D(price)
    candle = replace(last, close=close, high=max(last.high, close), low=min(last.low, close))
    workspace.growing.moved = SoFar(candle, books.NOW + later)
    screen.desk.grow()


def legend(screen: MarketsScreen) -> str:
    screen.chart._show_legend()
    return " ".join(f"{part.word} {part.figure}" for part in screen.chart._of_candle())


async def test_the_candle_of_today_is_the_last_one_and_is_said_not_to_be_over(qtbot: QtBot) -> None:
    _, screen, workspace = await opened(qtbot)
    market, last = screen.chart.market, candles("bitcoin", DAY)[-1]

    assert market is not None
    assert (market.candles[-1], market.whole[-1].at) == (last, last.at - DAY)
    assert "so far" in legend(screen)
    assert screen.chart.model.index(0, 0).data() == fmt.date(last.at)
    assert screen.chart.model.index(0, 6).data().startswith("so far")
    assert set(workspace.growing.asked) == {("bitcoin", "kraken", DAY)}


async def test_a_candle_that_is_over_is_not_said_to_be_so_far(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    assert screen.chart.plot is not None
    assert screen.chart.market is not None
    screen.chart.plot.move_to(len(screen.chart.market.candles) - 2)

    assert "so far" not in legend(screen)
    assert "so far" not in screen.chart.model.index(1, 6).data()


async def test_live_prices_move_its_close_in_chart_legend_and_table_and_nothing_else(qtbot: QtBot) -> None:
    _, screen, workspace = await opened(qtbot)
    before, view = screen.chart.market, screen.chart.plot and screen.chart.plot.view
    grow(screen, workspace, "1")
    after, plot = screen.chart.market, screen.chart.plot

    assert before is not None
    assert after is not None
    assert plot is not None
    assert plot.series is not None
    assert (after.candles[-1].close, after.candles[-1].low) == (D(1), D(1))
    assert list(after.candles[:-1]) == list(before.candles[:-1])
    assert (float(plot.series.levels[0].close[-1]), float(plot.series.levels[0].low[-1])) == (1.0, 1.0)
    assert screen.chart.model.index(0, 4).data() == fmt.price(D(1))
    assert f"C {fmt.price(D(1))}" in legend(screen)
    assert plot.view == view


async def test_it_is_in_no_file(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    _, rows = screen.chart.raw_rows()

    assert rows[-1][0] == fmt.moment(candles("bitcoin", DAY)[-2].at)


async def test_a_week_is_made_of_its_days_and_of_today(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    screen.chart.interval.choose("1w")
    await read(shell, screen)
    made = screen.chart.market
    grow(screen, workspace, "1")
    grown, days = screen.chart.market, candles("bitcoin", DAY)

    assert made is not None
    assert grown is not None
    assert list(made.candles) == wider(days, WEEK)
    assert (grown.candles[-1].open, grown.candles[-1].close) == (made.candles[-1].open, D(1))
    assert grown.so_far == books.NOW + SECOND


async def test_a_week_of_which_today_is_unknown_is_still_not_over(qtbot: QtBot) -> None:
    workspace = FakeWorkspace()
    workspace.growing.is_known = False
    shell, screen, _ = await opened(qtbot, workspace)
    without_today = screen.chart.market
    screen.chart.interval.choose("1w")
    await read(shell, screen)
    week = screen.chart.market

    assert without_today is not None
    assert week is not None
    assert without_today.so_far is None
    # It is told up to the end of yesterday, and the days of this week are what it is made of.
    assert week.so_far == books.NOW // DAY * DAY
    assert [one.at for one in week.parts] == list(range(week.candles[-1].at, books.NOW // DAY * DAY, DAY))


async def test_what_comes_after_the_end_of_a_candle_changes_none(qtbot: QtBot) -> None:
    _, screen, workspace = await opened(qtbot)
    before = screen.chart.market
    last = candles("bitcoin", DAY)[-1]
    workspace.growing.moved = SoFar(replace(last, at=last.at + DAY), books.NOW + DAY)
    screen.desk.grow()

    assert screen.chart.market is before


async def test_once_it_is_over_the_chart_is_read_anew(qtbot: QtBot) -> None:
    _, screen, workspace = await opened(qtbot)
    before = screen.desk._has_ended()
    workspace.clock.now += DAY

    assert (before, screen.desk._has_ended()) == (False, True)


async def test_where_only_closes_are_known_the_line_ends_in_the_mark(qtbot: QtBot) -> None:
    workspace = FakeWorkspace()
    workspace.candles.without.add("bitcoin")
    _, screen, _ = await opened(qtbot, workspace)
    market = screen.chart.market

    assert market is not None
    assert market.candles[-1].close == books.marks()["bitcoin"].price
    assert market.bars.is_line


@pytest.mark.parametrize("count", [1, 2, 700, 3_000])
def test_a_series_with_another_end_is_that_of_its_candles(count: int) -> None:
    found = made_up_candles.candles(count)
    other = replace(found[-1], close=D(5), low=D(4), high=D(9_000))
    grown = Series.of(found, MINUTE).ending_in(other)
    anew = Series.of([*found[:-1], other], MINUTE)

    assert len(grown.levels) == len(anew.levels)
    for mine, its in zip(grown.levels, anew.levels, strict=True):
        for name in ("x", "open", "high", "low", "close", "volume", "lowest", "highest"):
            assert getattr(mine, name).tolist() == getattr(its, name).tolist()


@pytest.mark.parametrize(("mode", "painted"), [(CANDLES, "paint_candles"), (LINE, "paint_line")])
def test_of_candles_side_by_side_only_the_growing_one_is_left_to_the_dashes(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, mode: str, painted: str
) -> None:
    whole: list[int] = []

    def count(_painter: QPainter, _sheet: market_paint.Sheet, bars: Level) -> None:
        whole.append(len(bars))

    monkeypatch.setattr(market_paint, painted, count)
    plot = MarketPlot()
    qtbot.addWidget(plot)
    plot.resize(900, 300)
    plot.show_mode(mode)
    found = made_up_candles.candles(60)
    series = Series.of(found, MINUTE)
    for grows in (False, True):
        plot.show_series(series, found, grows=grows)
        plot.sheet()
    plot.look_at(plot.view.moved(-30, plot.end))
    area = plot.sheet().area
    seen = market_paint.bars_of(series, plot.view, area.width(), is_line=mode == LINE)

    assert whole[1] == whole[0] - 1
    assert whole[2] == len(seen) < len(found)


@pytest.mark.parametrize(
    ("width", "hidden"), [(900, set()), (604, set()), (540, {"Volume"}), (380, {"Volume", "Open"})]
)
async def test_where_fills_have_no_room_volume_and_open_give_way_to_them(
    qtbot: QtBot, width: int, hidden: set[str]
) -> None:
    _, screen, _ = await opened(qtbot)
    model = screen.chart.model
    table = FittedTable(model, "Candles")
    qtbot.addWidget(table)
    table.resize(width, 300)
    table.show()

    assert {title for column, title in enumerate(model.titles) if table.isColumnHidden(column)} == hidden
    table.resize(900, 300)
    assert not any(table.isColumnHidden(column) for column in range(len(model.titles)))
