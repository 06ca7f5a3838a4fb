"""The place of prices: gaps first, whom the program did not believe, and setting a price by the keyboard."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.errors import InputError
from app.ui.screens.prices import PricesScreen
from app.ui.screens.prices_rows import ALL, DOUBTED, GAPS, date, remark
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_prices import LAST, FakePrices
from tests.ui.table_screens import TableShell, shown, whole

D = Decimal


async def opened(qtbot: QtBot, detail: str = "") -> tuple[TableShell, PricesScreen, FakePrices]:
    workspace = FakeWorkspace()
    shell, screen = await shown(PricesScreen, qtbot, workspace, detail=detail)
    return shell, screen, workspace.prices


def listed(screen: PricesScreen) -> list[str]:
    return [date(row) for row in screen.days.fitting]


async def test_the_asset_with_gaps_is_chosen_first_and_only_its_gaps_are_shown(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)

    assert (screen.asset_table.current_key(), screen.kind.current, screen.note()) == ("bitcoin", GAPS, "1 gap")
    assert [row.day.day for row in screen.days.fitting] == [LAST - 2]
    assert [remark(row) for row in screen.days.fitting] == ["no source tells a price"]


async def test_a_jump_names_the_asset_and_one_without_gaps_shows_every_day(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot, "ethereum")

    assert (screen.asset_table.current_key(), screen.kind.current) == ("ethereum", ALL)
    assert len(listed(screen)) == 5


async def test_whom_the_program_did_not_believe_is_named_with_its_price(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    screen.kind.choose(DOUBTED)
    screen._kind_chosen(DOUBTED)

    assert [remark(row) for row in screen.days.fitting] == ["coinbase 76,000.00 stands apart from the others"]


async def test_a_price_is_set_by_the_keyboard_alone_and_the_gap_is_gone(qtbot: QtBot) -> None:
    shell, screen, prices = await opened(qtbot)
    screen.day_table.choose(str(LAST - 2))
    screen.day_table.setFocus()
    QTest.keyClick(screen.day_table, Qt.Key.Key_Return)
    assert screen.form.form is not None
    QTest.keyClicks(screen.form.price, "61100.25")
    QTest.keyClicks(screen.form.form.reason, "the administrator's close")
    QTest.keyClick(screen.form.form.reason, Qt.Key.Key_Return)
    await shell.settled()
    screen._load()
    await shell.settled()

    (made,) = prices.recorded
    assert (made.asset, made.day, made.price, made.currency) == ("bitcoin", LAST - 2, D("61100.25"), "usd")
    assert (made.reason, shell.toasts) == ("the administrator's close", ["Price recorded."])
    assert screen.note() == ""
    assert screen.form.form is None


async def test_a_price_without_reason_or_that_is_no_number_is_refused_in_place(qtbot: QtBot) -> None:
    _, screen, prices = await opened(qtbot)
    screen.day_table.choose(str(LAST - 2))
    screen.form.ask_price()
    form = screen.form.form
    assert form is not None
    form.given.emit()
    assert "Say why" in form.fault.text()

    form.reason.setText("because")
    screen.form.price.setText("a lot")
    form.given.emit()
    assert "“a lot” is not a decimal number." in form.fault.text()
    assert prices.recorded == []


async def test_what_the_books_refuse_is_said_in_the_form_which_stays(qtbot: QtBot) -> None:
    shell, screen, prices = await opened(qtbot)
    prices.fault = InputError("The day is not over yet.", hint="Set the price of a day that has ended, in UTC.")
    screen.day_table.choose(str(LAST - 2))
    screen.form.ask_price()
    form = screen.form.form
    assert form is not None
    screen.form.price.setText("1")
    form.reason.setText("because")
    form.given.emit()
    await shell.settled()

    assert screen.form.form is form
    assert "The day is not over yet." in form.fault.text()


async def test_a_price_set_by_hand_can_be_taken_back(qtbot: QtBot) -> None:
    shell, screen, prices = await opened(qtbot)
    screen.kind.choose(ALL)
    screen._kind_chosen(ALL)
    assert screen.form.back.isHidden()
    screen.day_table.choose(str(LAST - 3))
    assert not screen.form.back.isHidden()
    screen.form.back.click()
    form = screen.form.form
    assert form is not None
    form.reason.setText("the venue has its own again")
    form.given.emit()
    await shell.settled()

    assert [(one.day, one.price) for one in prices.recorded] == [(LAST - 3, None)]


async def test_a_reading_that_fails_is_told_in_place_of_the_table(qtbot: QtBot) -> None:
    workspace = FakeWorkspace(failing={"prices": InputError("The price file cannot be read.")})
    shell = TableShell(workspace)
    screen = whole(PricesScreen(shell))
    qtbot.addWidget(screen, before_close_func=lambda one: one.deactivate())
    screen.activate()
    await shell.settled()

    assert screen.stage.state == "message"


async def test_the_days_of_an_asset_are_exported_raw(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot, "ethereum")
    exported = screen.export_rows()

    assert exported is not None
    titles, found = exported
    assert titles[:2] == ["Day", "Price"]
    assert found[0][:2] == [date(screen.days.fitting[0]), "61234.5"]
