"""The Risk place: what it asks, its figures and chart of results, what it says where there is too little to show."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.clock import SECOND
from app.core.errors import SourceError
from app.core.model.views import Scope
from app.services.events import MarksChanged, RecordsAppended
from app.ui import format as fmt
from app.ui.screens import overview_seen
from app.ui.screens.risk import PANES, RiskScreen
from app.ui.screens.risk_card import DEFAULT
from app.ui.screens.risk_found import MODELS, exact
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.risk_places import answered, choose, opened
from tests.ui.table_screens import TableShell, texts


# the question ---------------------------------------------------------------------------------------------------------
async def test_the_accounts_are_those_of_the_scope_and_the_period_changes_nothing(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    shell, screen = await opened(qtbot, fake, scope=Scope(accounts=("kraken-main",)))
    shell.scope = Scope(accounts=("kraken-main",), since_ns=1)
    screen.scope_changed()
    await answered(shell, screen)

    assert [scope.accounts for scope in fake.risk.asked if scope] == [("kraken-main",)]


async def test_figures_are_those_of_the_desk_to_the_last_digit(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot)
    study = screen.reading.found.report.study
    tail, found = study.tail(), screen.figures()

    assert Decimal(found["var"]) == exact(tail.value_at_risk)
    assert Decimal(found["es"]) == exact(tail.expected_shortfall)
    assert Decimal(found["volatility"]) == exact(study.volatility.value)
    assert Decimal(found["stressed"]) == exact(study.stressed[-1].value_at_risk)


async def test_another_horizon_or_model_is_there_at_once(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot)
    before = len(screen.shell.workspace.jobs.all())
    choose(screen.bar.horizon, "10")
    screen.bar.model.setCurrentIndex(screen.bar.model.findData("historical"))
    screen.bar.model.activated.emit(screen.bar.model.currentIndex())
    await answered(shell, screen)
    expected = screen.reading.found.reports[10].study.tail("historical").value_at_risk

    assert len(screen.shell.workspace.jobs.all()) == before
    assert Decimal(screen.figures()["var"]) == exact(expected)


@pytest.mark.parametrize(("code", "_name"), MODELS)
async def test_whatever_model_is_chosen_its_figures_are_shown_over_both_horizons(
    qtbot: QtBot, code: str, _name: str
) -> None:
    shell, screen = await opened(qtbot)
    screen.bar.model.setCurrentIndex(screen.bar.model.findData(code))
    screen.bar.model.activated.emit(screen.bar.model.currentIndex())
    await answered(shell, screen)
    found = screen.reading.found

    assert [row.tail for row in screen.pane.model.rows()] == [
        found.reports[days].study.tail(code, level) for days in (1, 10) for level in (0.95, 0.975, 0.99)
    ]
    assert found.report.study.tail(code).basis.method in screen.pane.cover.text()


async def test_a_garch_is_judged_by_its_own_row_and_says_where_another_stands_in_for_it(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    shell, screen = await opened(qtbot, fake)
    screen.bar.model.setCurrentIndex(screen.bar.model.findData("fhs_garch"))
    screen.bar.model.activated.emit(screen.bar.model.currentIndex())
    await answered(shell, screen)
    choose(screen.pane.results.ranges, "all")
    card = screen.reading.scored.card
    drawn = screen.pane.results.plot.results.floor

    assert tuple((-card.row("fhs-garch").value_at_risk).tolist()) == drawn
    assert "FHS-GARCH (1,1), 500 days" in screen.pane.cover.text()
    fake.risk.days = 80
    screen.bar.again.click()
    await answered(shell, screen)
    assert "FHS-EWMA (0.94) in place of GARCH (1,1)" in screen.pane.cover.text()


async def test_another_confidence_is_computed_anew(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot)
    choose(screen.bar.level, "0.95")
    await answered(shell, screen)
    study = screen.reading.found.report.study

    assert study.question.confidence == 0.95
    assert Decimal(screen.figures()["var"]) == exact(study.tail(confidence=0.95).value_at_risk)
    assert screen.reading.scored.card.confidence == 0.95


async def test_every_level_over_both_horizons_stands_beside_the_chart(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot)
    rows = list(screen.pane.model.rows())
    found = screen.reading.found

    assert [(row.tail.horizon_days, row.tail.confidence) for row in rows] == [
        (days, level) for days in (1, 10) for level in (0.95, 0.975, 0.99)
    ]
    assert rows[5].tail is found.reports[10].study.tail("fhs", 0.99)


# the chart of results -------------------------------------------------------------------------------------------------
async def test_exceptions_of_the_chart_are_those_of_the_report_card(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot)
    choose(screen.pane.results.ranges, "all")
    row = screen.reading.scored.card.row(DEFAULT)

    assert len(screen.pane.results.plot.results.exceptions()) == row.count > 0
    screen.pane.results.as_table.toggle()
    assert sum(day.is_exception for day in screen.pane.results.model.rows()) == row.count


async def test_down_and_up_go_from_exception_to_exception(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot)
    plot = screen.pane.results.plot
    exceptions = plot.results.exceptions()
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Home)
    QTest.keyClick(plot, Qt.Key.Key_Down)
    first = plot.index
    QTest.keyClick(plot, Qt.Key.Key_Down)
    second = plot.index
    QTest.keyClick(plot, Qt.Key.Key_Up)

    assert (first, second, plot.index) == (exceptions[0], exceptions[1], exceptions[0])
    assert plot.tags.cross.note == "exception"


async def test_t_shows_the_chart_as_a_table_and_back(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot)
    QTest.keyClick(screen, Qt.Key.Key_T)
    as_table = screen.main_part() is screen.pane.results.table
    QTest.keyClick(screen, Qt.Key.Key_T)

    assert as_table
    assert screen.main_part() is screen.pane.results.plot


async def test_a_chart_is_saved_as_a_picture_and_its_values_are_exact(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def where(_parent: QWidget, _title: str, name: str) -> Path:
        return tmp_path / name

    monkeypatch.setattr(overview_seen, "ask_where", where)
    shell, screen = await opened(qtbot)
    screen.pane.results.file_asked.emit("png")
    await answered(shell, screen)
    headings, rows = screen.pane.results.raw_rows()
    results = screen.pane.results.plot.results

    assert shell.toasts == ["Written: risk-results-2026-11-20.png"]
    assert headings == ["Day", "Result", "−VaR", "−ES", "Exception"]
    assert [len(rows), rows[-1][1]] == [len(results), str(Decimal(repr(round(results.made[-1], 10))))]
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)


async def test_a_file_of_tails_says_for_how_long_each_is(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot)

    assert [row[0] for row in screen.export_rows()[1]] == [
        "95 %, 1 d", "97.5 %, 1 d", "99 %, 1 d", "95 %, 10 d", "97.5 %, 10 d", "99 %, 10 d",
    ]  # fmt: skip


# states ---------------------------------------------------------------------------------------------------------------
async def test_empty_books_say_what_to_do_and_are_no_failed_job(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot, FakeWorkspace(empty=True))

    assert screen.stage.state == "message"
    assert "Nothing is held. Connect a source or import a statement." in texts(screen)
    assert [job.reason for job in shell.workspace.jobs.all()] == [""]


async def test_a_short_history_shows_what_there_is_and_says_what_is_missing(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.risk.days = 120
    _, screen = await opened(qtbot, fake)
    blocks = screen.pane.strip.blocks

    assert blocks["var"].figure.exact is not None
    assert (blocks["stressed"].figure.text(), blocks["stressed"].note.text()) == (
        fmt.UNKNOWN,
        "needs 365 days, there are 119",
    )
    assert "It takes 155 days of closes; there are 119." in texts(screen.pane.results)


async def test_a_history_of_a_year_takes_a_shorter_window_and_says_so(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.risk.days = 400
    _, screen = await opened(qtbot, fake, "card")

    assert screen.reading.scored.window == 250
    assert screen.pane.note.text().endswith("; 250 instead of 500, since the history is short")


async def test_a_fault_stands_in_the_place_of_figures(qtbot: QtBot) -> None:
    fault = SourceError("The prices are damaged.", hint="Read them again.")
    _, screen = await opened(qtbot, FakeWorkspace(failing={"risk": fault}))

    assert screen.stage.state == "message"
    assert "The prices are damaged. Read them again." in texts(screen)


async def test_figures_of_before_stay_where_new_ones_fail_and_say_so(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    shell, screen = await opened(qtbot, fake)
    before = screen.figures()
    fake.answers.failing["risk"] = SourceError("The prices are damaged.")
    screen.reading.compute()
    await answered(shell, screen)

    assert screen.figures() == before
    assert shell.banners[-1] is not None
    assert shell.banners[-1].what == "These figures are of before: The prices are damaged."


async def test_a_computation_is_stopped_and_says_so(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.hold()
    shell = TableShell(fake)
    screen = RiskScreen(shell)
    qtbot.addWidget(screen, before_close_func=lambda _: screen.deactivate())
    screen.activate()
    await asyncio.sleep(0)
    screen.bar.halt.click()
    fake.release()
    await answered(shell, screen)

    assert screen.reading.found is None
    assert "Not computed." in texts(screen)


async def test_old_marks_are_told_and_their_figures_are_grey(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot, FakeWorkspace(stale_ns=34 * 60 * SECOND))

    assert (screen.bar.pill.isHidden(), screen.bar.pill.text()) == (False, "marks 34 min old")
    assert screen.pane.strip.blocks["var"].figure.property("tone") == "text_3"


async def test_prices_that_move_are_followed_without_a_job_and_not_while_hidden(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    shell, screen = await opened(qtbot, fake)
    before, jobs = screen.figures()["var"], len(shell.workspace.jobs.all())
    fake.move_marks({"bitcoin": Decimal(45000)})
    at_once = float(screen.figures()["var"])
    assert screen.reading._live.isActive()
    screen.reading._follow()
    await answered(shell, screen)

    assert at_once < float(before)
    assert at_once == pytest.approx(float(screen.figures()["var"]), rel=0.05)
    assert len(shell.workspace.jobs.all()) == jobs

    screen.deactivate()
    asked = len(fake.risk.asked)
    fake.events.publish(MarksChanged(frozenset({"bitcoin"})))
    fake.events.publish(RecordsAppended(("kraken-main",)))
    await shell.settled()
    assert (screen.reading._live.isActive(), len(fake.risk.asked)) == (False, asked)


@pytest.mark.parametrize("kind", PANES)
async def test_every_section_hides_its_figures_and_shows_them_again(qtbot: QtBot, kind: Any) -> None:
    shell, screen = await opened(qtbot, detail=kind.word)
    exported, seen = screen.export_rows(), texts(screen.pane)
    fmt.set_mask(fmt.Mask.EVERYTHING)
    try:
        screen.masking_changed()
        await answered(shell, screen)
        hidden = texts(screen.pane)
    finally:
        fmt.set_mask(fmt.Mask.NOTHING)
    screen.masking_changed()
    await answered(shell, screen)

    assert fmt.MASK in " ".join(hidden)
    assert texts(screen.pane) == seen
    assert exported is not None
    assert screen.export_rows() == exported
