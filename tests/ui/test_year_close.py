"""A tax year is closed in the window: seven steps by the keyboard alone, what blocks, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.core.clock import DAY
from app.core.findings import Finding, Severity
from app.ui import format as fmt
from app.ui.main_window import MainWindow
from app.ui.screens.tax import TaxScreen
from app.ui.screens.transfers_rows import UNPAIRED
from app.ui.screens.year_close import WORDS, CloseScreen
from app.ui.screens.year_page import HealthPage, PricesPage, TransfersPage
from app.ui.screens.year_seal import SealPage
from app.ui.screens.year_steps import results
from app.ui.shell.reading_order import focus_stops
from app.ui.widgets.step_marks import DONE, NEXT, NOW, OPEN
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_transfers import GONE, LATE, LONELY, ONE, OUT
from tests.ui.windows import desk, digits, play, settle, texts
from tests.ui.year_places import ALT, CTRL, US_2025, closing, focused, press, ready, states, waive_all

pytestmark = pytest.mark.usefixtures("qapp")


def test_the_whole_way_to_a_seal_is_gone_by_the_keyboard_alone(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        desk(window).go("tax")
        await ready(window, books)
        tax = desk(window).screen
        assert isinstance(tax, TaxScreen)
        tax._ask(US_2025)
        await ready(window, books)
        press(window, Qt.Key.Key_G)
        press(window, Qt.Key.Key_Y)
        await ready(window, books)
        screen = desk(window).screen
        assert isinstance(screen, CloseScreen)
        gone = [screen.step]
        for _ in range(6):
            press(window, Qt.Key.Key_Return, CTRL)
            await ready(window, books)
            gone.append(screen.step)
            assert screen.isAncestorOf(focused(window))
            if screen.step == "health":
                for _ in range(2):
                    press(window, Qt.Key.Key_W)
                    QTest.keyClicks(focused(window), "below one dollar")
                    press(window, Qt.Key.Key_Return)
                    await ready(window, books)
                    screen.closing.compute()
                    await ready(window, books)
        page = screen.page
        assert isinstance(page, SealPage)
        assert page.reason.hasFocus()
        QTest.keyClicks(page.reason, "two dust differences")
        press(window, Qt.Key.Key_Return)
        await ready(window, books)
        (seal,) = books.seals.made

        assert gone == WORDS
        assert (seal.year, seal.version, seal.reason) == (2025, 1, "two dust differences")
        assert fmt.grouped_hash(seal.seal) in texts(page.card)
        assert page.card.write.hasFocus()
        assert states(screen)[:6] == [DONE] * 6

    play(tmp_path, story)


def test_each_step_says_what_it_has_come_to(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await closing(window, books)
        standing = screen.closing.standing
        assert standing is not None

        assert states(screen) == [NOW] + [NEXT] * 6
        assert {word: one.words for word, one in results(standing).items()} == {
            "scope": "FIFO · per wallet",
            "health": "2 open",
            "transfers": "none",
            "prices": "no gaps",
            "lots": "1 sale by the rule",
            "review": "gain +$303,655.00",
            "seal": "open",
        }
        screen.show_step(2)
        await ready(window, books)
        assert states(screen) == [DONE, OPEN, NOW] + [NEXT] * 4

    play(tmp_path, story)


def test_alt_and_arrows_go_to_and_fro_and_the_rail_by_up_and_down(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await closing(window, books, "prices")
        press(window, Qt.Key.Key_Left, ALT)
        await ready(window, books)
        assert screen.step == "transfers"
        press(window, Qt.Key.Key_Right, ALT)
        await ready(window, books)
        assert screen.step == "prices"
        screen.steps.buttons[3].setFocus()
        press(window, Qt.Key.Key_Down)
        await ready(window, books)

        assert screen.step == "lots"
        assert screen.steps.buttons[4].hasFocus()

    play(tmp_path, story)


def test_what_was_let_stand_is_marked_at_once_and_asks_for_a_reason_of_the_seal(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await closing(window, books, "seal")
        page = screen.page
        assert isinstance(page, SealPage)
        assert not page.seal.isEnabled()
        assert page.obstacle.text() == "2 things stand against closing."
        page.to_health.click()
        await ready(window, books)
        assert isinstance(screen.page, HealthPage)
        await waive_all(books)
        await ready(window, books)
        assert [group.is_waived for group in screen.page.place.found or ()] == [True, True]
        screen.closing.compute()
        await ready(window, books)
        screen.show_step(6)
        await ready(window, books)
        page.begin()
        await ready(window, books)

        assert page.trouble.text() == "Say why in a few words: it is sealed with the year."
        assert books.seals.made == []

    play(tmp_path, story)


def test_a_figure_that_is_not_known_cannot_be_let_stand(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await closing(window, books, "health")
        page = screen.page
        assert isinstance(page, HealthPage)
        page.place.show_findings(
            [Finding(Severity.ERROR, "unknown-figures", "A figure of this year is not known.", "us")]
        )
        await ready(window, books)
        page.place._load()
        await ready(window, books)
        press(window, Qt.Key.Key_W)

        assert page.place.group_bar.waive.isHidden()
        assert page.place.group_bar.form is None

    play(tmp_path, story)


def test_what_blocks_a_figure_says_what_to_do_and_leads_to_its_entry(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await closing(window, books, "health")
        page = screen.page
        assert isinstance(page, HealthPage)
        missing = Finding(
            Severity.ERROR, "missing-basis", "12 LINK that nobody bought are sold.", "x", "An acquisition is missing.",
            "Add the missing acquisition.", ("ab" * 16,),
        )  # fmt: skip
        page.place.show_findings([missing])
        page.place._load()
        await ready(window, books)
        shown = texts(page.place.right)
        page.place.group_bar.fix.click()
        await settle(window)

        assert any("An acquisition is missing. Add the missing acquisition." in text for text in shown)
        assert "Open the entry" in shown
        assert desk(window).place == f"activity/{'ab' * 16}"

    play(tmp_path, story)


def test_a_missing_cost_that_waits_for_a_transfer_leads_to_its_proposal_in_the_step_of_transfers(
    tmp_path: Path,
) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await closing(window, books, "health", year=2026)
        page, standing = screen.page, screen.closing.standing
        assert isinstance(page, HealthPage)
        assert standing is not None
        missing = Finding(
            Severity.ERROR, "missing-basis", "The entry of 17 November 2026: what it cost is not known.", "x",
            fix="Enter the value.", entries=(ONE.entry_id,),
        )  # fmt: skip
        page.place.show_findings([missing], standing.waits)
        page.place._load()
        await ready(window, books)
        shown = texts(page.place.right)
        page.place.group_bar.fix.click()
        await ready(window, books)
        transfers = screen.page

        assert "Review the proposed transfer" in shown
        assert (screen.step, states(screen)[2]) == ("transfers", NOW)
        assert isinstance(transfers, TransfersPage)
        assert transfers.place.table.current_key() == f"{LONELY.entry_id} {ONE.entry_id}"
        assert transfers.place.table.hasFocus()
        screen.show_step(1)
        await ready(window, books)
        assert not transfers.place._quit

    play(tmp_path, story)


def test_a_year_that_is_not_over_says_until_when_it_may_change(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await closing(window, books, "seal", year=2026)
        page = screen.page
        assert isinstance(page, SealPage)

        assert "can still change until 2027-01-01" in page.obstacle.text()
        assert not page.seal.isEnabled()
        assert screen.state.text() == "not over"

    play(tmp_path, story)


def test_transfers_and_prices_are_cut_to_the_year(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await closing(window, books, "transfers")
        page = screen.page
        assert isinstance(page, TransfersPage)
        assert (page.place._count("proposed"), page.place.sure.isHidden()) == (0, True)
        page.place.until = OUT.at + DAY
        page.place._load()
        await ready(window, books)
        page.place.sure.click()
        await ready(window, books)
        assert len(books.transfers.recorded) == 1
        screen.show_step(3)
        await ready(window, books)

        assert isinstance(screen.page, PricesPage)
        assert screen.page.place.found == ()

    play(tmp_path, story)


def test_ends_that_are_alone_are_paired_by_hand_within_the_wizard(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await closing(window, books, "transfers", 2026)
        page = screen.page
        assert isinstance(page, TransfersPage)
        page.place.kind.choose(UNPAIRED)
        page.place._narrow()
        page.place.table.choose(GONE.entry_id)
        page.place.table.setFocus()
        press(window, Qt.Key.Key_Return)
        await ready(window, books)
        press(window, Qt.Key.Key_Return)
        QTest.keyClicks(focused(window), "a slow withdrawal of mine")
        press(window, Qt.Key.Key_Return)
        await ready(window, books)
        (made,) = books.transfers.recorded

        assert (made.ids, made.reason) == (frozenset((GONE.entry_id, LATE.entry_id)), "a slow withdrawal of mine")
        assert screen.step == "transfers"
        assert screen.isAncestorOf(focused(window))

    play(tmp_path, story)


def test_another_year_begins_at_its_first_step(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await closing(window, books, "seal")
        before = screen.step
        await closing(window, books, "", 2024)
        other = screen.step
        await closing(window, books, "review", 2025)

        assert (before, other, screen.step) == ("seal", "scope", "review")

    play(tmp_path, story)


def test_leaving_for_another_place_offers_the_way_back_to_the_same_step(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await closing(window, books, "prices")
        desk(window).go("activity")
        await settle(window)
        banner = desk(window).banners.shown
        assert banner is not None
        assert banner.then is not None
        assert (banner.what, banner.action) == ("United States 2025 is being closed.", "Back to closing 2025")
        banner.then()
        await ready(window, books)

        assert desk(window).screen is screen
        assert screen.step == "prices"
        assert desk(window).banners.shown is None
        screen.foot.leave.click()
        await ready(window, books)
        assert isinstance(desk(window).screen, TaxScreen)
        assert desk(window).banners.shown is None

    play(tmp_path, story)


@pytest.mark.parametrize("step", WORDS)
def test_tab_stops_at_everything_as_it_is_read_and_every_stop_has_a_name(tmp_path: Path, step: str) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await closing(window, books, step)
        stops = [one for one in focus_stops(desk(window)) if screen.isAncestorOf(one)]

        assert [type(one).__name__ for one in stops if not one.accessibleName()] == []
        assert stops[0] is screen.steps.buttons[WORDS.index(step)]
        assert stops[-1] is (screen.foot.next if step != "seal" else screen.foot.back)
        assert screen.page is not None
        assert screen.page.objectName() == f"close-{step}"

    play(tmp_path, story)


@pytest.mark.parametrize("step", [word for word in WORDS if word != "lots"])
def test_nothing_of_a_step_can_be_read_where_everything_is_hidden(tmp_path: Path, step: str) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        await waive_all(books)
        await closing(window, books, step)
        desk(window).set_mask(fmt.Mask.EVERYTHING)
        await ready(window, books)

        # The year and its days are no secret; nor is which law it is.
        assert [text for text in texts(cast("QWidget", desk(window).screen)) if digits(text.replace("2025", ""))] == []

    play(tmp_path, story)
