"""The seven steps at the left of a year that is closed: each says what it has come to, and can be gone to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QVBoxLayout

from app.ui import format as fmt
from app.ui import theme
from app.ui.screens import tax_words as words
from app.ui.screens.year_closing import YearState
from app.ui.widgets import basics as w
from app.ui.widgets.step_marks import DONE, NEXT, NOW, OPEN, StepLook, paint_step
from app.ui.words import tr

_WIDE = 206


@dataclass(frozen=True, slots=True)
class Result:
    """What a step has come to: how many things are open, and that in words."""

    open: int
    words: str


def results(standing: YearState) -> Mapping[str, Result]:
    """Return what every step has come to, by its word."""
    found, waived = standing.found, len(standing.waived)
    blocking = len(standing.blocking) + bool(standing.refused)
    health = fmt.counted(blocking, tr("%s open"), tr("%s open")) if blocking else tr("nothing open")
    if waived:
        health += " · " + tr("%s let stand").replace("%s", fmt.count(waived))
    pairing = tr("%s to review") if standing.proposed else tr("%s paired") if standing.paired else tr("none")
    moved = pairing.replace("%s", fmt.count(standing.proposed or standing.paired))
    if standing.unpaired:
        moved += " · " + tr("%s unpaired").replace("%s", fmt.count(standing.unpaired))
    gaps = fmt.counted(standing.gaps, tr("%s gap"), tr("%s gaps"))
    if standing.doubted:
        gaps += " · " + tr("%s doubted").replace("%s", fmt.count(standing.doubted))
    gain = found.figures.totals.gain
    shown = fmt.amount(gain, found.figures.currency, sign=True)
    return {
        "scope": Result(0, f"{words.method(found.profile.method)} · {words.scope(found.profile.scope)}"),
        "health": Result(blocking, health),
        "transfers": Result(standing.proposed, moved),
        "prices": Result(standing.gaps, gaps if standing.gaps or standing.doubted else tr("no gaps")),
        "lots": _lots(standing),
        "review": Result(int(gain is None), tr("gain %s").replace("%s", shown)),
        "seal": _seal(standing),
    }  # fmt: skip


def _lots(standing: YearState) -> Result:
    chosen, aside = standing.chosen
    if aside:
        return Result(aside, fmt.counted(aside, tr("%s choice set aside"), tr("%s choices set aside")))
    if chosen:
        return Result(0, fmt.counted(chosen, tr("%s sale chosen"), tr("%s sales chosen")))
    sold = len(standing.found.figures.disposals)
    return Result(0, fmt.counted(sold, tr("%s sale by the rule"), tr("%s sales by the rule")))


def _seal(standing: YearState) -> Result:
    seal = standing.seal
    if seal is None:
        return Result(1, tr("open"))
    return Result(0, tr("version %v · %h").replace("%v", str(seal.version)).replace("%h", seal.seal[:8]))


class StepButton(QAbstractButton):
    """One step that can be gone to."""

    def __init__(self, number: int, title: str, *, is_last: bool) -> None:
        """Take the number and the title."""
        super().__init__()
        self.look = StepLook(number, title, is_last)
        self.setFixedHeight(theme.px(54))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.show_state(NEXT, "")

    def show_state(self, state: str, result: str) -> None:
        """Show done, now, next or open, and what it has come to."""
        self.look = replace(self.look, state=state, result=result)
        self.setText(self.look.said)
        self.setAccessibleName(self.look.said)
        self.setToolTip(result)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the row."""
        return QSize(theme.px(_WIDE), theme.px(54))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the step."""
        paint_step(self, self.look)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrow keys to the list; Enter goes there as Space does."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class YearSteps(QFrame):
    """All steps, one below the other; Up and Down move along them.

    Signals:
        chosen: The index of a step.
    """

    chosen = Signal(int)

    def __init__(self, titles: Sequence[tuple[str, str]]) -> None:
        """Take the words and the titles of the steps."""
        super().__init__()
        self.setObjectName("side")
        self.setAccessibleName(tr("Steps"))
        self.setFixedWidth(theme.px(_WIDE))
        self._words = [word for word, _ in titles]
        self._reached = 0
        self._now = 0
        last = len(titles)
        self.buttons = [
            StepButton(number, title, is_last=number == last) for number, (_, title) in enumerate(titles, 1)
        ]
        for index, (word, button) in enumerate(zip(self._words, self.buttons, strict=True)):
            button.setObjectName(f"step-{word}")
            button.clicked.connect(partial(self._clicked, index))
        note = w.text(tr("You can leave at any step and come back to it."), "caption", "text_3", wrap=True)
        note.setContentsMargins(18, 0, 14, 0)
        w.fill(QVBoxLayout(self), [*self.buttons, None, note], 0, (0, 8, 1, 14))

    def show_step(self, index: int, found: Mapping[str, Result]) -> None:
        """Show which step is now, and what each has come to."""
        self._now, self._reached = index, max(index, self._reached)
        for position, (word, button) in enumerate(zip(self._words, self.buttons, strict=True)):
            result = found.get(word)
            state = NOW if position == index else NEXT if result is None or position > self._reached else DONE
            if state == DONE and result is not None and result.open:
                state = OPEN
            button.show_state(state, "" if result is None else result.words)
            is_now = position == index
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_now else Qt.FocusPolicy.ClickFocus)

    def start(self) -> None:
        """Forget how far another year had come."""
        self._reached = 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the step beside."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        target = max(0, min(len(self.buttons) - 1, self._now + step))
        if target != self._now:
            self.buttons[target].setFocus(Qt.FocusReason.TabFocusReason)
            self.chosen.emit(target)

    def _clicked(self, index: int, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.chosen.emit(index)
