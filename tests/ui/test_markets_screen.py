"""The table of markets in the window: live marks, where they come from, and states of the place."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.clock import SECOND
from app.core.errors import SourceError
from app.core.model.market import Tick
from app.core.model.views import Scope
from app.ui import format as fmt
from app.ui.screens import markets_rows as rows
from app.ui.screens.markets import MarketsScreen
from tests.ui import made_up_books as books
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_markets import silence
from tests.ui.markets_places import keys, opened, row
from tests.ui.table_screens import shown, texts

D = Decimal
KEY = Qt.Key


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
    screen.follow_asset()
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


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("kraken", "Kraken"),
        ("binance-usdm", "Binance futures"),
        ("median of kraken, binance-usdm by USDT", "Median of kraken, binance futures by USDT"),
    ],
)
def test_futures_of_a_venue_are_called_so(source: str, written: str) -> None:
    assert rows.source_name(source) == written
