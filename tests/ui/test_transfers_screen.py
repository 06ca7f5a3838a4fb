"""The review queue of transfers: what waits, what speaks for it, and decisions by the keyboard alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.errors import InputError
from app.core.transfers import End
from app.ui import format as fmt
from app.ui.screens.transfers import TransfersScreen
from app.ui.screens.transfers_partners import PartnerForm
from app.ui.screens.transfers_rows import COUNTING, PROPOSED, REJECTED, UNPAIRED, state
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_transfers import GONE, INTO, LATE, LONELY, OTHER, OUT, FakeTransfers
from tests.ui.table_screens import TableShell, shown, texts


async def opened(
    qtbot: QtBot, fake: FakeWorkspace | None = None, detail: str = ""
) -> tuple[TableShell, TransfersScreen, FakeTransfers]:
    workspace = fake or FakeWorkspace()
    shell, screen = await shown(TransfersScreen, qtbot, workspace, detail=detail)
    return shell, screen, workspace.transfers


def listed(screen: TransfersScreen) -> list[str]:
    return [state(row)[0] for row in screen.model.fitting]


async def test_what_waits_is_shown_first_with_what_speaks_for_it(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)

    assert (screen.kind.current, screen.note(), listed(screen)) == (PROPOSED, "2 to review", ["proposed", "unclear"])
    told = texts(screen.panel)
    assert "1.2345678 left and arrived; 31 min later" in told
    assert [text for text in told if "BTC" in text] == ["1.2345678\u2009BTC", "1.2345678\u2009BTC"]


async def test_an_unclear_one_says_how_many_are_as_likely(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    screen.table.choose(f"{LONELY.entry_id} b2".ljust(len(LONELY.entry_id) * 2 + 1, "0"))

    assert any("As likely: 1 other." in text for text in texts(screen.panel))


async def test_enter_accepts_and_the_toast_takes_it_back(qtbot: QtBot) -> None:
    shell, screen, transfers = await opened(qtbot)
    screen.table.setFocus()
    QTest.keyClick(screen.table, Qt.Key.Key_Return)
    await shell.settled()
    screen._load()
    await shell.settled()

    (made,) = transfers.recorded
    assert (made.ids, made.is_transfer) == (frozenset((OUT.entry_id, INTO.entry_id)), True)
    assert (shell.toasts, screen.note()) == (["Transfer accepted."], "1 to review")
    assert shell.undo is not None
    shell.undo()
    await shell.settled()
    assert [one.is_transfer for one in transfers.recorded] == [True, None]


async def test_all_that_are_sure_are_accepted_together(qtbot: QtBot) -> None:
    shell, screen, transfers = await opened(qtbot)
    assert screen.sure.text().strip() == "Accept sure ones · 1"
    screen.sure.click()
    await shell.settled()

    assert len(transfers.recorded) == 1
    assert shell.toasts == ["1 transfer accepted."]


async def test_a_rejection_needs_a_reason(qtbot: QtBot) -> None:
    shell, screen, transfers = await opened(qtbot)
    screen.panel.ask_reject()
    form = screen.panel.form
    assert form is not None
    form.given.emit()
    assert "Say why" in form.fault.text()
    form.reason.setText("paid to a friend")
    form.given.emit()
    await shell.settled()

    assert [(one.is_transfer, one.reason) for one in transfers.recorded] == [(False, "paid to a friend")]
    assert screen.panel.form is None


async def test_a_decision_that_is_recorded_by_its_button_leaves_the_focus_where_the_form_was(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot)
    screen.panel.ask_reject()
    assert screen.panel.form is not None
    screen.panel.form.reason.setText("paid to a friend")
    screen.panel.form.record.setFocus()
    QTest.keyClick(screen.panel.form.record, Qt.Key.Key_Space)
    assert screen.panel.form.reason.hasFocus()
    await shell.settled()

    focused = QApplication.focusWidget()
    assert focused is not None
    assert screen.panel.isAncestorOf(focused)


async def test_what_was_rejected_is_listed_and_can_be_taken_back(qtbot: QtBot) -> None:
    shell, screen, transfers = await opened(qtbot)
    await transfers.reject((OUT.entry_id, INTO.entry_id), "paid to a friend")
    screen._load()
    await shell.settled()
    screen.kind.choose(REJECTED)
    screen._narrow()
    screen.table.choose(screen.model.lines()[0].key)

    assert listed(screen) == ["rejected"]
    assert any("paid to a friend" in text for text in texts(screen.panel))
    assert (screen.panel.accept.isHidden(), screen.panel.reject.isHidden(), screen.panel.undo.isHidden()) == (
        True, True, False,
    )  # fmt: skip
    screen.panel.ask_undo()
    assert screen.panel.form is not None
    screen.panel.form.reason.setText("it was mine after all")
    screen.panel.form.given.emit()
    await shell.settled()
    assert [(one.is_transfer, one.reason) for one in transfers.recorded][1:] == [(None, "it was mine after all")]
    assert screen.note() == "2 to review"


async def test_a_finding_leads_to_the_end_that_it_is_about(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot, detail=f"{UNPAIRED}/{GONE.entry_id}")

    assert (screen.kind.current, screen.table.current_key()) == (UNPAIRED, GONE.entry_id)


async def test_what_the_books_refuse_is_said_in_place(qtbot: QtBot) -> None:
    shell, screen, transfers = await opened(qtbot)
    transfers.fault = InputError("One account is on both sides.")
    screen.panel.take()
    await shell.settled()

    assert any("One account is on both sides." in text for text in texts(screen.panel))


async def test_counting_and_unpaired_ones_stand_beside(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot, detail=COUNTING)
    assert listed(screen) == ["same hash"]
    screen.kind.choose(UNPAIRED)
    screen._narrow()

    assert listed(screen) == ["unpaired", "unpaired", "unpaired"]
    assert screen.panel.accept.isHidden()


async def test_amounts_can_be_hidden(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    fmt.set_mask(fmt.Mask.AMOUNTS)
    try:
        screen.masking_changed()
        assert not [text for text in texts(screen.panel) if "1.2345678" in text]
    finally:
        fmt.set_mask(fmt.Mask.NOTHING)


async def test_a_fault_stands_in_place_of_the_table(qtbot: QtBot) -> None:
    fake = FakeWorkspace(failing={"transfers": InputError("The entries cannot be read.")})
    _, screen, _ = await opened(qtbot, fake)

    assert screen.stage.state == "message"


async def paired_by_hand(qtbot: QtBot, alone: End) -> tuple[TableShell, TransfersScreen, FakeTransfers, PartnerForm]:
    """Open the form for one end that is alone, by Enter on its row."""
    shell, screen, transfers = await opened(qtbot, detail=f"{UNPAIRED}/{alone.entry_id}")
    screen.table.setFocus()
    QTest.keyClick(screen.table, Qt.Key.Key_Return)
    await shell.settled()
    form = screen.panel.form
    assert isinstance(form, PartnerForm)
    return shell, screen, transfers, form


async def test_an_end_that_is_alone_is_paired_by_hand_by_the_keyboard_alone(qtbot: QtBot) -> None:
    shell, screen, transfers, form = await paired_by_hand(qtbot, GONE)
    headings, offered = form.table.seen()
    assert (form.table.hasFocus(), headings) == (True, ["To", "When", "Time between", "Received", "Less"])
    assert [(row[0], *row[2:]) for row in offered] == [("ledger", "2 d later", "3.7412", "0.0088")]
    QTest.keyClick(form.table, Qt.Key.Key_Return)
    assert form.reason.hasFocus()
    QTest.keyClicks(form.reason, "a slow withdrawal of mine")
    QTest.keyClick(form.reason, Qt.Key.Key_Return)
    await shell.settled()

    (made,) = transfers.recorded
    assert (made.ids, made.is_transfer, made.reason) == (
        frozenset((GONE.entry_id, LATE.entry_id)), True, "a slow withdrawal of mine",
    )  # fmt: skip
    assert (screen.panel.form, shell.toasts, listed(screen)) == (None, ["Transfer accepted."], ["unpaired"])
    assert shell.undo is not None
    shell.undo()
    await shell.settled()
    assert [one.is_transfer for one in transfers.recorded] == [True, None]


async def test_a_deposit_that_is_alone_is_offered_withdrawals_also_of_proposals(qtbot: QtBot) -> None:
    _, _, _, form = await paired_by_hand(qtbot, OTHER)

    assert form.accessibleName() == "Pair with a withdrawal"
    assert [(row[0], row[3], row[5]) for row in form.table.seen()[1]] == [("Kraken", "0.5", "in a proposal")]


async def test_a_pairing_by_hand_needs_a_reason_and_says_what_the_books_refuse(qtbot: QtBot) -> None:
    shell, screen, transfers, form = await paired_by_hand(qtbot, GONE)
    form.given.emit()
    asked = form.fault.text()
    transfers.fault = InputError("One account is on both sides.")
    form.reason.setText("mine")
    form.given.emit()
    await shell.settled()

    assert ("Say why" in asked, transfers.recorded) == (True, [])
    assert (screen.panel.form, "One account is on both sides." in form.fault.text()) == (form, True)


async def test_escape_leaves_the_pairing_with_nothing_recorded(qtbot: QtBot) -> None:
    shell, screen, transfers, form = await paired_by_hand(qtbot, GONE)
    QTest.keyClick(form.table, Qt.Key.Key_Escape)
    await shell.settled()

    assert (screen.panel.form, transfers.recorded, screen.panel.pair.hasFocus()) == (None, [], True)


async def test_where_nothing_comes_near_it_says_what_was_looked_for(qtbot: QtBot) -> None:
    shell, screen, transfers = await opened(qtbot, detail=f"{UNPAIRED}/{GONE.entry_id}")
    transfers.nothing_is_near = True
    screen.panel.pair.click()
    await shell.settled()

    assert screen.panel.form is None
    assert any("No deposit of ETH comes near in amount and time" in text for text in texts(screen.panel))
