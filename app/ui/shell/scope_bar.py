"""The scope bar: book, accounts, period and base currency of every screen; search, masking, findings, lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QWidget

from app.core.model.accounts import Account, Book
from app.core.model.views import Scope
from app.ui import format as fmt
from app.ui import icons, theme
from app.ui.shell import periods
from app.ui.widgets import basics as w
from app.ui.widgets.marks import KeyCap, Pill
from app.ui.words import tr


class StayingMenu(QMenu):
    """A menu that stays open while things in it are ticked."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick without closing."""
        action = cast("QAction | None", self.activeAction())
        if action is not None and action.isCheckable() and action.isEnabled():
            action.trigger()
            return
        super().mouseReleaseEvent(event)


class ScopeButton(QPushButton):
    """One part of the scope; opens its menu below itself."""

    def __init__(self, icon: str, what: str, menu: QMenu) -> None:
        """Take the icon, what is chosen here, and the menu."""
        super().__init__()
        self._what = what
        self.choices = menu
        self.setFont(theme.font("medium"))
        self.setProperty("kind", "scope")
        self.setProperty("icon_name", icon)
        self.setProperty("icon_role", "text_3")
        w.tint(self)
        self.setAutoDefault(False)
        self.setToolTip(what)
        self.clicked.connect(self.open_menu)

    def show_choice(self, words: str) -> None:
        """Show what is chosen."""
        self.setText(f" {words}")
        self.setAccessibleName(f"{self._what}: {words}")

    def open_menu(self) -> None:
        """Open the menu without a loop of its own."""
        self.choices.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))


class BellButton(QPushButton):
    """Opens the findings; a dot tells that there are some."""

    def __init__(self) -> None:
        """Make it without a dot."""
        super().__init__()
        self.setProperty("kind", "glyph")
        self.setProperty("icon_name", "bell")
        self.setAutoDefault(False)
        self.setFixedSize(theme.px(28), theme.px(28))
        w.tint(self)
        self._dot = QFrame(self)
        self._dot.setFixedSize(7, 7)
        self._dot.move(theme.px(17), theme.px(4))
        self.show_count(0, "")

    def show_count(self, count: int, tone: str) -> None:
        """Show whether there is something to see."""
        self._dot.setVisible(bool(count))
        self._dot.setStyleSheet(f"background: {theme.hex_of(tone)}; border-radius: 3px;" if tone else "")
        words = tr("Notifications: %s").replace("%s", fmt.count(count)) if count else tr("Notifications")
        self.setAccessibleName(words)
        self.setToolTip(tr("Notifications (Ctrl+Shift+N)"))


