"""The chart of a market in its place: candles, their sources, its table, depth, and alert lines."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.clock import DAY
from app.core.errors import SourceError
from app.core.market.candles import MINUTE, wider
from app.core.model.alert_rules import Measure
from app.core.money import plain
from app.services.candles import Filled
from app.ui import format as fmt
from app.ui.charts.price_chart import Fill
from app.ui.screens import markets_data, overview_seen
from app.ui.screens.markets_data import CLOSES, Market
from tests.ui import made_up_books as books
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_markets import candles, order_book
from tests.ui.markets_places import opened, read, undo
from tests.ui.table_screens import texts

D = Decimal
KEY = Qt.Key


# the chart ----------------------------------------------------------------------------------------------------------
async def test_kept_candles_are_shown_before_venues_answer(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = FakeWorkspace()
    shell, screen, _ = await opened(qtbot, workspace)
    screen.chart.interval.choose("1m")
    shown_first, answered = asyncio.Event(), asyncio.Event()
    show = screen.chart.show_market

    def seen(market: Market, fills: Sequence[Fill]) -> None:
        show(market, fills)
        shown_first.set()

    async def held(_asset: str, _interval: int, _since_ns: int) -> Sequence[Filled]:
        await answered.wait()
        return []

    monkeypatch.setattr(screen.chart, "show_market", seen)
    monkeypatch.setattr(workspace.candles, "fill", held)
    screen.desk.load()
    await asyncio.wait_for(shown_first.wait(), 10)

    assert screen.chart.market is not None
    assert screen.chart.market.candles == list(candles("bitcoin", MINUTE))
    answered.set()
    await shell.settled()


async def test_the_legend_says_the_exact_candle_its_source_and_what_is_missing(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    found = candles("bitcoin", DAY)
    assert screen.chart.plot is not None
    screen.chart.plot.move_to(len(found) - 5)
    said = {part.word: part.figure for part in screen.chart.legend.parts if part.word}
    bare = [part.figure for part in screen.chart.legend.parts if not part.word]
    one, before = found[-5], found[-6]

    assert [said[word] for word in "OHLC"] == [fmt.price(value) for value in (one.open, one.high, one.low, one.close)]
    assert bare[0] == fmt.date(one.at)
    assert fmt.percent(one.close / before.close - 1, sign=True) in bare[1]
    assert bare[2:] == ["Kraken", "3 missing"]


async def test_where_no_candles_are_kept_daily_closes_make_a_line(qtbot: QtBot) -> None:
    workspace = FakeWorkspace()
    workspace.candles.without.add("bitcoin")
    _, screen, _ = await opened(qtbot, workspace)

    assert screen.chart.market is not None
    assert screen.chart.market.source == CLOSES
    assert screen.chart.plot is not None
    assert screen.chart.plot.is_line
    assert screen.chart.market.candles[-1].close == books.closes("bitcoin")[-1][1]
    assert "O" not in {part.word for part in screen.chart.legend.parts}


async def test_where_nothing_is_known_it_is_said_with_what_venues_answered(qtbot: QtBot) -> None:
    workspace = FakeWorkspace()
    workspace.candles.without.add("bitcoin")
    workspace.candles.faults = ["Kraken cannot be reached."]
    shell, screen, _ = await opened(qtbot, workspace)
    screen.chart.interval.choose("1h")
    await read(shell, screen)

    assert "No candles of 1 h are known of BTC." in texts(screen.chart)
    assert "Kraken cannot be reached." in texts(screen.chart)
    assert not screen.chart.as_table.isEnabled()


async def test_candles_of_another_length_do_not_stand_for_those_that_are_being_read(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = FakeWorkspace()
    shell, screen, _ = await opened(qtbot, workspace)
    asked, answered = asyncio.Event(), asyncio.Event()

    async def fill(*_asked: object) -> Sequence[str]:
        asked.set()
        await answered.wait()
        return ()

    monkeypatch.setattr(markets_data, "fill", fill)
    workspace.candles.without.add("bitcoin")
    screen.chart.interval.choose("1h")
    screen.desk.load()
    await asyncio.wait_for(asked.wait(), 20)
    said, is_drawn = texts(screen.chart), screen.chart.is_known
    answered.set()
    await shell.settled()

    assert "Candles are being read…" in said
    assert not is_drawn


async def test_a_fault_of_the_store_is_shown_in_place_and_read_again(qtbot: QtBot) -> None:
    workspace = FakeWorkspace(failing={"candles": SourceError("The price file is damaged.", hint="Delete it.")})
    shell, screen, _ = await opened(qtbot, workspace)
    assert "Candles cannot be read." in texts(screen.chart)

    workspace.answers.failing.clear()
    await read(shell, screen)
    assert screen.chart.is_known


async def test_another_market_drops_the_answer_of_the_one_before(qtbot: QtBot) -> None:
    workspace = FakeWorkspace()
    shell, screen, _ = await opened(qtbot, workspace)
    workspace.hold()
    screen.desk.load()
    await asyncio.sleep(0)
    screen.table.choose("solana")
    screen.desk._later.stop()
    screen.desk.load()
    workspace.release()
    await shell.settled()

    assert screen.chart.market is not None
    assert screen.chart.market.asset == "solana"
    assert screen.chart.title.text() == "SOL"


async def test_candles_of_four_hours_are_made_of_hours_with_the_fills_in_them(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot)
    screen.chart.interval.choose("4h")
    await read(shell, screen)
    market, hours = screen.chart.market, candles("bitcoin", 60 * MINUTE)

    assert market is not None
    assert list(market.candles) == wider(hours, 240 * MINUTE)
    assert market.bars.interval == 240 * MINUTE


async def test_keys_choose_the_length_of_candles_and_the_table(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot)
    QTest.keyClick(screen, KEY.Key_H)
    await shell.settled()
    assert screen.chart.market is not None
    assert screen.chart.market.interval == 60 * MINUTE
    lengths = []
    for key in (KEY.Key_H, KEY.Key_D, KEY.Key_D, KEY.Key_M, KEY.Key_M, KEY.Key_H):
        QTest.keyClick(screen, key)
        lengths.append(screen.chart.interval.current)
    assert lengths == ["4h", "1d", "1w", "1m", "5m", "1h"]
    await shell.settled()
    QTest.keyClick(screen, KEY.Key_T)
    assert screen.chart.as_table.isChecked()
    model = screen.chart.model
    newest = candles("bitcoin", 60 * MINUTE)[-1]
    assert model.index(0, 4).data() == fmt.price(newest.close)
    assert (model.index(0, 0).data(), model.index(0, 6).data()) == (fmt.moment(newest.at)[:16], "so far")


async def test_the_values_of_the_chart_are_written_exactly(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, screen, _ = await opened(qtbot)
    titles, found = screen.chart.raw_rows()
    last = candles("bitcoin", DAY)[-2]

    assert titles == ("Begins, UTC", "Open", "High", "Low", "Close", "Volume")
    assert found[-1][1:] == [
        plain(value) for value in (last.open, last.high, last.low, last.close, last.volume or D(0))
    ]
    asked: list[str] = []

    async def where(_parent: QWidget, _title: str, name: str) -> Path:
        asked.append(name)
        return tmp_path / name

    monkeypatch.setattr(overview_seen, "ask_where", where)
    await screen.desk._files.save_chart(screen.chart, "png", "btc-1d")
    assert asked == ["btc-1d-2026-11-20.png"]
    assert (tmp_path / asked[0]).stat().st_size > 5_000


@pytest.mark.parametrize("name", ["gone/btc.png", "btc.picture"])
async def test_a_picture_is_only_told_as_written_where_it_is(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    shell, screen, _ = await opened(qtbot)

    async def where(_parent: QWidget, _title: str, _name: str) -> Path:
        return tmp_path / name

    monkeypatch.setattr(overview_seen, "ask_where", where)
    screen.desk._save("png")
    await shell.settled()

    is_there = (tmp_path / name).exists()
    assert is_there == (name == "btc.picture")
    assert is_there == any("Written" in words for words in shell.toasts)
    assert is_there == (not shell.faults)


# depth --------------------------------------------------------------------------------------------------------------
async def test_depth_is_the_book_added_up_from_the_middle(qtbot: QtBot) -> None:
    _, screen, workspace = await opened(qtbot)
    book = order_book(D(91_284))
    workspace.order_books.views["bitcoin"] = (book,)
    screen.chart.kind.choose("depth")
    screen.chart.view_chosen.emit("depth")
    plot = screen.chart.depth_plot
    assert sum((size for _, size in book.asks), D(0)) == plot.book.asks[-1].total
    plot.move_to(120)

    first = screen.chart.legend.parts[0]
    assert (first.word, first.figure) == ("Asks up to", fmt.price(book.asks[0][0]))
    QTest.keyClick(plot, KEY.Key_Left)
    assert screen.chart.legend.parts[0].word == "Bids down to"
    assert screen.chart.raw_rows()[1][0][0] == "Ask"


async def test_without_a_book_depth_says_so_and_candles_come_back(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    screen.chart.kind.choose("depth")
    screen.chart.view_chosen.emit("depth")
    assert "No connected venue has an order book of BTC." in texts(screen.chart)
    assert not screen.chart.is_known

    screen.chart.kind.choose("candles")
    screen.chart.view_chosen.emit("candles")
    assert screen.chart.is_known


# alert lines --------------------------------------------------------------------------------------------------------
async def test_an_alert_is_made_moved_and_taken_away_in_the_chart(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    plot = screen.chart.plot
    assert plot is not None
    plot.line_asked.emit(D(95_000))
    await shell.settled()
    rules = workspace.alerts.rules.values()
    made = next(one for one in rules if one.of.measure is Measure.PRICE and one.of.name == "bitcoin")
    assert (made.is_above, made.threshold, made.rearm) == (True, D(95_000), D(90_250))
    assert [line.price for line in plot.wires.lines] == [D(95_000)]

    plot.line_moved.emit(made.rule_id, D(97_000))
    await shell.settled()
    moved = workspace.alerts.rules[made.rule_id]
    assert (moved.threshold, moved.rearm) == (D(97_000), D(92_250))
    undo(shell)
    await shell.settled()
    assert workspace.alerts.rules[made.rule_id].threshold == D(95_000)

    plot.line_removed.emit(made.rule_id)
    await shell.settled()
    assert plot.wires.lines == ()


async def test_an_alert_below_the_mark_waits_for_a_fall(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    before = set(workspace.alerts.rules)
    assert screen.chart.plot is not None
    screen.chart.plot.line_asked.emit(D(80_000))
    await shell.settled()

    (new,) = set(workspace.alerts.rules) - before
    assert not workspace.alerts.rules[new].is_above


async def test_an_alert_that_is_moved_past_the_mark_waits_on_its_other_side_and_comes_back_by_undo(
    qtbot: QtBot,
) -> None:
    shell, screen, workspace = await opened(qtbot)
    plot = screen.chart.plot
    assert plot is not None
    plot.line_asked.emit(D(95_000))
    await shell.settled()
    made = next(one for one in workspace.alerts.rules.values() if one.of.name == "bitcoin" and one.threshold == 95_000)
    plot.line_moved.emit(made.rule_id, D(70_000))
    await shell.settled()
    moved = workspace.alerts.rules[made.rule_id]
    undo(shell)
    await shell.settled()
    back = workspace.alerts.rules[made.rule_id]

    assert (moved.is_above, moved.threshold, moved.rearm) == (False, D(70_000), D(74_750))
    assert (back.is_above, back.threshold, back.rearm) == (True, D(95_000), D(90_250))


async def test_an_alert_that_was_taken_away_comes_back_by_undo(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    plot = screen.chart.plot
    assert plot is not None
    plot.line_asked.emit(D(95_000))
    await shell.settled()
    (line,) = plot.wires.lines
    plot.line_removed.emit(line.key)
    await shell.settled()
    gone = line.key not in workspace.alerts.rules
    undo(shell)
    await shell.settled()

    assert (gone, [one.price for one in plot.wires.lines]) == (True, [D(95_000)])
