"""Connections: quiet where all is well; keys, pauses, removals, and statements with a preview."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.model.accounts import ConnectionState
from app.ui import format as fmt
from app.ui.screens import connections_rows as rows
from app.ui.screens.connections import ConnectionsScreen
from app.ui.screens.connections_connect import ConnectPage
from app.ui.screens.connections_import import ImportPage
from app.ui.screens.inspector_connection import KeyForm, RemoveForm
from tests.ui import made_up_books as books
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.table_screens import TableShell, shown, texts

NAMES = ["kraken-main", "coinbase-prime", "binance-main", "kraken-desk", "coinbase-fund", "binance-old"]


async def connections(qtbot: QtBot, fake: FakeWorkspace | None = None) -> tuple[TableShell, ConnectionsScreen]:
    return await shown(ConnectionsScreen, qtbot, fake)


def row(screen: ConnectionsScreen, name: str) -> rows.SourceRow:
    found = screen.list.row(name)
    assert found is not None
    return found


def cell(screen: ConnectionsScreen, name: str, column: str) -> Any:
    model = screen.list.model
    return model.columns[model.column_number(column)].cell(row(screen, name))


async def page(screen: ConnectionsScreen, shell: TableShell) -> ImportPage:
    await screen.preview(Path("/home/me/ledgers.csv"))
    await shell.settled()
    shown_page = screen._pages.currentWidget()
    assert isinstance(shown_page, ImportPage)
    return shown_page


async def test_connections_stand_in_groups_in_the_order_they_come(qtbot: QtBot) -> None:
    _, screen = await connections(qtbot)
    lines = screen.list.model.lines()

    assert (lines[0].row.label, lines[0].row.note) == ("Exchanges", "6")
    assert [line.key for line in lines[1:]] == NAMES


async def test_only_what_needs_somebody_stands_out(qtbot: QtBot) -> None:
    _, screen = await connections(qtbot)

    assert cell(screen, "kraken-main", "state").is_quiet
    assert [cell(screen, name, "state").tone for name in NAMES[1:]] == ["accent", "ok", "warn", "danger", "text_3"]


async def test_a_key_is_red_only_where_it_may_withdraw(qtbot: QtBot) -> None:
    _, screen = await connections(qtbot)

    assert [name for name in NAMES if cell(screen, name, "scope").tone == "danger"] == ["binance-old"]


async def test_a_source_that_was_long_not_read_is_stale_by_its_age(qtbot: QtBot) -> None:
    shell, screen = await connections(qtbot)
    old = shell.fake.connections.rows["kraken-main"]
    shell.fake.connections.show(replace(old, last_read_ns=books.NOW - 3 * DAY))
    screen._load()
    await shell.settled()

    assert cell(screen, "kraken-main", "state").text == "stale"
    assert cell(screen, "kraken-main", "note").text == "3 d old"
    assert row(screen, "kraken-main").needs_person


async def test_an_endpoint_of_this_computer_has_a_badge(qtbot: QtBot) -> None:
    shell, screen = await connections(qtbot)
    old = shell.fake.connections.rows["kraken-main"]
    endpoint = replace(old.connection, endpoint="http://127.0.0.1:8080")
    shell.fake.connections.show(replace(old, connection=endpoint))
    screen._load()
    await shell.settled()

    assert cell(screen, "kraken-main", "source").badge == "simulated"
    assert not screen.grab().isNull()


async def test_a_change_of_one_connection_comes_in_by_difference(qtbot: QtBot) -> None:
    shell, screen = await connections(qtbot)
    screen.list.table.choose("coinbase-fund")
    told: list[Any] = []
    screen.list.model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    screen.list.model.modelReset.connect(lambda: told.append("reset"))
    old = shell.fake.connections.rows["kraken-desk"]
    shell.fake.connections.show(replace(old, state=ConnectionState.OK, note="", budget_used=Decimal("0.1")))
    assert screen._soon.isActive()
    screen._load()
    await shell.settled()

    assert told == [(4, 4)]
    assert screen.list.table.current_key() == "coinbase-fund"


async def test_chips_narrow_the_list(qtbot: QtBot) -> None:
    _, screen = await connections(qtbot)
    chips = {button.text().split()[0]: button for button in screen.list._conditions}
    chips["Needs"].click()

    keys = [line.key for line in screen.list.model.lines() if not line.is_heading]
    assert keys == ["kraken-main", "binance-main", "coinbase-fund", "binance-old"]
    assert not chips["All"].isChecked()


async def test_reading_and_pausing_start_from_the_row(qtbot: QtBot) -> None:
    shell, screen = await connections(qtbot)
    screen.act("read", "kraken-main")
    screen.act("pause", "kraken-main")
    await shell.settled()

    assert [job.title for job in shell.fake.jobs.all()] == ["Read kraken-main"]
    assert shell.fake.connections.rows["kraken-main"].state is ConnectionState.PAUSED
    assert shell.toasts == ["kraken-main paused."]


async def test_the_small_button_of_a_row_pauses(qtbot: QtBot) -> None:
    shell, screen = await connections(qtbot)
    screen.list.table.acted.emit("kraken-main", "pause")
    await shell.settled()

    assert shell.fake.connections.rows["kraken-main"].state is ConnectionState.PAUSED


async def test_the_menu_of_a_row_has_every_action(qtbot: QtBot) -> None:
    _, screen = await connections(qtbot)
    menu = screen.row_menu(row(screen, "binance-old"))
    words = [action.text() for action in menu.actions()]

    assert words == ["Read now", "Check key", "Resume", "Show entries", "Replace key…", "Remove…"]


async def test_a_key_is_checked_and_the_answer_said(qtbot: QtBot) -> None:
    shell, screen = await connections(qtbot)
    screen.act("probe", "kraken-main")
    await shell.settled()
    screen.act("probe", "coinbase-fund")
    await shell.settled()

    assert shell.toasts == [
        "kraken-main: the key works; read only.",
        "coinbase-fund: coinbase-fund: the key is refused",
    ]


async def test_the_inspector_says_rights_line_by_line_and_what_to_do(qtbot: QtBot) -> None:
    shell, screen = await connections(qtbot)
    screen.list.table.choose("coinbase-fund")
    QTest.keyClick(screen.list.table, Qt.Key.Key_Return)
    seen = texts(shell.panel)
    rights = [widget.accessibleName() for widget in shell.panel.findChildren(QWidget)]

    assert "The key is refused since 09:14 UTC" in seen
    assert "The books are complete to the last reading. Replace the key or read again." in seen
    assert "Withdraw funds: not allowed" in rights
    assert "ledger" in seen
    assert any(text.startswith("cursor ") for text in seen)


async def test_a_connection_goes_only_after_its_name_was_typed(qtbot: QtBot) -> None:
    shell, screen = await connections(qtbot)
    screen.act("remove", "kraken-desk")
    form = shell.panel.form
    assert isinstance(form, RemoveForm)
    form.typed.setText("kraken")
    assert not form.remove.isEnabled()
    form.typed.setText("kraken-desk")
    form.remove.click()
    await shell.settled()
    screen._load()
    await shell.settled()

    assert "kraken-desk" not in shell.fake.connections.rows
    assert screen.list.row("kraken-desk") is None
    assert shell.toasts == ["kraken-desk removed; its records stay."]


async def test_a_refused_key_is_said_in_the_form_and_the_old_one_stays(qtbot: QtBot) -> None:
    shell, screen = await connections(qtbot)
    screen.act("rotate", "coinbase-fund")
    form = shell.panel.form
    assert isinstance(form, KeyForm)
    for field in form._fields.values():
        field.setText("wrong")
    form.replace.click()
    await shell.settled()
    assert "refuses this key" in form.fault.text()
    for field in form._fields.values():
        field.setText("right")
    form.replace.click()
    await shell.settled()

    assert shell.panel.form is None
    assert shell.fake.connections.rows["coinbase-fund"].state is ConnectionState.OK
    assert shell.toasts == ["Key replaced: read only."]


async def test_what_was_connected_is_read_at_once(qtbot: QtBot) -> None:
    shell, screen = await connections(qtbot)
    screen.connect_button.click()
    shown_page = screen._pages.currentWidget()
    assert isinstance(shown_page, ConnectPage)
    shown_page.added.emit(shell.fake.connections.rows["kraken-main"])
    await shell.settled()

    assert screen._pages.currentWidget() is screen.list
    assert shell.fake.jobs.all()[0].title == "Read kraken-main"


async def test_a_statement_is_shown_before_anything_is_kept(qtbot: QtBot) -> None:
    shell, screen = await connections(qtbot)
    preview = await page(screen, shell)

    assert preview.report is not None
    assert preview.report.is_preview
    assert "commit" not in shell.fake.answers.asked
    assert {"412", "400", "12"} <= set(texts(preview))
    assert preview.commit.accessibleName() == "Import 400 entries"
    preview.commit.click()
    await shell.settled()
    assert "commit" in shell.fake.answers.asked
    assert shell.toasts == ["400 entries imported."]
    assert screen._pages.currentWidget() is screen.list


async def test_escape_leaves_the_preview_and_keeps_nothing(qtbot: QtBot) -> None:
    shell, screen = await connections(qtbot)
    preview = await page(screen, shell)
    QTest.keyClick(preview, Qt.Key.Key_Escape)

    assert screen._pages.currentWidget() is screen.list
    assert "commit" not in shell.fake.answers.asked


async def test_a_file_that_cannot_be_read_says_why_and_changes_nothing(qtbot: QtBot) -> None:
    fault = InputError("No statement format recognises this file.")
    shell, screen = await connections(qtbot, FakeWorkspace(failing={"preview": fault}))
    preview = await page(screen, shell)

    assert "No statement format recognises this file." in texts(preview)
    assert not preview.commit.isEnabled()


async def test_a_file_with_nothing_new_has_nothing_to_import(qtbot: QtBot) -> None:
    shell, screen = await connections(qtbot)
    preview = await page(screen, shell)
    assert preview.report is not None
    preview.show_report(replace(preview.report, recorded=0, seen=412, entries=()))

    assert not preview.commit.isEnabled()
    assert "there is nothing to import" in preview._foot.text()


async def test_a_dropped_file_opens_its_preview(qtbot: QtBot) -> None:
    shell, screen = await connections(qtbot)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/home/me/ledgers.csv")])
    keys, buttons, copy = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(20, 20), copy, mime, buttons, keys)
    screen.dragEnterEvent(enter)
    assert enter.isAccepted()
    screen.dropEvent(QDropEvent(QPoint(20, 20).toPointF(), copy, mime, buttons, keys))
    await shell.settled()

    assert isinstance(screen._pages.currentWidget(), ImportPage)


async def test_without_a_source_the_screen_says_how_to_begin(qtbot: QtBot) -> None:
    _, screen = await connections(qtbot, FakeWorkspace(empty=True))

    assert "This vault has no source yet." in texts(screen.list.stage)
    assert screen.note() == ""


async def test_a_fault_stands_in_place_of_the_list(qtbot: QtBot) -> None:
    _, screen = await connections(qtbot, FakeWorkspace(failing={"connections": InputError("The list is damaged.")}))

    assert screen.list.stage.state == "message"
    assert "The list is damaged." in texts(screen.list.stage)


async def test_masked_connections_show_no_count(qtbot: QtBot) -> None:
    _, screen = await connections(qtbot)
    fmt.set_mask(fmt.Mask.EVERYTHING)
    screen.masking_changed()
    model = screen.list.model
    numbers = [model.column_number(name) for name in ("budget", "records", "breaks")]
    seen = [str(model.index(line, number).data() or "") for line in range(model.rowCount()) for number in numbers]

    assert [text for text in [*seen, screen.note()] if any(letter.isdigit() for letter in text)] == []


async def test_every_button_has_a_name(qtbot: QtBot) -> None:
    shell, screen = await connections(qtbot)
    screen.inspect("kraken-main")
    hosts: list[QWidget] = [screen, shell.host, *screen.header_actions()]
    buttons = [button for host in hosts for button in host.findChildren(QAbstractButton)]

    assert [button for button in buttons if not button.accessibleName() and not button.isHidden()] == []


async def test_figures_are_records_and_breaks_as_the_table_holds_them(qtbot: QtBot) -> None:
    _, screen = await connections(qtbot)

    assert screen.figures()["connection/kraken-main/records"] == "811"
    assert screen.figures()["connection/kraken-main/breaks"] == "1"
