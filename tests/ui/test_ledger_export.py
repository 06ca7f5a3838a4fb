"""Asking for a general ledger in the window: what is asked is what is exported, as a job that can be cancelled."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.errors import RefusedError
from app.core.lots.methods import Method
from app.core.tax.jurisdictions import JURISDICTIONS
from app.services.general_ledger import Format, Wanted
from app.services.jobs import JobState
from app.services.tax_years import Asked
from app.ui.screens import ledger_export
from app.ui.screens.ledger_export import NAMES, LedgerPanel, ask_for_ledger
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_ledger import UNKNOWN, FakeGeneralLedger
from tests.ui.table_screens import TableShell

pytestmark = pytest.mark.usefixtures("qapp")


async def asked(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, fake: FakeWorkspace, file: Path | None
) -> tuple[TableShell, LedgerPanel, FakeGeneralLedger]:
    shell = TableShell(fake)
    qtbot.addWidget(shell.host)
    ask_for_ledger(shell)
    panel = shell.panel
    assert isinstance(panel, LedgerPanel)
    await shell.settled()

    async def where(_parent: object, _title: str, name: str) -> Path | None:
        return None if file is None else file.with_name(name)

    monkeypatch.setattr(ledger_export, "ask_where", where)
    return shell, panel, fake.general_ledger


def choose(panel: LedgerPanel, how: Format) -> None:
    panel.program.setCurrentIndex(panel.program.findData(how.value))
    panel.program.activated.emit(panel.program.currentIndex())


async def test_what_is_asked_is_what_is_exported(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shell, panel, ledger = await asked(qtbot, monkeypatch, FakeWorkspace(), tmp_path / "x")
    choose(panel, Format.XERO)
    panel.rules.setCurrentIndex(panel.rules.findData("us"))
    panel.rules.activated.emit(panel.rules.currentIndex())
    panel.method.setCurrentIndex(panel.method.findData(Method.HIFO.value))
    QTest.keyClicks(panel.first, "2025-01-01")
    QTest.keyClicks(panel.last, "2025-12-31")
    panel.export.click()
    await shell.settled()

    wanted = Wanted(Asked("us", Method.HIFO), date(2025, 1, 1), date(2025, 12, 31))
    file = tmp_path / "general-ledger-2026-11-20.csv"
    assert ledger.asked == [(wanted, Format.XERO, file)]
    assert shell.toasts == [
        (
            "General ledger for Xero: 1,204 transactions in general-ledger-2026-11-20.csv, "
            "general-ledger-2026-11-20-trail.csv"
        )
    ]


async def test_the_country_is_the_one_that_a_person_files_in_and_no_days_are_all_of_them(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = FakeWorkspace()
    fake.general_ledger.unknown = (UNKNOWN,)
    shell, panel, ledger = await asked(qtbot, monkeypatch, fake, tmp_path / "x")
    panel.export.click()
    await shell.settled()

    assert ledger.asked[0][0] == Wanted(Asked(await fake.tax.country()), None, None)
    assert ledger.asked[0][2].name == "general-ledger-2026-11-20.beancount"
    assert "1 of them with money that is not known, in Equity:Not-Valued" in shell.toasts[0]


async def test_only_methods_that_the_country_allows_are_offered(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    _, panel, _ = await asked(qtbot, monkeypatch, FakeWorkspace(), None)
    offered = {}
    for code in JURISDICTIONS:
        panel.rules.setCurrentIndex(panel.rules.findData(code))
        panel.rules.activated.emit(panel.rules.currentIndex())
        offered[code] = [panel.method.itemData(index) for index in range(1, panel.method.count())]

    assert offered == {code: [one.value for one in rules.methods] for code, rules in JURISDICTIONS.items()}


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("2025-13-01", ""), "“2025-13-01” is no date."),
        (("2025-02-01", "2025-01-01"), "The period ends on 2025-01-01, before it begins on 2025-02-01."),
    ],
)
async def test_days_that_cannot_be_are_refused_in_place(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, days: tuple[str, str], told: str
) -> None:
    shell, panel, ledger = await asked(qtbot, monkeypatch, FakeWorkspace(), tmp_path / "x")
    panel.first.setText(days[0])
    panel.last.setText(days[1])
    panel.export.click()
    await shell.settled()

    assert panel.trouble.text().startswith(told)
    assert (panel.trouble.isHidden(), ledger.asked, shell.workspace.jobs.all()) == (False, [], ())

    panel.first.clear()
    panel.last.clear()
    panel.export.click()
    await shell.settled()
    assert (panel.trouble.isHidden(), len(ledger.asked)) == (True, 1)


async def test_it_can_be_cancelled_and_nothing_is_said_to_be_written(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = FakeWorkspace()
    shell, panel, ledger = await asked(qtbot, monkeypatch, fake, tmp_path / "x")
    fake.hold()
    panel.export.click()
    while not fake.jobs.all() or not fake.jobs.all()[0].doing:
        await turn()
    (job,) = fake.jobs.all()
    assert (job.state, job.doing) == (JobState.RUNNING, "costs, gains and income of all entries")
    fake.jobs.cancel(job.job_id)
    await shell.settled()

    assert fake.jobs.all()[0].state is JobState.CANCELLED
    assert (ledger.asked, shell.toasts) == ([], [])


async def test_a_refusal_stays_with_its_job(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fault = RefusedError("x-trail.csv is there already and would be replaced.", hint="Choose another name.")
    fake = FakeWorkspace(failing={"general_ledger": fault})
    shell, panel, _ = await asked(qtbot, monkeypatch, fake, tmp_path / "x")
    panel.export.click()
    await shell.settled()

    (job,) = fake.jobs.all()
    assert (job.state, job.remedy) == (JobState.FAILED, "Choose another name.")
    assert job.reason.startswith("x-trail.csv is there already")
    assert shell.toasts == []


async def test_without_a_file_nothing_happens(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    shell, panel, ledger = await asked(qtbot, monkeypatch, FakeWorkspace(), None)
    panel.export.click()
    await shell.settled()

    assert (ledger.asked, shell.workspace.jobs.all()) == ([], ())


async def test_what_is_from_memory_is_said_of_the_programs_that_it_concerns(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, panel, _ = await asked(qtbot, monkeypatch, FakeWorkspace(), None)
    said = {}
    for how in NAMES:
        choose(panel, how)
        said[how] = "from memory" in panel.about.text()

    assert said == {how: how in {Format.QUICKBOOKS, Format.XERO} for how in NAMES}


async def turn() -> None:
    """Let tasks and Qt go on for a turn."""
    await asyncio.sleep(0)
    QApplication.processEvents()
