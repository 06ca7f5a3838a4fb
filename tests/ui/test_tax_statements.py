"""The tab of statements: a file beside the own books, what differs first, both sides in the inspector, bad files."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.core.statements.lines import Status
from app.services.tax_years import Asked
from app.ui.screens.tax import TaxScreen
from app.ui.screens.tax_statements import StatementsPane
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_statements import TABLE
from tests.ui.made_up_tax import tax_year
from tests.ui.table_screens import TableShell, texts
from tests.ui.tax_places import opened

US = Asked("us", year=2026)


async def statements(qtbot: QtBot, fake: FakeWorkspace | None = None) -> tuple[TableShell, TaxScreen, StatementsPane]:
    """Return the window, the place and its tab of statements, after the answer to a question."""
    shell, screen = await opened(qtbot, fake, "statements", US)
    pane = screen.pane
    assert isinstance(pane, StatementsPane)
    return shell, screen, pane


def file(folder: Path, text: str, name: str = "provider.csv") -> Path:
    made = folder / name
    made.write_text(text, encoding="utf-8")
    return made


async def test_before_a_file_is_chosen_the_tab_says_what_it_takes(qtbot: QtBot) -> None:
    _, _, pane = await statements(qtbot)

    assert (pane.stage.state, pane.main_part()) == ("message", pane.choose)
    assert any("DAC8 or CARF" in one for one in texts(pane))
    assert pane.export_rows() is None


async def test_lines_that_need_a_person_come_first_with_both_sides_and_the_reason(qtbot: QtBot, tmp_path: Path) -> None:
    _, _, pane = await statements(qtbot)

    await pane.read(file(tmp_path, TABLE))

    said = [(row.found.status.value, row.asset, row.about) for row in pane.model.rows()]
    assert said == [
        ("differs", "ETH", "received"),
        ("only-theirs", "XRP", "received"),
        ("only-ours", "SOL", "sent"),
        ("matched", "BTC", "bought for money"),
    ]
    assert pane.told.text() == "provider.csv: 1 matched · 1 differs · 1 only theirs · 1 only ours"
    assert "from memory" in pane.shape.text()
    assert pane.figures()["statements/differs"] == "1"


async def test_a_chip_shows_the_lines_of_one_state_and_the_inspector_both_sides(qtbot: QtBot, tmp_path: Path) -> None:
    shell, _, pane = await statements(qtbot)
    await pane.read(file(tmp_path, TABLE))

    pane.chips[Status.DIFFERS].click()
    key = pane.table.table_model.line(0).key
    pane.table.choose(key)
    pane.table.previewed.emit(key)

    assert [row.asset for row in pane.model.fitting] == ["ETH"]
    said = [one.replace("\u2009", " ") for one in texts(shell.panel)]
    assert "reported 0.4 ETH, own 0.5 ETH" in said
    assert "reported $1,000.00, own $1,734.00" in said
    assert "−0.1 ETH" in said
    assert any(one.startswith("Entry r1") for one in said)


async def test_lines_of_form_1099_da_stand_beside_their_sales_of_the_year(qtbot: QtBot, tmp_path: Path) -> None:
    shell, _, pane = await statements(qtbot)
    sale = tax_year(US).figures.disposals[0]

    await pane.read(file(tmp_path, f"id,proceeds\n{sale.row},1\nnobody,2\n"))

    rows = pane.model.rows()
    assert [row.found.status for row in rows[:2]] == [Status.DIFFERS, Status.ONLY_THEIRS]
    assert rows[0].found.own is not None
    assert rows[0].found.own["id"] == sale.row
    assert pane.shape.text() == ""
    assert shell.fake.statements.years == [2026]


async def test_another_year_compares_the_same_file_anew(qtbot: QtBot, tmp_path: Path) -> None:
    shell, screen, pane = await statements(qtbot)
    await pane.read(file(tmp_path, TABLE))
    screen._ask(Asked("us", year=2025))
    screen.computing.compute()
    job = screen.computing.job
    if job is not None:
        await shell.workspace.jobs.finished(job.job_id)
    await shell.settled()

    assert shell.fake.statements.years == [2026, 2025]


async def test_a_file_that_cannot_be_read_says_where_and_another_can_be_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    _, _, pane = await statements(qtbot)
    await pane.read(file(tmp_path, TABLE))

    await pane.read(file(tmp_path, TABLE.replace("0.4", "many"), "broken.csv"))

    said = " ".join(texts(pane))
    assert pane.stage.state == "message"
    assert "broken.csv cannot be compared." in said
    assert "row 3: 'many' is not a decimal number" in said
    assert (pane.answer, pane.told.text()) == (None, "")
