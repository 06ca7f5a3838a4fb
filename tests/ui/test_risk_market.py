"""What the market does as a whole, above and beside the matrix of correlations; and what each asset adds."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui.screens.risk_found import exact
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.risk_places import answered, choose, opened
from tests.ui.table_screens import texts


async def test_what_the_market_does_as_a_whole_stands_above_the_matrix(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot, detail="correlation")
    found, blocks = screen.reading.found, screen.pane.market.blocks
    study = found.report.study
    last = study.turbulence[-1]

    assert blocks["correlation"].figure.exact == exact(study.correlations.average)
    assert blocks["turbulence"].figure.exact == exact(last.robust)
    assert f"{found.name(last.culprit)} has {round(last.culprit_share * 100)}" in blocks["turbulence"].note.text()
    assert blocks["absorption"].figure.exact == exact(study.absorption.latest)


async def test_turbulence_and_absorption_are_drawn_over_time_until_a_pair_is_chosen(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot, detail="correlation")
    pane, study = screen.pane, screen.reading.found.report.study
    drawn = {}
    for kind in ("turbulence", "absorption"):
        choose(pane.over_time, kind)
        drawn[kind] = pane.course.course.values
    row = pane.matrix.given[0]
    pane._open_key(f"{row.one} {row.other}")
    await answered(shell, screen)

    assert drawn["turbulence"] == tuple(exact(one.robust) for one in study.turbulence)
    assert drawn["absorption"] == tuple(exact(one) for one in study.absorption.ratios.tolist())
    assert (pane.over_time.current, pane.course.title.text()) == ("pair", row.names)
    assert len(pane.course.course) > len(study.turbulence)


async def test_a_course_of_the_market_stays_while_prices_move(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot, detail="correlation")
    choose(screen.pane.over_time, "absorption")
    screen.reading.compute()
    await answered(shell, screen)

    assert (screen.pane.over_time.current, screen.pane.course.title.text()) == ("absorption", "Absorption")
    assert len(screen.pane.course.course) == 365


async def test_each_figure_of_the_market_says_how_it_is_computed(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot, detail="correlation")
    for kind in ("correlation", "turbulence", "absorption"):
        screen.pane.market.blocks[kind].info.click()

    assert [one.title for one in shell.explained[-3:]] == ["Correlation", "Turbulence", "Absorption ratio"]
    assert "From sizes alone" in [name for name, *_ in shell.explained[-2].inputs]


async def test_a_short_history_says_how_much_each_figure_needs(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.risk.days = 300
    _, screen = await opened(qtbot, fake, "correlation")
    choose(screen.pane.over_time, "absorption")

    assert "needs 454 days, there are 299" in texts(screen.pane.market)
    assert "needs 366 days, there are 299" in texts(screen.pane.market)
    assert "The history is too short for this figure." in texts(screen.pane.course)


async def test_an_asset_has_its_marginal_and_its_incremental_value_at_risk(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot, detail="contributions")
    study = screen.reading.found.report.study
    row = next(one for one in screen.pane.model.rows() if one.asset == "bitcoin")
    place = study.contributions.assets.index("bitcoin")
    shown = {screen.pane.model.columns[at].column_id for at in screen.pane.table.shown_columns()}

    assert row.incremental == exact(float(study.incremental[place]))
    assert float(row.marginal_var * row.exposure) == pytest.approx(float(row.component))
    assert {"incremental", "marginal_var", "marginal"} <= shown


async def test_t_turns_the_chart_that_the_keyboard_is_in_into_a_table_and_back(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot, detail="correlation")
    pane = screen.pane
    turned = []
    for chart, table in ((pane.course.plot, pane.course.table), (pane.matrix.heat, pane.matrix.table)):
        for part in (chart, table):
            part.setFocus()
            QTest.keyClick(part, Qt.Key.Key_T)
            await shell.settled()
            turned.append((pane.matrix.as_table.isChecked(), pane.course.as_table.isChecked()))

    assert turned == [(False, True), (False, False), (True, False), (False, False)]
