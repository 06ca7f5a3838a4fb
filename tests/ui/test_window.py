"""The window around the screens: places, scope, masking, lock, panels, keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QWidget

from app.core.clock import SECOND
from app.ui import collector, theme
from app.ui import format as fmt
from app.ui.application import grab
from app.ui.main_window import MainWindow
from app.ui.screens.base import HowComputed
from app.ui.screens.unlock import UnlockScreen
from tests.ui.fake_runtime import FixedClock
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import desk, digits, play, screen, settle, shown, texts

PLACES = (
    "overview", "performance", "track", "positions", "activity", "markets", "risk", "alerts", "tax", "connections",
    "findings",
    "reconciliation", "transfers", "prices", "settings",
)  # fmt: skip
INTERACTIVE = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox)

pytestmark = pytest.mark.usefixtures("qapp")


async def visit(window: MainWindow, place: str) -> None:
    desk(window).go(place)
    await settle(window)


def test_each_place_opens_and_is_marked_in_the_rail(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        marked = {}
        for place in PLACES:
            await visit(window, place)
            marked[place] = [name for name, item in desk(window).rail.items.items() if item.isChecked()]

        assert marked == {
            "overview": ["overview"],
            "performance": ["overview"],
            "track": ["overview"],
            "positions": ["positions"],
            "activity": ["positions"],
            "markets": ["markets"],
            "risk": ["risk"],
            "alerts": ["alerts"],
            "tax": ["tax"],
            "connections": ["connections"],
            "findings": ["reconciliation"],
            "reconciliation": ["reconciliation"],
            "transfers": ["reconciliation"],
            "prices": ["reconciliation"],
            "settings": ["settings"],
        }
        assert desk(window).banners.shown is None

    play(tmp_path, story)


def test_the_scope_bar_narrows_what_every_screen_shows(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        before = screen(window).figures().get("value")
        account = desk(window).standing.accounts[0]
        action = next(a for a in desk(window).scope_bar.accounts.choices.actions() if a.data() == account.account_id)
        action.trigger()
        await settle(window)

        assert (account.account_id,) == desk(window).scope.accounts
        assert account.name in desk(window).scope_bar.accounts.text()
        assert before != screen(window).figures().get("value")

    play(tmp_path, story)


def test_a_period_is_chosen_in_the_menu_and_by_brackets_and_kept(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        desk(window).commands.run("next-period")
        await settle(window)

        assert desk(window).scope.period == "1y"
        assert window.preferences.period == "1y"

    play(tmp_path, story)


def test_nothing_hidden_can_be_read_when_everything_is_masked(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        leaks = set()
        for place in PLACES:
            await visit(window, place)
            leaks |= {(place, text) for text in texts(window) if digits(text) and not _is_no_figure(text)}

        assert set() == leaks

    play(tmp_path, story, mask=2)


def test_what_was_seen_before_is_hidden_in_the_same_moment_as_it_is_shown_again(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        for place in PLACES:
            await visit(window, place)
        desk(window).explain(
            desk(window).header, HowComputed("Value", "Sum of 12 positions", inputs=(("BTC", "12.5"),))
        )
        desk(window).toast("3 rows written")
        desk(window).set_mask(fmt.Mask.EVERYTHING)
        leaks = set()
        for place in PLACES:
            desk(window).go(place)
            leaks |= {(place, text) for text in texts(window) if digits(text) and not _is_no_figure(text)}

        assert leaks == set()
        assert desk(window).toasts.isVisible()

    play(tmp_path, story)


def test_what_was_just_done_is_undone_by_its_key_while_that_is_offered(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        done: list[str] = []
        place, commands = desk(window), desk(window).commands
        commands.run("undo")
        place.toast("2 entries recorded", "Show", lambda: done.append("shown"))
        commands.run("undo")
        place.toast("Alert taken away", "Undo", lambda: done.append("undone"))
        commands.run("undo")
        commands.run("undo")

        assert done == ["undone"]
        assert not place.toasts.isVisible()
        assert [keys.toString() for keys in commands.action("undo").shortcuts()] == ["Ctrl+Z"]

    play(tmp_path, story)


def _is_no_figure(text: str) -> bool:
    """Names of keys, choices and files have digits that are no figures of the books."""
    words = ("1 min", "5 min", "/home/", "At least 12", "9f2e", "up to", "SHA-256", "8.4", "such as 4 %", "0 shows all")
    is_untyped_rate = text == "0 %"
    return is_untyped_rate or any(word in text for word in words)


def test_no_amount_can_be_read_when_amounts_are_masked(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        fmt.set_mask(fmt.Mask.NOTHING)
        positions = (await books.portfolio.positions()).positions
        secret = {fmt.amount(p.value, "usd") for p in positions if p.value}
        secret |= {fmt.quantity(p.quantity, places=p.asset.places) for p in positions if len(str(p.quantity)) > 5}
        fmt.set_mask(fmt.Mask.AMOUNTS)
        leaks = set()
        for place in PLACES:
            await visit(window, place)
            written = "\n".join(texts(window))
            leaks |= {(place, amount) for amount in secret if amount in written}

        assert set() == leaks

    play(tmp_path, story, mask=1)


def test_hiding_amounts_is_seen_at_once_and_kept(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        desk(window).commands.run("hide-amounts")
        await settle(window)
        status = desk(window).status.masked.words()
        desk(window).commands.run("hide-amounts")

        assert status == "Amounts hidden"
        assert fmt.Mask.NOTHING == fmt.mask() == window.preferences.mask

    play(tmp_path, story)


def test_whatever_can_be_operated_has_a_name(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        nameless = []
        for place in PLACES:
            await visit(window, place)
            operated = [
                widget for widget in shown(window) if isinstance(widget, INTERACTIVE) and not _is_inside(widget)
            ]
            nameless += [(place, type(one).__name__) for one in operated if not one.accessibleName()]

        assert nameless == []

    play(tmp_path, story)


def _is_inside(widget: QWidget) -> bool:
    """Qt's own parts of a field and of a table's corner have the name of the whole."""
    parent = widget.parent()
    return isinstance(parent, (QLineEdit, QComboBox, QAbstractSpinBox)) or type(widget).__name__ == "QTableCornerButton"


def test_locking_clears_the_window_and_forgets_the_keys(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        value = screen(window).figures()["value"]
        desk(window).commands.run("lock")
        cleared = window.centralWidget()
        written = "\n".join(texts(window))
        await settle(window)

        assert isinstance(cleared, UnlockScreen)
        assert books.is_locked
        assert window.windowTitle() == "Counterfoil"
        assert value[:5] not in written.replace(",", "")

    play(tmp_path, story)


def test_the_vault_locks_by_itself_when_nobody_touches_anything(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        clock = window.runtime.clock
        assert isinstance(clock, FixedClock)
        clock.now += 14 * 60 * SECOND
        window.check_idle()
        left = desk(window).status.vault.words()
        clock.now += 60 * SECOND
        window.check_idle()
        await settle(window)

        assert left == "Vault open · locks in 1 min"
        assert books.is_locked

    play(tmp_path, story)


def test_a_touch_puts_the_lock_off(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        clock = window.runtime.clock
        assert isinstance(clock, FixedClock)
        clock.now += 14 * 60 * SECOND
        QTest.mouseMove(window.windowHandle())
        clock.now += 2 * 60 * SECOND
        window.check_idle()

        assert not books.is_locked

    play(tmp_path, story)


def test_cycles_are_searched_once_an_hour_while_nobody_touches_a_window_that_is_never_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        clock = window.runtime.clock
        searched: list[int] = []
        seen = []
        assert isinstance(clock, FixedClock)
        window.preferences.keep("lock/minutes", "0")
        monkeypatch.setattr(collector, "search_all", lambda: searched.append(clock.now))
        for minutes in (59, 2, 59, 2):
            clock.now += minutes * 60 * SECOND
            window.check_idle()
            seen.append(len(searched))
        clock.now += 60 * 60 * SECOND
        window.touch()
        window.check_idle()
        seen.append(len(searched))

        assert seen == [0, 1, 1, 2, 2]

    play(tmp_path, story)


def test_the_theme_is_switched_while_the_window_is_open(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        seen = []
        for mode in theme.MODES:
            window.preferences.keep("look/mode", mode)
            window.apply_look()
            canvas = window.grab().toImage().pixelColor(700, 60).name()
            seen.append(canvas == theme.color("canvas").name())

        assert seen == [True, True, True]

    play(tmp_path, story, place="settings")


def test_escape_closes_what_floats_and_gives_the_focus_back(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        window.activateWindow()
        before = desk(window).scope_bar.eye
        before.setFocus()
        desk(window).commands.run("keys")
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)

        assert desk(window).layer is None
        assert before is window.focusWidget()

    play(tmp_path, story, place="settings")


def test_f6_goes_through_the_parts_of_the_window(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        window.activateWindow()
        desk(window).rail.brand.setFocus()
        visited = []
        for _ in range(4):
            desk(window).commands.run("next-region")
            current = window.focusWidget()
            parts = (desk(window).rail, desk(window).scope_bar, desk(window).header, desk(window).stack)
            visited.append(next(i for i, part in enumerate(parts) if part.isAncestorOf(current)))

        assert visited == [1, 2, 3, 0]

    play(tmp_path, story)


def test_single_letters_are_typed_into_a_field_that_has_the_focus(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        window.activateWindow()
        field = screen(window).filter_field()
        assert isinstance(field, QLineEdit)
        field.setFocus()
        QTest.keyClicks(field, "go?[")

        assert field.text() == "go?["
        assert desk(window).layer is None

    play(tmp_path, story, place="connections")


def test_keys_can_be_changed_and_a_taken_key_is_refused(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        commands = desk(window).commands
        taken = commands.remap("jobs", ("Ctrl+L",))
        done = commands.remap("jobs", ("Ctrl+Alt+J",))

        assert taken == "Lock"
        assert done == ""
        assert commands.keys("jobs") == ("Ctrl+Alt+J",)
        assert [keys.toString() for keys in commands.action("jobs").shortcuts()] == ["Ctrl+Alt+J"]

    play(tmp_path, story)


def test_the_smallest_window_shows_every_place_without_growing(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        sizes = set()
        for place in PLACES:
            await visit(window, place)
            sizes.add((window.width(), window.height(), desk(window).minimumSizeHint().width() <= 1280))
        grab(window, tmp_path / "place.png", density=2)

        assert {(1280, 720, True)} == sizes
        assert theme.size("rail_collapsed") == desk(window).rail.width()

    play(tmp_path, story, size=(1280, 720))


def test_a_window_that_stood_beyond_this_screen_comes_back_onto_it(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        room = window.screen().availableGeometry()
        window.setGeometry(room.right() - 100, room.bottom() - 100, 3_000, 2_000)
        window.preferences.keep_geometry(window.saveGeometry())
        window.restore_geometry()
        await settle(window)

        assert window.pos() == room.topLeft()

    play(tmp_path, story)


def test_the_window_keeps_nothing_that_names_a_person_or_an_asset(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        desk(window).go("positions/bitcoin")
        await settle(window)
        window.close()
        kept = (tmp_path / "window.ini").read_text("utf-8").casefold()

        assert [
            word for word in ("bitcoin", "btc", "kraken", books.book.name.casefold(), "demo.vault") if word in kept
        ] == []

    play(tmp_path, story)