class ScopeBar(QFrame):
    """What every screen shows, and the way to everything.

    Signals:
        scope_changed: The scope that is chosen now.
        book_wanted: The name of another book of this vault.
        vault_wanted: Another vault shall be opened.
        pressed: The id of an action: "palette", "hide-amounts", "notifications", "lock".
    """

    scope_changed = Signal(object)
    book_wanted = Signal(str)
    vault_wanted = Signal()
    pressed = Signal(str)

    def __init__(self, book: Book, scope: Scope, now_ns: int) -> None:
        """Take the book, the scope to begin with and the present moment."""
        super().__init__()
        self.setObjectName("scope")
        self.setAccessibleName(tr("Scope"))
        self._book, self._scope, self._now_ns = book, scope, now_ns
        self._accounts: Sequence[Account] = ()
        self.book = ScopeButton("briefcase-business", tr("Book"), QMenu(self))
        self.accounts = ScopeButton("layers", tr("Accounts"), StayingMenu(self))
        self.period = ScopeButton("calendar-range", tr("Period"), QMenu(self))
        self.currency = ScopeButton("coins", tr("Base currency"), QMenu(self))
        self.search = self._search_field()
        self.eye = w.icon_button("eye", tr("Hide amounts (Ctrl+Shift+H)"))
        self.bell = BellButton()
        self.lock = w.icon_button("lock", tr("Lock (Ctrl+L)"))
        self.lock.setAccessibleName(tr("Lock"))
        for button, action in (
            (self.search, "palette"),
            (self.eye, "hide-amounts"),
            (self.bell, "notifications"),
            (self.lock, "lock"),
        ):
            button.clicked.connect(partial(self._pressed, action))
        self._lay_out()
        self._fill_period()
        self._fill_currency()
        self.show_books((book.name,))
        self.show_accounts(())
        self.show_mask()

    def _lay_out(self) -> None:
        parts: list[w.Item] = [self.book]
        if self._book.simulated:
            parts += [Pill(tr("demo"), "info"), 6]
        for button in (self.accounts, self.period, self.currency):
            parts += [w.glyph("chevron-right", "text_disabled", 14), button]
        w.fill(QHBoxLayout(self), [*parts, None, self.search, 4, self.eye, self.bell, self.lock], 1, (10, 0, 12, 0))
        self.setFixedHeight(theme.size("scope_bar"))

    def _search_field(self) -> QPushButton:
        made = w.button("", "field", "search", tone="text_3", name=tr("Search or run a command"))
        inner = QHBoxLayout(made)
        inner.setContentsMargins(0, 0, 7, 0)
        inner.addStretch(1)
        inner.addWidget(KeyCap("Ctrl+K"))
        return made

    def _pressed(self, action: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.pressed.emit(action)

    @property
    def scope(self) -> Scope:
        """Return the scope that is chosen."""
        return self._scope

    def choose(self, scope: Scope) -> None:
        """Choose another scope and tell everyone."""
        if scope == self._scope:
            return
        self._scope = scope
        self._show_choices()
        self.scope_changed.emit(scope)

    def choose_period(self, period: str) -> None:
        """Choose another period."""
        self.choose(replace(self._scope, period=period, since_ns=periods.since(period, self._now_ns)))

    def step_period(self, step: int) -> None:
        """Choose the next shorter or longer period."""
        index = periods.PERIODS.index(self._scope.period) + step
        self.choose_period(periods.PERIODS[max(0, min(index, len(periods.PERIODS) - 1))])

    def choose_accounts(self, accounts: Sequence[str]) -> None:
        """Choose accounts; none or all of them is the whole book."""
        known = [account.account_id for account in self._accounts]
        chosen = tuple(account for account in known if account in accounts)
        self.choose(replace(self._scope, accounts=() if len(chosen) == len(known) else chosen))

    def show_books(self, books: Sequence[str]) -> None:
        """Show the books of the vault."""
        menu = self.book.choices
        menu.clear()
        for name in books:
            made = menu.addAction(name)
            made.setCheckable(True)
            made.setChecked(name == self._book.name)
            if name != self._book.name:
                made.triggered.connect(partial(self._book_chosen, name))
        menu.addSeparator()
        other = menu.addAction(icons.icon("folder-open"), tr("Open another vault…"))
        other.triggered.connect(self.vault_wanted)
        self.book.show_choice(self._book.name)

    def _book_chosen(self, name: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.book_wanted.emit(name)

    def show_accounts(self, accounts: Sequence[Account]) -> None:
        """Show the accounts of the book."""
        self._accounts = accounts
        menu = self.accounts.choices
        menu.clear()
        whole = menu.addAction(tr("All accounts"))
        whole.triggered.connect(self._whole_book)
        menu.addSeparator()
        for account in accounts:
            made = menu.addAction(account.name)
            made.setData(account.account_id)
            made.setCheckable(True)
            made.triggered.connect(partial(self._ticked, account.account_id))
        self._show_choices()

    def _whole_book(self) -> None:
        self.choose_accounts(())

    def _ticked(self, account_id: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.choose_accounts(tuple(set(self._scope.accounts) ^ {account_id}))
        self._show_choices()

    def _fill_period(self) -> None:
        for period in periods.PERIODS:
            made = self.period.choices.addAction(periods.words(period, self._now_ns))
            made.setData(period)
            made.setCheckable(True)
            made.triggered.connect(partial(self._period_chosen, period))

    def _period_chosen(self, period: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.choose_period(period)
        self._show_choices()

    def _fill_currency(self) -> None:
        code = self._book.base_currency.upper()
        self.currency.show_choice(code)
        chosen = self.currency.choices.addAction(code)
        chosen.setCheckable(True)
        chosen.setChecked(True)
        chosen.triggered.connect(partial(_tick, chosen, is_on=True))
        self.currency.choices.addAction(tr("Chosen when the book was made")).setEnabled(False)

    def _show_choices(self) -> None:
        chosen, total = self._scope.accounts, len(self._accounts)
        if not total:
            words = tr("No accounts")
        elif not chosen:
            words = f"{tr('All accounts')} · {fmt.count(total)}"
        elif len(chosen) == 1:
            words = next((a.name for a in self._accounts if a.account_id == chosen[0]), chosen[0])
        else:
            words = tr("%n of %m accounts").replace("%n", fmt.count(len(chosen))).replace("%m", fmt.count(total))
        self.accounts.show_choice(words)
        self.period.show_choice(periods.words(self._scope.period, self._now_ns))
        for menu, is_chosen in ((self.accounts.choices, chosen), (self.period.choices, (self._scope.period,))):
            for action in menu.actions():
                _tick(action, is_on=action.data() in is_chosen)

    def show_mask(self) -> None:
        """Show how much is hidden."""
        hidden = fmt.mask() != fmt.Mask.NOTHING
        w.set_icon(self.eye, "eye-off" if hidden else "eye", "accent" if hidden else "text_2")
        tip = tr("Show amounts (Ctrl+Shift+H)") if hidden else tr("Hide amounts (Ctrl+Shift+H)")
        self.eye.setToolTip(tip)
        self.eye.setAccessibleName(tr("Show amounts") if hidden else tr("Hide amounts"))
        self._show_choices()

    def fold(self, *, is_narrow: bool) -> None:
        """Make the search field short where space is."""
        self.search.setFixedWidth(theme.px(210 if is_narrow else 290))
        self.search.setText(" " + (tr("Search or run") if is_narrow else tr("Search or run a command")))

    def anchor(self, action: str) -> QWidget:
        """Return the button of an action, to put a popover under it."""
        return self.bell if action == "notifications" else self.search


def _tick(action: QAction, _checked: bool = False, *, is_on: bool) -> None:  # noqa: FBT001, FBT002
    if action.isCheckable():
        action.setChecked(is_on)


def focus(widget: QWidget) -> None:
    """Put the keyboard's focus somewhere, and show it."""
    widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
