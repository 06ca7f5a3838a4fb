"""The tab of forms: the reports of the country at the left, the chosen one as it will be written at the right."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.core.errors import CounterfoilError, RefusedError
from app.core.reports.catalog import FORMS, Form
from app.core.reports.catalog import report as made
from app.core.reports.table import Report
from app.core.tax.jurisdictions import JURISDICTIONS
from app.services.tax_reports import source_of
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui import theme
from app.ui.screens import tax_form_files as files
from app.ui.screens import tax_words as words
from app.ui.screens.base import Shell
from app.ui.screens.ledger_export import ask_for_ledger
from app.ui.screens.tax_broker import FORMS as BROKER_FORMS
from app.ui.screens.tax_broker_desk import BrokerDesk
from app.ui.screens.tax_form_preview import Preview
from app.ui.screens.tax_pane import Pane
from app.ui.screens.tax_proof import ProofInspector
from app.ui.widgets import basics as w
from app.ui.widgets.tables_states import Stage
from app.ui.words import tr


class FormList(QWidget):
    """The forms of the country, then what every country has; the arrow keys move the choice.

    Signals:
        chosen: The name of a form.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.setAccessibleName(tr("Forms"))
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        self._country = ""
        self._box = QVBoxLayout(self)
        w.fill(self._box, [], 2, (8, 8, 8, 8))

    def show_forms(self, country: str, current: str) -> None:
        """Offer what can be made for a country."""
        if country == self._country and current in self.buttons:
            # A list that was made anew while an arrow key moves in it would lose the keyboard.
            had_focus = any(button.hasFocus() for button in self.buttons.values())
            self.buttons[current].setChecked(True)
            if had_focus:
                self.buttons[current].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._country = country
        before = self._group.checkedButton()
        # The list itself has the keyboard where that came before the forms did.
        focused = self.hasFocus() or (before is not None and before.hasFocus())
        w.clear(self._box)
        self._group, self.buttons = QButtonGroup(self), {}
        parts: list[w.Item] = []
        for is_own, title in ((True, JURISDICTIONS[country].name), (False, tr("For every country"))):
            fitting = [form for form in offered(country) if (form.jurisdiction is not None) == is_own]
            if fitting:
                heading = w.text(title, "overline", "text_3")
                heading.setContentsMargins(8, 8, 8, 4)
                parts += [heading, *(self._button(form, current) for form in fitting)]
        w.fill(self._box, [*parts, None], 2, (8, 8, 8, 8))
        if focused and current in self.buttons:
            self.buttons[current].setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, form: Form, current: str) -> QPushButton:
        made_ = w.button(form.title.partition(":")[0], "scope", "file-text", name=form.title, tip=form.title)
        made_.setCheckable(True)
        made_.setChecked(form.name == current)
        made_.clicked.connect(partial(self._clicked, form.name))
        self._group.addButton(made_)
        self.buttons[form.name] = made_
        return made_

    def _clicked(self, name: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.chosen.emit(name)


def offered(country: str) -> Sequence[Form]:
    """Return the forms of a country, its own first."""
    fitting = [form for form in FORMS.values() if form.jurisdiction in (None, country)]
    return sorted(fitting, key=lambda form: form.jurisdiction is None)


class FormsPane(Pane):
    """List, preview, save."""

    word: ClassVar[str] = "forms"
    title: ClassVar[str] = "Forms"
    needs_year: ClassVar[bool] = True

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is made yet."""
        super().__init__(shell)
        self._question: tuple[TaxYear, Asked] | None = None
        self._name = ""
        self.report: Report | None = None
        self.list = FormList()
        self.list.chosen.connect(self.choose)
        self.preview = Preview(shell)
        self.inspector = ProofInspector(shell, self, tr("Entry of the form"))
        self.preview.entry_asked.connect(self.inspector.show_entry)
        self.stage = Stage(self.preview)
        self.trouble = w.text("", "cell", "danger", wrap=True)
        self.trouble.hide()
        self.save = {
            how: w.button(files.NAMES[how], "" if how != "xlsx" else "primary", "download", name=_said(how))
            for how in files.FORMATS
        }
        for how, button in self.save.items():
            button.clicked.connect(partial(self._save, how))
        self.told = w.text("", "caption", "text_3", wrap=True)
        foot = w.row((self.told, 1), w.text(tr("Save as"), "label", "text_2"), *self.save.values(), spacing=8)
        foot.setContentsMargins(16, 8, 16, 8)
        forms = w.scroll(self.list)
        forms.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.ledger = w.button(tr("General ledger…"), "", "book-open", size="small")
        self.ledger.clicked.connect(self._ask_for_ledger)
        side = w.column((forms, 1), w.hline(), w.row(self.ledger, None, margins=(16, 8, 16, 8)), spacing=0)
        side.setFixedWidth(theme.px(236))
        self._pages = QStackedWidget()
        self._pages.addWidget(w.column((self.stage, 1), self.trouble, w.hline(), foot, spacing=0))
        self.broker = BrokerDesk(shell, self._pages, self)
        self.broker.changed.connect(self._again)
        self.broker.trouble.connect(self._show_trouble)
        page = w.column(self.broker.line, (self._pages, 1), spacing=0)
        w.fill(QVBoxLayout(self), [(w.row(side, w.vline(), (page, 1), spacing=0), 1)], 0)

    # the place asks ------------------------------------------------------------------------------------------------
    def take(self, found: TaxYear, asked: Asked) -> None:
        """Offer the forms of a question's country, and make the one that was chosen before, where there is one."""
        self._question = found, asked
        forms = [form.name for form in offered(asked.jurisdiction)]
        self.choose(self._name if self._name in forms else forms[0])

    def be_stale(self, *, is_stale: bool) -> None:
        """Say that the form is older than the books."""
        self.preview.be_stale(is_stale=is_stale)

    def shown(self, detail: str = "") -> None:
        """Show the form that `detail` names."""
        if detail in FORMS:
            self._name = detail
            if self._question is not None and detail in {one.name for one in offered(self._question[1].jurisdiction)}:
                self.choose(detail)

    def redraw(self) -> None:
        """Write every figure anew."""
        self.preview.redraw()
        self.broker.redraw()

    def hidden(self) -> None:
        """Let the inspector go: the place closes it."""
        self.inspector.forget()

    def main_part(self) -> QWidget:
        """Return the form that is chosen."""
        return self.list.buttons.get(self._name, self)

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the table that is shown, as a file has it."""
        if self.broker.is_open:
            return self.broker.page.table.texts_of(self.broker.page.model.fitting)
        return None if self.report is None else self.preview.written()

    def figures(self) -> Mapping[str, str]:
        """Return the exact totals of the tables that are shown."""
        return {} if self.report is None else self.preview.figures()

    # making --------------------------------------------------------------------------------------------------------
    @Slot(str)
    def choose(self, name: str) -> None:
        """Make a report and show it."""
        if self._question is None:
            return
        self._name, self.report = name, None
        self.broker.offer(name)
        self.list.show_forms(self._question[1].jurisdiction, name)
        self.trouble.hide()
        self._offer()
        self.stage.show_loading()
        self.shell.run(self._make(name, *self._question), what=tr("Making the report"))

    async def _make(self, name: str, found: TaxYear, asked: Asked) -> None:
        loop, assets = asyncio.get_running_loop(), self.shell.workspace.runtime.assets
        year = asked.year
        if year is None:
            return

        try:
            lines = await self.broker.lines(found, year) if name in BROKER_FORMS else None

            def make() -> Report:
                return made(name, source_of(found, year, assets, lines))

            report = await loop.run_in_executor(None, make)
        except CounterfoilError as fault:
            if self._is_asked(name, found):
                self.stage.show_fault(tr("This form cannot be made of these figures."), _told(fault, found))
            return
        if self._is_asked(name, found):
            self.report = report
            await self.preview.show_report(report)
            self._offer()
            self.stage.show_table()

    def _is_asked(self, name: str, found: TaxYear) -> bool:
        return self._name == name and self._question is not None and self._question[0] is found

    # saving --------------------------------------------------------------------------------------------------------
    def _offer(self) -> None:
        report = self.report
        can = () if report is None else files.possible(report, self.shell)
        for how, button in self.save.items():
            button.setEnabled(how in can)
            button.setToolTip(report.no_records if report is not None and how == "txf" and how not in can else "")
            w.tint(button)
        if report is None:
            self.told.setText("")
            return
        unknown = tr("A figure is not known: the file says so. ") if report.is_blocked else ""
        self.told.setText(unknown + tr("The file is not encrypted."))

    def _save(self, how: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        if self.report is not None and self._question is not None:
            self.shell.run(self._saved(how, self.report, self._question[1]), what=tr("Saving the report"))

    async def _saved(self, how: str, report: Report, asked: Asked) -> None:
        year = words.year(JURISDICTIONS[asked.jurisdiction], asked.year)
        path = await files.ask_where(self, report, year, how)
        if path is None:
            return
        self._show_trouble(await files.write(self.shell, report, path, how))

    @Slot(str)
    def _show_trouble(self, trouble: str) -> None:
        self.trouble.setText(fmt.prose(trouble))
        self.trouble.setVisible(bool(trouble))

    @Slot()
    def _ask_for_ledger(self) -> None:
        ask_for_ledger(self.shell)

    @Slot()
    def _again(self) -> None:
        self.choose(self._name)

    def keyPressEvent(self, event: object) -> None:
        """Move the choice of the form with the arrow keys."""
        names = list(self.list.buttons)
        key = getattr(event, "key", lambda: None)()
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key) if key is not None else None
        if step is None or self._name not in names:
            super().keyPressEvent(event)  # type: ignore[arg-type]
            return
        self.choose(names[(names.index(self._name) + step) % len(names)])
        self.list.buttons[self._name].setFocus(Qt.FocusReason.TabFocusReason)


def _told(fault: CounterfoilError, found: TaxYear) -> CounterfoilError:
    """Return a fault with what can be done in the window."""
    wanted = found.profile.jurisdiction.currency
    if wanted in ("", found.figures.currency):
        return fault
    hint = tr("The books know no daily rates of %c: connect a source that quotes it, then read prices (F5).")
    return RefusedError(fault.message, hint=hint.replace("%c", wanted))


def _said(how: str) -> str:
    return tr("Save as %s").replace("%s", files.NAMES[how])
