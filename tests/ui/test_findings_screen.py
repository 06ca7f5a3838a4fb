"""The worklist in the window: one line for a flood, the fix and the waiver by the keyboard, every state."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.errors import RetryableError
from app.services.events import RecordsAppended
from app.ui import format as fmt
from app.ui.screens.findings import FindingsScreen
from app.ui.screens.findings_rows import effect_words
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.table_screens import TableShell, shown, texts

ROWS = "quarantined-row@kraken-desk"


async def opened(qtbot: QtBot, detail: str = "") -> tuple[TableShell, FindingsScreen, FakeWorkspace]:
    workspace = FakeWorkspace()
    shell, screen = await shown(FindingsScreen, qtbot, workspace, detail=detail)
    return shell, screen, workspace


def listed(screen: FindingsScreen) -> list[str]:
    return [line.row.group.title for line in screen.groups.lines()]


async def test_a_flood_is_one_line_and_the_largest_effect_comes_first(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)

    assert listed(screen)[:4] == [
        "Coinbase fund cannot be read",
        "Binance, spot: the ledger differs by -1250 USDC.",
        "Kraken, earn: the ledger differs by +4.2 DOT.",
        "kraken-desk: 191 rows could not be read.",
    ]
    assert screen.note() == "199 findings · 9 causes"


async def test_the_code_of_a_jump_is_chosen_and_its_members_are_beside_it(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot, "quarantined-row")

    assert screen.group_table.current_key() == ROWS
    assert [row.finding.subject for row in screen.members.fitting[:2]] == ["kraken-desk/2", "kraken-desk/3"]
    assert not screen.list.isHidden()


async def test_a_single_finding_has_no_list_of_its_own(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)

    assert (screen.list.isHidden(), screen.head.text()) == (True, "Coinbase fund cannot be read")
    assert screen.cause.text().endswith("What it changes is not known.")


async def test_enter_goes_to_where_it_is_put_right(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot)
    screen.group_table.setFocus()
    QTest.keyClick(screen.group_table, Qt.Key.Key_Return)

    assert shell.gone == ["connections/coinbase-fund"]


async def test_a_group_is_waived_by_the_keyboard_and_taken_back(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot, "quarantined-row")
    screen.group_table.setFocus()
    screen.ask_waive()
    assert screen.group_bar.form is not None
    QTest.keyClick(screen.group_bar.form.reason, Qt.Key.Key_Return)
    fault = screen.group_bar.form.fault.text()
    QTest.keyClicks(screen.group_bar.form.reason, "a statement of tests")
    QTest.keyClick(screen.group_bar.form.reason, Qt.Key.Key_Return)
    await shell.settled()
    gone = ROWS not in [row.group.name for row in screen.groups.rows()]
    screen.waived.click()
    await shell.settled()
    screen.group_table.choose(f"{ROWS}/waived")
    screen._chosen(f"{ROWS}/waived")
    why = screen.members.fitting[0].finding.waived
    screen.group_table.setFocus()
    screen.ask_waive()
    assert screen.group_bar.form is not None
    QTest.keyClicks(screen.group_bar.form.reason, "it was real")
    QTest.keyClick(screen.group_bar.form.reason, Qt.Key.Key_Return)
    await shell.settled()

    assert fault.startswith("Say why")
    assert (gone, why) == (True, "a statement of tests")
    assert workspace.findings.decided == [(ROWS, "a statement of tests"), (ROWS, "it was real")]
    assert shell.toasts == ["Waived.", "The waiver was taken back."]


async def test_one_row_of_a_group_is_waived_on_its_own(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot, "quarantined-row")
    key = screen.members.lines()[4].key
    screen.member_table.choose(key)
    screen.bar.ask_waive()
    assert screen.bar.form is not None
    QTest.keyClicks(screen.bar.form.reason, "a heading")
    screen.bar.form.record.click()
    await shell.settled()

    assert workspace.findings.decided == [(key, "a heading")]
    assert "kraken-desk: 190 rows could not be read." in listed(screen)


async def test_escape_puts_the_form_away_and_records_nothing(qtbot: QtBot) -> None:
    _, screen, workspace = await opened(qtbot)
    screen.group_bar.ask_waive()
    form = screen.group_bar.form
    assert form is not None
    QTest.keyClick(form.reason, Qt.Key.Key_Escape)

    assert form.isHidden()
    assert workspace.findings.decided == []


async def test_the_chosen_group_stays_chosen_when_the_books_change(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot, "quarantined-row")
    workspace.events.publish(RecordsAppended(()))
    screen._later.stop()
    screen._load()
    await shell.settled()

    assert screen.group_table.current_key() == ROWS


async def test_the_filter_looks_into_the_findings_of_a_group(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    screen.filter.setText("kraken-desk/77")

    assert listed(screen) == ["kraken-desk: 191 rows could not be read."]
    exported = screen.export_rows()
    assert exported is not None
    assert len(exported[1]) == 191


async def test_where_nothing_needs_a_person_it_says_so(qtbot: QtBot) -> None:
    _, screen = await shown(FindingsScreen, qtbot, FakeWorkspace(empty=True))

    assert screen.stage.state == "message"
    assert "Nothing needs you." in texts(screen.stage)
    assert screen.right.isHidden()


async def test_a_fault_is_shown_with_what_to_do(qtbot: QtBot) -> None:
    workspace = FakeWorkspace(failing={"findings": RetryableError("The disk does not answer.", hint="Try again.")})
    _, screen = await shown(FindingsScreen, qtbot, workspace)

    assert "The findings could not be read." in texts(screen.stage)


async def test_nothing_that_is_hidden_can_be_read(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    group = screen.groups.rows()[1].group
    fmt.set_mask(fmt.Mask.AMOUNTS)
    try:
        screen.masking_changed()
        assert "1,250" not in effect_words(group, "USD")
    finally:
        fmt.set_mask(fmt.Mask.NOTHING)
