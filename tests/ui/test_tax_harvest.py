"""The tab of losses: what is listed, what the law says of buying again, sums, export, and what opens."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pytestqt.qtbot import QtBot

from app.core.errors import InputError
from app.core.money import add, plain
from app.services.tax_years import Asked
from app.ui import format as fmt
from app.ui.screens.tax import TaxScreen
from app.ui.screens.tax_harvest import HarvestPane
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.table_screens import TableShell, texts
from tests.ui.tax_places import opened

D = Decimal
US = Asked("us", year=2026)


async def losses(
    qtbot: QtBot, fake: FakeWorkspace | None = None, *, asked: Asked = US
) -> tuple[TableShell, TaxScreen, HarvestPane]:
    """Return the window, the place and its tab of losses, after the answer to a question."""
    shell, screen = await opened(qtbot, fake, "losses", asked)
    pane = screen.pane
    assert isinstance(pane, HarvestPane)
    return shell, screen, pane


def listed(pane: HarvestPane) -> list[tuple[str, str]]:
    return [(row.asset.symbol, plain(row.loss.loss)) for row in pane.model.fitting]


def notice(pane: HarvestPane) -> str:
    item = pane._notice.itemAt(0)
    widget = item.widget() if item is not None else None
    assert widget is not None
    return widget.accessibleName()


async def test_losses_are_listed_the_greatest_first_with_their_sums(qtbot: QtBot) -> None:
    _, _, pane = await losses(qtbot)

    found = listed(pane)
    assert found[:2] == [("BTC", "108000"), ("ETH", "88615")]
    assert found == sorted(found, key=lambda one: -D(one[1]))
    figures = pane.figures()
    assert D(figures["losses/loss"]) == add(*(D(loss) for _, loss in found))
    assert D(figures["losses/loss"]) == add(D(figures["losses/short"]), D(figures["losses/long"]))
    assert pane.total.figure.text() == fmt.amount(-D(figures["losses/loss"]), "USD")


async def test_in_the_united_states_it_is_said_that_the_rule_was_not_checked(qtbot: QtBot) -> None:
    _, _, pane = await losses(qtbot)

    assert "no days are named" in notice(pane)
    assert "This was not checked against the law" in notice(pane)


async def test_in_canada_the_pool_is_listed_with_the_day_from_which_it_may_be_bought(qtbot: QtBot) -> None:
    _, _, pane = await losses(qtbot, asked=Asked("ca", year=2026))

    assert {row.loss.lot for row in pane.model.fitting} == {None}
    assert "do not buy the same asset before 21 Dec 2026" in notice(pane)
    assert (pane.short.isHidden(), pane.long.isHidden()) == (True, True)
    assert pane.rows_told.text().endswith("pools")


async def test_in_germany_a_long_term_loss_does_not_count(qtbot: QtBot) -> None:
    _, _, pane = await losses(qtbot, asked=Asked("de", year=2026))

    column = pane.model.column_number("term")
    assert "after 1 year · loss not counted" in {
        pane.model.index(row, column).data() for row in range(pane.model.rowCount())
    }
    assert pane.figures()["losses/long"] == "0"


async def test_the_filter_keeps_some_and_the_sums_follow(qtbot: QtBot) -> None:
    _, _, pane = await losses(qtbot)

    pane.filter.setText("solana")

    assert {symbol for symbol, _ in listed(pane)} == {"SOL"}
    wanted = add(*(D(loss) for _, loss in listed(pane)))
    assert pane.total.figure.text() == fmt.amount(-wanted, "USD")


async def test_what_is_exported_is_every_loss_that_fits(qtbot: QtBot) -> None:
    _, _, pane = await losses(qtbot)

    exported = pane.export_rows()

    assert exported is not None
    titles, cells = exported
    assert [row[titles.index("Loss")] for row in cells] == [f"-{loss}" for _, loss in listed(pane)]


async def test_what_has_no_price_is_named(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.harvests.prices.pop("solana")
    _, _, pane = await losses(qtbot, fake)

    assert pane.left_out.text() == "cost or price not known, left out: SOL"


async def test_a_row_opens_its_entry(qtbot: QtBot) -> None:
    shell, _screen, pane = await losses(qtbot)
    row = pane.model.line(0).row

    pane.table.opened.emit(row.key)

    assert shell.gone == [f"activity/{row.loss.lot.partition('/')[0]}"]


async def test_how_it_is_computed_has_the_sums_by_asset(qtbot: QtBot) -> None:
    shell, _screen, pane = await losses(qtbot)

    pane.how.click()

    (told,) = shell.explained
    assert told.inputs[0] == ("BTC", fmt.amount(D(-108_000), "USD"))


async def test_masked_losses_show_no_digit(qtbot: QtBot) -> None:
    _, _, pane = await losses(qtbot)
    fmt.set_mask(fmt.Mask.AMOUNTS)

    pane.redraw()

    column = pane.model.column_number("loss")
    shown_texts = [str(pane.model.index(row, column).data()) for row in range(pane.model.rowCount())]
    assert not any(letter.isdigit() for text in shown_texts for letter in text)
    assert not any(letter.isdigit() for letter in pane.total.figure.text())


async def test_a_fault_stands_in_place(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.answers.failing["harvest"] = InputError("The currency is no money.")
    _, _, pane = await losses(qtbot, fake)

    assert pane.stage.state != "table"
    assert pane.figures() == {}


async def test_a_loss_tells_what_it_follows_from_and_leads_to_its_acquisition(qtbot: QtBot) -> None:
    shell, _, pane = await losses(qtbot)
    row = pane.model.line(0).row
    pane.table.previewed.emit(row.key)
    said = texts(shell.panel)

    assert {"Value", "Valued by", "Cost", "Term", "Acquisition"} <= set(said)
    assert any("Loss = value − cost" in text for text in said)
    assert fmt.amount(row.loss.loss.copy_negate(), row.currency, sign=True) in said


async def test_where_nothing_is_known_no_loss_is_zero(qtbot: QtBot) -> None:
    _, _, pane = await losses(qtbot)
    assert pane.made is not None
    found = replace(pane.made.found, losses=(), unknown=("bitcoin",))
    pane._show(replace(pane.made, found=found), ())

    assert "No loss is known." in texts(pane)
    assert (pane.short.figure.text(), pane.total.figure.text()) == (fmt.UNKNOWN, fmt.UNKNOWN)
