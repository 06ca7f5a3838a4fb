"""Settings: they act at once, are kept, and speak of this vault."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from app.core.errors import WrongPassphraseError
from app.ui import format as fmt
from app.ui import theme
from app.ui.main_window import MainWindow
from app.ui.screens.settings import SettingsScreen
from app.ui.widgets.choices import Check
from app.ui.widgets.segmented import Segmented
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import desk, play, screen, settle, texts

pytestmark = pytest.mark.usefixtures("qapp")


def settings(window: MainWindow) -> SettingsScreen:
    found = screen(window)
    assert isinstance(found, SettingsScreen)
    return found


def choose(screen: SettingsScreen, name: str, label: str) -> None:
    choice = next(one for one in screen.findChildren(Segmented) if one.accessibleName() == name)
    next(one for one in choice.findChildren(QPushButton) if one.text() == label).click()


def test_theme_and_colours_are_switched_at_once_and_kept(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        choose(settings(window), "Theme", "Light")
        choose(settings(window), "Colours of up and down", "Asia")
        reduced = next(one for one in screen(window).findChildren(Check) if one.accessibleName() == "Reduced motion")
        reduced.click()

        assert (theme.look().mode, theme.look().scheme, theme.look().is_reduced) == ("light", "asia", True)
        assert (
            window.preferences.mode,
            window.preferences.scheme,
            window.preferences.is_reduced,
        ) == ("light", "asia", True)
        assert theme.motion("slow") == 0

    play(tmp_path, story, place="settings")


def test_both_levels_of_masking_can_be_chosen(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        choose(settings(window), "Hide", "Everything")
        await settle(window)

        assert fmt.mask() == fmt.Mask.EVERYTHING
        assert desk(window).status.masked.words() == "All figures hidden"

    play(tmp_path, story, place="settings")


def test_the_minutes_until_the_lock_are_kept(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        choose(settings(window), "Lock after", "Never")

        assert window.preferences.lock_after == 0

    play(tmp_path, story, place="settings")


def test_a_passphrase_is_changed_only_with_the_old_one(tmp_path: Path) -> None:
    books = FakeWorkspace(failing={"change_passphrase": WrongPassphraseError("The old passphrase does not fit.")})

    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        form = settings(window).passphrase
        form.old.setText("old")
        form.new.setText("seven quiet otters borrow my violin")
        form.again.setText("seven quiet otters borrow my violin")
        form._go.click()
        await settle(window)

        assert "The old passphrase does not fit." in texts(form)
        assert form.old.text() == "old"

    play(tmp_path, story, place="settings", workspace=books)


def test_every_record_is_verified_as_a_job_that_says_its_outcome(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        desk(window).commands.run("verify")
        await settle(window)

        assert books.jobs.all()[0].title == "Verify every record"
        assert any("no break" in text for text in texts(desk(window).toasts))

    play(tmp_path, story, place="settings")


def test_exchange_rates_are_read_once_a_person_wants_them(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        switch = settings(window).rates
        assert (switch.check.isChecked(), switch.told.text()) == (False, "Off: nobody is asked.")
        switch.check.click()
        await settle(window)
        assert (books.rates.now.is_on, switch.told.text()) == (True, "Newest: 19 Nov 2026.")
        switch.check.click()
        await settle(window)
        assert (books.rates.now.is_on, switch.told.text()) == (False, "Off: nobody is asked. Newest: 19 Nov 2026.")

    play(tmp_path, story, place="settings")


def test_why_exchange_rates_cannot_be_read_is_said_at_their_switch(tmp_path: Path) -> None:
    books = FakeWorkspace()
    books.rates.now = replace(books.rates.now, is_on=True, fault="ECB cannot be reached.")

    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        assert settings(window).rates.told.text() == "ECB cannot be reached."

    play(tmp_path, story, workspace=books, place="settings")
