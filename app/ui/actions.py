"""Actions as data: menus, shortcuts, the palette and the sheet of keys are all made from this one list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.ui import icons
from app.ui.preferences import Preferences
from app.ui.words import tr


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a person can do anywhere in the window.

    Attributes:
        keys: Shortcuts as Qt writes them; "G, O" is one key after the other.
        group: Heading under which menus and the sheet of keys show it.
        detail: What it does, for the palette.
    """

    action_id: str
    title: str
    icon: str
    keys: tuple[str, ...]
    group: str
    detail: str = ""


def all_actions() -> tuple[Action, ...]:
    """Return every action of the window, in the order of the menus."""
    return (*_going(), *_looking(), *_reading(), *_guarding())


def _going() -> tuple[Action, ...]:
    group = tr("Go to")
    return (
        Action("go-overview", tr("Overview"), "layout-dashboard", ("Alt+1", "G, O"), group, tr("all at a glance")),
        Action("go-performance", tr("Performance"), "chart-line", ("G, E",), group, tr("returns of any period")),
        Action("go-track", tr("Risk-adjusted"), "gauge", ("G, B",), group, tr("Sharpe, beta, benchmark, attribution")),
        Action("go-positions", tr("Positions"), "wallet", ("Alt+2", "G, P"), group, tr("what is held, and where")),
        Action("go-activity", tr("Activity"), "list", ("Alt+3", "G, A"), group, tr("every entry, newest first")),
        Action("go-markets", tr("Markets"), "chart-candlestick", ("Alt+7", "G, M"), group, tr("live marks and charts")),
        Action("go-risk", tr("Risk"), "shield-alert", ("Alt+6", "G, K"), group, tr("how much can be lost, by what")),
        Action("go-alerts", tr("Alerts"), "bell-ring", ("Alt+8", "G, N"), group, tr("limits, and what came of them")),
        Action("go-tax", tr("Tax & reports"), "landmark", ("Alt+4", "G, X"), group, tr("gains, lots, forms")),
        Action("go-connections", tr("Connections"), "plug", ("Alt+5", "G, S"), group, tr("sources and their keys")),
        Action("go-findings", tr("All findings"), "list-checks", ("G, F",), group, tr("what needs a person")),
        Action("go-reconciliation", tr("Reconciliation"), "scale", ("G, R",), group, tr("ledger against balances")),
        Action("go-transfers", tr("Transfers"), "arrow-left-right", ("G, T",), group, tr("what went between accounts")),
        Action("go-prices", tr("Prices"), "tag", ("G, D",), group, tr("sources, gaps, prices by hand")),
        Action("go-audit", tr("Audit log"), "scroll-text", ("G, L",), group, tr("every record, newest first")),
        Action("go-settings", tr("Settings"), "settings", ("Ctrl+,",), group, tr("look, lock, passphrase, backup")),
        Action("next-region", tr("Next part of the window"), "arrow-right-to-line", ("F6",), group),
        Action("previous-region", tr("Part of the window before"), "arrow-left-to-line", ("Shift+F6",), group),
    )  # fmt: skip


def _looking() -> tuple[Action, ...]:
    group = tr("View")
    return (
        Action("palette", tr("Search or run a command"), "search", ("Ctrl+K",), group),
        Action("hide-amounts", tr("Hide amounts"), "eye-off", ("Ctrl+Shift+H",), group, tr("money, quantities")),
        Action("hide-everything", tr("Hide everything"), "eye-closed", ("Ctrl+Alt+Shift+H",), group, tr("weights too")),
        Action("undo", tr("Undo"), "undo-2", ("Ctrl+Z",), group, tr("what was just done, while it is offered")),
        Action("filter", tr("Filter what is shown"), "funnel", ("Ctrl+F", "/"), group),
        Action("previous-period", tr("Shorter period"), "chevron-left", ("[",), group),
        Action("next-period", tr("Longer period"), "chevron-right", ("]",), group),
        Action("all-accounts", tr("All accounts"), "layers", (), group, tr("show the whole book again")),
        Action("jobs", tr("Jobs"), "list-todo", ("Ctrl+J",), group, tr("what runs, waits or failed")),
        Action("notifications", tr("Notifications"), "bell", ("Ctrl+Shift+N",), group, tr("the worst findings")),
        Action("fold-rail", tr("Fold or unfold the rail"), "panel-left", ("Ctrl+B",), group),
        Action("theme", tr("Next theme"), "sun-moon", ("Ctrl+Shift+T",), group, tr("dark, light, high contrast")),
        Action("close-panel", tr("Close the panel"), "x", ("Esc",), group),
    )  # fmt: skip


