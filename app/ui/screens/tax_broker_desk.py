"""What happens with Form 1099-DA: chosen, shown beside the sales, kept with the year, left out; each with its undo."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from app.core.errors import CounterfoilError
from app.core.reports.broker import Lines
from app.core.reports.source import ReportSource
from app.services import broker_forms
from app.services.broker_forms import BrokerForm
from app.services.tax_reports import source_of
from app.services.tax_years import TaxYear
from app.ui.screens import tax_broker as broker
from app.ui.screens.base import Shell
from app.ui.screens.tax_broker import BrokerLine, BrokerPage, Read
from app.ui.words import tr


class BrokerDesk(QObject):
    """The line above a form, and the page that takes the form's place.

    Signals:
        changed: The forms are to be made anew: other lines count.
        trouble: Something could not be done: what, in words.
    """

    changed = Signal()
    trouble = Signal(str)

    def __init__(self, shell: Shell, pages: QStackedWidget, parent: QWidget) -> None:
        """Take the window and the pages, of which the first is the form."""
        super().__init__(parent)
        self._shell, self._pages = shell, pages
        self._of: tuple[TaxYear, int] | None = None
        self._form: BrokerForm | None = None
        self._read: Read | None = None
        self.line = BrokerLine()
        self._page: BrokerPage | None = None
        self.line.choose_asked.connect(self._choose)
        self.line.list_asked.connect(self._save_list)
        self.line.show_asked.connect(self._show_used)
        self.line.left_out.connect(self._leave_out)

    @property
    def page(self) -> BrokerPage:
        """Return the page, which few people ever need: it is made when it is needed."""
        if self._page is None:
            self._page = BrokerPage(self._shell.workspace.runtime.settings_folder)
            self._page.used.connect(self._use)
            self._page.closed.connect(self.close)
            self._pages.addWidget(self._page)
        return self._page

    @property
    def is_open(self) -> bool:
        """Tell whether lines are shown in place of the form."""
        return self._page is not None and self._pages.currentWidget() is self._page

    def redraw(self) -> None:
        """Write every figure anew."""
        if self._page is not None:
            self._page.redraw()

    def offer(self, name: str) -> None:
        """Show the line where a form has boxes that follow from it."""
        self.line.setVisible(name in broker.FORMS)
        if name not in broker.FORMS:
            self._pages.setCurrentIndex(0)

    async def lines(self, found: TaxYear, year: int) -> Lines | None:
        """Return what brokers reported of a year, as it is kept; None where nothing is.

        Raises:
            InputError: What is kept can no longer be read.
        """
        self._of = found, year
        form = await broker_forms.kept(self._shell.workspace, year)
        self._form, self._read = form, None
        self.line.show_used(None, form)
        if form is None:
            return None
        self._read = await self._beside(form)
        self.line.show_used(self._read, form)
        return self._read.lines

    def _source(self) -> ReportSource:
        if self._of is None:
            message = "no year was shown yet"
            raise RuntimeError(message)
        found, year = self._of
        return source_of(found, year, self._shell.workspace.runtime.assets)

    async def _beside(self, form: BrokerForm) -> Read:
        def work() -> Read:
            return broker.read(form, self._source())

        return await asyncio.get_running_loop().run_in_executor(None, work)

    # a file --------------------------------------------------------------------------------------------------------
    @Slot()
    def _choose(self) -> None:
        self._shell.run(self._chosen(), what=tr("Reading Form 1099-DA"))

    async def _chosen(self) -> None:
        path = await broker.ask_file(self.page)
        if path is not None:
            await self.preview(path)

    async def preview(self, path: Path) -> None:
        """Show what a file says, before anything follows it."""
        try:
            form = await asyncio.get_running_loop().run_in_executor(None, broker.load, path)
            found = await self._beside(form)
        except CounterfoilError as fault:
            self.page.show_fault(path.name, fault)
        else:
            self.page.show_read(found, self._source(), is_used=False)
        self._open()

    @Slot()
    def _show_used(self) -> None:
        if self._form is not None:
            self._shell.run(self._shown(self._form), what=tr("Reading Form 1099-DA"))

    async def _shown(self, form: BrokerForm) -> None:
        try:
            self.page.show_read(await self._beside(form), self._source(), is_used=True)
        except CounterfoilError as fault:
            self.page.show_fault(form.file, fault)
        self._open()

    def _open(self) -> None:
        self._pages.setCurrentWidget(self.page)
        target = self.page.take if self.page.take.isVisibleTo(self.page) and self.page.take.isEnabled() else None
        (target or self.page.cancel).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def close(self) -> None:
        """Show the form again."""
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.page.isAncestorOf(focused)
        self._pages.setCurrentIndex(0)
        if had_focus:
            self.line.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    # what counts ---------------------------------------------------------------------------------------------------
    @Slot(object)
    def _use(self, found: Read) -> None:
        told = tr("Form 8949 follows %f.").replace("%f", found.form.file)
        self._shell.run(self._kept(found.form, told, self._form), what=tr("Keeping Form 1099-DA"))
        self.close()

    @Slot()
    def _leave_out(self) -> None:
        told = tr("Form 1099-DA is left out.")
        self._shell.run(self._kept(None, told, self._form), what=tr("Leaving Form 1099-DA out"))
        self.close()

    async def _kept(self, form: BrokerForm | None, told: str, before: BrokerForm | None) -> None:
        if self._of is None:
            return
        year = self._of[1]
        await broker_forms.keep(self._shell.workspace, year, form)
        self.changed.emit()
        self._shell.toast(told, tr("Undo"), partial(self._undo, year, before))

    def _undo(self, year: int, before: BrokerForm | None) -> None:
        self._shell.run(self._undone(year, before), what=tr("Undoing"))

    async def _undone(self, year: int, before: BrokerForm | None) -> None:
        await broker_forms.keep(self._shell.workspace, year, before)
        self.changed.emit()

    @Slot()
    def _save_list(self) -> None:
        self._shell.run(self._listed(), what=tr("Saving the list of sales"))

    async def _listed(self) -> None:
        if self._of is None:
            return
        target = await broker.ask_list_place(self.page, self._of[1])
        if target is not None:
            self.trouble.emit(await broker.save_list(self._shell, self._source(), target))
