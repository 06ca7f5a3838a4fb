"""Positions: holdings that are exact and live, activity a page at a time, inspectors down to the hash."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.clock import DAY, SECOND, parse_iso
from app.core.errors import InputError, VaultDamagedError
from app.core.ledger.entries import EntryKind
from app.core.model.views import Scope
from app.core.money import plain
from app.ui import format as fmt
from app.ui.screens.activity import Activity
from app.ui.screens.activity_filters import Choice, Days, between, span
from app.ui.screens.inspector_edit import Correction
from app.ui.screens.inspector_entry import EntryPanel
from app.ui.screens.inspector_position import PositionPanel
from app.ui.screens.positions import ACTIVITY, PositionsScreen
from app.ui.screens.positions_rows import course
from tests.ui import made_up_books as books
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.table_screens import TableShell, shown, texts


@pytest.fixture(autouse=True)
def nothing_hidden() -> Iterator[None]:
    yield
    fmt.set_mask(fmt.Mask.NOTHING)


async def activity(
    qtbot: QtBot, detail: str = "", scope: Scope | None = None
) -> tuple[TableShell, PositionsScreen, Activity]:
    shell, screen = await shown(PositionsScreen, qtbot, scope=scope)
    screen.show_tab(ACTIVITY)
    screen.activate(detail)
    await shell.settled()
    return shell, screen, screen.activity


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
    screen = PositionsScreen(shell)
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


# activity ----------------------------------------------------------------------------------------------------------
async def test_entries_are_fetched_a_page_at_a_time_as_one_scrolls(qtbot: QtBot) -> None:
    shell, _, tab = await activity(qtbot)
    assert tab.loaded == 200
    assert tab.total == len(books.entries())
    QApplication.processEvents()
    bar = tab.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    await shell.settled()

    assert tab.loaded == 400


async def test_every_entry_that_fits_is_exported_not_only_those_that_were_scrolled_to(qtbot: QtBot) -> None:
    _, screen, tab = await activity(qtbot)
    loaded, total = tab.loaded, tab.total
    exported = await screen.whole_rows()

    assert exported is not None
    assert total is not None
    assert loaded < total == len(exported[1])
    assert exported[1][:loaded] == tab.table.seen()[1]


async def test_the_next_page_leaves_selection_and_scroll(qtbot: QtBot) -> None:
    shell, _, tab = await activity(qtbot)
    QApplication.processEvents()
    key = [line.key for line in tab.model.lines() if not line.is_heading][150]
    tab.table.choose(key)
    top = tab.table.verticalScrollBar().value()
    tab._read_on()
    await shell.settled()

    assert (key, top) == (tab.table.current_key(), tab.table.verticalScrollBar().value())


async def test_days_are_headings_and_the_last_one_says_no_count_before_it_is_whole(qtbot: QtBot) -> None:
    _, _, tab = await activity(qtbot)
    days = [line.row for line in tab.model.lines() if line.is_heading]

    assert days[0].label == "Friday, 20 Nov 2026"
    assert days[0].note == "1 entry"
    assert days[-1].note == ""


async def test_filters_in_words_narrow_the_question_and_can_be_taken_away(qtbot: QtBot) -> None:
    shell, _, tab = await activity(qtbot)
    tab.chips.pick("kind", "reward")
    tab.chips.pick("account", "kraken-main")
    await shell.settled()
    assert tab.asked().kinds == (EntryKind.REWARD,)
    assert {"reward"} == {str(line.row.kind) for line in tab.model.lines() if not line.is_heading}
    assert f" of {fmt.count(len(books.entries()))} entries" in tab.count.text()
    tab.clear()
    await shell.settled()

    assert tab.total == len(books.entries())


async def test_text_without_a_match_says_so_and_offers_the_way_back(qtbot: QtBot) -> None:
    shell, _, tab = await activity(qtbot)
    tab.filter.setText("no such thing")
    tab._take_text()
    await shell.settled()
    assert tab.stage.state == "message"
    assert "No entry fits these filters." in texts(tab.stage)
    tab.clear()
    await shell.settled()

    assert tab.stage.state == "table"


async def test_an_answer_to_an_older_question_is_not_shown(qtbot: QtBot) -> None:
    shell, _, tab = await activity(qtbot)
    shell.fake.hold()
    tab.chips.pick("kind", "reward")
    tab.chips.pick("kind", "move")
    tab.chips.pick("kind", "reward", chosen=False)
    shell.fake.release()
    await shell.settled()

    assert {"move"} == {str(line.row.kind) for line in tab.model.lines() if not line.is_heading}


async def test_the_scope_holds_in_the_activity(qtbot: QtBot) -> None:
    scope = Scope(accounts=("binance-main",), since_ns=books.NOW - 90 * DAY, period="3m")
    _, _, tab = await activity(qtbot, scope=scope)
    names = {line.row.account_name for line in tab.model.lines() if not line.is_heading}

    assert {"Binance"} == names
    assert min(entry.at for entry in tab._entries.values()) >= books.NOW - 90 * DAY


async def test_new_records_come_in_by_difference(qtbot: QtBot) -> None:
    shell, _, tab = await activity(qtbot)
    resets: list[str] = []
    tab.model.modelReset.connect(lambda: resets.append("reset"))
    tab.books_changed()
    assert tab._later.isActive()
    tab._refresh()
    await shell.settled()

    assert (resets, tab.loaded) == ([], 200)


async def test_a_place_with_an_asset_shows_only_its_entries(qtbot: QtBot) -> None:
    _, _, tab = await activity(qtbot, detail="bitcoin")

    assert tab.chips.choice.assets == ("bitcoin",)
    assert all(any(leg.asset.asset_id == "bitcoin" for leg in entry.legs) for entry in tab._entries.values())


async def test_a_place_with_an_account_shows_only_its_entries(qtbot: QtBot) -> None:
    _, _, tab = await activity(qtbot, detail="account:kraken-desk")

    assert tab.chips.choice.accounts == ("kraken-desk",)


def test_periods_are_whole_days_in_utc() -> None:
    since, until = span("last-month", books.NOW)
    _, end = span("2025", books.NOW)

    assert (fmt.date(since or 0), fmt.date(until or 0)) == ("2026-10-01", "2026-10-31")
    assert span("", books.NOW) == (None, None)
    assert fmt.date(end or 0) == "2025-12-31"


def test_two_days_are_a_period_and_either_may_be_open() -> None:
    first, last = span(between("2026-01-01", "2026-01-31"), books.NOW)
    _, open_end = span(between("2026-01-01", ""), books.NOW)

    assert (fmt.date(first or 0), fmt.date(last or 0)) == ("2026-01-01", "2026-01-31")
    assert open_end is None
    with pytest.raises(InputError, match="no day"):
        between("yesterday", "")
    with pytest.raises(InputError, match="after"):
        between("2026-02-01", "2026-01-01")


async def test_days_that_are_typed_become_a_chip(qtbot: QtBot) -> None:
    shell, _, tab = await activity(qtbot)
    menu = tab.chips.ask_days()
    days: Any = menu.findChild(Days)
    days.first.setText("soon")
    days.take()
    assert "is no day" in days.fault.text()
    days.first.setText("2026-11-01")
    days.take()
    await shell.settled()

    assert tab.chips.choice.period == "2026-11-01.."
    assert min(entry.at for entry in tab._entries.values()) >= parse_iso("2026-11-01T00:00:00Z")[0]


def test_a_period_only_narrows_the_scope() -> None:
    scope = Scope(accounts=("a", "b"), since_ns=books.NOW - DAY)
    asked = Choice(accounts=("c",), period="2026").asked(scope, books.NOW)

    assert (asked.accounts, asked.since_ns) == (("",), books.NOW - DAY)


# the inspector of an entry -----------------------------------------------------------------------------------------
async def entry_panel(qtbot: QtBot, kind: str = "trade") -> tuple[TableShell, PositionsScreen, Any]:
    shell, screen, tab = await activity(qtbot)
    key = next(line.key for line in tab.model.lines() if not line.is_heading and line.row.kind == kind)
    tab.table.choose(key)
    QTest.keyClick(tab.table, Qt.Key.Key_Return)
    await shell.settled()
    assert isinstance(shell.panel, EntryPanel)
    return shell, screen, shell.panel


async def test_an_entry_is_proved_down_to_record_page_and_hash(qtbot: QtBot) -> None:
    _, _, panel = await entry_panel(qtbot)
    proof = panel.detail.proof
    seen = texts(panel)

    assert fmt.grouped_hash(proof.record_hash) in seen
    assert fmt.grouped_hash(proof.previous_hash) in seen
    assert fmt.grouped_hash(proof.observation_hash) in seen
    assert f"#{fmt.count(proof.record)} of {fmt.count(proof.records)}" in seen
    assert "verified" in seen
    assert panel.detail.raw_row in [text.replace("\u200b", "") for text in seen]
    assert proof.normaliser in seen


async def test_the_row_of_the_source_is_hidden_with_the_amounts(qtbot: QtBot) -> None:
    _, screen, panel = await entry_panel(qtbot)
    fmt.set_mask(fmt.Mask.AMOUNTS)
    screen.masking_changed()

    assert panel.detail.raw_row not in [text.replace("\u200b", "") for text in texts(panel)]
    assert not panel.edit.correct.isEnabled()


async def test_a_note_needs_words_and_is_recorded(qtbot: QtBot) -> None:
    shell, _, panel = await entry_panel(qtbot)
    panel.edit.note.click()
    panel.edit.form.record.click()
    assert panel.edit.form.fault.text().startswith("Say why")
    panel.edit.form.reason.setText("checked against the statement")
    panel.edit.form.record.click()
    await shell.settled()

    assert [("note", panel.entry_id, "checked against the statement")] == shell.fake.entries.done
    assert panel.edit.form is None
    assert shell.toasts == ["Note recorded."]


async def test_voiding_needs_a_reason(qtbot: QtBot) -> None:
    shell, _, panel = await entry_panel(qtbot)
    panel.edit.void.click()
    panel.edit.form.reason.setText("read twice")
    panel.edit.form.record.click()
    await shell.settled()

    assert [("void", panel.entry_id, "read twice")] == shell.fake.entries.done


async def test_a_voided_entry_counts_again_by_undo(qtbot: QtBot) -> None:
    shell, _, panel = await entry_panel(qtbot)
    panel.edit.void.click()
    panel.edit.form.reason.setText("read twice")
    panel.edit.form.record.click()
    await shell.settled()
    undo = shell.undo
    assert undo is not None
    undo()
    await shell.settled()

    assert shell.toasts == ["Entry voided.", "Entry counts again."]
    assert [what[0] for what in shell.fake.entries.done] == ["void", "correct"]


async def test_a_correction_names_the_field_that_cannot_be(qtbot: QtBot) -> None:
    shell, _, panel = await entry_panel(qtbot)
    panel.edit.correct.click()
    fields = panel.edit.form.findChild(Correction)
    panel.edit.form.reason.setText("typing error")
    panel.edit.form.record.click()
    assert panel.edit.form.fault.text().startswith("Nothing was changed")
    fields.quantities[0].setText("a lot")
    panel.edit.form.record.click()
    assert "is not a decimal number" in panel.edit.form.fault.text()
    fields.quantities[0].setText("1.000000000000000001")
    assert Decimal("1.000000000000000001") == fields.revised().legs[0].quantity
    panel.edit.form.record.click()
    await shell.settled()

    assert [("correct", panel.entry_id, "typing error")] == shell.fake.entries.done


async def test_what_the_books_refuse_is_said_in_the_form(qtbot: QtBot) -> None:
    shell, _, panel = await entry_panel(qtbot)
    shell.fake.answers.failing["void"] = InputError("Entry is void already.")
    panel.edit.void.click()
    panel.edit.form.reason.setText("twice")
    panel.edit.form.record.click()
    await shell.settled()

    assert panel.edit.form.fault.text() == "Entry is void already."
    assert panel.edit.form.record.isEnabled()


async def test_another_tab_closes_the_inspector(qtbot: QtBot) -> None:
    shell, screen, _ = await entry_panel(qtbot)
    screen.show_tab(0)
    await shell.settled()

    assert shell.panel is None
    assert shell.faults == []


async def test_what_changed_while_the_screen_was_hidden_does_not_flash(qtbot: QtBot) -> None:
    shell, screen = await shown(PositionsScreen, qtbot)
    screen.deactivate()
    shell.fake.move_marks({"bitcoin": Decimal("91300.10")})

    screen.activate()
    await shell.settled()

    assert screen.holdings.model.flashes == {}
