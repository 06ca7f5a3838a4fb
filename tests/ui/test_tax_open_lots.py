"""Open lots: of now and of a day, what each follows from, the terms of the country, parts selected ahead of sales."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.core.errors import InputError
from app.core.money import plain
from app.core.tax.from_entries import entry_of
from app.services.tax_years import Asked
from app.ui.screens.tax_lots_ahead_panel import AheadPanel
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.lots_places import answered, lots
from tests.ui.made_up_tax import tax_year
from tests.ui.table_screens import texts


async def test_all_open_lots_are_listed_filtered_and_exported(qtbot: QtBot) -> None:
    shell, _, pane = await lots(qtbot, detail="lots/open")
    await shell.settled()
    whole = pane.open.count.text()
    pane.filter.setText("solana")
    exported = pane.export_rows()

    assert (whole, pane.open.count.text()) == ("7 open lots", "2 open lots")
    assert exported is not None
    assert [row[0] for row in exported[1]] == ["SOL", "SOL"]


async def test_lots_are_selected_for_the_next_sales_and_given_back(qtbot: QtBot) -> None:
    shell, screen, pane = await lots(qtbot, detail="lots/open")
    await shell.settled()
    ahead, table = pane.ahead, pane.open.table
    without = (ahead.record.isEnabled(), ahead.back.isVisible())
    key = next(line.key for line in pane.open.model.lines() if line.row.asset.symbol == "SOL")
    table.choose(key)
    ahead.record.click()
    shell.panel.record.click()
    await shell.settled()
    await answered(shell, screen)
    await shell.settled()
    table.choose(key)
    said = next(line.row.lot.turn for line in pane.open.model.lines() if line.key == key)
    can_give_back = ahead.back.isVisible()
    ahead.back.click()
    await shell.settled()

    assert (without, said, can_give_back) == ((False, False), 1, True)
    assert shell.toasts == ["The next 439.75\u2009SOL from Binance use up these lots.", "Choice taken back."]
    assert [(one.asset, one.wallet, bool(one.lots)) for one in shell.fake.tax.selections] == [
        ("solana", "binance-main", True),
        ("solana", "binance-main", False),
    ]


async def test_lots_of_several_assets_are_no_one_selection(qtbot: QtBot) -> None:
    shell, _, pane = await lots(qtbot, detail="lots/open")
    await shell.settled()
    pane.open.table.selectAll()

    assert pane.ahead.record.isEnabled() is False
    assert "several assets or wallets" in pane.ahead.record.toolTip()


async def test_parts_of_lots_are_selected_ahead_each_in_its_field(qtbot: QtBot) -> None:
    shell, screen, pane = await lots(qtbot, detail="lots/open")
    await shell.settled()
    pane.filter.setText("solana")
    keys = [line.key for line in pane.open.model.lines()]
    pane.open.table.selectAll()
    pane.ahead.record.click()
    panel = shell.panel
    assert isinstance(panel, AheadPanel)
    whole = panel.total.text()
    panel.fields[0].setText("1,000")
    too_much = (panel.fault.text(), panel.record.isEnabled())
    panel.fields[0].setText("0.25")
    panel.fields[1].setFocus()
    QTest.keyClick(panel.fields[1], Qt.Key.Key_Return)
    await shell.settled()
    await answered(shell, screen)

    assert whole == "459.75\u2009SOL together"
    assert too_much == ("The lot of 2026-02-02 holds only 439.75\u2009SOL.", False)
    assert [(row, plain(units)) for row, units in shell.fake.tax.selections[-1].lots] == [
        (keys[0].removeprefix("binance-main/solana/"), "0.25"),
        (keys[1].removeprefix("binance-main/solana/"), "20"),
    ]
    assert shell.panel is None


async def test_nothing_is_selected_ahead_where_a_person_leaves_the_panel(qtbot: QtBot) -> None:
    shell, _, pane = await lots(qtbot, detail="lots/open")
    await shell.settled()
    pane.open.table.choose(pane.open.model.line(0).key)
    pane.ahead.record.click()
    QTest.keyClick(shell.panel, Qt.Key.Key_Escape)

    assert (shell.panel, shell.fake.tax.selections) == (None, [])


async def test_open_lots_of_a_day_are_those_of_the_holdings_of_that_day(qtbot: QtBot) -> None:
    shell, _, pane = await lots(qtbot, detail="lots/open")
    await shell.settled()
    pane.open.day.field.setText("2025-12-31")
    pane.open.day.field.editingFinished.emit()
    await shell.settled()

    holdings = tax_year(Asked("us", year=2025)).figures.holdings
    held: dict[tuple[str, str | None], tuple[Decimal, Decimal]] = {}
    for row in pane.open.model.rows():
        one = row.lot.figures
        quantity, cost = held.get((one.asset, one.wallet), (Decimal(0), Decimal(0)))
        held[one.asset, one.wallet] = (quantity + one.quantity, cost + one.cost)
    assert {(one.asset, one.wallet): (one.quantity, one.cost) for one in holdings} == held
    assert not pane.ahead.record.isEnabled()


async def test_a_day_that_is_none_is_said_and_the_lots_stay(qtbot: QtBot) -> None:
    shell, _, pane = await lots(qtbot, detail="lots/open")
    await shell.settled()
    pane.open.day.field.setText("31.12.2025")
    pane.open.day.field.editingFinished.emit()
    await shell.settled()

    assert (pane.open.day.fault.text(), pane.open.day.day) == ("Write the day as 2025-12-31.", None)
    assert pane.open.count.text() == "7 open lots"


async def test_an_open_lot_tells_what_its_gain_follows_from_down_to_its_entry(qtbot: QtBot) -> None:
    shell, _, pane = await lots(qtbot, detail="lots/open")
    await shell.settled()
    key = next(line.key for line in pane.open.model.lines() if line.row.asset.symbol == "SOL")
    pane.open.table.previewed.emit(key)
    said = texts(shell.panel)
    pane.open.how.click()
    pane.open.table.opened.emit(key)

    assert {"Acquisition", "Value", "Cost", "2026-02-02"} & set(said) == {"Acquisition", "Value", "Cost"}
    assert any("Gain = value − cost" in text for text in said)
    assert shell.explained[-1].coverage == "7 of 7 lots known"
    assert shell.panel.entry_id == entry_of(key.removeprefix("binance-main/solana/"))


@pytest.mark.parametrize(
    ("country", "terms", "heading"),
    [
        ("us", {"short", "long"}, "Long from"),
        ("de", {"within 1 year", "after 1 year"}, "Term changes"),
        ("au", {"no discount", "discount"}, "Term changes"),
    ],
)
async def test_terms_are_told_in_the_words_of_the_country(
    qtbot: QtBot, country: str, terms: set[str], heading: str
) -> None:
    shell, _, pane = await lots(qtbot, asked=Asked(country, year=2026), detail="lots/open")
    await shell.settled()
    model = pane.open.model

    assert terms == {model.index(row, model.column_number("term")).data() for row in range(model.rowCount())}
    assert model.columns[model.column_number("long_from")].title == heading


async def test_open_lots_are_read_as_a_job_that_can_be_stopped_and_begun_again(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    shell, _, pane = await lots(qtbot, fake)
    fake.hold()
    pane.shown("open")
    await asyncio.sleep(0.05)
    job = next(one for one in shell.workspace.jobs.all() if one.title == "Open lots")
    doing = job.doing
    shell.workspace.jobs.cancel(job.job_id)
    fake.release()
    await shell.settled()
    stopped = texts(pane.open)
    next(one for one in pane.open.findChildren(QPushButton) if "Read open lots" in one.text()).click()
    await shell.settled()

    assert doing == "made-up lots"
    assert "The open lots were not read." in stopped
    assert pane.open.count.text() == "7 open lots"


async def test_lots_that_cannot_be_told_say_why_in_their_place(qtbot: QtBot) -> None:
    fault = InputError("The price file cannot be read.", hint="Read prices again (F5).")
    shell, _, pane = await lots(qtbot, FakeWorkspace(failing={"lots": fault}), detail="lots/open")
    await shell.settled()

    assert any("The price file cannot be read." in text for text in texts(pane.open))
    assert (pane.open.stage.state, pane.open.foot.isVisible(), shell.faults) == ("message", False, [])
