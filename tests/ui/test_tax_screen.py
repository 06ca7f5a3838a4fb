"""The Tax place: its question, its figures and their age, what they follow from, what is hidden, allowances."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.errors import InputError
from app.core.lots.methods import Method
from app.core.money import plain
from app.core.tax.figures import AllowanceFigures
from app.services.events import PricesRead, RecordsAppended
from app.services.tax_years import Asked
from app.ui import format as fmt
from app.ui.main_window import MainWindow
from app.ui.screens.base import HowComputed
from app.ui.screens.tax import TaxScreen
from app.ui.screens.tax_allowances import AllowanceCard
from app.ui.screens.tax_disposal_panel import DisposalPanel
from app.ui.screens.tax_disposals import DisposalsPane
from app.ui.screens.tax_summary import SummaryPane
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_tax import tax_year
from tests.ui.table_screens import shown, texts
from tests.ui.tax_places import OF_2026, calm, opened
from tests.ui.windows import desk, digits, on_loop, play, settle

pytestmark = pytest.mark.usefixtures("qapp")


def test_this_year_of_the_country_of_the_currency_is_computed_as_a_job(qtbot: QtBot) -> None:
    async def story() -> None:
        shell, screen = await opened(qtbot)
        totals = tax_year(OF_2026).figures.totals
        assert totals.gain is not None

        assert shell.fake.tax.asked == [OF_2026]
        assert [job.title for job in shell.workspace.jobs.all()] == ["Tax year 2026, United States"]
        assert plain(totals.gain) == screen.figures()["tax/gain"]
        assert "draft" in texts(screen.bar)

    on_loop(story())


def test_an_answer_is_kept_and_coming_back_asks_nothing(qtbot: QtBot) -> None:
    async def story() -> None:
        shell, screen = await opened(qtbot)
        screen.deactivate()
        screen.activate()
        await calm(shell, screen)
        screen.computing.ask(replace(OF_2026, year=2025))
        await calm(shell, screen)
        screen.computing.ask(OF_2026)
        await calm(shell, screen)

        assert [one.year for one in shell.fake.tax.asked] == [2026, 2025]

    on_loop(story())


@pytest.mark.parametrize("event", [RecordsAppended(()), PricesRead()])
def test_old_figures_stay_and_say_that_they_are_old_until_new_ones_come(qtbot: QtBot, event: object) -> None:
    async def story() -> None:
        shell, screen = await opened(qtbot)
        before = screen.figures()
        shell.workspace.events.publish(event)
        was = (screen.computing.is_stale, "stale" in texts(screen.bar), screen.figures() == before)
        screen.computing.compute()
        await calm(shell, screen)

        assert was == (True, True, True)
        assert not screen.computing.is_stale
        assert len(shell.fake.tax.asked) == 2

    on_loop(story())


def test_what_changed_while_the_place_was_hidden_is_computed_anew(qtbot: QtBot) -> None:
    async def story() -> None:
        shell, screen = await opened(qtbot)
        screen.deactivate()
        shell.workspace.events.publish(RecordsAppended(()))
        assert len(shell.fake.tax.asked) == 1
        screen.activate()
        await calm(shell, screen)

        assert len(shell.fake.tax.asked) == 2

    on_loop(story())


def test_a_computation_can_be_stopped_and_begun_again(qtbot: QtBot) -> None:
    async def story() -> None:
        fake = FakeWorkspace()
        shell, screen = await shown(TaxScreen, qtbot, fake)
        fake.hold()
        screen.computing.ask(replace(OF_2026, year=2024))
        await asyncio.sleep(0)
        screen.bar.stop.click()
        fake.release()
        await calm(shell, screen)
        stopped = texts(screen)
        screen.computing.compute()
        await calm(shell, screen)

        assert "Not computed." in stopped
        assert screen.computing.answer is not None

    on_loop(story())


def test_what_the_law_refuses_is_said_with_its_reason_and_a_way_back(qtbot: QtBot) -> None:
    async def story() -> None:
        shell, screen = await opened(qtbot)
        screen.computing.ask(Asked("uk", Method.HIFO, None, "", 2026))
        refused = " ".join(texts(screen))
        screen._by_law()
        await calm(shell, screen)

        assert "does not allow the method hifo" in refused
        assert shell.fake.tax.asked[-1] == Asked("uk", year=2026)
        assert isinstance(screen.pane, SummaryPane)

    on_loop(story())


def test_a_fault_of_the_computation_stands_in_place_of_its_figures(qtbot: QtBot) -> None:
    async def story() -> None:
        fake = FakeWorkspace(failing={"tax": InputError("'xxx' is no money that is known.", hint="Examples: USD.")})
        _, screen = await opened(qtbot, fake)

        assert "These figures were not computed." in texts(screen)
        assert screen.export_rows() is None

    on_loop(story())


def test_another_country_counts_its_own_years_and_is_kept(qtbot: QtBot) -> None:
    async def story() -> None:
        shell, screen = await opened(qtbot)
        screen.bar.country.setCurrentIndex(screen.bar.country.findData("uk"))
        screen.bar.country.activated.emit(screen.bar.country.currentIndex())
        await calm(shell, screen)

        assert shell.fake.settings == {"tax/country": "uk"}
        assert screen.bar.year.currentText() == "2026/27"
        assert not screen.pane.strip.blocks["long_gain"].isVisibleTo(screen)  # type: ignore[union-attr]

    on_loop(story())


def test_an_empty_vault_says_what_is_missing(qtbot: QtBot) -> None:
    async def story() -> None:
        shell, screen = await opened(qtbot, FakeWorkspace(empty=True))

        assert "There is no tax year yet: this vault has no entries." in texts(screen)
        assert shell.fake.tax.asked == []

    on_loop(story())


def test_a_blocked_year_names_what_blocks_it_and_never_shows_zero(qtbot: QtBot) -> None:
    async def story() -> None:
        fake = FakeWorkspace()
        fake.tax.is_blocked = True
        _, screen = await opened(qtbot, fake)
        pane = screen.pane
        assert isinstance(pane, SummaryPane)

        assert pane.strip.blocks["gain"].figure.text() == fmt.UNKNOWN
        assert "blocked" in texts(screen.bar)
        assert "blocked: 1 of 6 disposals have no known gain" in texts(pane)
        assert any("sells 12 chainlink more than was acquired" in text for text in texts(pane))

    on_loop(story())


def test_every_figure_tells_how_it_is_computed(qtbot: QtBot) -> None:
    async def story() -> None:
        shell, screen = await opened(qtbot)
        pane = screen.pane
        assert isinstance(pane, SummaryPane)
        for name in pane.strip.blocks:
            pane.strip.blocks[name].info.click()

        assert [one.title for one in shell.explained] == list(pane.strip.titles.values())
        assert [one.place for one in shell.explained] == ["tax/disposals"] * 5 + ["tax/income"]
        assert "5 of 5 disposals known" in shell.explained[0].coverage
        assert [row[0] for row in shell.explained[0].inputs] == ["BTC", "ETH", "SOL"]

    on_loop(story())


def test_a_disposal_is_followed_to_its_lots_its_prices_and_its_entry(qtbot: QtBot) -> None:
    async def story() -> None:
        shell, screen = await opened(qtbot, detail="disposals")
        pane = screen.pane
        assert isinstance(pane, DisposalsPane)
        keys = [line.key for line in pane.model.lines()]
        pane.table.choose(keys[-1])
        pane.table.previewed.emit(keys[-1])
        panel = shell.panel
        assert isinstance(panel, DisposalPanel)
        parts = texts(panel)
        pane.table.opened.emit(keys[-1])
        await calm(shell, screen)

        assert {"2 parts", "2023-02-06", "2024-01-16"} <= set(parts)
        assert "8.12345678 BTC at the close of 2026-02-20, 94996.5 USD" in parts
        assert shell.panel.entry_id == keys[-1].partition("/")[0]

    on_loop(story())


def test_the_filter_of_disposals_keeps_the_totals_of_the_year(qtbot: QtBot) -> None:
    async def story() -> None:
        _, screen = await opened(qtbot, detail="disposals/solana")
        pane = screen.pane
        assert isinstance(pane, DisposalsPane)

        assert pane.filter.text() == "solana"
        assert pane.model.fitting_count == 2
        assert pane.count.text() == "2 of 5 shown, all counted"
        assert [row[1] for row in (pane.export_rows() or ((), ()))[1]] == ["SOL", "SOL"]

    on_loop(story())


@pytest.mark.parametrize("word", ["summary", "disposals", "forms", "compare"])
def test_hidden_figures_are_hidden_in_every_tab(qtbot: QtBot, word: str) -> None:
    async def story() -> None:
        fmt.set_mask(fmt.Mask.EVERYTHING)
        try:
            _, screen = await opened(qtbot, detail=word)
            pane: Any = screen.pane
            tables = [one for one in (getattr(pane, "table", None), getattr(pane, "preview", None)) if one]
            cells = [text for one in tables for row in getattr(one, "table", one).seen(masked=True)[1] for text in row]
            written = [text for text in (*texts(pane), *cells) if "Form" not in text]
        finally:
            fmt.set_mask(fmt.Mask.NOTHING)

        gain = "65117261"
        assert [text for text in written if gain[:4] in digits(text)] == []

    on_loop(story())


def test_the_keyboard_waits_where_figures_are_computed_and_then_has_the_table(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        books.hold()
        desk(window).go("tax")
        screen = desk(window).screen
        assert isinstance(screen, TaxScreen)
        await asyncio.sleep(0.2)
        waiting = window.focusWidget()
        books.release()
        await settle(window)
        for job in books.jobs.all():
            await books.jobs.finished(job.job_id)
        await settle(window)

        assert screen.isAncestorOf(waiting)
        assert window.focusWidget() is screen.main_part()

    play(tmp_path, story)


def test_an_allowance_says_how_far_it_is_used_and_what_is_left_to_tax(qtbot: QtBot) -> None:
    figures = AllowanceFigures(
        "Exemption limit", "cliff", Decimal(1_000), Decimal(1_250), Decimal(-250), applies=False,
        taxable=Decimal(1_250), law="the law", url="https://example.org", is_verified=False,
    )  # fmt: skip
    asked: list[HowComputed] = []

    def explain(_anchor: QWidget, text: HowComputed) -> None:
        asked.append(text)

    card = AllowanceCard(figures, "EUR", explain, "ab" * 32)
    next(one for one in card.findChildren(QPushButton) if "How computed" in one.accessibleName()).click()
    qtbot.addWidget(card)

    assert {"Exemption limit", "unverified", "Beyond it", "€250.00", "Taxable", "€1,250.00"} <= set(texts(card))
    assert [(one.title, one.inputs[-1]) for one in asked] == [("Exemption limit", ("Taxable", "€1,250.00"))]
    assert "the law (https://example.org)" in asked[0].coverage


def test_the_totals_of_disposals_tell_how_they_are_computed(qtbot: QtBot) -> None:
    async def story() -> None:
        shell, screen = await opened(qtbot, detail="disposals")
        pane: Any = screen.pane
        pane.how.click()
        await shell.settled()

        text = shell.explained[-1]
        assert [row[0] for row in text.inputs] == ["BTC", "ETH", "SOL"]
        assert text.coverage.endswith("5 of 5 disposals known")

    on_loop(story())
