"""Ratios, benchmark and attribution in the window: what is asked, what is shown, and what where nothing is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.errors import InputError, SourceError
from app.core.model.views import Scope
from app.services.events import RecordsAppended
from app.ui import format as fmt
from app.ui.charts import chart_table
from app.ui.screens import track_explained
from app.ui.screens.risk_drawdown import DrawdownPane
from app.ui.screens.risk_found import exact
from app.ui.screens.track import TrackScreen
from app.ui.screens.track_found import FigureRow, _of_other, figure_rows
from app.ui.widgets.tables_cells import AT_RIGHT
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.table_screens import TableShell, shown

YEAR = Scope(since_ns=1_767_225_600_000_000_000)
"""From 2026-01-01."""


async def opened(
    qtbot: QtBot, fake: FakeWorkspace | None = None, scope: Scope = YEAR
) -> tuple[TableShell, TrackScreen, FakeWorkspace]:
    workspace = fake or FakeWorkspace()
    shell, screen = await shown(TrackScreen, qtbot, workspace, scope=scope)
    return shell, screen, workspace


async def choose(shell: TableShell, screen: TrackScreen, benchmark: str) -> None:
    screen.bar.choice.setCurrentIndex(screen.bar.choice.findData(benchmark))
    screen.bar.choice.activated.emit(screen.bar.choice.currentIndex())
    await shell.settled()


async def test_accounts_and_period_are_those_of_the_scope(qtbot: QtBot) -> None:
    scope = Scope(accounts=("kraken-main",), since_ns=YEAR.since_ns)
    _, screen, workspace = await opened(qtbot, scope=scope)

    (asked,) = workspace.track_record.asked
    assert (asked.accounts, asked.first, asked.benchmark, asked.riskless) == (
        ("kraken-main",), date(2026, 1, 1), "", 0.0,
    )  # fmt: skip
    assert screen.note() == "2026-01-01 – 2026-11-19"


async def test_figures_are_those_of_the_engine_and_parts_add_up_to_the_return(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    assert screen.seen is not None
    track, found = screen.seen.record.track, screen.figures()

    assert Decimal(found["total"]) == exact(track.total)
    assert Decimal(found["sharpe"]) == exact(track.ratios.sharpe)
    assert Decimal(found["beta"]) == exact(track.ratios.beta)
    assert float(sum(row.part for row in screen.model.rows())) == pytest.approx(track.total, abs=1e-8)
    assert [row.title for row in screen.figure_model.rows() if row.key in {"allocation", "selection"}] == [
        "Allocation effect", "Selection effect",
    ]  # fmt: skip
    assert screen.strip.blocks["sharpe"].figure.text() == fmt.price(exact(track.ratios.sharpe), places=2)


async def test_what_a_year_is_needed_for_is_unknown_below_it_and_says_so(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    calmar = next(row for row in screen.figure_model.rows() if row.key == "calmar")
    assert (calmar.book, calmar.why) == (None, "needs a year; there are 323 days")

    _, whole, _ = await opened(qtbot, scope=Scope(since_ns=None))
    assert {"calmar", "growth"} <= set(whole.figures())


async def test_another_benchmark_is_asked_for_kept_in_the_vault_and_offered_again(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    await choose(shell, screen, "equal")

    assert workspace.track_record.asked[-1].benchmark == "equal"
    assert workspace.settings["track/benchmark"] == "equal"
    assert screen.model.columns[screen.model.column_number("against")].title == "Against equal weights"
    _, again, _ = await opened(qtbot, workspace)
    assert (again.bar.benchmark, workspace.track_record.asked[-1].benchmark) == ("equal", "equal")


async def test_without_a_benchmark_there_is_no_beta_and_no_column_for_one(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot)
    screen.chart.kind.choose("beta")
    await choose(shell, screen, "none")

    assert "beta" not in screen.figures()
    assert screen.chart.kind.current == "growth"
    assert screen.strip.blocks["beta"].note.text() == "no benchmark"
    for table, model, column in (
        (screen.figure_table, screen.figure_model, "other"),
        (screen.table, screen.model, "against"),
    ):
        assert table.isColumnHidden(model.column_number(column))


async def test_a_riskless_rate_is_asked_for_and_one_that_is_none_is_said_in_place(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    plain = Decimal(screen.figures()["sharpe"])
    QTest.keyClicks(screen.bar.rate, "four")
    QTest.keyClick(screen.bar.rate, Qt.Key.Key_Return)
    await shell.settled()
    assert screen.bar.trouble.text() == fmt.typeset("'four' is no annual rate. Examples: 4% or 0.04.")
    assert len(workspace.track_record.asked) == 1

    screen.bar.rate.setText("")
    QTest.keyClicks(screen.bar.rate, "4 %")
    QTest.keyClick(screen.bar.rate, Qt.Key.Key_Return)
    await shell.settled()
    assert (screen.bar.trouble.text(), workspace.track_record.asked[-1].riskless) == ("", 0.04)
    assert workspace.settings["track/riskless"] == "4 %"
    assert Decimal(screen.figures()["sharpe"]) < plain


async def test_a_day_without_a_price_is_a_gap_and_the_coverage_tells_it(qtbot: QtBot) -> None:
    workspace = FakeWorkspace()
    workspace.track_record.hole = True
    _, screen, _ = await opened(qtbot, workspace)

    assert None in screen.chart.course.values
    assert screen.bar.cover.text().startswith("Covers 99.4")


async def test_the_chart_shows_growth_or_a_rolling_figure_as_line_table_and_file(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    assert screen.seen is not None
    assert screen.chart.raw_rows()[0] == ("Day", "Book", "BTC")
    first = screen.chart.raw_rows()[1][0]
    assert first == ["2025-12-31", "100", "100"]

    screen.chart.kind.choose("beta")
    screen.chart.kind.chosen.emit("beta")
    rolling = screen.seen.record.track.rolling
    assert screen.chart.raw_rows()[0] == ("Day", "Beta to BTC, 90 days")
    assert rolling.beta is not None
    assert Decimal(screen.chart.raw_rows()[1][-1][1]) == exact(float(rolling.beta[-1]))
    screen.setFocus()
    QTest.keyClick(screen, Qt.Key.Key_T)
    assert screen.chart.as_table.isChecked()


async def test_a_period_too_short_for_a_rolling_figure_says_so(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot, scope=Scope(since_ns=1_791_000_000_000_000_000))
    screen.chart.kind.choose("volatility")
    screen.chart.kind.chosen.emit("volatility")
    await shell.settled()

    assert not screen.chart.is_known
    assert screen.stage.state == "table"


async def test_every_figure_says_how_it_is_computed(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot)
    assert screen.seen is not None
    for row in screen.figure_model.rows():
        figure = track_explained.explained(row.key, screen.seen)
        assert figure.title
        assert ("Benchmark", "BTC") in figure.inputs
        assert "The books as they were held" in figure.formula
    screen.figure_table.choose("sharpe")
    screen.figure_table.setFocus()
    QTest.keyClick(screen.figure_table, Qt.Key.Key_Return)
    await shell.settled()
    assert shell.explained[-1].title == "Sharpe ratio"
    screen.how.click()
    told = shell.explained[-1]
    assert told.title == "Where the return comes from"
    assert [row[0] for row in told.inputs][:3] == ["Return", "BTC", "Difference, where both are known"]


async def test_enter_on_a_part_opens_its_entries_and_fees_have_none(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot)
    for key in ("bitcoin", "fees"):
        screen.table.choose(key)
        screen.table.setFocus()
        QTest.keyClick(screen.table, Qt.Key.Key_Return)

    assert shell.gone == ["activity/bitcoin"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (InputError("nothing was ever held", hint="Connect a source."), "There are no ratios of this period."),
        (SourceError("no answer"), "Risk and return could not be measured."),
    ],
)
async def test_what_cannot_be_measured_says_why_and_leads_on(qtbot: QtBot, fault: Exception, words: str) -> None:
    _, screen, _ = await opened(qtbot, FakeWorkspace(failing={"track": fault}))

    assert screen.stage.state == "message"
    seen = screen.stage.currentWidget()
    assert seen is not None
    assert seen.accessibleName() == words
    assert (screen.export_rows(), screen.figures(), screen.export.isEnabled()) == (None, {}, False)


async def test_new_entries_are_measured_and_a_hidden_screen_does_not_listen(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    screen.deactivate()
    workspace.events.publish(RecordsAppended((), None))
    assert not screen._later.isActive()

    screen.activate()
    workspace.events.publish(RecordsAppended((), None))
    assert screen._later.isActive()
    await shell.settled()
    assert len(workspace.track_record.asked) == 2


async def test_an_answer_that_comes_once_another_screen_is_shown_changes_nothing(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    before = screen.seen
    workspace.hold()
    screen.scope_changed()
    screen.deactivate()
    workspace.release()
    await shell.settled()

    assert screen.seen is before


async def test_hidden_figures_are_hidden_everywhere(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    fmt.set_mask(fmt.Mask.EVERYTHING)
    try:
        screen.masking_changed()
        assert fmt.MASK in screen.strip.blocks["total"].figure.text()
        _, rows = screen.table.seen(masked=True)
        assert all(fmt.MASK in row[3] for row in rows)
    finally:
        fmt.set_mask(fmt.Mask.NOTHING)


async def test_export_has_parts_and_figures_raw(qtbot: QtBot, tmp_path: Path) -> None:
    _, screen, _ = await opened(qtbot)
    exported = screen.export_rows()
    assert exported is not None

    titles, rows = exported
    assert list(titles) == ["Figure", "Of", "Value"]
    known = {(what, whose): value for what, whose, value in rows}
    assert len(known) == len(rows)
    assert known["Sharpe ratio", "Book"] == screen.figures()["sharpe"]
    assert {("Sharpe ratio", "BTC"), ("Part of return", "Fees"), ("Against BTC", "ETH")} <= set(known)
    assert isinstance(screen.main_part(), QWidget)


def test_the_drawdown_of_the_book_as_it_is_leads_to_the_books_as_they_were(qtbot: QtBot) -> None:
    shell = TableShell(FakeWorkspace())
    pane = DrawdownPane(shell)
    for _piece in pane.pieces():
        pass
    qtbot.addWidget(pane)
    pane.past.click()

    assert shell.gone == ["track"]


async def test_what_is_unknown_of_the_benchmark_is_a_dash_and_what_it_has_not_is_empty(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    assert screen.seen is not None
    branches = figure_rows(screen.seen)
    above = {one.row.title: _of_other(one.row) for one in branches if isinstance(one.row, FigureRow)}
    below = {_of_other(one.row) for branch in branches for one in branch.children}

    assert [above[title] for title in ("Growth a year", "Calmar ratio")] == [fmt.UNKNOWN, fmt.UNKNOWN]
    assert below == {""}


async def test_figures_of_a_chart_as_a_table_stand_under_their_headings(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell, screen = (await opened(qtbot))[:2]
    sides: dict[str, object] = {}

    def noted(_painter: object, _box: object, text: str, _ink: str, _role: str, side: object) -> None:
        sides[text] = side

    monkeypatch.setattr(chart_table, "write", noted)
    screen.chart.as_table.setChecked(True)
    await shell.settled()
    table, model = screen.chart.table, screen.chart.model
    table.grab()
    heads = [
        model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole) for column in (1, 2)
    ]

    assert [sides[model.index(0, column).data()] for column in (1, 2)] == [AT_RIGHT, AT_RIGHT]
    assert heads == [Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter] * 2
