"""Form 1099-DA in the window: a file is chosen, its lines are shown beside their sales, and the forms follow them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.core.errors import CounterfoilError, InputError
from app.core.reports.broker import Lines, read_all
from app.core.reports.broker_match import LIST_COLUMNS, BrokerMatch, matches, sales_list
from app.core.reports.source import ReportSource
from app.services.broker_forms import BrokerForm
from app.ui import format as fmt
from app.ui import hints
from app.ui.aio import show
from app.ui.models.paged import PagedModel
from app.ui.screens import tax_broker_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.inspector_parts import wrapped
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage
from app.ui.words import tr

FORMS = ("us-8949", "us-schedule-d")
"""The forms whose boxes follow from what brokers reported."""

_NAMED = 4
"""Bad rows that are named one by one."""
_MOST = 8_000_000
"""Bytes of a file of lines: more is something else."""


@dataclass(frozen=True, slots=True)
class Read:
    """A file of lines beside the sales of a year."""

    form: BrokerForm
    lines: Lines
    faults: Sequence[str]
    matches: Sequence[BrokerMatch]

    @property
    def misfits(self) -> int:
        """Return how many lines fit no sale."""
        return sum(one.fault is not None for one in self.matches)

    @property
    def is_usable(self) -> bool:
        """Tell whether every row can be used."""
        return bool(self.lines) and not self.faults and not self.misfits


def read(form: BrokerForm, source: ReportSource) -> Read:
    """Return a file of lines beside the sales; InputError where it is none. Not for the main thread."""
    lines, faults = read_all(form.text)
    return Read(form, lines, faults, matches(source, lines))


def load(path: Path) -> BrokerForm:
    """Return a file of lines; InputError where it cannot be read. Not for the main thread."""
    try:
        if path.stat().st_size > _MOST:
            raise InputError(f"{path.name} is too large for a list of sales.", hint="Choose the CSV file of the lines.")
        return BrokerForm(path.name, path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} cannot be read as text.", hint="Save it as CSV in UTF-8.") from error


class BrokerLine(QWidget):
    """The line above a form: what was reported of its year, and what can be done.

    Signals:
        choose_asked: A file shall be chosen.
        list_asked: The list of the year's sales shall be saved, to be filled in.
        show_asked: What is used shall be shown.
        left_out: Nothing that brokers reported shall be used any more.
    """

    choose_asked = Signal()
    list_asked = Signal()
    show_asked = Signal()
    left_out = Signal()

    def __init__(self) -> None:
        """Start without a file."""
        super().__init__()
        self.told = w.elided("", "body", "text_2")
        self.list = w.button(tr("Save list to fill in…"), size="small")
        self.choose = w.button(tr("Form 1099-DA…"), "", "upload", size="small", name=tr("Choose a Form 1099-DA file"))
        self.show_lines = w.button(tr("Show lines"), size="small")
        self.leave = w.button(tr("Leave out"), size="small", name=tr("Leave Form 1099-DA out"))
        for button, signal in (
            (self.list, self.list_asked),
            (self.choose, self.choose_asked),
            (self.show_lines, self.show_asked),
            (self.leave, self.left_out),
        ):
            button.clicked.connect(signal)
        parts: list[w.Item] = [(self.told, 1), self.show_lines, self.leave, self.list, self.choose]
        w.fill(QVBoxLayout(self), [w.row(*parts, spacing=8, margins=(16, 6, 16, 6)), w.hline()], 0)

    def show_used(self, used: Read | None, form: BrokerForm | None) -> None:
        """Show what is used; `form` alone is a file that does not fit the books any more."""
        self.show_lines.setVisible(form is not None)
        self.leave.setVisible(form is not None)
        if form is None:
            self.told.setText(tr("No Form 1099-DA: every sale counts as not reported."))
        elif used is None or not used.is_usable:
            self.told.setText(tr("Form 1099-DA, %f: does not fit these figures any more.").replace("%f", form.file))
        else:
            lines = fmt.counted(len(used.lines), tr("%s line"), tr("%s lines"))
            self.told.setText(tr("Form 1099-DA: %l of %f.").replace("%l", lines).replace("%f", form.file))


class BrokerPage(QWidget):
    """The lines of a file beside their sales, before the forms follow them.

    Signals:
        used: The forms shall follow these lines: a `Read`.
        closed: Back to the form.
    """

    used = Signal(object)
    closed = Signal()

    def __init__(self, settings: Path) -> None:
        """Start empty; `settings` keeps the order of columns."""
        super().__init__()
        self.setAccessibleName(tr("Form 1099-DA beside the own books"))
        self.shown: Read | None = None
        self.title, self.note = w.elided("", "heading"), w.elided("", "caption", "text_3")
        self.model = PagedModel(rows.columns(), rows.name)
        self.table = Table(self.model, "broker-lines", tr("Lines of Form 1099-DA"), TableLook(settings=settings))
        self.table.near_end.connect(self.model.grow, Qt.ConnectionType.QueuedConnection)
        self.stage = Stage(self.table)
        self.faults = wrapped("", "cell", "danger")
        self.told = w.text("", "cell", "text_2", wrap=True)
        self.cancel, self.take = w.button(tr("Back to the form"), "ghost"), w.button(tr("Use these lines"), "primary")
        self.cancel.clicked.connect(self.closed)
        self.take.clicked.connect(self._use)
        head = w.column(self.title, self.note, self.faults, spacing=2, margins=(16, 8, 16, 8))
        foot = w.row((self.told, 1), self.cancel, self.take, spacing=8, margins=(16, 8, 16, 8))
        w.fill(QVBoxLayout(self), [head, w.hline(), (self.stage, 1), w.hline(), foot], 0)

    def show_read(self, found: Read, source: ReportSource, *, is_used: bool) -> None:
        """Show a file; `is_used`: the forms follow it already."""
        self.shown = found
        self.title.setText(found.form.file)
        self.note.setText(tr("What brokers reported, beside your own books; boxes and codes of Form 8949 follow."))
        self.model.show(rows.branches(found.matches, source.profile, source.currency), fresh=True)
        if found.matches:
            self.stage.show_table()
        else:
            self.stage.show_empty(tr("No line is filled in."), tr("Fill in proceeds, basis and basis_reported."))
        self._show_faults(found)
        self.told.setText(_told(found))
        self.take.setVisible(not is_used)
        self.take.setEnabled(found.is_usable)
        self.take.setToolTip("" if found.is_usable else tr("Correct the file and choose it again."))

    def show_fault(self, file: str, fault: CounterfoilError) -> None:
        """Say why a file is none of lines."""
        self.shown = None
        self.title.setText(file)
        self.note.setText("")
        self.faults.hide()
        self.stage.show_fault(tr("This is no file of Form 1099-DA lines."), fault)
        self.told.setText("")
        self.take.setVisible(False)

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        if self.shown is not None:
            self.told.setText(_told(self.shown))
            self._show_faults(self.shown)

    def _show_faults(self, found: Read) -> None:
        """Name the first rows that cannot be read, then the first lines that fit no sale, with the reason."""
        misfits = [f"{one.fault.message} {one.fault.hint}" for one in found.matches if one.fault is not None]
        named = [*found.faults, *misfits]
        told = [*named[:_NAMED], *([tr("and more")] if len(named) > _NAMED else [])]
        self.faults.setText(fmt.prose("\n".join(told)))
        self.faults.setVisible(bool(named))

    @Slot()
    def _use(self) -> None:
        if self.shown is not None and self.shown.is_usable:
            self.used.emit(self.shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _told(found: Read) -> str:
    fitting = len(found.matches) - found.misfits
    parts = [
        tr("%n of %m lines fit a sale").replace("%n", fmt.count(fitting)).replace("%m", fmt.count(len(found.matches)))
    ]
    if found.faults:
        parts.append(fmt.counted(len(found.faults), tr("%s row cannot be read"), tr("%s rows cannot be read")))
    return " · ".join(parts)


async def ask_file(parent: QWidget) -> Path | None:
    """Ask for a file of lines."""
    dialog = QFileDialog(parent, tr("Choose a Form 1099-DA file"), str(Path.home()), tr("Lines (*.csv);;All files (*)"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return await _answer(dialog)


async def ask_list_place(parent: QWidget, year: int) -> Path | None:
    """Ask where the list of the year's sales goes."""
    name = f"form-1099-da-{year}.csv"
    dialog = QFileDialog(parent, tr("Save the list of sales"), str(Path.home() / name))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("csv")
    dialog.selectFile(name)
    return await _answer(dialog)


async def _answer(dialog: QFileDialog) -> Path | None:
    accepted = await show(dialog)
    chosen = dialog.selectedFiles()
    dialog.deleteLater()
    return Path(chosen[0]) if accepted and chosen else None


async def save_list(shell: Shell, source: ReportSource, target: Path) -> str:
    """Write the sales of a year, to be filled in; returns what went wrong, in words, or ""."""
    loop, write = asyncio.get_running_loop(), shell.workspace.runtime.csv.write
    listed = await loop.run_in_executor(None, lambda: list(sales_list(source)))
    try:
        await loop.run_in_executor(None, write, target, LIST_COLUMNS, listed)
    except CounterfoilError as fault:
        return hints.line(fault)
    count = fmt.counted(len(listed), tr("%s sale"), tr("%s sales"))
    shell.toast(tr("%n written to %f: fill in what brokers reported.").replace("%n", count).replace("%f", target.name))
    return ""
