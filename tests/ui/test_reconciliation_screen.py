"""Reconciliation in the window: breaks first with their causes, proposals that ask before they do, waivers, states."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.errors import InputError, RetryableError
from app.core.model.breaks import Action, Proposal
from app.ui import format as fmt
from app.ui.charts.difference_chart import DifferenceChart
from app.ui.screens import reconciliation_rows as rows
from app.ui.screens.reconciliation import ReconciliationScreen
from app.ui.screens.reconciliation_panel import BreakPanel
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.table_screens import TableShell, shown, texts

USDC, DOT = "binance-main/usd-coin/spot", "kraken-main/polkadot/earn"


async def opened(
    qtbot: QtBot, detail: str = "", **more: object
) -> tuple[TableShell, ReconciliationScreen, FakeWorkspace]:
    workspace = FakeWorkspace(**more)  # type: ignore[arg-type]
    shell, screen = await shown(ReconciliationScreen, qtbot, workspace, detail=detail)
    return shell, screen, workspace


def listed(screen: ReconciliationScreen) -> list[str]:
    return [line.key for line in screen.model.lines()]


def follow(workspace: FakeWorkspace, outcome: Exception | None = None) -> list[tuple[Proposal, str]]:
    """Return what will be done, as the service hears it."""
    done: list[tuple[Proposal, str]] = []

    async def record(proposal: Proposal, reason: str) -> str:
        if outcome is not None:
            raise outcome
        done.append((proposal, reason))
        return "record"

    workspace.entries.follow = record  # type: ignore[attr-defined]
    return done


async def test_where_something_differs_only_that_is_shown_first(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)

    assert (screen.kind.current, listed(screen), screen.note()) == (rows.BREAKS, [USDC, DOT], "2 breaks")
    assert screen.count.text() == "30 places compared · 2 differ · 0 waived"


async def test_a_jump_opens_the_place_with_its_causes_and_readings(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot, DOT)
    words = texts(shell.panel)

    assert screen.table.current_key() == DOT
    assert "+4.2\u2009DOT" in words
    assert "grew since" in words
    assert any(said.startswith("The deposit of +4.2 DOT on 2026-10-14 is here twice.") for said in words)
    assert {"Void the second entry", "Read the history again", "Leaves no difference.", "26 readings"} <= set(words)
    chart = shell.panel.findChild(DifferenceChart)
    assert chart.accessibleName() == "5 of 26 readings differ"


async def test_a_proposal_is_done_only_after_a_reason(qtbot: QtBot) -> None:
    shell, _, workspace = await opened(qtbot, DOT)
    done = follow(workspace)
    panel: BreakPanel = shell.panel
    void = next(one for one in panel.findChildren(type(panel.close_button)) if one.text() == "Void the second entry")
    QTest.mouseClick(void, Qt.MouseButton.LeftButton)
    assert panel.form is not None
    QTest.keyClick(panel.form.reason, Qt.Key.Key_Return)
    fault, before = panel.form.fault.text(), list(done)
    QTest.keyClicks(panel.form.reason, "imported twice")
    QTest.keyClick(panel.form.reason, Qt.Key.Key_Return)
    await shell.settled()

    assert (before, fault.startswith("Say why")) == ([], True)
    assert [(proposal.action, reason) for proposal, reason in done] == [(Action.VOID, "imported twice")]
    assert shell.toasts == ["Recorded."]
    assert shell.panel.form is None


async def test_what_would_be_recorded_is_shown_leg_by_leg_before_it_is(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot, USDC)
    proposal = screen.found[0].likely[0].proposal if screen.found else None
    assert proposal is not None
    screen._propose(proposal)

    assert shell.panel.form is not None
    assert "+1,250\u2009USDC · spot · principal" in texts(shell.panel.form)


async def test_what_cannot_be_recorded_is_told_in_the_form(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot, DOT)
    follow(workspace, InputError("Entry abc is void already."))
    proposal = screen.found[1].likely[0].proposal if screen.found else None
    assert proposal is not None
    screen._propose(proposal)
    form = shell.panel.form
    QTest.keyClicks(form.reason, "twice")
    QTest.keyClick(form.reason, Qt.Key.Key_Return)
    await shell.settled()

    assert form.fault.text().startswith("Entry abc is void already.")
    assert form.record.isEnabled()


async def test_a_break_is_waived_with_a_reason_and_stays_to_be_seen(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot, USDC)
    shell.panel.bar.ask_waive()
    QTest.keyClicks(shell.panel.bar.form.reason, "the venue owes it")
    QTest.keyClick(shell.panel.bar.form.reason, Qt.Key.Key_Return)
    await shell.settled()
    row = next(line.row for line in screen.model.lines() if line.key == USDC)

    assert workspace.findings.decided == [(f"break:{USDC}", "the venue owes it")]
    assert rows.remark(row) == "Waived: the venue owes it"
    assert (screen.note(), "waived" in texts(shell.panel)) == ("1 break", True)


async def test_reading_again_reads_the_source_of_the_account_from_the_start(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot, DOT)
    asked: list[tuple[list[str], bool]] = []

    def start(names: list[str], *, from_start: bool = False) -> int:
        asked.append((names, from_start))
        return 1

    workspace.ingest.start = start  # type: ignore[method-assign, assignment]
    screen._propose(Proposal(Action.READ_AGAIN, "Read the history again", "kraken-main"))
    screen._propose(Proposal(Action.READ_AGAIN, "Read the history again", "by-hand"))

    assert asked == [(["kraken-main"], True)]
    assert shell.gone == ["connections/import"]


async def test_what_is_exported_is_what_is_seen(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    exported = screen.export_rows()

    assert exported is not None
    assert [row[:4] for row in exported[1]] == [
        ["Binance spot USDC", "1640118.423911", "1641368.423911", "-1250"],
        ["Kraken earn DOT", "38200.0411298", "38195.8411298", "4.2"],
    ]


async def test_where_nothing_was_read_it_says_so(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot, empty=True)

    assert "Nothing to compare yet." in texts(screen.stage)


async def test_a_fault_is_shown_with_what_to_do(qtbot: QtBot) -> None:
    failing = {"reconcile": RetryableError("The disk does not answer.", hint="Try again.")}
    _, screen, _ = await opened(qtbot, failing=failing)

    assert "The balances could not be compared." in texts(screen.stage)


async def test_nothing_that_is_hidden_can_be_read(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot, DOT)
    fmt.set_mask(fmt.Mask.AMOUNTS)
    try:
        screen.masking_changed()
        assert not any("4.2" in said or "38,2" in said for said in texts(shell.panel))
        assert Decimal("4.2") == screen.found[1].difference if screen.found else False
    finally:
        fmt.set_mask(fmt.Mask.NOTHING)
