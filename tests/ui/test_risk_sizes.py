"""The strip of sizes: what is owed and bound as venues told it, and what they did not tell."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.core.model.futures import FuturesReading, Part, Told
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_risk import hedged
from tests.ui.risk_places import answered, opened


async def test_loans_and_locks_are_in_the_sizes_and_what_is_not_read_is_said(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.risk.futures = hedged()
    shell, screen = await opened(qtbot, fake, "concentration")
    blocks, sizes = screen.pane.sizes.blocks, screen.reading.found.report.study.leverage

    assert float(screen.pane.figures()["debt"]) == pytest.approx(612_480 * 1.0001)
    assert blocks["debt"].note.text() == "loans and balances below zero"
    assert sizes.locked == pytest.approx(36 * 3412.18 + 30_000 * 4.61)
    assert blocks["locked"].note.text() == "until 2026-12-31"

    never = [FuturesReading(name, 0, Told(Part.LOCKED, is_read=False)) for name in ("kraken-main", "binance-main")]
    fake.risk.futures = [*hedged()[1:2], *never]
    screen.reading.compute()
    await answered(shell, screen)
    assert blocks["locked"].note.text() == "not read: 2 accounts"
    assert "Whether Binance has anything in locked products is not known" in blocks["locked"].note.toolTip()
