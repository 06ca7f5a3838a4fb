"""Positions: holdings that are exact and live, and the inspector of one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.clock import SECOND
from app.core.errors import VaultDamagedError
from app.core.money import plain
from app.ui import format as fmt
from app.ui.screens.inspector_position import PositionPanel
from app.ui.screens.positions import PositionsScreen
from app.ui.screens.positions_rows import course
from tests.ui import made_up_books as books
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.table_screens import TableShell, shown, texts, whole


# holdings ----------------------------------------------------------------------------------------------------------
async def test_figures_are_the_exact_quantities_of_the_books(qtbot: QtBot) -> None:
    _, screen = await shown(PositionsScreen, qtbot)
    figures = screen.figures()

    for held in books.HOLDINGS:
        assert figures[f"position/{held.asset.asset_id}"] == plain(sum(held.places.values(), Decimal(0)))
    total = sum((Decimal(figures[f"position/{h.asset.asset_id}/value"] or 0) for h in books.HOLDINGS), Decimal(0))
    assert plain(total) == figures["value"]


async def test_positions_come_sorted_by_value_with_the_unpriced_last(qtbot: QtBot) -> None:
    _, screen = await shown(PositionsScreen, qtbot)
    keys = [line.key for line in screen.holdings.model.lines()]

    assert keys[:2] == ["bitcoin", "ethereum"]
    assert keys[-1] == "kraken:ETHW"


async def test_a_tick_changes_one_range_and_reloads_nothing(qtbot: QtBot) -> None:
    shell, screen = await shown(PositionsScreen, qtbot)
    model = screen.holdings.model
    asked = list(shell.fake.answers.asked)
    told: list[Any] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    for signal in (model.modelReset, model.layoutChanged, model.rowsInserted, model.rowsRemoved):
        signal.connect(lambda *_: told.append("moved"))
    before = screen.figures()["value"]
    shell.fake.move_marks({"bitcoin": Decimal("91300.10")})
    screen.holdings.take_marks()

    assert asked == shell.fake.answers.asked
    assert "moved" not in told
    assert len(told) == 1
    assert before != screen.figures()["value"]
    assert screen.figures()["position/bitcoin/mark"] == "91300.1"


async def test_a_live_table_is_sorted_anew_at_most_once_a_second(qtbot: QtBot) -> None:
    shell, screen = await shown(PositionsScreen, qtbot)
    shell.fake.move_marks({"dogecoin": Decimal(10_000)})
    screen.holdings.take_marks()
    first = screen.holdings.model.line(0).key
    settling = screen.holdings._settle
    assert settling.isActive()
    assert settling.interval() == 1_000
    settling.timeout.emit()

    assert (first, screen.holdings.model.line(0).key) == ("bitcoin", "dogecoin")


async def test_ticks_wait_for_the_next_frame_and_a_hidden_screen_takes_none(qtbot: QtBot) -> None:
    shell, screen = await shown(PositionsScreen, qtbot)
    shell.fake.move_marks({"bitcoin": Decimal(1)})
    assert screen.holdings._tick.isActive()
    screen.deactivate()
    shell.fake.move_marks({"bitcoin": Decimal(2)})

    assert not screen.holdings._tick.isActive()


async def test_a_sparkline_ends_at_the_mark_of_the_moment(qtbot: QtBot) -> None:
    _, screen = await shown(PositionsScreen, qtbot)
    row = screen.holdings.position("bitcoin")
    assert row is not None
    assert row.mark is not None

    drawn = (*row.sparkline, row.mark.price)

    assert course(row) == drawn
    held = next(line.row for line in screen.holdings.model.lines() if line.key == "bitcoin")
    assert held.sparkline == drawn


async def test_the_total_says_what_it_leaves_out(qtbot: QtBot) -> None:
    _, screen = await shown(PositionsScreen, qtbot)

    assert screen.holdings.footer.left_out.text() == "1 without price, left out: ETHW"


async def test_stale_marks_are_grey_with_their_age(qtbot: QtBot) -> None:
    _, screen = await shown(PositionsScreen, qtbot, FakeWorkspace(stale_ns=34 * 60 * SECOND))
    model = screen.holdings.model
    mark: Any = model.columns[model.column_number("mark")].cell(model.line(0).row)

    assert (mark.tone, mark.icon) == ("text_3", "clock")
    assert "marks up to 34 min old" in screen.holdings.footer.left_out.text()


async def test_grouped_by_venue_the_sums_are_the_same(qtbot: QtBot) -> None:
    _, screen = await shown(PositionsScreen, qtbot)
    before = screen.figures()["value"]
    screen.holdings.group.click()
    sums = [line.row.value for line in screen.holdings.model.lines() if line.level == 0]

    assert [line.row.name for line in screen.holdings.model.lines()] == ["Coinbase", "Kraken", "Binance"]
    assert before == plain(sum(sums, Decimal(0)))


async def test_what_is_hidden_is_still_counted_and_said(qtbot: QtBot) -> None:
    _, screen = await shown(PositionsScreen, qtbot)
    before = screen.holdings.footer.value.figure.text()
    screen.holdings.priced.click()

    assert screen.holdings.model.number("kraken:ETHW") is None
    assert screen.holdings.footer.count.text() == "20 of 21 assets shown, all counted"
    assert before == screen.holdings.footer.value.figure.text()


async def test_the_filter_finds_symbols_and_names(qtbot: QtBot) -> None:
    _, screen = await shown(PositionsScreen, qtbot)
    screen.holdings.filter.setText("lido")

    assert [line.key for line in screen.holdings.model.lines()] == ["lido"]


async def test_cells_tell_a_screen_reader_everything(qtbot: QtBot) -> None:
    _, screen = await shown(PositionsScreen, qtbot)
    model = screen.holdings.model
    said = model.index(0, model.column_number("value")).data(Qt.ItemDataRole.AccessibleTextRole)

    assert said == "Bitcoin, value $19,569,668.64 USD"


async def test_masked_holdings_show_no_digit_of_an_amount(qtbot: QtBot) -> None:
    _, screen = await shown(PositionsScreen, qtbot)
    fmt.set_mask(fmt.Mask.EVERYTHING)
    screen.masking_changed()
    model = screen.holdings.model
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
    seen = [
        str(model.index(row, column).data(role) or "")
        for row in range(model.rowCount())
        for column in range(model.columnCount())
        for role in roles
    ]
    seen += [screen.holdings.footer.value.figure.text(), screen.holdings.footer.effect.figure.text(), *screen.tabs()]

    seen = [text.replace("24 h", "").replace("7 days", "") for text in seen]

    assert [text for text in seen if any(letter.isdigit() for letter in text)] == []


async def test_an_empty_book_says_what_to_do(qtbot: QtBot) -> None:
    shell, screen = await shown(PositionsScreen, qtbot, FakeWorkspace(empty=True))

    assert screen.holdings.stage.state == "message"
    assert "Nothing is held yet." in texts(screen.holdings.stage)
    screen._go_connect()
    assert shell.gone == ["connections"]


async def test_a_fault_stands_in_place_and_can_be_tried_again(qtbot: QtBot) -> None:
    fault = VaultDamagedError("page 12 is damaged.", hint="Restore the newest backup.")
    shell, screen = await shown(PositionsScreen, qtbot, FakeWorkspace(failing={"positions": fault}))
    assert screen.holdings.stage.state == "message"
    shell.fake.answers.failing.clear()
    screen._load()
    await shell.settled()

    assert screen.holdings.stage.state == "table"


async def test_bars_stand_in_place_while_the_first_answer_takes_long(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.hold()
    shell = TableShell(fake)
    screen = whole(PositionsScreen(shell))
    qtbot.addWidget(screen, before_close_func=lambda _widget: screen.deactivate())
    screen.activate()
    screen.holdings.stage._show_bars()
    assert screen.holdings.stage.state == "loading"
    fake.release()
    await shell.settled()

    assert screen.holdings.stage.state == "table"


# the inspector of a position ---------------------------------------------------------------------------------------
async def test_space_opens_the_inspector_and_the_focus_stays(qtbot: QtBot) -> None:
    shell, screen = await shown(PositionsScreen, qtbot)
    screen.holdings.table.choose("bitcoin")
    QTest.keyClick(screen.holdings.table, Qt.Key.Key_Space)
    await shell.settled()
    panel = shell.panel

    assert isinstance(panel, PositionPanel)
    assert panel.price.text() == "91,284.50"
    assert any("150" in text for text in texts(panel))
    assert panel._recent is not None
    assert len(panel._recent) == 5


async def test_the_inspector_follows_the_selection_only_while_it_is_open(qtbot: QtBot) -> None:
    shell, screen = await shown(PositionsScreen, qtbot)
    screen.holdings.table.choose("bitcoin")
    assert shell.inspected == []
    screen._preview("bitcoin")
    screen.holdings.table.choose("ethereum")
    await shell.settled()
    assert shell.panel.asset_id == "ethereum"
    shell.inspect(None)
    screen.holdings.table.choose("bitcoin")

    assert shell.panel is None


async def test_a_place_with_an_asset_opens_its_inspector(qtbot: QtBot) -> None:
    shell, screen = await shown(PositionsScreen, qtbot, detail="solana")

    assert screen.holdings.table.current_key() == "solana"
    assert shell.panel.asset_id == "solana"


async def test_the_value_says_how_it_is_computed(qtbot: QtBot) -> None:
    shell, _ = await shown(PositionsScreen, qtbot, detail="bitcoin")
    shell.panel.explain.click()

    assert shell.explained[0].title == "Value of BTC"
    assert shell.explained[0].inputs[-1][1] == "214.38106842"
    assert shell.explained[0].place == "activity/bitcoin"


async def test_enter_shows_the_entries_of_an_asset(qtbot: QtBot) -> None:
    shell, screen = await shown(PositionsScreen, qtbot)
    screen.holdings.table.choose("bitcoin")
    QTest.keyClick(screen.holdings.table, Qt.Key.Key_Return)

    assert shell.gone == ["activity/bitcoin"]


async def test_what_changed_while_the_screen_was_hidden_does_not_flash(qtbot: QtBot) -> None:
    shell, screen = await shown(PositionsScreen, qtbot)
    screen.deactivate()
    shell.fake.move_marks({"bitcoin": Decimal("91300.10")})

    screen.activate()
    await shell.settled()

    assert screen.holdings.model.flashes == {}
