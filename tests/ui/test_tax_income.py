"""The tab of income: receipts with their values, totals by kind, what each follows from, the export of what is seen."""

from __future__ import annotations

from decimal import Decimal
from itertools import chain

import pytest
from pytestqt.qtbot import QtBot

from app.core.money import plain
from app.core.reports.catalog import report
from app.core.tax.from_entries import entry_of
from app.core.tax.income import IncomeKind
from app.services.tax_reports import source_of
from app.services.tax_years import Asked
from app.ui import format as fmt
from app.ui.screens.tax import TaxScreen
from app.ui.screens.tax_income import IncomePane
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_tax import DROPPED, tax_year
from tests.ui.table_screens import TableShell, texts
from tests.ui.tax_places import opened

US = Asked("us", year=2026)
KNOWN = "".join(DROPPED.splitlines(keepends=True)[:2])


async def income(
    qtbot: QtBot, more: str = "", *, asked: Asked = US, detail: str = "income"
) -> tuple[TableShell, TaxScreen, IncomePane]:
    """Return the window, the place and its tab of income, after the answer to a question."""
    fake = FakeWorkspace()
    fake.tax.more = more
    shell, screen = await opened(qtbot, fake, detail, asked)
    pane = screen.pane
    assert isinstance(pane, IncomePane)
    return shell, screen, pane


async def test_every_receipt_is_listed_the_newest_first_with_its_kind_and_value(qtbot: QtBot) -> None:
    _, _, pane = await income(qtbot, KNOWN)

    said = [(row.day.isoformat(), row.kind, plain(row.figures.value or Decimal(0))) for row in pane.model.fitting]
    assert said == [
        ("2026-05-01", IncomeKind.REWARD, "31.5"),
        ("2026-04-01", IncomeKind.AIRDROP, "344.25"),
        ("2026-03-11", IncomeKind.REWARD, "1734"),
    ]


async def test_totals_by_kind_add_up_to_the_income_of_the_year_whatever_is_filtered(qtbot: QtBot) -> None:
    _, screen, pane = await income(qtbot, KNOWN)
    pane.filter.setText("link")
    figures = pane.figures()

    assert (figures["income/kind/reward"], figures["income/kind/airdrop"]) == ("1765.5", "344.25")
    assert tax_year(US, more=KNOWN).figures.totals.income == Decimal("2109.75")
    assert (pane.whole.figure.text(), pane.count.text()) == ("$2,109.75", "1 of 3 shown, all counted")
    assert screen.export_rows() is not None


async def test_a_chip_keeps_one_kind_and_lets_go_of_it(qtbot: QtBot) -> None:
    _, _, pane = await income(qtbot, KNOWN)
    pane.kinds[IncomeKind.AIRDROP].click()
    kept = [row.kind for row in pane.model.fitting]
    pane.kinds[IncomeKind.AIRDROP].click()

    assert kept == [IncomeKind.AIRDROP]
    assert pane.model.fitting_count == 3


async def test_the_export_is_what_is_seen_and_the_report_has_the_same_values(qtbot: QtBot) -> None:
    shell, screen, pane = await income(qtbot, KNOWN)
    pane.filter.setText("rewards")
    columns, exported = screen.export_rows() or ((), ())
    made = report("income", source_of(tax_year(US, more=KNOWN), 2026, shell.workspace.runtime.assets))

    place = [one.title for one in made.tables[2].columns].index("Value")
    assert [row[list(columns).index("Value")] for row in exported] == ["31.5", "1734"]
    assert {row[place] for row in made.tables[2].rows} == {row.figures.value for row in pane.model.rows()}


async def test_a_receipt_tells_what_its_value_follows_from_down_to_its_entry(qtbot: QtBot) -> None:
    shell, _, pane = await income(qtbot, KNOWN)
    key = pane.model.line(1).key
    pane.table.previewed.emit(key)
    said = texts(shell.panel)
    pane.table.opened.emit(key)

    assert {
        "Airdrop",
        "25.5\u2009LINK",
        "25.5 LINK at the close of 2026-04-01, 13.5 USD",
        "2026-04-01",
        "Receipt",
    } <= set(said)
    assert shell.panel.entry_id == entry_of(key)


async def test_how_the_income_is_computed_names_kinds_assets_and_what_is_known(qtbot: QtBot) -> None:
    shell, _, pane = await income(qtbot, DROPPED)
    pane.how.click()

    text = shell.explained[-1]
    assert ("Rewards and interest", "ETH", "2", "$1,765.50") in text.inputs
    assert ("Airdrops", "LINK", "2", fmt.UNKNOWN) in text.inputs
    assert text.coverage.endswith("3 of 4 receipts known")
    assert text.place == "tax/income"


async def test_a_value_that_is_not_known_blocks_its_sums_and_is_no_zero(qtbot: QtBot) -> None:
    _, screen, pane = await income(qtbot, DROPPED)

    assert pane.whole.figure.text() == fmt.UNKNOWN
    assert pane.figures()["income/kind/airdrop"] == ""
    assert pane.model.index(0, pane.model.column_number("value")).data() == "value not known"
    assert "blocked" in texts(screen.bar)


async def test_a_year_without_income_says_so(qtbot: QtBot) -> None:
    shell, _, pane = await income(qtbot)
    asked = Asked("us", year=2024)
    pane.take(tax_year(asked), asked)
    await shell.settled()

    assert "Nothing was received in this year." in texts(pane)


@pytest.mark.parametrize("level", [fmt.Mask.AMOUNTS, fmt.Mask.EVERYTHING])
async def test_hidden_amounts_stay_hidden(qtbot: QtBot, level: fmt.Mask) -> None:
    shell, screen, pane = await income(qtbot, KNOWN)
    pane.table.previewed.emit(pane.model.line(1).key)
    fmt.set_mask(level)
    try:
        screen.masking_changed()
        said = " ".join([*texts(pane), *texts(shell.panel), *chain.from_iterable(pane.table.seen(masked=True)[1])])
    finally:
        fmt.set_mask(fmt.Mask.NOTHING)

    assert [figure for figure in ("344", "2,109", "25.5", "1,734") if figure in said] == []


async def test_a_receipt_opens_by_its_place_and_an_asset_filters(qtbot: QtBot) -> None:
    row = tax_year(US, more=KNOWN).figures.income[0].row
    shell, screen, pane = await income(qtbot, KNOWN, detail=f"income/{row}")
    chosen = (pane.table.current_key(), shell.panel is not None)
    screen.activate("income/chainlink")
    await shell.settled()

    assert chosen == (row, True)
    assert [line.asset.symbol for line in pane.model.fitting] == ["LINK"]
