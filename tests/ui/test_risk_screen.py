"""The Risk place: what it asks, what each section shows, and what it says where there is too little to show."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.clock import SECOND
from app.core.errors import SourceError
from app.core.model.views import Scope
from app.services.events import AlertsChanged, MarksChanged, RecordsAppended
from app.ui import format as fmt
from app.ui.screens import overview_seen
from app.ui.screens.risk import PANES, RiskScreen
from app.ui.screens.risk_card import DEFAULT, verdict
from app.ui.screens.risk_found import exact
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_risk import hedged
from tests.ui.table_screens import TableShell, texts


async def opened(
    qtbot: QtBot, fake: FakeWorkspace | None = None, detail: str = "", scope: Scope | None = None
) -> tuple[TableShell, Any]:
    """Return a window and the Risk place after its first answer."""
    shell = TableShell(fake, scope)
    screen = RiskScreen(shell)
    qtbot.addWidget(shell.host)
    qtbot.addWidget(screen, before_close_func=lambda _: screen.deactivate())
    screen.resize(1240, 760)
    screen.show()
    screen.activate(detail)
    await answered(shell, screen)
    return shell, screen


async def answered(shell: TableShell, screen: RiskScreen) -> None:
    """Wait until nothing is computed any more."""
    await shell.settled()
    assert screen.reading.job is None
    assert shell.faults == []


def choose(control: Any, key: str) -> None:
    """Choose a word of a row of words, as a click does."""
    control.choose(key)
    control.chosen.emit(key)


# the question ---------------------------------------------------------------------------------------------------------
async def test_the_accounts_are_those_of_the_scope_and_the_period_changes_nothing(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    shell, screen = await opened(qtbot, fake, scope=Scope(accounts=("kraken-main",)))
    shell.scope = Scope(accounts=("kraken-main",), since_ns=1)
    screen.scope_changed()
    await answered(shell, screen)

    assert [scope.accounts for scope in fake.risk.asked if scope] == [("kraken-main",)]


async def test_figures_are_those_of_the_desk_to_the_last_digit(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot)
    study = screen.reading.found.report.study
    tail, found = study.tail(), screen.figures()

    assert Decimal(found["var"]) == exact(tail.value_at_risk)
    assert Decimal(found["es"]) == exact(tail.expected_shortfall)
    assert Decimal(found["volatility"]) == exact(study.volatility.value)
    assert Decimal(found["stressed"]) == exact(study.stressed[-1].value_at_risk)


async def test_another_horizon_or_model_is_there_at_once(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot)
    before = len(screen.shell.workspace.jobs.all())
    choose(screen.bar.horizon, "10")
    screen.bar.model.setCurrentIndex(screen.bar.model.findData("historical"))
    screen.bar.model.activated.emit(screen.bar.model.currentIndex())
    await answered(shell, screen)
    expected = screen.reading.found.reports[10].study.tail("historical").value_at_risk

    assert len(screen.shell.workspace.jobs.all()) == before
    assert Decimal(screen.figures()["var"]) == exact(expected)


async def test_another_confidence_is_computed_anew(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot)
    choose(screen.bar.level, "0.95")
    await answered(shell, screen)
    study = screen.reading.found.report.study

    assert study.question.confidence == 0.95
    assert Decimal(screen.figures()["var"]) == exact(study.tail(confidence=0.95).value_at_risk)
    assert screen.reading.scored.card.confidence == 0.95


async def test_every_level_over_both_horizons_stands_beside_the_chart(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot)
    rows = list(screen.pane.model.rows())
    found = screen.reading.found

    assert [(row.tail.horizon_days, row.tail.confidence) for row in rows] == [
        (days, level) for days in (1, 10) for level in (0.95, 0.975, 0.99)
    ]
    assert rows[5].tail is found.reports[10].study.tail("fhs", 0.99)


# the chart of results -------------------------------------------------------------------------------------------------
async def test_exceptions_of_the_chart_are_those_of_the_report_card(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot)
    choose(screen.pane.results.ranges, "all")
    row = screen.reading.scored.card.row(DEFAULT)

    assert len(screen.pane.results.plot.results.exceptions()) == row.count > 0
    screen.pane.results.as_table.toggle()
    assert sum(day.is_exception for day in screen.pane.results.model.rows()) == row.count


async def test_down_and_up_go_from_exception_to_exception(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot)
    plot = screen.pane.results.plot
    exceptions = plot.results.exceptions()
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Home)
    QTest.keyClick(plot, Qt.Key.Key_Down)
    first = plot.index
    QTest.keyClick(plot, Qt.Key.Key_Down)
    second = plot.index
    QTest.keyClick(plot, Qt.Key.Key_Up)

    assert (first, second, plot.index) == (exceptions[0], exceptions[1], exceptions[0])
    assert plot.tags.cross.note == "exception"


async def test_t_shows_the_chart_as_a_table_and_back(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot)
    QTest.keyClick(screen, Qt.Key.Key_T)
    as_table = screen.main_part() is screen.pane.results.table
    QTest.keyClick(screen, Qt.Key.Key_T)

    assert as_table
    assert screen.main_part() is screen.pane.results.plot


async def test_a_chart_is_saved_as_a_picture_and_its_values_are_exact(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def where(_parent: QWidget, _title: str, name: str) -> Path:
        return tmp_path / name

    monkeypatch.setattr(overview_seen, "ask_where", where)
    shell, screen = await opened(qtbot)
    screen.pane.results.file_asked.emit("png")
    await answered(shell, screen)
    headings, rows = screen.pane.results.raw_rows()
    results = screen.pane.results.plot.results

    assert shell.toasts == ["Written: risk-results-2026-11-20.png"]
    assert headings == ["Day", "Result", "−VaR", "−ES", "Exception"]
    assert [len(rows), rows[0][1]] == [len(results), str(Decimal(repr(round(results.made[-1], 10))))]


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

    assert screen.pane.trade.trouble.text() == f"“{typed}” is no amount."
    assert screen.pane.trade.answer.text() == ""


# states ---------------------------------------------------------------------------------------------------------------
async def test_empty_books_say_what_to_do_and_are_no_failed_job(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot, FakeWorkspace(empty=True))

    assert screen.stage.state == "message"
    assert "Nothing is held. Connect a source or import a statement." in texts(screen)
    assert [job.reason for job in shell.workspace.jobs.all()] == [""]


async def test_a_short_history_shows_what_there_is_and_says_what_is_missing(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.risk.days = 120
    _, screen = await opened(qtbot, fake)
    blocks = screen.pane.strip.blocks

    assert blocks["var"].figure.exact is not None
    assert (blocks["stressed"].figure.text(), blocks["stressed"].note.text()) == (
        fmt.UNKNOWN,
        "needs 365 days, there are 119",
    )
    assert "It takes 155 days of closes; there are 119." in texts(screen.pane.results)


async def test_a_history_of_a_year_takes_a_shorter_window_and_says_so(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.risk.days = 400
    _, screen = await opened(qtbot, fake, "card")

    assert screen.reading.scored.window == 250
    assert screen.pane.note.text().endswith("; 250 instead of 500, since the history is short")


async def test_a_fault_stands_in_the_place_of_figures(qtbot: QtBot) -> None:
    fault = SourceError("The prices are damaged.", hint="Read them again.")
    _, screen = await opened(qtbot, FakeWorkspace(failing={"risk": fault}))

    assert screen.stage.state == "message"
    assert "The prices are damaged. Read them again." in texts(screen)


async def test_figures_of_before_stay_where_new_ones_fail_and_say_so(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    shell, screen = await opened(qtbot, fake)
    before = screen.figures()
    fake.answers.failing["risk"] = SourceError("The prices are damaged.")
    screen.reading.compute()
    await answered(shell, screen)

    assert screen.figures() == before
    assert shell.banners[-1] is not None
    assert shell.banners[-1].what == "These figures are of before: The prices are damaged."


async def test_a_computation_is_stopped_and_says_so(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.hold()
    shell = TableShell(fake)
    screen = RiskScreen(shell)
    qtbot.addWidget(screen, before_close_func=lambda _: screen.deactivate())
    screen.activate()
    await asyncio.sleep(0)
    screen.bar.halt.click()
    fake.release()
    await answered(shell, screen)

    assert screen.reading.found is None
    assert "Not computed." in texts(screen)


async def test_old_marks_are_told_and_their_figures_are_grey(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot, FakeWorkspace(stale_ns=34 * 60 * SECOND))

    assert (screen.bar.pill.isHidden(), screen.bar.pill.text()) == (False, "marks 34 min old")
    assert screen.pane.strip.blocks["var"].figure.property("tone") == "text_3"


async def test_prices_that_move_are_followed_without_a_job_and_not_while_hidden(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    shell, screen = await opened(qtbot, fake)
    before, jobs = screen.figures()["var"], len(shell.workspace.jobs.all())
    fake.move_marks({"bitcoin": Decimal(45000)})
    at_once = float(screen.figures()["var"])
    assert screen.reading._live.isActive()
    screen.reading._follow()
    await answered(shell, screen)

    assert at_once < float(before)
    assert at_once == pytest.approx(float(screen.figures()["var"]), rel=0.05)
    assert len(shell.workspace.jobs.all()) == jobs

    screen.deactivate()
    asked = len(fake.risk.asked)
    fake.events.publish(MarksChanged(frozenset({"bitcoin"})))
    fake.events.publish(RecordsAppended(("kraken-main",)))
    await shell.settled()
    assert (screen.reading._live.isActive(), len(fake.risk.asked)) == (False, asked)


@pytest.mark.parametrize("kind", PANES)
async def test_every_section_hides_its_figures_and_shows_them_again(qtbot: QtBot, kind: Any) -> None:
    shell, screen = await opened(qtbot, detail=kind.word)
    exported, seen = screen.export_rows(), texts(screen.pane)
    fmt.set_mask(fmt.Mask.EVERYTHING)
    try:
        screen.masking_changed()
        await answered(shell, screen)
        hidden = texts(screen.pane)
    finally:
        fmt.set_mask(fmt.Mask.NOTHING)
    screen.masking_changed()
    await answered(shell, screen)

    assert fmt.MASK in " ".join(hidden)
    assert texts(screen.pane) == seen
    assert exported is not None
    assert screen.export_rows() == exported


# limits ---------------------------------------------------------------------------------------------------------------
async def test_limits_stand_beside_the_figures_the_most_used_first(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot)
    lines = screen.pane.limits.lines

    assert lines[0] == ("VaR 99 % 1 d is above 5 % of the book for 10 min", f"122{fmt.THIN}%", "danger")
    assert lines[2][1:] == (f"96{fmt.THIN}%", "warn")
    assert lines[-1][:2] == ("Correlation of BTC and ETH is above 0.9", "unknown")

    screen.pane.limits.findChild(QPushButton).click()
    assert shell.gone == ["alerts"]


async def test_a_book_without_limits_says_so_and_leads_to_them(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    shell, screen = await opened(qtbot, fake)
    fake.alerts.rules.clear()
    fake.events.publish(AlertsChanged())
    await answered(shell, screen)

    assert screen.pane.limits.lines == []
    assert "No limit is set." in texts(screen.pane.limits)


async def test_the_share_of_a_venue_stands_beside_its_limit(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot, detail="concentration")
    by_asset = "limit" in [screen.pane.model.columns[at].column_id for at in screen.pane.table.shown_columns()]
    choose(screen.pane.groups, "venue")
    rows = screen.pane.model.rows()
    shown = [screen.pane.model.columns[at].column_id for at in screen.pane.table.shown_columns()]

    assert (by_asset, "limit" in shown, "headroom" in shown) == (False, True, True)
    assert {row.limit for row in rows} == {Decimal("0.4")}
    assert [row.headroom for row in rows] == [Decimal("0.4") - row.share for row in rows]


# concentration and report card ----------------------------------------------------------------------------------------
async def test_what_belongs_to_nobody_or_it_is_not_known_to_whom_is_told_apart_and_in_no_share(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot, detail="concentration")
    last = {}
    for group in ("venue", "chain", "issuer", "counterparty"):
        choose(screen.pane.groups, group)
        rows = screen.pane.model.rows()
        last[group] = {row.key: row.name for row in rows if row.key in ("?", "-")}

        assert {row.key for row in rows if row.share is None} == last[group].keys()
        assert sum(row.share for row in rows if row.share is not None) == pytest.approx(1, abs=Decimal("1e-9"))
        assert sum(row.of_all for row in rows) == pytest.approx(1, abs=Decimal("1e-9"))

    assert last["chain"] == {"-": "On no chain", "?": "Chain not known"}
    assert last["issuer"]["-"] == "Issued by nobody"


async def test_sizes_of_the_book_stand_above_with_how_each_is_computed(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot, detail="concentration")
    sizes, study = screen.pane.sizes, screen.reading.found.report.study
    moving = sum(
        abs(value) for asset, value in zip(study.book.assets, study.book.values, strict=True) if asset != "usd"
    )
    moving += sum(abs(value) for _, value in study.book.left_out)
    figures = screen.pane.figures()

    assert float(figures["gross"]) == pytest.approx(moving)
    assert float(figures["leverage"]) == pytest.approx(moving / screen.reading.found.book.value)
    assert sizes.blocks["debt"].note.text() == "nothing"

    for block in sizes.blocks.values():
        block.info.click()
        assert shell.explained[-1].title == block.name.text()


async def test_a_futures_wallet_is_in_the_sizes_with_when_it_was_read(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.risk.futures = hedged()
    _, screen = await opened(qtbot, fake, "concentration")
    sizes = screen.pane.sizes
    note = sizes.blocks["perpetuals"].note
    exposures = screen.reading.found.book.exposures

    assert float(screen.pane.figures()["perpetuals"]) == pytest.approx(
        sum(abs(one.value) for one in exposures if one.kind == "perpetual")
    )
    assert "What Binance has in futures, as it was read on 2026-11-20" in note.toolTip()
    assert note.text() == "not read: Kraken desk"


async def test_the_card_marks_the_default_and_says_whether_it_earns_its_place(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot, detail="card")
    card = screen.reading.scored.card
    rows = screen.pane.model.rows()
    tone, words = verdict(card)
    sharpest = min((row for row in card.rows if row.is_passed), key=lambda row: row.quantile_loss)

    assert [row.code for row in rows if row.is_default] == [rows[0].code] == [DEFAULT]
    assert screen.pane.verdict.text() == words
    assert card.row(DEFAULT).is_passed
    assert (tone == "ok") is (sharpest.model.code == DEFAULT)
    assert tone == "ok" or sharpest.model.name in words


async def test_another_row_of_the_card_shows_its_days(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot, detail="card")
    screen.pane.table.choose("normal")
    row = screen.reading.scored.card.row("normal")

    assert screen.pane.results.title.text() == "Normal"
    assert len(screen.pane.results.whole.exceptions()) == row.count
