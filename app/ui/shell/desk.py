"""The unlocked window: rail, scope bar, screens, inspector, dock, status bar. It is the `Shell` that screens know."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QWidget

from app.core.model.views import Scope
from app.ui import format as fmt
from app.ui import style, theme
from app.ui.actions import Commands
from app.ui.aio import Tasks
from app.ui.preferences import Preferences
from app.ui.screens.base import Banner, HowComputed, Screen
from app.ui.shell import faults, periods, places, popovers
from app.ui.shell.alerts import AlertWatch
from app.ui.shell.dock import JobDock, headline
from app.ui.shell.header import PageHeader
from app.ui.shell.inspector import InspectorHost
from app.ui.shell.layers import Layer, beside, rect_in
from app.ui.shell.notices import BannerBar, Toast
from app.ui.shell.opening import Opening
from app.ui.shell.prices import Prices
from app.ui.shell.rail import Rail
from app.ui.shell.reading_order import focus_stops, move_focus
from app.ui.shell.scope_bar import ScopeBar, focus
from app.ui.shell.standing import Standing
from app.ui.shell.status_bar import StatusBar
from app.ui.widgets import basics as w
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.workspace import Workspace

_SECOND = 1000


class Desk(QWidget):
    """One unlocked vault on screen.

    Signals:
        lock_wanted: The vault shall be locked.
        book_wanted: Another book of this vault shall be opened.
        vault_wanted: Another vault shall be opened.
        look_changed: A preference of the look has changed; the application brings it to the screen.
    """

    lock_wanted = Signal()
    book_wanted = Signal(str)
    vault_wanted = Signal()
    look_changed = Signal()

    def __init__(self, workspace: Workspace, preferences: Preferences) -> None:
        """Take the workspace and the preferences; `start` then loads."""
        super().__init__()
        self.setObjectName("canvas")
        self._workspace, self.preferences = workspace, preferences
        self.tasks = Tasks(self.show_fault)
        self.commands = Commands(self, preferences)
        self.standing = Standing(workspace, self.run, self)
        self.prices = Prices(workspace, self.run, self)
        self.alerts = AlertWatch(workspace, self.run, self)
        self._current: Screen | None = None
        self._place = ""
        self.layer: Layer | None = None
        self._is_narrow = False
        self._make_parts()
        self._lay_out()
        self._connect()
        self._tick = QTimer(self, interval=_SECOND)
        self._tick.timeout.connect(self.tell_time)

    def _make_parts(self) -> None:
        book, now = self._workspace.book, self.now_ns
        period = self.preferences.period if self.preferences.period in periods.PERIODS else "ytd"
        scope = Scope(period=period, since_ns=periods.since(period, now))
        about = tr("simulated") if book.simulated else self._workspace.path.stem
        upper, lower = places.items(places.UPPER, self.commands), places.items(places.LOWER, self.commands)
        self.rail = Rail(upper, lower, book.name, about)
        self.scope_bar = ScopeBar(book, scope, now)
        self.header, self.banners = PageHeader(), BannerBar()
        self.stack = QStackedWidget()
        self.opening = Opening(self, self.stack, self)
        self.inspector = InspectorHost(self.preferences.inspector_width)
        self.dock = JobDock(self._workspace.jobs)
        self.status = StatusBar()
        self.toasts = Toast(self)

    def _lay_out(self) -> None:
        centre = w.column(self.header, self.banners, (self.stack, 1), spacing=0)
        middle = w.row((centre, 1), self.inspector, spacing=0)
        right = w.column(self.scope_bar, (middle, 1), self.dock, self.status, spacing=0)
        w.fill(QHBoxLayout(self), [self.rail, (right, 1)], 0)

    def _connect(self) -> None:
        self.opening.header_changed.connect(self._header_changed)
        self.opening.made.connect(self._screen_made)
        self.rail.chosen.connect(self.go)
        self.scope_bar.scope_changed.connect(self._scope_changed)
        self.scope_bar.pressed.connect(self.commands.run)
        self.scope_bar.book_wanted.connect(self.book_wanted)
        self.scope_bar.vault_wanted.connect(self.vault_wanted)
        self.status.pressed.connect(self.commands.run)
        self.header.tab_chosen.connect(self._tab_chosen)
        self.standing.changed.connect(self._show_standing)
        self.standing.jobs_changed.connect(self._show_jobs)
        self.prices.came.connect(self._prices_came)
        self.alerts.changed.connect(self._show_alerts)
        self.alerts.changed.connect(self.standing.reload)
        self.alerts.wanted.connect(self._go_to_alerts)
        self.standing.locked.connect(self.lock_wanted)
        self.inspector.opened.connect(self._panels_changed)
        self.inspector.resized.connect(partial(self.preferences.keep, "window/inspector"))
        self.dock.opened.connect(self._panels_changed)
        self._panels_changed()

    # what screens ask of the window ------------------------------------------------------------------------------
    @property
    def workspace(self) -> Workspace:
        """Return the unlocked vault with its book."""
        return self._workspace

    @property
    def scope(self) -> Scope:
        """Return which accounts and which period every screen shows."""
        return self.scope_bar.scope

    @property
    def now_ns(self) -> int:
        """Return the present moment."""
        return self._workspace.runtime.clock.now_ns()

    @property
    def place(self) -> str:
        """Return the place that is shown, with its detail."""
        return self._place

    @property
    def screen(self) -> Screen | None:  # type: ignore[override]
        """Return the screen that is shown."""
        return self._current

    def go(self, place: str) -> None:
        """Open a place such as "positions/bitcoin"."""
        word, _, detail = place.partition("/")
        kind, tab = places.screen_of(word)
        self.close_layer()
        target = self.opening.screen(kind)
        if self._current is not None and self._current is not target:
            self._current.deactivate()
            self.inspect(None)
            self.banners.put("screen", None)
        self._current, self._place = target, place
        waiting = (one.way_back() for one in self.opening.all() if one is not target)
        self.banners.put("way", next(filter(None, waiting), None))
        if tab is not None:
            target.show_tab(tab)
        self.opening.write_anew(target)
        is_by_rail = self._holds_focus(self.rail)
        if self._holds_focus(self.stack):
            # What is hidden while it has the focus would look for the next stop, only to lose it again at once.
            self.setFocus()
        self.stack.setCurrentWidget(target)
        self.rail.show_place(kind.rail or kind.place)
        self._show_header()
        if not is_by_rail:
            target.main_part().setFocus(Qt.FocusReason.OtherFocusReason)
        target.activate(detail)

    @staticmethod
    def _holds_focus(part: QWidget) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and part.isAncestorOf(focused)

    @Slot(object)
    def _screen_made(self, stand_in: Screen) -> None:
        if self._current is stand_in:
            self.go(self._place)

    def inspect(self, panel: QWidget | None) -> None:
        """Show a panel at the right, or none."""
        had_focus = self._holds_focus(self.inspector)
        self.inspector.show_panel(panel)
        if had_focus and panel is None and self._current is not None:
            self._current.main_part().setFocus(Qt.FocusReason.OtherFocusReason)

    def toast(self, text: str, action: str = "", then: Callable[[], None] | None = None) -> None:
        """Say that something is done."""
        self.toasts.show_text(text, action, then)

    def banner(self, banner: Banner | None) -> None:
        """Show the screen's banner, or take it away."""
        self.banners.put("screen", banner)

    def explain(self, anchor: QWidget, text: HowComputed) -> None:
        """Open the "How computed" popover beside a figure."""
        made = popovers.how_computed(text, self.go, self.close_layer)
        self.open_layer(Layer(self, made, beside(rect_in(self, anchor))))

    def run(self, work: Coroutine[Any, Any, None], *, what: str) -> None:
        """Run a task; a fault in it is shown."""
        self.tasks.run(work, what=what)

    # what happens in the window ----------------------------------------------------------------------------------
    def start(self, place: str = "overview") -> None:
        """Load, listen and show a place."""
        self._show_books()
        self.show_mask()
        self.standing.start()
        self._tick.start()
        self.tell_time()
        self.go(place)
        # Nothing is marked before a person has touched a key; Tab then begins at the rail.
        self.setFocus()
        self.prices.start()
        self.alerts.start()

    @Slot()
    def _prices_came(self) -> None:
        self.standing.reload()
        if self._current is not None:
            self._current.prices_came()

    @Slot()
    def _show_alerts(self) -> None:
        self.rail.show_count("alerts", self.alerts.count, "warn")
        self.banners.put("alerts", self.alerts.banner(self.go))

    @Slot()
    def _go_to_alerts(self) -> None:
        window = self.window()
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        self.go("alerts/happened")

    def stop(self) -> None:
        """Listen no more, and let the screens do so."""
        self._tick.stop()
        self.standing.stop()
        self.prices.stop()
        self.alerts.stop()
        self.close_layer()
        if self._current is not None:
            self._current.deactivate()
            self._current = None
        self.header.release()

    def show_fault(self, what: str, fault: BaseException) -> None:
        """Show a fault that nobody else has shown."""
        self.banners.put("fault", faults.banner(what, fault, self._show_details))

    def _show_details(self, details: str) -> None:
        self.open_layer(faults.details(self, details))

    def open_layer(self, layer: Layer) -> None:
        """Float one thing above the screens; what floated before goes."""
        self.close_layer()
        self.layer = layer
        layer.closed.connect(partial(self._layer_closed, layer))
        first = layer.content.focusProxy() or next(iter(focus_stops(layer.content)), None)
        if first is not None:
            focus(first)

    def close_layer(self) -> None:
        """Take away what floats."""
        if self.layer is not None:
            self.layer.close_layer()

    def _layer_closed(self, layer: Layer) -> None:
        if self.layer is layer:
            self.layer = None

    def _scope_changed(self, scope: Scope) -> None:
        self.preferences.keep("scope/period", scope.period)
        if self._current is not None:
            self._current.scope_changed()

    def all_accounts(self) -> None:
        """Show the whole book again."""
        self.scope_bar.choose(replace(self.scope, accounts=()))

    def _tab_chosen(self, index: int) -> None:
        if self._current is not None:
            self._current.show_tab(index)
            self._show_header()

    @Slot(object)
    def _header_changed(self, screen: Screen) -> None:
        if screen is self._current:
            self._show_header()

    def _show_header(self) -> None:
        shown = self._current
        if shown is not None:
            kind, _ = places.screen_of(self._place.partition("/")[0])
            title = tr(kind.heading or kind.title)
            self.header.show_screen(title, shown.note(), shown.tabs(), shown.tab(), shown.header_actions())

    def _show_books(self) -> None:
        self.scope_bar.show_books(self.standing.info.books if self.standing.info else (self._workspace.book.name,))

    @Slot()
    def _show_standing(self) -> None:
        self._show_books()
        self.scope_bar.show_accounts(self.standing.accounts)
        self.scope_bar.bell.show_count(len(self.standing.findings), self.standing.tone)
        self.rail.show_count("connections", self.standing.failed, "warn")
        self.status.show_sources(*self.standing.sources())
        self._show_jobs()

    @Slot()
    def _show_jobs(self) -> None:
        self.dock.show_jobs(self.now_ns)
        self.status.show_jobs(*headline(self._workspace.jobs.all(), self.now_ns))

    @Slot()
    def tell_time(self) -> None:
        """Show the clock, and what grows older with it."""
        self.status.show_clock(self.now_ns)
        self.status.show_marks(*self.standing.marks_age(self.now_ns))
        self._show_jobs()

    def show_mask(self) -> None:
        """Write every figure anew, since more or less is hidden."""
        self.scope_bar.show_mask()
        self.status.show_mask()
        self._show_standing()
        self._show_alerts()
        self.tell_time()
        self.dock.redraw(self.now_ns)
        self.banners.redraw()
        self.rail.update()
        self.close_layer()
        self.toasts.redraw()
        if self._current is not None:
            self.opening.write_anew(self._current)
            self._show_header()

    def set_mask(self, level: fmt.Mask) -> None:
        """Hide more or less, and remember it."""
        fmt.set_mask(level)
        self.preferences.keep("mask", int(level))
        self.show_mask()

    def look_applied(self) -> None:
        """Draw anew what a style sheet does not reach, after a change of theme."""
        self.commands.retint()
        self._show_standing()
        self.banners.redraw()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            for widget in self.findChildren(QWidget):
                style.tint(widget)

    @Slot()
    def _panels_changed(self) -> None:
        is_open = self.inspector.panel is not None or self.dock.isVisibleTo(self)
        self.commands.action("close-panel").setEnabled(is_open)

    def close_panel(self) -> None:
        """Close the inspector, else the dock."""
        if self.inspector.panel is not None:
            self.inspect(None)
        else:
            self.dock.open_dock(is_open=False)

    def fold(self) -> None:
        """Give space to what needs it, by the width of the window and the person's wish."""
        is_small = self.width() < theme.size("breakpoint_rail")
        self.rail.fold(is_narrow=is_small or self.preferences.is_rail_narrow)
        self.scope_bar.fold(is_narrow=is_small)
        self.header.fold(is_narrow=is_small)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the screen answer a key that nobody has taken, such as before anything has the focus."""
        super().keyPressEvent(event)
        if self._current is not None and self.layer is None:
            event.accept()
            self._current.keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001
        """Let Tab go through the window as it is read, whatever was made when."""
        return move_focus(self, forward=next)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold where the window is small."""
        super().resizeEvent(event)
        self.fold()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop."""
        self.stop()
        super().closeEvent(event)
