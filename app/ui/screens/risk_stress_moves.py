"""Several prices that move at once, as a person types them: a row each, and whom all others follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import InputError
from app.core.money import plain
from app.ui.screens.risk_found import Found, exact
from app.ui.screens.risk_typed import share_of_percent
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Choice
from app.ui.words import tr

if TYPE_CHECKING:
    from app.core.risk.stress.shocks import Shock

_LEAST, _MOST = Decimal(-100), Decimal(1000)
_FIRST = "-50"
_ROWS = 8
"""So many rows fit beside the assets; a scenario with more keeps them and is edited on the command line."""

_ASSET, _CLASS = "asset", "class"
"""What can move: keys of the lists are one of these, a colon, and which."""


def class_words(name: str) -> str:
    """Return how a class of assets is called."""
    return {
        "crypto": tr("All coins"),
        "stable": tr("All stablecoins"),
        "fiat": tr("All money"),
        "unmapped": tr("All that is not mapped"),
    }.get(name, name)


class _Row(QWidget):
    """One price or class with its move."""

    changed = Signal()
    removed = Signal()

    def __init__(self, offered: Sequence[tuple[str, str]], subject: str, move: str) -> None:
        super().__init__()
        self.subject = Choice(tr("What moves"), is_large=False)
        for words, data in offered:
            self.subject.addItem(words, data)
        self.choose(subject)
        self.move_field = w.field(move, name=tr("Move, %"))
        self.move_field.setMaximumWidth(self.move_field.fontMetrics().averageCharWidth() * 12)
        self.less = w.icon_button("x", tr("Leave out"), tone="text_3", side=24)
        percent = w.text("%", "caption", "text_3")
        w.fill(QHBoxLayout(self), [(self.subject, 1), self.move_field, percent, self.less], 6)
        self.subject.activated.connect(self._told)
        self.move_field.textEdited.connect(self._told)
        self.less.clicked.connect(self._left)

    def choose(self, subject: str) -> None:
        """Choose what moves; what is not offered any more is offered by its id."""
        at = self.subject.findData(subject)
        if at < 0:
            self.subject.addItem(subject.partition(":")[2], subject)
            at = self.subject.count() - 1
        self.subject.setCurrentIndex(at)

    @property
    def chosen(self) -> tuple[str, str]:
        """Return whether it is an asset or a class, and which."""
        kind, _, name = str(self.subject.currentData()).partition(":")
        return kind, name

    def _told(self, *_of: object) -> None:
        self.changed.emit()

    def _left(self, *_of: object) -> None:
        self.removed.emit()


class Moves(QWidget):
    """The rows.

    Signals:
        changed: Something else is typed.
    """

    changed = Signal()

    def __init__(self) -> None:
        """Start without a row."""
        super().__init__()
        self.rows: list[_Row] = []
        self._offered: list[tuple[str, str]] = []
        self._largest = ""
        self._held = QVBoxLayout()
        self._held.setSpacing(4)
        self.more = w.button(tr("Another price"), "link", "plus", size="small")
        self.more.clicked.connect(self._add_next)
        self.others = Choice(tr("What all others do"), is_large=False)
        self.others.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.others.activated.connect(self._told)
        body = w.fill(QVBoxLayout(self), [], 4)
        body.addLayout(self._held)
        body.addWidget(w.row(self.more, None, w.text(tr("Others"), "caption", "text_3"), self.others, spacing=8))

    def offer(self, found: Found) -> None:
        """Offer the assets of a book, and the classes that are in it."""
        held = sorted({one.asset for one in found.book.exposures}, key=found.name)
        classes = dict.fromkeys(found.book.classes[one] for one in held if one in found.book.classes)
        self._offered = [(class_words(name), f"{_CLASS}:{name}") for name in classes]
        self._offered += [(found.name(one), f"{_ASSET}:{one}") for one in held]
        moving = [one for one in found.book.exposures if found.book.classes.get(one.asset) not in ("fiat", "stable")]
        self._largest = max(moving, key=lambda one: abs(one.value)).asset if moving else ""

    def show_shock(self, shock: Shock) -> None:
        """Show the moves of a scenario."""
        for row in self.rows:
            self._held.removeWidget(row)
            row.deleteLater()
        self.rows = []
        for subject, move in _told(shock):
            self._add(subject, move)
        self._offer_factors(shock.factor)

    def begin(self) -> None:
        """Begin with the largest exposure, which falls by half."""
        from app.core.risk.stress.shocks import Shock  # noqa: PLC0415 - loaded with the answer, on a thread

        self.show_shock(Shock(((self._largest, -0.5),) if self._largest else ()))

    def shock(self) -> Shock:
        """Return what is typed; InputError where a move is none."""
        from app.core.risk.stress.shocks import Shock  # noqa: PLC0415 - loaded with the answer, on a thread

        for number, row in enumerate(self.rows):
            if row.chosen in [other.chosen for other in self.rows[:number]]:
                message = f"{row.subject.currentText()} is there twice."
                raise InputError(message, hint=tr("Give each price one move."))
        moves = [(*row.chosen, float(share_of_percent(row.move_field.text(), _LEAST, _MOST))) for row in self.rows]
        return Shock(
            tuple((name, move) for kind, name, move in moves if kind == _ASSET),
            tuple((name, move) for kind, name, move in moves if kind == _CLASS),
            str(self.others.currentData() or ""),
        )

    # rows ----------------------------------------------------------------------------------------------------------
    def _add(self, subject: str, move: str) -> _Row:
        row = _Row(self._offered, subject, move)
        row.changed.connect(self._told)
        row.removed.connect(partial(self._remove, row))
        self.rows.append(row)
        self._held.addWidget(row)
        self._count()
        return row

    def _add_next(self, *_of: object) -> None:
        taken = {":".join(row.chosen) for row in self.rows}
        free = next((subject for _, subject in reversed(self._offered) if subject not in taken), None)
        if free is not None:
            self._add(free, _FIRST).subject.setFocus()
            self._told()

    def _remove(self, row: _Row) -> None:
        self.rows.remove(row)
        self._held.removeWidget(row)
        row.deleteLater()
        self._count()
        self._told()

    def _count(self) -> None:
        for row in self.rows:
            row.less.setVisible(len(self.rows) > 1)
        self.more.setVisible(len(self.rows) < min(_ROWS, len(self._offered)))

    def _offer_factors(self, chosen: str) -> None:
        """Offer to let all others follow one of the assets that move."""
        self.others.clear()
        self.others.addItem(tr("stand still"), "")
        names = {subject: words for words, subject in self._offered}
        for row in self.rows:
            kind, name = row.chosen
            if kind == _ASSET and self.others.findData(name) < 0:
                words = tr("follow %s by beta").replace("%s", names.get(f"{kind}:{name}", name))
                self.others.addItem(words, name)
        self.others.setCurrentIndex(max(self.others.findData(chosen), 0))

    def _told(self, *_of: object) -> None:
        self._offer_factors(str(self.others.currentData() or ""))
        self.changed.emit()


def _told(shock: Shock) -> Iterable[tuple[str, str]]:
    for kind, moves in ((_ASSET, shock.moves), (_CLASS, shock.classes)):
        for name, move in moves:
            value = exact(move)
            yield f"{kind}:{name}", "" if value is None else plain(value.scaleb(2))
