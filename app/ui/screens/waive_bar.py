"""What is done about a finding: its fix, its entries, or letting it stand with a reason, as a record."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.ui import format as fmt
from app.ui.screens.base import Shell
from app.ui.screens.reason_form import Deciding, Form
from app.ui.widgets import basics as w
from app.ui.words import tr


@dataclass(frozen=True, slots=True)
class Subject:
    """What the bar is about: one finding, or all of a group.

    Attributes:
        name: What a waiver is recorded for.
        fix: Verb and object; "" where there is nothing to do but to wait or to waive.
        place: Where the fix is done.
        entries: How many entries are concerned.
        can_waive: It may stand as it is where a person says why; a figure that is not known may not.
    """

    name: str
    words: str
    fix: str = ""
    place: str = ""
    entries: tuple[str, ...] = ()
    is_waived: bool = False
    can_waive: bool = True


class WaiveBar(Deciding):
    """Buttons under a list, and the form that takes their place."""

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        super().__init__(shell)
        self.subject: Subject | None = None
        self.told = w.elided("", "cell", "text_2")
        # Where the words stand above the bar already, the buttons keep their place at its right.
        kept = self.told.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.told.setSizePolicy(kept)
        self.entries = w.button(tr("Show entry"), "ghost", size="small")
        self.entries.clicked.connect(self.show_entries)
        self.waive = w.button(tr("Waive…"), "ghost", "check", size="small")
        self.waive.clicked.connect(self.ask_waive)
        self.back = w.button(tr("Take back…"), "ghost", "undo-2", size="small")
        self.back.clicked.connect(self.ask_back)
        self.fix = w.button("", "", size="small")
        self.fix.clicked.connect(self.go_to_fix)
        buttons = w.row((self.told, 1), self.entries, self.back, self.waive, self.fix, margins=(16, 8, 16, 8))
        self._lay_out(buttons, self.waive)
        self.show_subject(None)

    def show_subject(self, subject: Subject | None) -> None:
        """Take what the buttons are about; a form for something else is put away."""
        if (subject and subject.name) != (self.subject and self.subject.name):
            self.put_away()
        self.subject = subject
        self.told.setText("" if subject is None else fmt.prose(subject.words))
        self.entries.setVisible(subject is not None and bool(subject.entries))
        count = 0 if subject is None else len(subject.entries)
        self.entries.setText(fmt.counted(count, tr("Show entry"), tr("Show the first of %s entries")))
        self.waive.setVisible(subject is not None and not subject.is_waived and subject.can_waive)
        self.back.setVisible(subject is not None and subject.is_waived)
        self.fix.setVisible(subject is not None and bool(subject.fix) and bool(subject.place))
        self.fix.setText("" if subject is None else subject.fix)
        if subject is not None:
            self.fix.setAccessibleName(f"{subject.fix}: {fmt.prose(subject.words)}")

    @Slot()
    def go_to_fix(self) -> None:
        """Open where the fix is done."""
        if self.subject is not None and self.subject.place:
            self._shell.go(self.subject.place)

    @Slot()
    def show_entries(self) -> None:
        """Open the first entry concerned."""
        if self.subject is not None and self.subject.entries:
            self._shell.go(f"activity/{self.subject.entries[0]}")

    @Slot()
    def ask_waive(self) -> None:
        """Ask why it may stand."""
        self._ask_why(tr("Waive: %s"), tr("Why it may stand as it is"), tr("Waive"), is_taken_back=False)

    @Slot()
    def ask_back(self) -> None:
        """Ask why it may no longer stand."""
        self._ask_why(tr("Take the waiver back: %s"), tr("Why"), tr("Take back"), is_taken_back=True)

    def _ask_why(self, title: str, why: str, button: str, *, is_taken_back: bool) -> None:
        if self.subject is None or self.subject.is_waived is not is_taken_back or not self.subject.can_waive:
            return
        form = Form(title.replace("%s", fmt.prose(self.subject.words)), why, button)
        self._ask(form, self._take_back if is_taken_back else self._waive)

    def _to_focus(self) -> QWidget:
        """Return the button that is there now."""
        return self.waive if self.waive.isVisibleTo(self) else self.back

    @Slot()
    def _waive(self) -> None:
        self._decide(self._shell.workspace.findings.waive, tr("Waived."))

    @Slot()
    def _take_back(self) -> None:
        self._decide(self._shell.workspace.findings.take_back, tr("The waiver was taken back."))

    def _decide(self, decide: Callable[[str, str], Coroutine[Any, Any, Any]], told: str) -> None:
        reason = self._reason()
        if reason and self.subject is not None:
            self._record(decide(self.subject.name, reason), told)
