"""Form 1099-DA in the window: a file beside the sales, boxes that follow it, bad rows by name, what stays."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core.reports.broker import read_lines
from app.core.reports.broker_match import LIST_COLUMNS
from app.core.reports.catalog import report
from app.core.reports.table import Report
from app.documents.csv_files import CsvFiles
from app.services.tax_reports import source_of
from app.services.tax_years import Asked
from app.ui import format as fmt
from app.ui.screens import tax_broker as broker
from app.ui.screens.tax import TaxScreen
from app.ui.screens.tax_forms import FormsPane
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_tax import tax_year
from tests.ui.table_screens import TableShell, texts
from tests.ui.tax_places import opened

US = Asked("us", year=2026)
HEADING = "id,term,proceeds,basis,basis_reported\n"


def sale(asset: str) -> str:
    """Return the row of the first sale of an asset."""
    return next(one.row for one in tax_year(US).figures.disposals if one.asset == asset)


def boxes(made: Report | None) -> dict[str, tuple[object, object]]:
    """Return (box, code) of each row of Form 8949 by its sale and description."""
    assert made is not None
    return {f"{row[-1]} {row[2]}": (row[1], row[7]) for row in made.tables[0].rows}


async def forms(
    qtbot: QtBot, fake: FakeWorkspace | None = None, detail: str = "forms/us-8949"
) -> tuple[TableShell, FormsPane, TaxScreen]:
    """Return the window, the tab of forms and the place, after the answer to a question."""
    shell, screen = await opened(qtbot, fake, detail)
    pane = screen.pane
    assert isinstance(pane, FormsPane)
    return shell, pane, screen


def file(folder: Path, *rows: str) -> Path:
    made = folder / "broker.csv"
    made.write_text(HEADING + "\n".join(rows) + "\n", encoding="utf-8")
    return made


async def test_boxes_and_corrections_follow_the_lines_that_are_used(qtbot: QtBot, tmp_path: Path) -> None:
    shell, pane, _place = await forms(qtbot)
    before = boxes(pane.report)
    rows = (f"{sale('solana')},,23842.50,15000,yes", f"{sale('ethereum')},,101360.00,,no")
    path = file(tmp_path, *rows)
    await pane.broker.preview(path)
    beside = [[row.asset, row.match.form.box, row.match.form.code] for row in pane.broker.page.model.rows()]
    pane.broker.page.take.click()
    await shell.settled()

    expected = report(
        "us-8949", source_of(tax_year(US), 2026, shell.workspace.runtime.assets, read_lines(path.read_text("utf-8")))
    )
    assert {box for box, _ in before.values()} <= {"I", "L"}
    assert beside == [["SOL", "G", "B"], ["ETH", "K", ""]]
    assert pane.report == expected
    assert pane.broker.line.told.text() == "Form 1099-DA: 2 lines of broker.csv."
    assert shell.toasts == ["Form 8949 follows broker.csv."]


async def test_what_is_used_stays_for_the_year_until_it_is_left_out_and_undo_brings_it_back(
    qtbot: QtBot, tmp_path: Path
) -> None:
    fake = FakeWorkspace()
    shell, pane, _place = await forms(qtbot, fake)
    own = boxes(pane.report)
    await pane.broker.preview(file(tmp_path, f"{sale('solana')},,23842.50,,no"))
    pane.broker.page.take.click()
    await shell.settled()
    used = boxes(pane.report)
    again, anew, _other = await forms(qtbot, fake)
    kept = boxes(anew.report)
    anew.broker.line.leave.click()
    await again.settled()
    left_out = boxes(anew.report)
    assert again.undo is not None
    again.undo()
    await again.settled()

    assert used == kept == boxes(anew.report)
    assert left_out == own != used


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{sale},medium,1,,no", "row 2: term 'medium' is none of short, long and nothing"),
        ("{sale},,one,,no", "row 2: 'one' is not a decimal number"),
        (",,1,,no", "row 2: id is empty"),
    ],
)
async def test_a_bad_row_is_named_and_nothing_can_be_used(qtbot: QtBot, tmp_path: Path, row: str, told: str) -> None:
    _, pane, _place = await forms(qtbot)
    path = file(tmp_path, row.replace("{sale}", sale("solana")), f"{sale('ethereum')},,101360.00,,no")
    await pane.broker.preview(path)
    page = pane.broker.page

    assert told in page.faults.text()
    assert "1 of 1 lines fit a sale · 1 row cannot be read" in texts(page)
    assert not page.take.isEnabled()


async def test_a_line_of_no_sale_comes_first_and_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    _, pane, _place = await forms(qtbot)
    await pane.broker.preview(file(tmp_path, f"{sale('ethereum')},,101360.00,,no", "nobody,,1,,no"))
    page = pane.broker.page
    tips = page.model.index(0, page.model.column_number("state"))

    assert [row.asset for row in page.model.rows()] == ["nobody", "ETH"]
    assert "belongs to no sale of 2026" in tips.data(3)
    assert "belongs to no sale of 2026" in page.faults.text()
    assert not page.take.isEnabled()


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"date,amount\n1,2\n", "has no column id, term, proceeds"), (b"\xff\xfe\x00", "cannot be read as text")],
)
async def test_a_file_of_something_else_is_refused_in_place(
    qtbot: QtBot, tmp_path: Path, content: bytes, told: str
) -> None:
    shell, pane, _place = await forms(qtbot)
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    await pane.broker.preview(path)
    said = " ".join(texts(pane.broker.page))
    pane.broker.page.cancel.click()

    assert told in said
    assert not pane.broker.is_open
    assert shell.faults == []


async def test_the_list_of_sales_can_be_filled_in_and_used(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeWorkspace()
    fake.runtime = replace(fake.runtime, csv=CsvFiles())
    shell, pane, _place = await forms(qtbot, fake)
    target = tmp_path / "list.csv"

    async def here(*_words: object) -> Path:
        return target

    monkeypatch.setattr(broker, "ask_list_place", here)
    pane.broker.line.list.click()
    await shell.settled()
    with target.open(newline="", encoding="utf-8") as listed:
        rows = list(csv.DictReader(listed))

    assert tuple(rows[0]) == LIST_COLUMNS
    assert {row["id"] for row in rows} == {one.row for one in tax_year(US).figures.disposals}
    assert read_lines(target.read_text("utf-8")) == {}
    assert shell.toasts == [f"{len(rows)} sales written to list.csv: fill in what brokers reported."]


async def test_forms_of_other_countries_and_general_reports_have_no_line_of_brokers(qtbot: QtBot) -> None:
    shell, pane, _place = await forms(qtbot)
    has_it = pane.broker.line.isHidden()
    pane.choose("realised")
    await shell.settled()

    assert (has_it, pane.broker.line.isHidden()) == (False, True)


async def test_hidden_amounts_stay_hidden(qtbot: QtBot, tmp_path: Path) -> None:
    _, pane, _place = await forms(qtbot)
    fmt.set_mask(fmt.Mask.AMOUNTS)
    try:
        await pane.broker.preview(file(tmp_path, f"{sale('solana')},,23842.50,15000,yes"))
        cells = [text for row in pane.broker.page.table.seen(masked=True)[1] for text in row]
    finally:
        fmt.set_mask(fmt.Mask.NOTHING)

    assert [text for text in cells if "23" in text or "15" in text] == []
