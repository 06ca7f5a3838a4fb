"""The tile of risk on the Overview: what it shows, when it is read, and what where nothing is known."""

from __future__ import annotations

import sys
from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from app.core.clock import SECOND
from app.core.errors import InputError
from app.ui import format as fmt
from app.ui.screens.overview import OverviewScreen
from app.ui.screens.overview_risk import RiskBlock, RiskTile
from app.ui.screens.risk_found import exact, share_of
from tests.ui.fake_shell import FakeShell
from tests.ui.fake_workspace import FakeWorkspace


async def opened(qtbot: QtBot, shell: FakeShell) -> tuple[OverviewScreen, RiskBlock]:
    screen = OverviewScreen(shell)
    qtbot.addWidget(screen, before_close_func=lambda _: screen.deactivate())
    screen.resize(1244, 774)
    screen.show()
    screen.activate()
    await shell.settled()
    return screen, screen.board.risk


async def test_it_shows_the_tails_of_what_the_overview_shows(qtbot: QtBot) -> None:
    shell = FakeShell()
    screen, block = await opened(qtbot, shell)
    assert screen.overview is not None
    found = await shell.fake.risk_glance.glance(screen.overview.positions)

    assert shell.fake.risk_glance.asked[0] is screen.overview.positions
    assert block.figure.exact == exact(found.value_at_risk.value_at_risk)
    one = fmt.percent(share_of(found.value_at_risk.value_at_risk, found.value), places=1)
    other = fmt.percent(share_of(found.shortfall.expected_shortfall, found.value), places=1)
    assert block.note.text().startswith(f"{one} · ES 97.5\u2009% {other} · ")
    assert Decimal(screen.figures()["value_at_risk"]) == block.figure.exact


async def test_its_age_grows_and_old_marks_make_it_grey(qtbot: QtBot) -> None:
    shell = FakeShell()
    screen, block = await opened(qtbot, shell)
    assert block.figure.property("tone") == "text"
    shell.fake.clock.now += 40 * SECOND
    screen._tick()

    assert block.note.text().endswith(f"{fmt.age(40 * SECOND)} old")
    old, grey = await opened(qtbot, FakeShell(FakeWorkspace(stale_ns=34 * 60 * SECOND)))
    assert grey.figure.property("tone") == "text_3"
    assert old.overview is not None


async def test_amounts_are_hidden_and_shares_with_everything(qtbot: QtBot) -> None:
    screen, block = await opened(qtbot, FakeShell())
    fmt.set_mask(fmt.Mask.AMOUNTS)
    screen.masking_changed()
    assert block.figure.text() == fmt.compact(block.figure.exact, "usd")
    assert not any(sign.isdigit() for sign in block.figure.text())
    assert any(sign.isdigit() for sign in block.note.text().partition(" · ")[0])

    fmt.set_mask(fmt.Mask.EVERYTHING)
    screen.masking_changed()
    assert not any(sign.isdigit() for sign in block.note.text().partition(" · ")[0])


async def test_it_leads_to_risk_and_says_how_it_is_computed(qtbot: QtBot) -> None:
    shell = FakeShell()
    _, block = await opened(qtbot, shell)
    block.more.click()
    block.info.click()

    assert shell.gone == ["risk"]
    (told,) = shell.explained
    assert told.title == "Value at risk 99\u2009% · 1 day"
    assert [row[0] for row in told.inputs][:3] == [
        "Value at risk 99\u2009%",
        "Expected shortfall 97.5\u2009%",
        "Method",
    ]


async def test_what_is_not_known_says_why_and_the_rest_is_shown(qtbot: QtBot) -> None:
    fault = InputError("No daily closes are known yet.")
    shell = FakeShell(FakeWorkspace(failing={"glance": fault}))
    screen, block = await opened(qtbot, shell)
    block.info.click()

    assert (block.figure.text(), block.figure.exact) == (fmt.UNKNOWN, None)
    assert block.note.text() == "No daily closes are known yet."
    assert "value_at_risk" not in screen.figures()
    assert (shell.explained, shell.faults) == ([], [])
    assert screen.figures()["value"]


async def test_while_one_answer_is_computed_the_newest_positions_wait_and_none_between(qtbot: QtBot) -> None:
    shell = FakeShell()
    screen, block = await opened(qtbot, shell)
    assert screen.overview is not None
    tile = RiskTile(shell, block, screen)
    before = len(shell.fake.risk_glance.asked)
    shell.fake.hold()
    for _ in range(4):
        tile.ask(screen.overview.positions)
    shell.fake.release()
    await shell.settled()

    assert len(shell.fake.risk_glance.asked) - before <= 2
    assert tile.found is not None


async def test_what_computes_risk_is_loaded_after_the_first_figures(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = FakeShell()
    screen, block = await opened(qtbot, shell)
    assert screen.overview is not None
    tile = RiskTile(shell, block, screen)
    before = len(shell.fake.risk_glance.asked)
    with monkeypatch.context() as fresh:
        fresh.delitem(sys.modules, "app.services.risk_glance")
        tile.ask(screen.overview.positions)
        assert tile._later.isActive()
    tile.rest()
    await shell.settled()

    assert (len(shell.fake.risk_glance.asked), tile._later.isActive()) == (before, False)
