"""The last steps of closing a tax year: review, seal, files, amending, and verifying what was sealed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import ChainBrokenError, InputError
from app.ui.main_window import MainWindow
from app.ui.screens.tax import TaxScreen
from app.ui.screens.year_close import CloseScreen
from app.ui.screens.year_review import BEFORE, FORMS, WAIVED, ReviewPage
from app.ui.screens.year_seal import SealPage
from app.ui.screens.year_steps import results
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_seals import sealed
from tests.ui.windows import desk, play, texts
from tests.ui.year_places import US_2025, closing, ready, waive_all

pytestmark = pytest.mark.usefixtures("qapp")


def test_the_review_shows_figures_the_year_before_forms_and_what_was_let_stand(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        await waive_all(books)
        screen = await closing(window, books, "review")
        page = screen.page
        assert isinstance(page, ReviewPage)
        seen = {}
        for name in (BEFORE, FORMS, WAIVED):
            page.view.choose(name)
            page.show_view(name)
            await ready(window, books)
            seen[name] = texts(page)

        assert page.view.label(WAIVED) == "Let stand · 2"
        assert [column.title for column in page.beside.columns] == ["Figure", "2025", "2024", "Change"]
        assert {"$303,655.00", "$105,075.00", "+$198,580.00"} <= set(seen[BEFORE])
        assert any("Form 8949" in one for one in seen[FORMS])
        assert seen[WAIVED].count("below one dollar") >= 2
        assert replace(US_2025, year=2024) in books.tax.asked

    play(tmp_path, story)


def test_what_the_seal_refuses_is_said_with_what_to_do(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        await waive_all(books)
        screen = await closing(window, books, "seal")
        page = screen.page
        assert isinstance(page, SealPage)
        books.seals.fault = InputError("The disk is full.", hint="Make room and try again.")
        page.reason.setText("because")
        page.begin()
        await ready(window, books)

        assert page.trouble.text() == "The disk is full. Make room and try again."
        assert page.seal.isVisible()
        assert page.reason.text() == "because"

    play(tmp_path, story)


def test_sealing_can_be_stopped_and_nothing_is_sealed(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        await waive_all(books)
        screen = await closing(window, books, "seal")
        page = screen.page
        assert isinstance(page, SealPage)
        page.reason.setText("because")
        books.hold()
        page.begin()
        await asyncio.sleep(0)
        assert page.stop.isVisible()
        page.cancel()
        books.release()
        await ready(window, books)

        assert page.trouble.text() == "Stopped; nothing was sealed."
        assert books.seals.made == []

    play(tmp_path, story)


def test_files_are_written_into_the_folder_that_was_named(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        await waive_all(books)
        screen = await closing(window, books, "seal")
        page = screen.page
        assert isinstance(page, SealPage)
        page.reason.setText("because")
        page.folder.setText(str(tmp_path / "closed"))
        page.begin()
        await ready(window, books)

        assert books.seals.written == [("US 2025, version 1", tmp_path / "closed")]
        assert page.card.told.text().startswith("6 files written to ")
        assert page.folder.text() == ""

    play(tmp_path, story)


def test_a_sealed_year_is_amended_as_a_new_version_with_a_reason(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        await waive_all(books)
        books.seals.made.append(sealed(US_2025))
        desk(window).go("tax")
        await ready(window, books)
        tax = desk(window).screen
        assert isinstance(tax, TaxScreen)
        tax._ask(US_2025)
        await ready(window, books)
        assert tax.seal_line.pill.text() == "sealed"
        tax.seal_line.amend.click()
        await ready(window, books)
        screen = desk(window).screen
        assert isinstance(screen, CloseScreen)
        assert screen.step == "review"
        screen.show_step(6)
        await ready(window, books)
        page = screen.page
        assert isinstance(page, SealPage)
        page.reason.setText("a late statement")
        page.begin()
        await ready(window, books)

        assert [(one.version, one.reason) for one in books.seals.made] == [(1, ""), (2, "a late statement")]
        assert (
            results(screen.closing.standing)["seal"].words.startswith("version 2 · ") if screen.closing.standing else 0
        )

    play(tmp_path, story)


def test_verifying_says_reproduced_or_lists_causes_and_differences(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        books.seals.made.append(sealed(US_2025))
        desk(window).go("tax")
        await ready(window, books)
        tax = desk(window).screen
        assert isinstance(tax, TaxScreen)
        assert tax.seal_line.pill.text() == "open"
        tax._ask(US_2025)
        await ready(window, books)
        line = tax.seal_line
        line.verify.click()
        await ready(window, books)
        assert line.told.text().startswith("Reproduced, byte by byte · Sealed 2026-11-20, version 1 · ")
        books.seals.differs = True
        line.verify.click()
        await ready(window, books)
        panel = desk(window).inspector.panel
        assert panel is not None
        told = texts(panel)

        assert line.pill.text() == "differs"
        assert "3 differences" in line.told.text()
        assert any("A sale of 1.5 ETH on 2025-05-05 was recorded on 2026-10-01" in one for one in told)
        assert any("353100.25" in one and "354600.75" in one for one in told)

    play(tmp_path, story)


def test_a_seal_that_was_tampered_with_is_said_where_it_was_verified(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        books.seals.made.append(sealed(US_2025))
        desk(window).go("tax")
        await ready(window, books)
        tax = desk(window).screen
        assert isinstance(tax, TaxScreen)
        tax._ask(US_2025)
        await ready(window, books)
        books.seals.fault = ChainBrokenError(
            "The seal of US 2025 is not the hash of its parts.", hint="Run counterfoil vault verify."
        )
        tax.seal_line.start()
        await ready(window, books)

        assert "is not the hash of its parts" in tax.seal_line.told.text()

    play(tmp_path, story)
