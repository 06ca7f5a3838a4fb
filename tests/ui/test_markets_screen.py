"""Markets in the window: lists, live marks and where they come from, charts, depth, alert lines, states."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.clock import DAY, SECOND
from app.core.errors import InputError, SourceError
from app.core.market.candles import MINUTE, wider
from app.core.model.alert_rules import Measure
from app.core.model.market import Tick
from app.core.model.views import Scope
from app.core.money import plain
from app.services.candles import Filled
from app.ui import format as fmt
from app.ui.charts.price_chart import Fill
from app.ui.screens import markets_rows as rows
from app.ui.screens import overview_seen
from app.ui.screens.markets import MarketsScreen
from app.ui.screens.markets_data import CLOSES, Market
from app.ui.screens.markets_lists import HELD, SETTING, Watchlists
from tests.ui import made_up_books as books
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_markets import candles, order_book, silence
from tests.ui.table_screens import TableShell, shown, texts

D = Decimal
KEY = Qt.Key


async def opened(
    qtbot: QtBot, fake: FakeWorkspace | None = None, detail: str = "bitcoin", scope: Scope | None = None
) -> tuple[TableShell, MarketsScreen, FakeWorkspace]:
    workspace = fake or FakeWorkspace()
    shell, screen = await shown(MarketsScreen, qtbot, workspace, detail=detail, scope=scope)
    await read(shell, screen)
    return shell, screen, workspace


async def read(shell: TableShell, screen: MarketsScreen) -> None:
    """Let the chosen row be read at once."""
    screen.desk._later.stop()
    screen.desk.load()
    await shell.settled()


def keys(screen: MarketsScreen) -> list[str]:
    return [line.key for line in screen.model.lines()]


def row(screen: MarketsScreen, key: str) -> rows.MarketRow:
    number = screen.model.number(key)
    assert number is not None
    found: rows.MarketRow = screen.model.line(number).row
    return found


# the table ----------------------------------------------------------------------------------------------------------
async def test_the_first_list_is_what_is_held_without_the_money_of_the_book(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    held = {one.asset.asset_id for one in books.HOLDINGS} - {"usd"}

    assert set(keys(screen)) == held
    assert screen.table.current_key() == "bitcoin"
    assert screen.note() == "20 markets"


async def test_only_what_the_accounts_in_scope_hold_is_listed(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot, detail="", scope=Scope(accounts=("binance-old",)))

    assert keys(screen) == ["dogecoin"]


async def test_a_new_mark_changes_its_row_flashes_it_and_moves_the_line_in_the_chart(qtbot: QtBot) -> None:
    _, screen, workspace = await opened(qtbot)
    workspace.move_marks({"bitcoin": D("91300.10")})
    screen.take_marks()
    column = screen.model.column_number("mark")

    assert row(screen, "bitcoin").mark == workspace.market_data.marks()["bitcoin"]
    assert set(screen.model.flashes) == {("bitcoin", column)}
    assert screen.model.flashes["bitcoin", column].is_up
    assert screen.chart.plot is not None
    assert screen.chart.plot.last == D("91300.10")


async def test_rows_are_sorted_each_second_and_not_with_each_mark(qtbot: QtBot) -> None:
    _, screen, workspace = await opened(qtbot)
    screen.model.sort(screen.model.column_number("mark"), Qt.SortOrder.DescendingOrder)
    assert keys(screen)[0] == "bitcoin"
    workspace.move_marks({"solana": D(100_000)})
    screen.take_marks()
    assert keys(screen)[0] == "bitcoin"

    screen.beat()
    assert keys(screen)[0] == "solana"


async def test_marks_of_a_hidden_screen_change_nothing(qtbot: QtBot) -> None:
    _, screen, workspace = await opened(qtbot)
    before = row(screen, "bitcoin")
    screen.deactivate()
    workspace.move_marks({"bitcoin": D(5)})

    assert not screen._tick.isActive()
    assert not screen._beat.isActive()
    assert row(screen, "bitcoin") is before


async def test_what_was_filtered_away_shows_its_newest_mark_when_it_comes_back(qtbot: QtBot) -> None:
    _, screen, workspace = await opened(qtbot)
    screen.bar.filter.setText("eth")
    workspace.move_marks({"bitcoin": D(7)})
    screen.take_marks()
    screen.bar.filter.setText("")

    mark = row(screen, "bitcoin").mark
    assert mark is not None
    assert mark.price == D(7)


async def test_a_stale_mark_is_grey_with_its_age_and_has_no_colour_of_change(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot, FakeWorkspace(stale_ns=34 * 60 * SECOND))
    found = row(screen, "bitcoin")
    shown_cells = {column.column_id: column.cell(found) for column in screen.model.columns}

    assert (shown_cells["age"].text, shown_cells["mark"].tone) == ("34 min", "text_3")  # type: ignore[union-attr]
    assert type(shown_cells["change"]).__name__ == "Figure"
    assert screen.chart.plot is not None
    assert screen.chart.plot._is_last_old


async def test_an_asset_without_a_price_is_unknown_in_every_column(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    found = row(screen, "kraken:ETHW")
    said = {column.column_id: column.cell(found).text for column in screen.model.columns}

    assert {said[name] for name in ("mark", "change", "spread", "sources", "age")} == {fmt.UNKNOWN}


def test_the_spread_is_that_of_the_venue_where_it_is_smallest_and_no_perpetual_counts() -> None:
    ticks = [
        Tick("kraken", "bitcoin", "usd", D(100), 1, None, D(99), D(101)),
        Tick("coinbase", "bitcoin", "usd", D(100), 1, None, D("99.5"), D("100.5")),
        Tick("usdm", "bitcoin", "usd", D(100), 1, None, D("99.99"), D("100.01"), is_perpetual=True),
        Tick("kraken", "solana", "usd", D(10), 1),
    ]

    assert rows.spreads(ticks, ["bitcoin", "solana"]) == {"bitcoin": D("0.01")}


# where a mark comes from --------------------------------------------------------------------------------------------
async def test_the_inspector_says_who_took_part_and_who_was_left_out_and_why(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot)
    screen.table.choose("aave")
    screen.table.previewed.emit("aave")
    said = texts(shell.host)

    assert "60.0\u2009% of the mark" in said
    assert "left out: too far off" in said
    assert said.index("Gemini") > said.index("Coinbase")
    assert "2 of 3" in row_words(screen, "aave")


def row_words(screen: MarketsScreen, key: str) -> list[str]:
    return [column.cell(row(screen, key)).text for column in screen.model.columns]


async def test_hovering_a_mark_tells_its_sources_too(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    tip = rows.mark_tip(row(screen, "aave"))

    assert "Gemini 268.25 · left out: too far off · 2 s old" in tip
    assert "214.60 USD" in tip
    fmt.set_mask(fmt.Mask.EVERYTHING)
    assert "214" not in rows.mark_tip(row(screen, "aave"))


async def test_sources_that_disagree_are_named_and_the_mark_of_before_stands(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    parts = row(screen, "bitcoin").parts
    workspace.market_data.board._disputed["bitcoin"] = parts
    screen.beat()
    screen.table.previewed.emit("bitcoin")

    assert "disagree" in row_words(screen, "bitcoin")
    assert any(text.startswith("The sources disagree") for text in texts(shell.host))


async def test_refused_prices_of_a_source_are_counted(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot)
    screen.table.previewed.emit("bitcoin")

    assert "2 prices refused: not above zero" in texts(shell.host)


async def test_space_closes_the_inspector_that_it_opened(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot)
    QTest.keyClick(screen.table, KEY.Key_Space)
    assert shell.panel is not None
    QTest.keyClick(screen.table, KEY.Key_Space)
    assert shell.panel is None


# lists --------------------------------------------------------------------------------------------------------------
async def test_a_list_is_made_filled_and_kept_in_the_vault(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    screen.bar.ask_name("new")
    QTest.keyClicks(screen.bar.name, "Layer ones")
    QTest.keyClick(screen.bar.name, KEY.Key_Return)
    await shell.settled()
    assert screen.stage.state == "message"
    for word in ("btc", "SOL", "litecoin"):
        screen.bar.asset.setText(word)
        QTest.keyClick(screen.bar.asset, KEY.Key_Return)
        await shell.settled()

    assert keys(screen) == ["bitcoin", "solana", "litecoin"]
    assert screen.table.current_key() == "litecoin"
    kept = json.loads(workspace.settings[SETTING])
    assert kept == {
        "lists": [{"name": "Layer ones", "assets": ["bitcoin", "solana", "litecoin"]}],
        "current": "Layer ones",
    }
    assert workspace.market_data.watched == {"bitcoin", "solana", "litecoin"}


async def test_a_symbol_that_is_none_is_said_and_stays_in_the_field(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    screen.keeper.keep(Watchlists().with_list("Mine"))
    await shell.settled()
    screen.bar.asset.setText("XYZQ")
    QTest.keyClick(screen.bar.asset, KEY.Key_Return)

    assert screen.bar.trouble.text() == "No asset is called XYZQ. Type its symbol, such as BTC, or its id."
    assert screen.bar.asset.text() == "XYZQ"
    assert json.loads(workspace.settings[SETTING])["lists"][0]["assets"] == []


async def test_an_asset_and_a_list_that_went_come_back_by_undo(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    screen.keeper.keep(Watchlists().with_list("Mine", ["bitcoin", "solana"]))
    await shell.settled()
    screen.table.choose("solana")
    screen._asset_removed()
    await shell.settled()
    assert keys(screen) == ["bitcoin"]
    undo(shell)
    await shell.settled()
    assert keys(screen) == ["bitcoin", "solana"]
    screen.bar.list_deleted.emit()
    await shell.settled()
    assert (screen.keeper.lists.current, len(keys(screen))) == (HELD, 20)
    undo(shell)
    await shell.settled()
    assert keys(screen) == ["bitcoin", "solana"]
    assert json.loads(workspace.settings[SETTING])["current"] == "Mine"


def undo(shell: TableShell) -> None:
    assert shell.undo is not None
    shell.undo()


async def test_what_is_held_cannot_be_taken_off(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    screen._asset_removed()
    await shell.settled()

    assert len(keys(screen)) == 20
    assert SETTING not in workspace.settings


async def test_lists_that_cannot_be_read_are_said_and_what_is_held_is_shown(qtbot: QtBot) -> None:
    workspace = FakeWorkspace()
    workspace.settings[SETTING] = '{"lists": 3}'
    _, screen, _ = await opened(qtbot, workspace)

    assert screen.bar.trouble.text().startswith("The watchlists of this vault cannot be read.")
    assert len(keys(screen)) == 20


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "mine"])
def test_a_list_needs_a_name_of_its_own(name: str) -> None:
    with pytest.raises(InputError):
        Watchlists().with_list("Mine").with_list(name)


def test_lists_are_read_as_they_were_written() -> None:
    made = (
        Watchlists().with_list("Eins · №1", ["bitcoin", "bitcoin", "solana"]).with_list("Two").looking_at("Eins · №1")
    )

    assert Watchlists.parsed(made.written()) == made
    assert made.watched() == {"bitcoin", "solana"}
    assert made.renamed("Drei").shown == replace(made.lists[0], name="Drei")


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
    assert model.index(0, 0).data() == f"{fmt.moment(newest.at)[:16]} · so far"


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


# states -------------------------------------------------------------------------------------------------------------
async def test_nothing_held_offers_connections_and_a_list(qtbot: QtBot) -> None:
    shell, screen = await shown(MarketsScreen, qtbot, FakeWorkspace(empty=True))

    assert "Nothing is held yet." in texts(screen)
    assert screen.export_rows() is None
    assert shell.faults == []


async def test_a_fault_stands_in_place_of_the_table(qtbot: QtBot) -> None:
    _, screen = await shown(MarketsScreen, qtbot, FakeWorkspace(failing={"positions": SourceError("No journal.")}))

    assert "The markets could not be read." in texts(screen)


async def test_a_venue_that_is_silent_is_told_and_goes_when_it_is_back(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    workspace.market_data.silent = [silence("kraken-main")]
    screen.beat()
    assert shell.banners[-1] is not None
    assert shell.banners[-1].what == "Prices of kraken-main cannot be read."

    workspace.market_data.silent = []
    screen.beat()
    assert shell.banners[-1] is None


async def test_everything_hidden_leaves_no_figure_in_table_chart_or_legend(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    fmt.set_mask(fmt.Mask.EVERYTHING)
    screen.masking_changed()

    assert screen.chart.legend.parts == ()
    shown_words = [word for word in row_words(screen, "aave") if any(letter.isdigit() for letter in word)]
    assert shown_words == ["2 s"]
