"""The audit log in the window: read as it is scrolled, filtered, verified with the first break named, exported."""

from __future__ import annotations

import asyncio

from pytestqt.qtbot import QtBot

from app.core.errors import InputError
from app.ui import format as fmt
from app.ui.screens import audit_log_rows as rows
from app.ui.screens.audit_log import PAGE, AuditScreen
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_log import RECORDS, log_lines
from tests.ui.table_screens import TableShell, shown, texts


async def opened(qtbot: QtBot, fake: FakeWorkspace | None = None, detail: str = "") -> tuple[TableShell, AuditScreen]:
    return await shown(AuditScreen, qtbot, fake, detail=detail)


async def ended(shell: TableShell) -> None:
    for job in shell.workspace.jobs.all():
        await shell.workspace.jobs.finished(job.job_id)
    await shell.settled()


async def test_the_newest_records_are_read_and_more_once_they_are_scrolled_to(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot)
    assert [line.row for line in screen.model.lines()] == list(log_lines()[:PAGE])
    screen.table.near_end.emit()
    await asyncio.sleep(0)
    await shell.settled()
    await asyncio.sleep(0)
    await shell.settled()

    assert [line.row for line in screen.model.lines()] == list(log_lines()[: 2 * PAGE])
    assert screen.count.text() == f"{RECORDS:,} records"


async def test_decisions_alone_can_be_seen(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot)
    screen.kind.choose(rows.PERSON)
    screen._load()
    await shell.settled()

    assert [rows.kind(line.row) for line in screen.model.lines()] == [
        "waiver",
        "transfer",
        "price set",
        "standing order",
    ]
    assert {rows.source(line.row) for line in screen.model.lines()} == {"a person"}
    assert screen.count.text() == "4 records"


async def test_a_record_is_found_by_the_beginning_of_its_hash_however_it_is_written(qtbot: QtBot) -> None:
    wanted = log_lines()[40]
    shell, screen = await opened(qtbot)
    screen.filter.setText(fmt.grouped_hash(wanted.hash)[:14].upper())
    screen._load()
    await shell.settled()

    assert [line.row for line in screen.model.lines()] == [wanted]


async def test_what_is_not_there_is_said(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot)
    screen.filter.setText("ffffffffffff")
    screen._load()
    await shell.settled()

    assert "No such record." in texts(screen.stage)


async def test_enter_opens_the_entry_that_a_record_is_about(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot)
    first = log_lines()[0]
    screen.table.opened.emit(str(first.number))

    assert shell.gone == [f"activity/{first.entry_id}"]


async def test_verifying_says_how_many_records_are_sound(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot)
    screen.verify.click()
    working = (screen.working.isHidden(), screen.verify.isEnabled())
    await ended(shell)

    assert working == (False, False)
    assert screen.result.text().startswith("Verified: 2,004 records on 1 device, no break · ")
    assert (screen.working.isHidden(), screen.verify.isEnabled()) == (True, True)


async def test_records_are_verified_again_after_the_job_of_before_was_dismissed(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot)
    screen.verify.click()
    await ended(shell)
    (job,) = shell.workspace.jobs.all()
    shell.workspace.jobs.dismiss(job.job_id)
    screen.verify.click()
    working = screen.working.isHidden()
    await ended(shell)

    assert (working, screen.working.isHidden(), shell.faults) == (False, True, [])


async def test_the_first_break_is_named_with_what_to_do(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.audit.first_break = "record 215 of device 4b9f34b5: its body was changed"
    shell, screen = await opened(qtbot, fake)
    screen.start()
    await ended(shell)

    assert screen.result.text() == "The first break: record 215 of device 4b9f34b5: its body was changed."
    assert screen.remedy.text() == "Restore a backup from before; keep this file as evidence."
    assert not screen.outcome.isHidden()
    screen.see.click()
    await shell.settled()
    assert screen.filter.text() == "#215"
    assert [line.row.seq for line in screen.model.lines()] == [215]


async def test_verifying_can_be_stopped_and_then_says_nothing_of_the_records(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    shell, screen = await opened(qtbot, fake)
    fake.hold()
    screen.start()
    await asyncio.sleep(0)
    screen.stop.click()
    fake.release()
    await ended(shell)

    assert screen.result.text() == "Stopped: nothing can be said of the records."


async def test_the_export_holds_every_record_that_fits_and_no_marks(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot)
    found = await screen.whole_rows()
    assert found is not None
    columns, lines = found

    assert (columns[0], columns[-1], len(lines)) == ("record", "hash", RECORDS)
    assert lines[0][3] == "trade: +0.5 bitcoin, -45500.25 usd, -11.4 usd fee"


async def test_figures_of_records_can_be_hidden(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot)
    fmt.set_mask(fmt.Mask.AMOUNTS)
    try:
        screen.masking_changed()
        words = screen.model.cells(0)[2].text
    finally:
        fmt.set_mask(fmt.Mask.NOTHING)

    assert words == f"trade: {fmt.MASK} bitcoin, {fmt.MASK} usd, {fmt.MASK} usd fee"


async def test_a_fault_stands_in_place_of_the_records(qtbot: QtBot) -> None:
    fake = FakeWorkspace(failing={"log": InputError("The journal cannot be read.")})
    _, screen = await opened(qtbot, fake)

    assert screen.stage.state == "message"
    assert "The journal could not be read." in texts(screen.stage)
