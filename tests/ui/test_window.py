"""The window around the screens: places, scope, masking, lock, panels, keys."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLabel, QLineEdit, QWidget

from app.core.clock import SECOND
from app.core.errors import RetryableError
from app.services.events import RecordsAppended
from app.services.jobs import Job, JobState
from app.ui import format as fmt
from app.ui import theme
from app.ui.actions import all_actions
from app.ui.application import grab
from app.ui.main_window import MainWindow
from app.ui.screens.base import HowComputed
from app.ui.screens.unlock import UnlockScreen
from app.ui.shell import hits
from app.ui.shell.hit_lines import HIT
from app.ui.shell.palette import Palette
from tests.ui.fake_runtime import FixedClock
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import desk, digits, floating, palette, play, screen, settle, shown, texts

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


def test_the_palette_knows_every_action_and_answers_at_once(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        desk(window).commands.run("palette")
        await settle(window)
        shown_palette = palette(window)
        missing, slowest = [], 0.0
        for action in all_actions():
            began = time.perf_counter()
            shown_palette.field.setText(action.title)
            slowest = max(slowest, time.perf_counter() - began)
            found = [
                shown_palette.model.index(row, 0).data(Qt.ItemDataRole.DisplayRole)
                for row in shown_palette.model.hit_rows()
            ]
            if not any(action.title in line for line in found):
                missing.append(action.action_id)

        assert missing == []
        assert slowest < 0.05

    play(tmp_path, story)


def test_the_palette_finds_assets_and_entries_and_goes_there(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        await settle(window)
        shown_palette = palette(window)
        QTest.keyClicks(shown_palette.field, "btc")
        await settle(window)
        groups = {
            shown_palette.model.index(row, 0).data(Qt.ItemDataRole.UserRole + 1).group
            for row in shown_palette.model.hit_rows()
        }
        QTest.keyClick(shown_palette.field, Qt.Key.Key_Return)
        await settle(window)

        assert {hits.ASSETS, hits.ENTRIES} <= groups
        assert desk(window).place == "positions/bitcoin"
        assert desk(window).layer is None

    play(tmp_path, story, place="settings")


def test_the_palette_grows_with_the_entries_that_are_found(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        desk(window).commands.run("palette")
        await settle(window)
        found = palette(window)
        QTest.keyClicks(found.field, "eth")
        await settle(window)

        assert any(hit.group == hits.ENTRIES for hit in shown_hits(found))
        assert found.list.height() >= min(found.model.height(), 300)
        assert found.height() >= found.sizeHint().height()

    play(tmp_path, story)


def shown_hits(found: Palette) -> list[hits.Hit]:
    return [found.model.index(row, 0).data(HIT) for row in found.model.hit_rows()]


def test_a_prefix_asks_for_one_kind_only() -> None:
    known = [
        hits.Hit(hits.ACTIONS, "Lock", "", "action:lock", "lock"),
        hits.Hit(hits.PLACES, "Lockheed account", "", "connections/l", "plug"),
    ]

    assert [hit.title for hit in hits.search(known, ">lock")] == ["Lock"]
    assert [hit.title for hit in hits.search(known, "@lock")] == ["Lockheed account"]
    assert hits.search(known, "#lock") == []


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


def test_jobs_open_by_themselves_only_when_one_has_failed(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        now = books.clock.now_ns()
        books.jobs.keep(Job(7, "Read kraken-main", now - 5 * SECOND, "page 3", 0.5))
        is_open_while_running = desk(window).dock.isVisible()
        failed = Job(
            7, "Read kraken-main", now, state=JobState.FAILED, ended_ns=now, reason="No network.", remedy="Retry."
        )
        books.jobs.keep(failed)

        assert not is_open_while_running
        assert desk(window).dock.isVisible()
        assert desk(window).status.jobs.words() == "1 failed"
        assert any("No network. Retry." in text for text in texts(desk(window).dock))

    play(tmp_path, story)


def test_jobs_of_less_than_a_second_are_never_shown(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        books.jobs.keep(Job(7, "Read kraken-main", books.clock.now_ns(), "page 3", 0.5))

        assert desk(window).status.jobs.words() == ""

    play(tmp_path, story)


def test_a_fault_in_a_task_is_shown_with_details_and_without_secrets(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        async def broken() -> None:
            message = "key ABCDEFGHIJKLMNOPQRSTUVWX was refused"
            raise ValueError(message)

        desk(window).run(broken(), what="Reading the stars")
        await settle(window)
        banner = desk(window).banners.shown
        assert banner is not None
        assert banner.then is not None
        banner.then()
        details = "\n".join(text for text in texts(floating(window)))
        written = floating(window).findChildren(QLabel)

        assert banner.what == "Reading the stars failed."
        assert written
        assert "ABCDEFGHIJKLMNOPQRSTUVWX" not in details

    play(tmp_path, story)


def test_a_break_that_verifying_finds_is_a_failed_job_and_stays_in_sight(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        books.audit.first_break = "page 215 of the file changed or cut"
        desk(window).commands.run("verify")
        await settle(window)

        assert desk(window).dock.isVisible()
        assert any("The first break: page 215" in text for text in texts(desk(window).dock))
        assert not desk(window).toasts.isVisible()

    play(tmp_path, story)


def test_a_fault_of_the_market_data_leaves_the_window_usable(tmp_path: Path) -> None:
    books = FakeWorkspace(failing={"refresh": RetryableError("No network.", hint="Try again later.")})

    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        assert desk(window).place == "overview"

    play(tmp_path, story, workspace=books)


def test_prices_are_read_again_after_a_reading_and_what_is_shown_is_valued_anew(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        books.answers.asked.clear()
        now = books.clock.now_ns()
        books.jobs.keep(Job(8, "Tax year 2026", now, state=JobState.DONE, ended_ns=now))
        await settle(window)
        assert "refresh" not in books.answers.asked
        books.events.publish(RecordsAppended(("kraken-main",)))
        for _ in range(2):
            books.jobs.keep(Job(9, "Read kraken-main", now, state=JobState.DONE, ended_ns=now))
        await settle(window)

        assert books.answers.asked.count("refresh") == 1
        assert "overview" in books.answers.asked

    play(tmp_path, story)


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
