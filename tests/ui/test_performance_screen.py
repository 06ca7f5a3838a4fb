"""The performance of a period in the window: what is asked, what is shown, and what where nothing is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.errors import SourceError
from app.core.model.performance import By
from app.core.model.views import Scope
from app.core.reports.table import Report
from app.services.events import RecordsAppended
from app.ui import format as fmt
from app.ui.screens import performance_explained
from app.ui.screens import tax_form_files as files
from app.ui.screens.overview import OverviewScreen
from app.ui.screens.performance import PerformanceScreen
from app.ui.screens.performance_chart import RETURN
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_performance import FakePerformances
from tests.ui.table_screens import TableShell, shown, whole

YEAR = Scope(since_ns=1_767_225_600_000_000_000)
"""From 2026-01-01."""


async def opened(
    qtbot: QtBot, fake: FakeWorkspace | None = None, scope: Scope = YEAR
) -> tuple[TableShell, PerformanceScreen, FakePerformances]:
    workspace = fake or FakeWorkspace()
    shell, screen = await shown(PerformanceScreen, qtbot, workspace, scope=scope)
    return shell, screen, workspace.performance


async def test_accounts_and_period_are_those_of_the_scope(qtbot: QtBot) -> None:
    scope = Scope(accounts=("kraken-main",), since_ns=YEAR.since_ns)
    _, screen, performance = await opened(qtbot, scope=scope)

    assert performance.asked == [(("kraken-main",), date(2026, 1, 1), None, By.MONTH)]
    assert screen.note() == "2026-01-01 – 2026-11-20"


async def test_figures_are_those_of_the_study_to_the_last_digit(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)

    assert screen.study is not None
    whole, found = screen.study.whole, screen.figures()
    assert Decimal(found["gain"]) == whole.gain
    assert Decimal(found["twr"]) == whole.time_weighted.value
    assert Decimal(found["mwr"]) == whole.money_weighted.value
    assert screen.strip.blocks["twr"].figure.text() == fmt.percent(whole.time_weighted.value, sign=True)


async def test_days_that_are_typed_come_before_the_scope_and_go_with_it(qtbot: QtBot) -> None:
    shell, screen, performance = await opened(qtbot)
    QTest.keyClicks(screen.first, "2026-03-01")
    QTest.keyClicks(screen.last, "2026-04-30")
    QTest.keyClick(screen.last, Qt.Key.Key_Return)
    await shell.settled()

    assert performance.asked[-1][1:3] == (date(2026, 3, 1), date(2026, 4, 30))
    assert [row.name for row in screen.model.rows()] == ["2026-03", "2026-04"]

    screen.scope_changed()
    await shell.settled()
    assert performance.asked[-1][1:3] == (date(2026, 1, 1), None)


async def test_a_day_that_is_none_is_said_in_place_and_figures_stay(qtbot: QtBot) -> None:
    shell, screen, performance = await opened(qtbot)
    before = screen.figures()
    QTest.keyClicks(screen.first, "2026-13-01")
    QTest.keyClick(screen.first, Qt.Key.Key_Return)
    await shell.settled()

    assert screen.trouble.text() == "“2026-13-01” is no date."
    assert (len(performance.asked), screen.figures()) == (1, before)


async def test_parts_are_accounts_where_that_is_chosen(qtbot: QtBot) -> None:
    shell, screen, performance = await opened(qtbot)
    screen.by.choose(By.ACCOUNT)
    screen.by.chosen.emit(By.ACCOUNT)
    await shell.settled()

    assert performance.asked[-1][3] is By.ACCOUNT
    assert "Kraken" in [row.name for row in screen.model.rows()]


async def test_enter_on_a_month_measures_that_month(qtbot: QtBot) -> None:
    shell, screen, performance = await opened(qtbot)
    screen.table.choose("2026-02")
    screen.table.setFocus()
    QTest.keyClick(screen.table, Qt.Key.Key_Return)
    await shell.settled()

    assert performance.asked[-1][1:3] == (date(2026, 2, 1), date(2026, 2, 28))


async def test_a_flow_without_a_price_leaves_no_return_and_says_what_to_do(qtbot: QtBot) -> None:
    workspace = FakeWorkspace()
    workspace.performance.unpriced_flow = True
    shell, screen, _ = await opened(qtbot, workspace)

    assert set(screen.figures()) == {"income"}
    assert screen.strip.blocks["gain"].figure.text() == fmt.UNKNOWN
    assert shell.banners[-1] is not None
    assert (shell.banners[-1].what, shell.banners[-1].action) == (
        "What was put in or taken out on 2026-09-09 has no price.",
        "Show prices",
    )


async def test_a_period_without_prices_draws_no_chart(qtbot: QtBot) -> None:
    workspace = FakeWorkspace()
    workspace.performance.is_unpriced = True
    _, screen, _ = await opened(qtbot, workspace)

    assert screen.figures() == {}
    assert not screen.chart.view.course.is_known
    assert screen.chart.legend.isHidden()


async def test_books_without_entries_say_what_to_do(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot, FakeWorkspace(empty=True))

    assert (screen.stage.state, screen.save.isEnabled()) == ("message", False)


async def test_what_cannot_be_read_is_said_in_place(qtbot: QtBot) -> None:
    fault = SourceError("The prices are damaged.", hint="Read them again.")
    shell = TableShell(FakeWorkspace(failing={"performance": fault}), YEAR)
    screen = whole(PerformanceScreen(shell))
    qtbot.addWidget(screen, before_close_func=lambda _: screen.deactivate())
    screen.activate()
    await shell.settled()

    assert (screen.stage.state, shell.faults) == ("message", [])


async def test_new_records_are_measured_and_a_hidden_screen_does_not_listen(qtbot: QtBot) -> None:
    shell, screen, performance = await opened(qtbot)
    screen.deactivate()
    shell.workspace.events.publish(RecordsAppended((), None))
    assert not screen._later.isActive()

    screen.activate()
    shell.workspace.events.publish(RecordsAppended((), None))
    assert screen._later.isActive()
    await shell.settled()
    assert len(performance.asked) == 2


async def test_an_answer_that_comes_once_another_screen_is_shown_changes_nothing(qtbot: QtBot) -> None:
    workspace = FakeWorkspace()
    shell, screen, _ = await opened(qtbot, workspace)
    shell.banners.clear()
    workspace.hold()
    screen.scope_changed()
    screen.deactivate()
    workspace.release()
    await shell.settled()

    assert shell.banners == []


async def test_the_course_is_exported_as_it_is_looked_at(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    columns, rows = screen.chart.raw_rows()
    assert screen.study is not None
    first = screen.study.days[0]

    assert columns == ("Day", "Value", "Contributed", "Deposits and withdrawals")
    assert rows[0][:3] == ["2025-12-31", str(first.value), str(first.contributed)]

    screen.chart.kind.choose(RETURN)
    columns, rows = screen.chart.raw_rows()
    assert (columns[1], rows[0][1], len(rows)) == ("TWR", "0", len(screen.study.days))


async def test_t_shows_the_course_as_a_table(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    QTest.keyClick(screen, Qt.Key.Key_T)

    assert screen.chart.as_table.isChecked()
    assert screen.chart.view.currentWidget() is not screen.chart.view.plot


@pytest.mark.parametrize("kind", ["gain", "twr", "mwr", "simple", "flows", "income"])
async def test_every_figure_tells_how_it_is_computed(qtbot: QtBot, kind: str) -> None:
    shell, screen, _ = await opened(qtbot)
    screen.strip.asked.emit(kind)

    assert screen.study is not None
    told = performance_explained.explained(kind, screen.study)
    assert shell.explained[-1] == told
    assert "[[320]] of [[324]] days have a price" in told.coverage
    assert {len(row) for row in told.inputs} == {len(told.columns)}


async def test_the_report_is_written_where_a_person_says(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell, screen, _ = await opened(qtbot)
    written: list[tuple[str, str]] = []

    async def where(_parent: QWidget, report: Report, period: str, how: str) -> Path:
        return tmp_path / files.file_name(report, period, how)

    async def write(_shell: object, report: Report, path: Path, how: str) -> str:
        written.append((report.title, path.name))
        return "" if how == "pdf" else "The disk is full."

    monkeypatch.setattr(files, "ask_where", where)
    monkeypatch.setattr(files, "write", write)
    screen._save("pdf")
    await shell.settled()

    assert written == [("Performance from 2026-01-01 to 2026-11-20", "performance-2026-01-01-2026-11-20.pdf")]
    assert screen.trouble.text() == ""

    screen._save("csv")
    await shell.settled()
    assert screen.trouble.text() == "The disk is full."


async def test_it_is_a_tab_of_the_overview(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot)
    _, overview = await shown(OverviewScreen, qtbot)

    assert (screen.tabs(), screen.tab(), overview.tab()) == (("Overview", "Performance", "Risk-adjusted"), 1, 0)
    assert overview.tabs() == screen.tabs()
    screen.show_tab(0)
    assert shell.gone == ["overview"]
