"""Lots: sales with how their lots were fixed, a choice that is weighed as it is made, records and their undo."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.errors import InputError
from app.core.lots.methods import Method
from app.core.model.lot_selections import LotSelection
from app.core.money import plain
from app.core.tax.from_entries import entry_of
from app.services.tax_years import Asked
from app.ui import format as fmt
from app.ui.screens.tax_lots_table import typed
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.lots_places import US, answered, button, choose, chosen, lots, sale
from tests.ui.made_up_tax import tax_year
from tests.ui.table_screens import texts


async def test_the_newest_sale_is_shown_with_the_lots_that_were_open_to_it(qtbot: QtBot) -> None:
    _, _, pane = await lots(qtbot)

    assert pane.sales.rowCount() == 5
    assert [row.figures.lot for row in pane.picker.lots.lots.rows()] == [
        one.lot for one in tax_year(US).figures.disposals[-1].matches
    ] + [one.row for one in tax_year(US).transactions if one.at == 1741075200 * 10**9 + 900 * 10**9]
    assert pane.picker.title.text().startswith("Sell 0.5")


async def test_a_choice_of_the_figures_is_weighed_as_the_figures_tell_it(qtbot: QtBot) -> None:
    _, _, pane = await lots(qtbot)
    for one in tax_year(US).figures.disposals:
        pane.list.choose(one.row)
        await pane.shell.settled()  # type: ignore[attr-defined]

        assert pane.figures() == {
            f"choice/{one.row}/quantity": plain(one.quantity),
            f"choice/{one.row}/cost": plain(one.cost or Decimal(0)),
            f"choice/{one.row}/gain": plain(one.gain or Decimal(0)),
        }


async def test_a_preset_chooses_and_the_others_stand_beside_it(qtbot: QtBot) -> None:
    shell, _, pane = await lots(qtbot)
    picker = await choose(shell, pane, "bitcoin")
    picker.ways.chosen.emit("hifo")

    ways = {row.key: row for row in picker.compared.rows()}
    assert (picker.way, chosen(picker)) == ("hifo", ["4", "4.12345678"])
    assert (ways["own"].gain, ways["hifo"].against) == (ways["hifo"].gain, Decimal(0))
    assert ways["fifo"].gain > ways["hifo"].gain


async def test_quantities_are_typed_and_what_is_missing_keeps_the_record_button_off(qtbot: QtBot) -> None:
    shell, _, pane = await lots(qtbot)
    picker = await choose(shell, pane, "bitcoin")
    first, second = (one.lot for one in picker.shown.choosing.lots[:2]) if picker.shown else ("", "")
    picker.lots.used.emit(first, "2")
    picker.lots.used.emit(second, "6")
    short = (picker.record.isEnabled(), picker.pill.text(), picker.record.toolTip())
    picker.lots.used.emit(second, "6.12345678")

    assert short == (False, "8 of 8.12345678 chosen", "0.12345678\u2009BTC still to choose")
    assert (picker.record.isEnabled(), picker.way, chosen(picker)) == (True, "own", ["2", "6.12345678"])


@pytest.mark.parametrize(
    ("text", "told"), [("x", "is no quantity"), ("9", "This lot holds only"), ("-1", "no quantity")]
)
async def test_what_is_no_quantity_is_said_and_changes_nothing(qtbot: QtBot, text: str, told: str) -> None:
    shell, _, pane = await lots(qtbot)
    picker = await choose(shell, pane, "bitcoin")
    before = chosen(picker)
    picker.lots.used.emit(picker.shown.choosing.lots[0].lot if picker.shown else "", text)

    assert chosen(picker) == before
    assert any(told in said for said in texts(picker))


def test_typed_quantities_are_exact_and_an_empty_field_is_nothing() -> None:
    assert [typed(text) for text in ("0.1", " 1,000.5 ", "", "1e-8", "-1", "abc")] == [
        Decimal("0.1"), Decimal("1000.5"), Decimal(0), Decimal("1e-8"), None, None,
    ]  # fmt: skip


async def test_the_keyboard_chooses_types_and_gives_up(qtbot: QtBot) -> None:
    shell, _, pane = await lots(qtbot)
    picker = await choose(shell, pane, "bitcoin")
    table, field = picker.lots, picker.lots.field
    keys = [line.key for line in table.lots.lines()]
    table.setFocus()
    table.choose(keys[0])
    QTest.keyClick(table, Qt.Key.Key_Space)
    emptied = picker.choice[keys[0]]
    QTest.keyClick(table, Qt.Key.Key_Return)
    is_open = field.isVisible()
    QTest.keyClicks(field, "1.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    after_enter = (picker.choice[keys[0]], table.current_key())
    QTest.keyClicks(field, "7")
    QTest.keyClick(field, Qt.Key.Key_Escape)

    assert (emptied, is_open) == (Decimal(0), True)
    assert after_enter == (Decimal("1.5"), keys[1])
    assert (field.isVisible(), picker.choice.get(keys[1])) == (False, Decimal("0.37345678"))


async def test_enter_on_a_sale_goes_to_its_lots(qtbot: QtBot) -> None:
    _, screen, pane = await lots(qtbot)
    screen.activateWindow()
    pane.list.setFocus()
    QTest.keyClick(pane.list, Qt.Key.Key_Return)

    assert screen.focusWidget() is pane.picker.lots


async def test_a_choice_is_recorded_and_counts_where_no_moment_is_named(qtbot: QtBot) -> None:
    germany = Asked("de", year=2026)
    shell, screen, pane = await lots(qtbot, asked=germany)
    picker = await choose(shell, pane, "bitcoin", germany)
    before = screen.computing.answer
    picker.ways.chosen.emit("hifo")
    picker.record.click()
    await shell.settled()
    await answered(shell, screen)

    after = screen.computing.answer
    current = pane.list.current()
    assert shell.toasts == ["Choice recorded."]
    assert [(one.preset, one.jurisdiction) for one in shell.fake.tax.selections] == [("hifo", "de")]
    assert before is not None
    assert after is not None
    assert after.found.figures.totals.gain != before.found.figures.totals.gain
    assert current is not None
    assert (current.row, current.badge, picker.way) == (sale("bitcoin", germany), "SpecID", "hifo")


async def test_undo_takes_the_record_back(qtbot: QtBot) -> None:
    germany = Asked("de", year=2026)
    shell, screen, pane = await lots(qtbot, asked=germany)
    picker = await choose(shell, pane, "bitcoin", germany)
    picker.ways.chosen.emit("lifo")
    picker.record.click()
    await shell.settled()
    assert shell.undo is not None
    shell.undo()
    await shell.settled()
    await answered(shell, screen)

    assert [bool(one.lots) for one in shell.fake.tax.selections] == [True, False]
    assert pane.picker.shown is not None
    assert pane.picker.shown.sale.badge == "FIFO"


async def test_a_selection_is_left_to_the_standing_method(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    found = tax_year(Asked("de", year=2026))
    one = next(sold for sold in found.figures.disposals if sold.asset == "bitcoin")
    picked = tuple((match.lot or "", match.quantity) for match in one.matches)
    fake.tax.selections.append(
        LotSelection("de", "bitcoin", picked, entry_of(one.row), recorded_ns=1, record="ab" * 32)
    )
    shell, screen, pane = await lots(qtbot, fake, asked=Asked("de", year=2026))
    picker = await choose(shell, pane, "bitcoin")
    words = (picker.leave.text(), picker.leave.isVisible())
    picker.leave.click()
    await shell.settled()
    await answered(shell, screen)

    assert words == ("Leave to FIFO", True)
    assert (shell.toasts, fake.tax.selections[-1].lots, picker.leave.isVisible()) == (["Choice taken back."], (), False)


async def test_in_the_united_states_a_late_choice_is_said_to_be_late(qtbot: QtBot) -> None:
    shell, screen, pane = await lots(qtbot)
    picker = await choose(shell, pane, "bitcoin")
    warned = [said for said in texts(picker) if "a choice now is late" in said]
    picker.ways.chosen.emit("hifo")
    picker.record.click()
    await shell.settled()
    await answered(shell, screen)

    assert len(warned) == 1
    assert shell.toasts == ["Choice recorded; it is late, so FIFO stays."]
    assert (pane.sales.sale(0).badge, pane.sales.sale(0).tone, pane.label()) == ("SpecID, late", "warn", "Lots  1")


async def test_a_choice_in_time_says_how_long_before_the_sale(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    one = next(sold for sold in tax_year(US).figures.disposals if sold.asset == "solana")
    picked = tuple((match.lot or "", match.quantity) for match in one.matches)
    fake.tax.selections.append(
        LotSelection("us", "solana", picked, entry_of(one.row), recorded_ns=one.at - 240 * 10**9, record="ab" * 32)
    )
    shell, _, pane = await lots(qtbot, fake)
    await choose(shell, pane, "solana")

    current = pane.list.current()
    assert current is not None
    assert (current.badge, current.tone) == ("SpecID, 4 min before", "ok")


async def test_a_refusal_is_told_in_place_and_nothing_is_recorded(qtbot: QtBot) -> None:
    fault = InputError("The selection takes lots that are selected for another sale.", hint="Choose other lots.")
    shell, _, pane = await lots(qtbot, FakeWorkspace(failing={"select": fault}))
    picker = await choose(shell, pane, "bitcoin")
    picker.record.click()
    await shell.settled()

    assert any("selected for another sale" in said for said in texts(picker))
    assert (shell.faults, shell.fake.tax.selections, picker.record.isEnabled()) == ([], [], True)


async def test_under_a_method_that_was_asked_for_nothing_is_recorded(qtbot: QtBot) -> None:
    shell, screen, pane = await lots(qtbot, asked=Asked("us", Method.HIFO, year=2026))
    picker = pane.picker
    off = picker.record.isEnabled()
    button = next(one for one in picker.findChildren(type(picker.record)) if "Follow law" in one.text())
    button.click()
    await shell.settled()

    assert off is False
    assert screen.computing.asked == US


async def test_a_country_that_averages_has_no_lots_and_says_why(qtbot: QtBot) -> None:
    _, _, pane = await lots(qtbot, asked=Asked("uk", year=2025))

    assert pane.body.state == "message"
    assert any("averages cost" in said for said in texts(pane.body))


async def test_what_a_person_chose_stays_while_the_figures_are_computed_anew(qtbot: QtBot) -> None:
    shell, screen, pane = await lots(qtbot)
    picker = await choose(shell, pane, "bitcoin")
    first = picker.shown.choosing.lots[0].lot if picker.shown else ""
    picker.lots.used.emit(first, "1")
    screen.computing._moved(None)
    await answered(shell, screen)

    assert picker.choice[first] == Decimal(1)


async def test_hidden_amounts_stay_hidden(qtbot: QtBot) -> None:
    _, screen, pane = await lots(qtbot)
    fmt.set_mask(fmt.Mask.AMOUNTS)
    screen.masking_changed()

    said = " ".join(
        [
            *texts(pane.picker),
            *(pane.sales.index(0).data().split()),
        ]
    )
    assert ("56,250" in said, "0.5 " in said, fmt.MASK in said) == (False, False, True)


async def test_a_sale_opens_by_its_place(qtbot: QtBot) -> None:
    wanted = sale("ethereum")
    _, _, pane = await lots(qtbot, detail=f"lots/{wanted}")

    current = pane.list.current()
    assert current is not None
    assert current.row == wanted


async def test_a_country_without_terms_has_no_figure_and_no_column_of_them(qtbot: QtBot) -> None:
    shell, screen, pane = await lots(qtbot, asked=Asked("ie", year=2026))
    picker = await choose(shell, pane, "bitcoin", Asked("ie", year=2026))
    screen.show_tab(1)
    await shell.settled()
    table = screen.main_part()

    titles = [table.table_model.columns[number].title for number in table.shown_columns()]  # type: ignore[attr-defined]
    assert [name for name, total in picker.totals.items() if not total.isHidden()] == ["proceeds", "cost", "gain"]
    assert "Term" not in titles
    assert [row.key for row in picker.compared.rows()] == ["own", "fifo", "lifo", "hifo", "smallest-gain"]


async def test_a_late_selection_is_followed_where_a_person_can_prove_it(qtbot: QtBot) -> None:
    shell, screen, pane = await lots(qtbot)
    picker = await choose(shell, pane, "bitcoin")
    picker.ways.chosen.emit("hifo")
    picker.record.click()
    await shell.settled()
    await answered(shell, screen)
    set_aside = screen.computing.answer
    await choose(shell, pane, "bitcoin")
    button(picker, "Other books prove it").click()
    await answered(shell, screen)
    followed = screen.computing.answer
    await choose(shell, pane, "bitcoin")
    told = (pane.sales.sale(0).badge, screen.bar.told.text())
    button(picker, "Set late ones aside").click()
    await answered(shell, screen)

    assert set_aside is not None
    assert followed is not None
    assert followed.found.figures.totals.gain != set_aside.found.figures.totals.gain
    assert (told[0], "late selections followed" in told[1]) == ("SpecID, late but proven", True)
    assert screen.computing.asked == US


async def test_a_selection_that_became_impossible_comes_first_and_blocks(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    one = next(sold for sold in tax_year(US).figures.disposals if sold.asset == "bitcoin")
    fake.tax.selections.append(
        LotSelection("us", "bitcoin", (("gone", one.quantity),), entry_of(one.row), recorded_ns=1, record="ab" * 32)
    )
    _, _, pane = await lots(qtbot, fake)
    first = pane.sales.sale(0)
    pane.list.choose(first.row)
    await pane.shell.settled()  # type: ignore[attr-defined]

    assert (first.row, first.badge, first.tone) == (one.row, "selection cannot be followed", "danger")
    assert any("cannot be followed any more" in said for said in texts(pane.picker))
    assert {row.against for row in pane.picker.compared.rows()} == {None}


async def test_a_choice_tells_how_it_is_computed_lot_by_lot(qtbot: QtBot) -> None:
    shell, _, pane = await lots(qtbot)
    picker = await choose(shell, pane, "bitcoin")
    picker.ways.chosen.emit("hifo")
    picker.how.click()

    text = shell.explained[-1]
    weighed = picker.shown.choosing.weigh(picker.lots_chosen()) if picker.shown else None
    assert weighed is not None
    assert [row[:2] for row in text.inputs] == [
        ("2024-01-16", "4.12345678"),
        ("2025-03-04", "4"),
        ("Together", "8.12345678"),
    ]
    assert text.inputs[-1][3] == fmt.amount(weighed.gain, "USD", sign=True)
    assert re.search(r"\d (?:BTC|ETH) at the close of [\d-]+, [\d.]+ USD", text.coverage)
    assert text.place == f"tax/disposals/{sale('bitcoin')}"