def _reading() -> tuple[Action, ...]:
    group = tr("Books")
    return (
        Action("refresh", tr("Read all sources"), "refresh-cw", ("F5",), group, tr("and the newest marks")),
        Action("add-source", tr("Add a source…"), "plus", ("Ctrl+N",), group, tr("exchange by a read-only key")),
        Action("import", tr("Import a statement…"), "upload", ("Ctrl+I",), group, tr("CSV, with preview")),
        Action("export", tr("Export what you see…"), "download", ("Ctrl+E",), group, tr("CSV, raw numbers")),
        Action("export-ledger", tr("Export all entries…"), "file-down", (), group, tr("ledger CSV v1")),
        Action("export-gl", tr("Export a general ledger…"), "book-open", (), group, tr("for accountants' programs")),
        Action("close-year", tr("Close this tax year…"), "stamp", ("G, Y",), group, tr("seven steps to a seal")),
        Action("verify", tr("Verify every record"), "shield-check", (), group, tr("hashes, chains, signatures")),
    )


def _guarding() -> tuple[Action, ...]:
    group = tr("Vault")
    return (
        Action("lock", tr("Lock"), "lock", ("Ctrl+L",), group, tr("forget the keys, clear the window")),
        Action("backup", tr("Back up the vault…"), "archive", (), group, tr("an encrypted, verified copy")),
        Action("keys", tr("Shortcuts"), "keyboard", ("?", "F1"), group, tr("all keys; change them here")),
        Action("quit", tr("Quit"), "log-out", ("Ctrl+Q",), group),
    )


class Commands:
    """The actions of one window, bound to what they do and to their keys."""

    def __init__(self, owner: QWidget, preferences: Preferences) -> None:
        """Make a QAction of each; its keys work wherever the owner's window has the focus."""
        self._preferences = preferences
        self._made: dict[str, QAction] = {}
        self._known = {action.action_id: action for action in all_actions()}
        for action in self._known.values():
            made = QAction(action.title, owner)
            made.setIcon(icons.icon(action.icon))
            made.setShortcuts([QKeySequence(keys) for keys in self.keys(action.action_id)])
            owner.addAction(made)
            self._made[action.action_id] = made

    def __iter__(self) -> Iterator[Action]:
        """Go through all actions."""
        return iter(self._known.values())

    def bind(self, action_id: str, then: Callable[[], None]) -> None:
        """Say what an action does."""
        self._made[action_id].triggered.connect(partial(_called, then))

    def action(self, action_id: str) -> QAction:
        """Return the QAction, for menus and states."""
        return self._made[action_id]

    def run(self, action_id: str) -> None:
        """Do it, as if its keys were pressed."""
        self._made[action_id].trigger()

    def keys(self, action_id: str) -> tuple[str, ...]:
        """Return the keys that hold: the person's own, else the usual ones."""
        own = self._preferences.keys(action_id)
        return self._known[action_id].keys if own is None else own

    def remap(self, action_id: str, keys: tuple[str, ...]) -> str:
        """Give an action other keys; where another has them already, nothing changes and its title is returned."""
        for other in self._known.values():
            if other.action_id != action_id and set(self.keys(other.action_id)) & set(keys):
                return other.title
        self._preferences.keep_keys(action_id, keys)
        self._made[action_id].setShortcuts([QKeySequence(key) for key in keys])
        return ""

    def restore(self, action_id: str) -> None:
        """Let the usual keys of an action hold again."""
        self._preferences.keep_keys(action_id, None)
        self._made[action_id].setShortcuts([QKeySequence(key) for key in self._known[action_id].keys])

    def retint(self) -> None:
        """Draw the icons anew, after a change of theme."""
        for action in self._known.values():
            self._made[action.action_id].setIcon(icons.icon(action.icon))

    def menu(self, parent: QWidget) -> QMenu:
        """Return a menu of everything, by group."""
        made = QMenu(parent)
        group = ""
        for action in self._known.values():
            if action.group != group:
                group = action.group
                made.addSection(group)
            made.addAction(self._made[action.action_id])
        return made


def _called(then: Callable[[], None], _checked: bool = False) -> None:  # noqa: FBT001, FBT002
    then()


def written(keys: str) -> str:
    """Return keys as they are printed on the keyboard of this system."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
