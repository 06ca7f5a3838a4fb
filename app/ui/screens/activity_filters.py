"""What the activity is filtered by, as chips in words: kind, account, asset, period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget, QWidgetAction

from app.core.clock import DAY, from_datetime, to_datetime
from app.core.errors import InputError
from app.core.ledger.entries import EntryKind
from app.core.model.views import ActivityFilter, Scope
from app.ui import hints, theme
from app.ui.screens import activity_rows as rows
from app.ui.widgets import basics as w
from app.ui.words import tr

FACETS = ("kind", "account", "asset", "period")
BETWEEN = ".."
"""Joins the first and the last day of a period that was typed."""
_MOST_NAMED = 2
_LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose; nothing chosen is everything."""

    kinds: tuple[EntryKind, ...] = ()
    accounts: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    period: str = ""
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether everything is asked for."""
        return self == Choice()

    def asked(self, scope: Scope, now_ns: int) -> ActivityFilter:
        """Return the question to the books: the scope holds here too, and a period can only narrow it."""
        since, until = span(self.period, now_ns)
        starts = [start for start in (scope.since_ns, since) if start is not None]
        accounts = self.accounts or scope.accounts
        if self.accounts and scope.accounts:
            accounts = tuple(name for name in self.accounts if name in scope.accounts) or ("",)
        return ActivityFilter(self.text, self.kinds, accounts, self.assets, max(starts, default=None), until)


def periods(now_ns: int) -> dict[str, str]:
    """Return the periods to choose from, in words."""
    year = to_datetime(now_ns).year
    return {
        "today": tr("Today"),
        "week": tr("Last 7 days"),
        "month": tr("This month"),
        "last-month": tr("Last month"),
        str(year): str(year),
        str(year - 1): str(year - 1),
        str(year - 2): str(year - 2),
    }


def span(period: str, now_ns: int) -> tuple[int | None, int | None]:
    """Return the first and last moment of a period, in UTC; None is open."""
    today, now = now_ns // DAY * DAY, to_datetime(now_ns)
    if not period:
        return None, None
    if BETWEEN in period:
        opens, _, ends = period.partition(BETWEEN)
        last = _day(ends)
        return _day(opens), None if last is None else last + DAY - 1
    if period == "today":
        return today, None
    if period == "week":
        return today - 6 * DAY, None
    if period in {"month", "last-month"}:
        first = _month(now.year, now.month)
        return (first, None) if period == "month" else (_month(now.year, now.month - 1), first - 1)
    return _month(int(period), 1), _month(int(period) + 1, 1) - 1


def _month(year: int, month: int) -> int:
    if month < 1:
        year, month = year - 1, _LAST_MONTH
    return from_datetime(datetime(year, month, 1, tzinfo=UTC))


def _day(text: str) -> int | None:
    """Return the first moment of a day written as 2026-11-20; None for an empty text."""
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=UTC)) if text else None


def between(first: str, last: str) -> str:
    """Return the period of two days, either of which may be left open; InputError names what is no day."""
    for text in (first, last):
        try:
            date.fromisoformat(text or "2000-01-01")
        except ValueError as error:
            message = f"“{text}” is no day."
            raise InputError(message, hint=tr("Example: 2026-01-31")) from error
    if first and last and first > last:
        raise InputError(tr("The first day is after the last one."))
    return f"{first}{BETWEEN}{last}" if first or last else ""


def period_words(period: str, now_ns: int) -> str:
    """Return a period in words."""
    if BETWEEN not in period:
        return periods(now_ns).get(period, period)
    first, _, last = period.partition(BETWEEN)
    return f"{first or tr('start')} – {last or tr('today')}"


class Days(QWidget):
    """Two days to type.

    Signals:
        given: The period of the two.
    """

    given = Signal(str)

    def __init__(self) -> None:
        """Start with both days open."""
        super().__init__()
        self.first = w.field("", tr("From 2026-01-01"), name=tr("First day"))
        self.last = w.field("", tr("To 2026-12-31"), name=tr("Last day"))
        self.fault = w.text("", "caption", "danger", wrap=True)
        self.fault.hide()
        take = w.button(tr("Show"), "primary", size="small")
        take.clicked.connect(self.take)
        for field in (self.first, self.last):
            field.setFixedWidth(theme.px(150))
            field.returnPressed.connect(self.take)
        parts: list[w.Item] = [w.row(self.first, self.last), self.fault, w.row(None, take)]
        w.fill(QVBoxLayout(self), parts, 8, (10, 10, 10, 10))

    @Slot()
    def take(self) -> None:
        """Give the period, or say what is wrong with it."""
        try:
            period = between(self.first.text().strip(), self.last.text().strip())
        except InputError as fault:
            self.fault.setText(hints.line(fault))
            self.fault.show()
            return
        self.given.emit(period)


class Chip(QPushButton):
    """A filter in words: a click changes it, its cross or Delete takes it away.

    Signals:
        removed: The filter is to go: its facet.
        asked: The filter is to be changed: its facet, where on the screen.
    """

    removed = Signal(str)
    asked = Signal(str, QPoint)

    def __init__(self, facet: str, word: str, value: str) -> None:
        """Take the facet, its word and what it is limited to."""
        super().__init__()
        self._facet = facet
        self.setProperty("kind", "chip_on")
        self._cross = w.glyph("x", "text_3", 12)
        inner = w.row(
            w.text(word, "label", "text_3"), w.text(value, "label"), self._cross, spacing=5, margins=(10, 0, 8, 0)
        )
        inner.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        w.fill(QHBoxLayout(self), [inner], 0)
        self.setFixedWidth(inner.sizeHint().width() + 2)
        self.setAccessibleName(tr("%s, press Delete to remove").replace("%s", f"{word} {value}"))
        self.setToolTip(f"{word}: {value}")
        self.clicked.connect(self._ask)

    @Slot()
    def _ask(self) -> None:
        self.asked.emit(self._facet, self.mapToGlobal(self.rect().bottomLeft()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the filter away where its cross was clicked."""
        if event.position().x() > self.width() - 24 and self.rect().contains(event.position().toPoint()):
            self.removed.emit(self._facet)
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the filter away with Delete or Backspace."""
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.removed.emit(self._facet)
            return
        super().keyPressEvent(event)


class FilterBar(QWidget):
    """The chips that are set, and the button that adds one.

    Signals:
        changed: Another choice.
    """

    changed = Signal()

    def __init__(self, now_ns: int) -> None:
        """Take the present moment, which names the periods."""
        super().__init__()
        self.choice = Choice()
        self._now_ns = now_ns
        self._accounts: Mapping[str, str] = {}
        self._assets: Mapping[str, str] = {}
        self._box = QHBoxLayout(self)
        w.fill(self._box, [], 8)
        self.add = w.button(tr("Add filter"), "ghost", "plus")
        self.add.clicked.connect(self._ask_any)
        self.clear = w.button(tr("Clear"), "ghost", tip=tr("Take all filters away"))
        self.clear.clicked.connect(self._clear)
        self._fill()

    def offer(self, accounts: Mapping[str, str], assets: Mapping[str, str]) -> None:
        """Take the names of accounts and assets to choose from, by id."""
        if (accounts, assets) != (self._accounts, self._assets):
            self._accounts, self._assets = accounts, assets
            self._fill()

    def set_choice(self, choice: Choice) -> None:
        """Filter by something else."""
        if choice != self.choice:
            self.choice = choice
            self._fill()
            self.changed.emit()

    def _fill(self) -> None:
        for place in range(self._box.count()):
            item = self._box.itemAt(place)
            widget = item.widget() if item else None
            if isinstance(widget, Chip):
                widget.hide()
                widget.deleteLater()
        while self._box.count():
            self._box.takeAt(0)
        chips = [chip for facet in FACETS if (chip := self._chip(facet)) is not None]
        w.fill(self._box, [*chips, self.add, self.clear, None], 8)
        self.clear.setVisible(bool(chips))

    def _chip(self, facet: str) -> Chip | None:
        names = [name for key, name in self._offers(facet).items() if key in self._chosen(facet)]
        if not names:
            return None
        value = ", ".join(names[:_MOST_NAMED])
        if len(names) > _MOST_NAMED:
            value += f" +{len(names) - _MOST_NAMED}"
        chip = Chip(facet, self._word(facet), value)
        chip.removed.connect(self._remove)
        chip.asked.connect(self._ask)
        return chip

    def _word(self, facet: str) -> str:
        return {"kind": tr("Kind"), "account": tr("Account"), "asset": tr("Asset"), "period": tr("Date")}[facet]

    def _offers(self, facet: str) -> Mapping[str, str]:
        if facet == "kind":
            return {str(kind): rows.kind_word(kind) for kind in rows.KINDS}
        if facet == "period":
            chosen_period = {key: period_words(key, self._now_ns) for key in self._chosen(facet)}
            return {**periods(self._now_ns), **chosen_period}
        chosen = {key: key for key in self._chosen(facet)}
        return {**chosen, **(self._accounts if facet == "account" else self._assets)}

    def _chosen(self, facet: str) -> Sequence[str]:
        choice = self.choice
        if facet == "period":
            return (choice.period,) if choice.period else ()
        if facet == "kind":
            return tuple(str(kind) for kind in choice.kinds)
        return choice.accounts if facet == "account" else choice.assets

    def _with(self, facet: str, chosen: tuple[str, ...]) -> Choice:
        if facet == "kind":
            return replace(self.choice, kinds=tuple(EntryKind(name) for name in chosen))
        if facet == "period":
            return replace(self.choice, period=chosen[-1] if chosen else "")
        if facet == "account":
            return replace(self.choice, accounts=chosen)
        return replace(self.choice, assets=chosen)

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str)
    def _remove(self, facet: str) -> None:
        self.set_choice(self._with(facet, ()))

    @Slot()
    def _clear(self) -> None:
        self.set_choice(Choice(text=self.choice.text))

    @Slot(str, QPoint)
    def _ask(self, facet: str, at: QPoint) -> None:
        menu = self._menu(self)
        self._fill_menu(menu, facet)
        menu.popup(at)

    @Slot()
    def _ask_any(self) -> None:
        menu = self._menu(self)
        for facet in FACETS:
            below = menu.addMenu(self._word(facet))
            below.setEnabled(bool(self._offers(facet)))
            self._fill_menu(below, facet)
        menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))

    def _menu(self, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.triggered.connect(self._picked)
        return menu

    def _fill_menu(self, menu: QMenu, facet: str) -> None:
        chosen = self._chosen(facet)
        for key, name in self._offers(facet).items():
            action = QAction(name, menu, checkable=True)
            action.setChecked(key in chosen)
            action.setData((facet, key))
            menu.addAction(action)
        if facet == "period":
            menu.addSeparator()
            menu.addAction(tr("Between…")).setData((facet, BETWEEN))

    @Slot(QAction)
    def _picked(self, action: QAction) -> None:
        facet, key = action.data()
        if key == BETWEEN:
            self.ask_days()
        else:
            self.pick(facet, key, chosen=action.isChecked())

    @Slot()
    def ask_days(self) -> QMenu:
        """Ask for two days, beside the button."""
        menu, days = QMenu(self), Days()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(days)
        menu.addAction(holder)
        days.given.connect(self._take_days)
        days.given.connect(menu.close)
        menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))
        days.first.setFocus()
        return menu

    @Slot(str)
    def _take_days(self, period: str) -> None:
        self.set_choice(replace(self.choice, period=period))

    def pick(self, facet: str, key: str, *, chosen: bool = True) -> None:
        """Add something to a filter, or take it out."""
        rest = tuple(name for name in self._chosen(facet) if name != key)
        self.set_choice(self._with(facet, (*rest, key) if chosen else rest))
