"""Forms that are those of the command line, and methods compared with the order that follows from it."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.file_ports import ReportWriter
from app.core.lots.methods import Method, Scope
from app.core.reports.catalog import report
from app.documents.csv_files import CsvReports
from app.documents.pdf_files import PdfReports
from app.documents.txf_files import TxfReports
from app.documents.xlsx_files import XlsxReports
from app.services.tax_reports import source_of
from app.services.tax_years import Asked
from app.ui.screens import tax_form_files as files
from app.ui.screens.tax_compare import ComparePane
from app.ui.screens.tax_forms import FormsPane
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_tax import tax_year
from tests.ui.tax_places import OF_2026, calm, opened
from tests.ui.windows import on_loop

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_form_is_shown_as_it_is_written_and_the_file_is_that_of_the_command_line(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writers: dict[str, ReportWriter] = {
        "csv": CsvReports(),
        "xlsx": XlsxReports(),
        "pdf": PdfReports(),
        "txf": TxfReports(),
    }

    async def story() -> None:
        fake = FakeWorkspace()
        fake.runtime = replace(fake.runtime, reports=writers)
        shell, screen = await opened(qtbot, fake, detail="forms/us-8949")
        pane = screen.pane
        assert isinstance(pane, FormsPane)
        assert pane.report is not None
        expected = report("us-8949", source_of(tax_year(OF_2026), 2026, fake.runtime.assets))
        on = datetime(2026, 11, 20, tzinfo=UTC).date()
        for how in files.FORMATS:
            writers[how].write(tmp_path / f"cli.{how}", expected, on)

            async def here(*_words: object, how: str = how) -> Path:
                return tmp_path / f"window.{how}"

            monkeypatch.setattr(files, "ask_where", here)
            pane.save[how].click()
            await calm(shell, screen)

        assert expected == pane.report
        titles, rows = pane.preview.written() or ((), ())
        with (tmp_path / "cli.csv").open(newline="", encoding="utf-8") as file:
            lines = list(csv.reader(file))
        assert lines[: len(rows) + 1] == [list(titles), *map(list, rows)]
        for how in files.FORMATS:
            assert (tmp_path / f"cli.{how}").read_bytes() == (tmp_path / f"window.{how}").read_bytes()
        assert len(shell.toasts) == len(files.FORMATS)

    on_loop(story())


def test_ways_are_compared_one_after_the_other_and_refused_ones_say_why(qtbot: QtBot) -> None:
    async def story() -> None:
        shell, screen = await opened(qtbot, detail="compare")
        pane = screen.pane
        assert isinstance(pane, ComparePane)
        pane.run.click()
        await shell.settled()
        hifo = next(way for way in pane._ways if way.method is Method.HIFO and way.scope is Scope.PER_WALLET)
        expected = tax_year(Asked("us", Method.HIFO, Scope.PER_WALLET, "", 2026)).figures.totals

        assert expected == hifo.totals
        assert next(job.title for job in shell.workspace.jobs.all()) == "Compare methods, 2026, United States"
        screen.computing.ask(Asked("uk", year=2026))
        await calm(shell, screen)
        refused = {way.method for way in pane._ways if way.refused}
        assert refused == {Method.FIFO, Method.LIFO, Method.HIFO, Method.LOFO}

    on_loop(story())


def test_an_order_is_recorded_with_its_reason_and_taken_back(qtbot: QtBot) -> None:
    async def story() -> None:
        shell, screen = await opened(qtbot, detail="compare")
        pane = screen.pane
        assert isinstance(pane, ComparePane)
        pane.table.choose("hifo/per-wallet")
        was_offered = pane.order.isEnabled()
        pane.run.click()
        await shell.settled()
        pane.order.click()
        pane.form.record.click()
        without_reason = pane.form.trouble.text()
        pane.form.reason.setText("decided with my adviser")
        QTest.keyClick(pane.form.reason, Qt.Key.Key_Return)
        await shell.settled()
        given = [(one.year, one.method, one.scope, one.reason) for one in shell.fake.tax.given]
        assert shell.undo is not None
        shell.undo()
        await shell.settled()

        assert not was_offered
        assert without_reason.startswith("Say why")
        assert given == [(2026, Method.HIFO, Scope.PER_WALLET, "decided with my adviser")]
        assert shell.fake.tax.given[-1].method is Method.FIFO
        assert screen.computing.is_stale

    on_loop(story())


def test_a_row_of_a_form_leads_to_its_entry(qtbot: QtBot) -> None:
    async def story() -> None:
        shell, screen = await opened(qtbot, detail="forms/us-8949")
        pane: Any = screen.pane
        table = pane.preview.table
        table.opened.emit(table.table_model.line(0).key)
        await shell.settled()

        row = pane.report.tables[0].rows[0]
        assert shell.panel.entry_id == row[-1].partition("/")[0]

    on_loop(story())


@pytest.mark.parametrize(
    ("country", "titles"),
    [("us", ["Short-term", "Long-term"]), ("de", ["Within 1 year", "After 1 year"]), ("uk", [])],
)
def test_ways_are_compared_in_the_terms_of_the_country(qtbot: QtBot, country: str, titles: list[str]) -> None:
    async def story() -> None:
        shell, screen = await opened(qtbot, detail="compare")
        screen.computing.ask(Asked(country, year=2026))
        await calm(shell, screen)
        table: Any = screen.main_part()
        shown_ = [table.table_model.columns[number] for number in table.shown_columns()]

        assert titles == [column.title for column in shown_ if column.column_id in {"short_gain", "long_gain"}]

    on_loop(story())
