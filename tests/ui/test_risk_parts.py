"""What moves together and what a part of the book adds: correlation and contributions in the Risk place."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui import format as fmt
from app.ui.screens.risk_found import exact
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.risk_places import answered, choose, opened
from tests.ui.table_screens import texts


# correlation ----------------------------------------------------------------------------------------------------------
async def test_enter_on_a_cell_draws_the_pair(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot, detail="correlation")
    heat = screen.pane.matrix.heat
    heat.setFocus()
    QTest.keyClick(heat, Qt.Key.Key_Home)
    QTest.keyClick(heat, Qt.Key.Key_Down)
    QTest.keyClick(heat, Qt.Key.Key_Return)
    await answered(shell, screen)
    names = heat.matrix.names

    assert heat.cell == (2, 0)
    assert screen.pane.course.title.text() == f"{names[0]} – {names[2]}"
    assert screen.pane.course.course.values[-1] == pytest.approx(heat.matrix.lately[2][0], abs=Decimal("0.05"))


async def test_a_longer_window_draws_matrix_pairs_and_course_over_it(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot, detail="correlation")
    pane, related = screen.pane, screen.reading.found.report.study.correlations
    choose(pane.matrix.span, "90")
    await answered(shell, screen)
    row = pane.matrix.given[0]
    over = related.longer[90][related.assets.index(row.one), related.assets.index(row.other)]

    assert row.shown == exact(float(over))
    assert row.shown != row.lately
    assert row.shown in {value for line in pane.matrix.heat.matrix.lately for value in line}


async def test_a_window_is_offered_where_the_history_is_long_enough(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.risk.days = 300
    _, screen = await opened(qtbot, fake, "correlation")
    span = screen.pane.matrix.span

    assert [span.is_offered(key) for key in ("30", "90", "365")] == [True, True, False]


async def test_a_new_asset_that_another_stands_for_is_in_no_pair(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot, detail="correlation")
    named = {name for row in screen.pane.matrix.given for name in (row.one, row.other)}

    assert {one.asset for one in screen.reading.found.report.study.tail().basis.coverage.proxied} == {
        "arbitrum",
        "lido",
    }
    assert not named & {"arbitrum", "lido", "usd"}
    assert "bitcoin" in named


async def test_correlations_of_a_short_history_say_how_much_they_need(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.risk.days = 120
    _, screen = await opened(qtbot, fake, "correlation")

    assert "Correlations need 210 days; there are 119." in texts(screen.pane.matrix)
    assert screen.export_rows() is None


# contributions --------------------------------------------------------------------------------------------------------
async def test_components_add_up_to_value_at_risk(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot, detail="contributions")
    parts = [Decimal(value) for value in screen.figures().values()]
    total = screen.reading.found.report.study.contributions.total_value_at_risk

    assert float(sum(parts)) == pytest.approx(total)
    assert screen.pane.total.text() == fmt.amount(exact(total), "usd")


async def test_a_trade_is_tried_before_it_is_made(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot, detail="contributions")
    trade = screen.pane.trade
    trade.asset.setCurrentIndex(trade.asset.findData("bitcoin"))
    QTest.keyClicks(trade.amount, "-2.5M")
    study = screen.reading.found.report.study
    values = study.book.changed("bitcoin", -2_500_000.0)
    from app.core.risk.metrics.tail import tail  # noqa: PLC0415 - as the screen does

    after = tail(study.scenarios, values, (0.99,))[0].value_at_risk

    assert f"→ {fmt.amount(exact(after), 'usd', places=0)}" in trade.answer.text()
    assert trade.after.text().startswith(fmt.MINUS)


@pytest.mark.parametrize("typed", ["soon", "1.2.3"])
async def test_an_amount_that_is_none_is_said_in_place(qtbot: QtBot, typed: str) -> None:
    _, screen = await opened(qtbot, detail="contributions")
    QTest.keyClicks(screen.pane.trade.amount, typed)

    assert screen.pane.trade.trouble.text() == f"“{typed}” is no amount. Example: −25000"
    assert screen.pane.trade.answer.text() == ""
