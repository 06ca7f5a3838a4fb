"""The bar above the live table: which list, what to add to it, and what can be done with lists."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget

from app.ui import format as fmt
from app.ui import theme
from app.ui.screens.markets_lists import HELD, Watchlists, held_words
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Choice
from app.ui.widgets.tables_states import filter_field, tool_bar
from app.ui.words import tr

NEW, RENAME, DELETE, TAKE_OFF = "new", "rename", "delete", "take off"


class NameField(QLineEdit):
    """A line for the name of a list; Escape gives up.

    Signals:
        given_up: Escape was pressed.
    """

    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class ListBar(QWidget):
    """Lists, a filter, and a line to add an asset.

    Signals:
        list_chosen: The name of another list; "" is what is held.
        asset_given: The symbol or id of an asset was typed.
        name_given: (NEW or RENAME, name) was typed.
        list_deleted: The list that is looked at shall go.
        asset_removed: The chosen asset shall go off the list.
        filtered: What the filter says now.
    """

    list_chosen = Signal(str)
    asset_given = Signal(str)
    name_given = Signal(str, str)
    list_deleted = Signal()
    asset_removed = Signal()
    filtered = Signal(str)

    def __init__(self) -> None:
        """Start with what is held."""
        super().__init__()
        self._lists = Watchlists()
        self._what = ""
        self.choice = Choice(tr("Watchlist"), is_large=False)
        self.choice.setMinimumWidth(theme.px(120))
        self.choice.activated.connect(self._chosen)
        self.filter = filter_field(tr("Filter"), 120)
        self.filter.textChanged.connect(self.filtered)
        self.asset = w.field("", tr("Add a symbol"), name=tr("Add an asset to this list"), size="small")
        self.asset.setFixedWidth(theme.px(120))
        self.asset.returnPressed.connect(self._asset_given)
        self.name = NameField()
        self.name.setFont(theme.font("body"))
        self.name.setProperty("extent", "small")
        self.name.setMaxLength(60)
        self.name.setFixedWidth(theme.px(150))
        self.name.returnPressed.connect(self._named)
        self.name.given_up.connect(self._close_name)
        self.name.hide()
        self.more = w.icon_button("ellipsis", tr("Lists: new, rename, delete"), side=26)
        self.more.clicked.connect(self._open_menu)
        self.trouble = w.text("", "caption", "danger", wrap=True)
        self.trouble.setContentsMargins(16, 0, 16, 6)
        self.trouble.hide()
        bar = tool_bar(self.choice, self.name, self.asset, (self.filter, 1), self.more)
        w.fill(QVBoxLayout(self), [bar, self.trouble], 0)
        self.show_lists(self._lists)

    def show_lists(self, lists: Watchlists) -> None:
        """Offer the lists there are, the one that is looked at chosen."""
        self._lists = lists
        self.choice.clear()
        self.choice.addItem(held_words(), HELD)
        for name in lists.names:
            self.choice.addItem(name, name)
        self.choice.setCurrentIndex(max(0, self.choice.findData(lists.current)))
        self.asset.setVisible(lists.shown is not None)
        self.say("")

    def say(self, trouble: str) -> None:
        """Say what is wrong with what was typed; "" for nothing."""
        self.trouble.setText(fmt.prose(trouble))
        self.trouble.setVisible(bool(trouble))

    @Slot(int)
    def _chosen(self, index: int) -> None:
        self.list_chosen.emit(str(self.choice.itemData(index)))

    @Slot()
    def _asset_given(self) -> None:
        if self.asset.text().strip():
            self.asset_given.emit(self.asset.text().strip())

    # names ---------------------------------------------------------------------------------------------------------
    def ask_name(self, what: str) -> None:
        """Ask for the name of a new list, or another one for this."""
        self._what = what
        word = tr("Name of the new list") if what == NEW else tr("New name of this list")
        self.name.setPlaceholderText(word)
        self.name.setAccessibleName(word)
        self.name.setText("" if what == NEW else self._lists.current)
        self.choice.hide()
        self.name.show()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()

    @Slot()
    def _named(self) -> None:
        self.name_given.emit(self._what, self.name.text())

    @Slot()
    def _close_name(self) -> None:
        self.close_name()

    def close_name(self) -> None:
        """Show the lists again."""
        had_focus = self.name.hasFocus()
        self.choice.show()
        self.name.hide()
        self.say("")
        if had_focus:
            self.choice.setFocus(Qt.FocusReason.OtherFocusReason)

    # the menu ------------------------------------------------------------------------------------------------------
    def menu(self) -> QMenu:
        """Return what can be done with lists."""
        menu = QMenu(self)
        menu.setFont(theme.font("body"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("New list…")).triggered.connect(partial(self._do, NEW))
        own = [
            menu.addAction(tr("Rename this list…")), menu.addAction(tr("Delete this list")),
            menu.addAction(tr("Take the chosen asset off this list")),
        ]  # fmt: skip
        for action, what in zip(own, (RENAME, DELETE, TAKE_OFF), strict=True):
            action.setEnabled(self._lists.shown is not None)
            action.triggered.connect(partial(self._do, what))
        return menu

    @Slot()
    def _open_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 4)))

    def _do(self, what: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        if what == DELETE:
            self.list_deleted.emit()
        elif what == TAKE_OFF:
            self.asset_removed.emit()
        else:
            self.ask_name(what)
