"""Stress in the window: what is listed, edited and kept, and what is unknown."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.risk.stress.hypothetical import Gap, VenueDefault
from app.core.risk.stress.results import StressResult
from app.core.risk.stress.shocks import Shock
from app.services.risk_scenarios import SETTING, OwnScenario, written
from app.ui import format as fmt
from app.ui.screens import risk_stress_rows as rows
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.risk_places import answered, opened
from tests.ui.table_screens import TableShell


async def stressed(qtbot: QtBot, fake: FakeWorkspace | None = None) -> tuple[TableShell, Any]:
    """Return a window and the Risk place at its stresses."""
    return await opened(qtbot, fake, "stress")


def names(screen: Any) -> list[str]:
    """Return the stresses as listed."""
    return [row.name for row in screen.pane.model.rows()]


def choose(screen: Any, start: str) -> Any:
    """Choose the stress whose name begins so, and return its row."""
    row = next(row for row in screen.pane.model.rows() if row.name.startswith(start))
    assert screen.pane.table.choose(row.key)
    return row


def kind(screen: Any, code: str) -> None:
    """Choose a kind of stress in the form, as a person does."""
    form = screen.pane.form
    form.kind.setCurrentIndex(form.kind.findData(code))
    form.kind.activated.emit(form.kind.currentIndex())


def figure(screen: Any, text: str) -> None:
    """Type the figure of the form."""
    screen.pane.form.figure.selectAll()
    QTest.keyClicks(screen.pane.form.figure, text)


async def test_days_that_happened_and_things_that_have_not_are_sorted_by_loss(qtbot: QtBot) -> None:
    _, screen = await stressed(qtbot)
    listed = screen.pane.model.rows()

    assert [row.gain for row in listed] == sorted(row.gain or Decimal(0) for row in listed)
    assert sum(row.kind == rows.PAST for row in listed) == 5
    assert {"Default of Kraken", "Circle at 0.90", "Gap of -50%", "Volatility × 3"} <= set(names(screen))


async def test_lines_of_a_stress_add_up_to_it(qtbot: QtBot) -> None:
    _, screen = await stressed(qtbot)
    for row in screen.pane.model.rows():
        choose(screen, row.name)
        lines = screen.pane.lines.rows()

        assert math.fsum(one.line.gain for one in lines) == pytest.approx(float(row.gain), abs=1e-4)
        assert screen.pane.gain.text() == fmt.amount(row.gain, "usd", sign=True)


async def test_what_a_person_recovers_from_a_venue_is_run_as_it_is_typed(qtbot: QtBot) -> None:
    _, screen = await stressed(qtbot)
    whole = choose(screen, "Default of Kraken")
    figure(screen, "25")

    assert screen.pane.result.gain == pytest.approx(0.75 * float(whole.gain))
    assert screen.pane.detail.title.text() == "Default of Kraken (not saved)"
    assert choose(screen, "Default of Kraken").gain == whole.gain


@pytest.mark.parametrize(
    ("code", "typed", "words"),
    [
        ("gap", "-120", "-120 % is not between -100 % and 1000 %."),
        ("gap", "half", "“half” is no percentage."),
        ("depeg", "101", "101 % is not between 0 % and 100 %."),
        ("shock", "-101", "-101 % is not between -100 % and 1000 %."),
        ("volatility", "0", "A factor of 0 is not between 0 and 100."),
        ("volatility", "nan", "A factor of NaN is not between 0 and 100."),
    ],
)
async def test_a_figure_that_cannot_be_is_said_in_place(qtbot: QtBot, code: str, typed: str, words: str) -> None:
    _, screen = await stressed(qtbot)
    choose(screen, "Gap of")
    kind(screen, code)
    if code == "shock":
        moves(screen, ("asset:bitcoin", typed))
    else:
        figure(screen, typed)

    assert fmt.prose(words) in screen.pane.form.trouble.text()
    assert screen.pane.draft is None
    assert (screen.pane.gain.text(), list(screen.pane.lines.rows())) == ("unknown", [])


@pytest.mark.parametrize(("typed", "named"), [("-120", ""), ("", "Half of it"), ("-40", "Two fifths")])
async def test_what_is_being_typed_stays_when_prices_moved(qtbot: QtBot, typed: str, named: str) -> None:
    shell, screen = await stressed(qtbot)
    choose(screen, "Gap of")
    form = screen.pane.form
    if typed:
        figure(screen, typed)
    QTest.keyClicks(form.name, named)
    written = form.figure.text(), form.name.text(), form.trouble.text()
    screen.reading.compute()
    await answered(shell, screen)

    assert written == (form.figure.text(), form.name.text(), form.trouble.text())
    assert (screen.pane.gain.text() == "unknown") == (typed == "-120")


async def test_a_token_that_is_no_longer_redeemed_takes_what_is_held_of_it(qtbot: QtBot) -> None:
    _, screen = await stressed(qtbot)
    choose(screen, "Gap of")
    kind(screen, "bridge")
    figure(screen, "25")
    held = sum(one.value for one in screen.reading.found.book.exposures if one.asset == "coinbase-staked-ether")

    assert screen.pane.form.subject.currentText() == "Coinbase staking"
    assert screen.pane.result.gain == pytest.approx(-0.75 * held)
    assert float(choose(screen, "Coinbase staking fails").gain) == pytest.approx(-held)


async def test_without_anything_that_came_over_a_bridge_none_can_fail(qtbot: QtBot) -> None:
    _, screen = await stressed(qtbot)
    found = screen.pane.found
    own = [one for one in found.book.exposures if not one.places.bridge]
    screen.pane.form.show_found(replace(found, book=found.book._replace(exposures=own)))
    choose(screen, "Gap of")
    kind(screen, "bridge")

    assert screen.pane.form.trouble.text().startswith("Nothing of this book can fail so.")


def moves(screen: Any, *typed: tuple[str, str], factor: str = "") -> None:
    """Type the moves of a shock, the first in the row that is there, as a person does."""
    form = screen.pane.form.moves
    for number, (subject, percent) in enumerate(typed):
        if number:
            form.more.click()
        row = form.rows[number]
        row.subject.setCurrentIndex(row.subject.findData(subject))
        row.subject.activated.emit(row.subject.currentIndex())
        row.move_field.selectAll()
        QTest.keyClicks(row.move_field, percent)
    form.others.setCurrentIndex(form.others.findData(factor))
    form.others.activated.emit(form.others.currentIndex())


async def test_a_price_that_is_given_two_moves_is_said_and_nothing_is_run(qtbot: QtBot) -> None:
    _, screen = await stressed(qtbot)
    choose(screen, "Gap of")
    kind(screen, "shock")
    moves(screen, ("asset:solana", "-40"), ("asset:solana", "-20"))

    assert screen.pane.form.trouble.text() == "SOL is there twice. Give each price one move."
    assert (screen.pane.draft, screen.pane.gain.text()) == (None, "unknown")


async def test_one_asset_that_moves_moves_nothing_else(qtbot: QtBot) -> None:
    _, screen = await stressed(qtbot)
    choose(screen, "Gap of")
    kind(screen, "shock")
    began = screen.pane.draft
    moves(screen, ("asset:solana", "-40"))
    moved = {row.line.asset for row in screen.pane.lines.rows() if row.line.gain}
    exposure = sum(one.value for one in screen.reading.found.book.exposures if one.asset == "solana")

    assert began == Shock((("bitcoin", -0.5),))
    assert moved == {"solana"}
    assert screen.pane.result.gain == pytest.approx(-0.4 * exposure)


async def test_several_prices_move_at_once_and_all_others_follow_one_of_them(qtbot: QtBot) -> None:
    _, screen = await stressed(qtbot)
    choose(screen, "Gap of")
    kind(screen, "shock")
    moves(screen, ("asset:bitcoin", "-30"), ("class:stable", "-2"), factor="bitcoin")
    lines = {row.line.asset: row for row in screen.pane.lines.rows()}

    assert screen.pane.draft == Shock((("bitcoin", -0.3),), (("stable", -0.02),), "bitcoin")
    assert (lines["bitcoin"].line.move, lines["usd-coin"].line.move) == (-0.3, -0.02)
    assert lines["ethereum"].note.startswith("BTC × ")
    assert lines["ethereum"].line.move < -0.1

    screen.pane.form.moves.rows[1].less.click()
    assert screen.pane.draft == Shock((("bitcoin", -0.3),), (), "bitcoin")


async def test_a_shock_is_kept_and_edited_again(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    shell, screen = await stressed(qtbot, fake)
    choose(screen, "Gap of")
    kind(screen, "shock")
    moves(screen, ("asset:bitcoin", "-30"), ("asset:ethereum", "-45"), factor="bitcoin")
    QTest.keyClicks(screen.pane.form.name, "Two down")
    QTest.keyClick(screen.pane.form.name, Qt.Key.Key_Return)
    await answered(shell, screen)
    choose(screen, "Gap of")
    choose(screen, "Two down")
    form = screen.pane.form.moves

    assert [row.move_field.text() for row in form.rows] == ["-30", "-45"]
    assert (form.others.currentData(), screen.pane.form.figure.isHidden()) == ("bitcoin", True)
    assert screen.pane.form.scenario() == Shock((("bitcoin", -0.3), ("ethereum", -0.45)), (), "bitcoin")


async def test_an_own_scenario_is_kept_in_the_vault_listed_changed_and_deleted(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    shell, screen = await stressed(qtbot, fake)
    choose(screen, "Gap of")
    figure(screen, "-33")
    QTest.keyClicks(screen.pane.form.name, "A third")
    QTest.keyClick(screen.pane.form.name, Qt.Key.Key_Return)
    await answered(shell, screen)
    saved = choose(screen, "A third")
    half = next(row for row in screen.pane.model.rows() if row.name == "Gap of -50%")

    assert float(saved.gain) == pytest.approx(float(half.gain) * 0.66)
    assert '"kind": "gap"' in fake.settings[SETTING]

    figure(screen, "-10")
    screen.pane.form.save.click()
    await answered(shell, screen)
    assert float(choose(screen, "A third").gain) == pytest.approx(float(half.gain) * 0.2)

    screen.pane.form.delete.click()
    await answered(shell, screen)
    assert "A third" not in names(screen)

    assert shell.undo is not None
    shell.undo()
    await answered(shell, screen)
    assert "A third" in names(screen)


async def test_own_scenarios_are_there_again_in_the_next_window(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.settings[SETTING] = written([OwnScenario("Kraken, a fifth back", VenueDefault("kraken", 0.2))])
    shell, screen = await stressed(qtbot, fake)
    await answered(shell, screen)
    row = choose(screen, "Kraken, a fifth back")

    assert float(row.gain) == pytest.approx(0.8 * float(choose(screen, "Default of Kraken").gain))
    choose(screen, "Kraken, a fifth back")
    assert (screen.pane.form.figure.text(), screen.pane.form.subject.currentText()) == ("20", "Kraken")


async def test_own_scenarios_that_cannot_be_read_are_said_and_the_others_stay(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.settings[SETTING] = "[{]"
    shell, screen = await stressed(qtbot, fake)
    await answered(shell, screen)

    assert len(names(screen)) > 5
    assert screen.pane.unread.text().startswith("The saved scenarios cannot be read")
    assert not screen.pane.unread.isHidden()


async def test_a_scenario_without_a_name_is_not_kept(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    _, screen = await stressed(qtbot, fake)
    choose(screen, "Gap of")
    screen.pane.form.save.click()

    assert screen.pane.form.trouble.text().startswith("The scenario has no name.")
    assert SETTING not in fake.settings


async def test_a_scenario_does_not_take_the_name_of_a_stress_of_the_program(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    _, screen = await stressed(qtbot, fake)
    choose(screen, "Gap of")
    QTest.keyClicks(screen.pane.form.name, "default of KRAKEN")
    screen.pane.form.save.click()

    assert screen.pane.form.trouble.text().startswith("A stress of the program is named Default of Kraken.")
    assert SETTING not in fake.settings


async def test_what_is_being_edited_outlives_new_prices(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    shell, screen = await stressed(qtbot, fake)
    choose(screen, "Gap of")
    figure(screen, "-20")
    before = screen.pane.result.gain
    fake.move_marks({"bitcoin": Decimal(45000)})
    screen.reading._follow()
    await answered(shell, screen)

    assert screen.pane.form.figure.text() == "-20"
    assert screen.pane.draft == replace(screen.pane.draft, move=-0.2)
    assert 0 > screen.pane.result.gain > before


async def test_a_stress_that_knows_less_than_half_of_the_book_is_unknown(qtbot: QtBot) -> None:
    _, screen = await stressed(qtbot)
    row = choose(screen, "Gap of")
    result: StressResult = row.result
    little = replace(result.basis.coverage, covered=0.4 * result.basis.coverage.gross)
    screen.pane._show_result(replace(result, basis=replace(result.basis, coverage=little)), "")

    assert (screen.pane.gain.text(), screen.pane.share.text()) == ("unknown", "")
    assert "Less than half of the exposure is covered" in screen.pane.cover.text()


async def test_a_day_that_happened_cannot_be_edited(qtbot: QtBot) -> None:
    _, screen = await stressed(qtbot)
    choose(screen, "Crash, 12 Mar")
    hidden = screen.pane.form.isHidden()
    choose(screen, "Gap of")

    assert (hidden, screen.pane.form.isHidden()) == (True, False)
    assert screen.pane.form.save.accessibleName() == "Save scenario"
    assert isinstance(screen.pane.form.scenario(), Gap)


async def test_what_would_be_liquidated_stands_under_the_loss(qtbot: QtBot) -> None:
    _, screen = await stressed(qtbot)
    row = choose(screen, "Gap of")
    hidden = screen.pane.closed.isHidden()
    screen.pane._show_result(replace(row.result, closed=("The loan is liquidated on the way.",)), "")

    assert (hidden, screen.pane.closed.isHidden()) == (True, False)
    assert screen.pane.closed.text() == "The loan is liquidated on the way."
