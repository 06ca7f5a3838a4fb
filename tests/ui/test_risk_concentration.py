"""Limits, concentration and sizes of the book, and the report card of models, in the Risk place."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.services.events import AlertsChanged
from app.ui import format as fmt
from app.ui.screens.risk_card import DEFAULT, verdict
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_risk import hedged
from tests.ui.risk_places import answered, choose, opened
from tests.ui.table_screens import texts


# limits ---------------------------------------------------------------------------------------------------------------
async def test_limits_stand_beside_the_figures_the_most_used_first(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot)
    lines = screen.pane.limits.lines

    assert lines[0] == (fmt.typeset("VaR 99 % 1 d is above 5 % of the book for 10 min"), f"122{fmt.THIN}%", "danger")
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
