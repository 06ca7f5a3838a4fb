"""Stress: days that happened and things that have not, each with its loss, asset by asset; own ones are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import InputError
from app.core.money import plain
from app.ui import format as fmt
from app.ui.models.table import TableModel
from app.ui.screens import risk_stress_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.risk_explained import covers, told
from app.ui.screens.risk_found import Found, Scored, View, exact, is_known, public, share_of
from app.ui.screens.risk_pane import RiskPane
from app.ui.screens.risk_stress_form import StressForm
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.words import tr

if TYPE_CHECKING:
    from app.core.risk.stress.hypothetical import Hypothesis
    from app.core.risk.stress.results import StressResult
    from app.services.risk_scenarios import OwnScenario


class StressPane(RiskPane):
    """The list at the left; the chosen stress with its form and its assets at the right."""

    word: ClassVar[str] = "stress"
    title: ClassVar[str] = "Stress"

    def __init__(self, shell: Shell) -> None:
        """Take the window; own scenarios are read with the first answer."""
        super().__init__(shell)
        self.found: Found | None = None
        self.own: tuple[OwnScenario, ...] | None = None
        self.draft: Hypothesis | None = None
        self.result: StressResult | None = None

    def pieces(self) -> Iterator[None]:
        """Make the parts; nothing is known yet."""
        self._make_list()
        yield
        self.form = StressForm()
        self.form.changed.connect(self._drafted)
        self.form.save_wanted.connect(self._save)
        self.form.delete_wanted.connect(self._delete)
        yield
        self._make_detail()
        yield
        middle = w.row((self.listed, 11), (self.detail, 10), spacing=12)
        w.fill(QVBoxLayout(self), [(middle, 1)], 12, (16, 0, 16, 14))

    def _make_list(self) -> None:
        settings = self.shell.workspace.runtime.settings_folder
        self.model = TableModel(rows.columns(), rows.name)
        self.table = Table(self.model, "risk-stress", tr("Stresses"), TableLook(is_one=True, settings=settings))
        self.table.selectionModel().currentRowChanged.connect(self._row_chosen)
        new = w.button(tr("New scenario"), "link", "plus", size="small")
        new.clicked.connect(self._begin)
        self.listed = w.Panel(tr("Scenarios"), right=[new])
        self.unread = w.text("", "caption", "danger", wrap=True)
        self.unread.setContentsMargins(14, 8, 14, 8)
        self.unread.hide()
        self.listed.show_body(w.column(self.unread, (self.table, 1), spacing=0))

    def _make_detail(self) -> None:
        settings = self.shell.workspace.runtime.settings_folder
        self.lines = TableModel(rows.line_columns(), rows.line_name)
        self.line_table = Table(self.lines, "risk-stress-assets", tr("Stress by asset"), TableLook(settings=settings))
        self.gain, self.share = w.text("", "figure"), w.text("", "label", "text_2")
        self.cover = w.text("", "caption", "text_3", wrap=True)
        self.closed = w.text("", "caption", "warn", wrap=True)
        self.how = w.icon_button("info", f"{tr('How computed')}: {tr('Stress')}", tone="text_3", side=26)
        self.how.clicked.connect(self._explain)
        self.detail = w.Panel("", right=[self.how])
        head = w.row(self.gain, self.share, None, spacing=10)
        words = w.column(head, self.cover, self.closed, spacing=2, margins=(14, 8, 14, 8))
        self.detail.show_body(w.column(words, self.form, w.hline(), (self.line_table, 1), spacing=0))

    def take(self, found: Found, scored: Scored | None, view: View) -> Sequence[Callable[[], None]]:  # noqa: ARG002
        """Take the stresses of an answer; what is being edited stays, and is run anew."""
        self.found = found
        self.form.show_found(found)
        if self.own is None:
            self.own = ()
            self.shell.run(self._read_own(), what=tr("Reading your scenarios"))
        return self._show_rows, self._show_chosen

    async def _read_own(self) -> None:
        from app.services.risk_scenarios import SETTING, read  # noqa: PLC0415 - loaded with the answer, on a thread

        try:
            self.own = read(await self.shell.workspace.setting(SETTING))
        except InputError as fault:
            self.unread.setText(f"{fault.message} {fault.hint}")
            self.unread.show()
            return
        if self.own:
            self._show_list()

    def _show_list(self, wanted: str = "") -> None:
        self._show_rows()
        self._show_chosen(wanted)

    def _show_rows(self) -> None:
        if self.found is not None:
            self.model.show(rows.branches(rows.stress_rows(self.found, self.own or ())))

    def _show_chosen(self, wanted: str = "") -> None:
        """Show the chosen stress, at first the worst; what is being edited is run anew in its place."""
        if self.found is None or not self.model.rows():
            return
        key = wanted or self.table.current_key() or self.model.line(0).key
        if key != self.table.current_key():
            self.table.choose(key)
        elif self.draft is not None:
            self._show_result(*rows.run(self.found, self.draft))
        elif self.form.is_edited:
            self._show_beside(key)
        else:
            self._show_row(key)

    def _show_beside(self, key: str) -> None:
        """Show the stress anew beside what is being typed: a name alone, or a figure that cannot be run."""
        number = self.model.number(key)
        if number is not None and self.form.trouble.isHidden():
            row: rows.StressRow = self.model.line(number).row
            self._show_result(row.result, row.why)

    # the chosen one ------------------------------------------------------------------------------------------------
    @Slot()
    def _row_chosen(self, *_of: object) -> None:
        key = self.table.current_key()
        if key:
            self.draft = None
            self._show_row(key)

    def _show_row(self, key: str) -> None:
        number = self.model.number(key)
        if number is None:
            return
        row: rows.StressRow = self.model.line(number).row
        self.detail.title.setText(public(row.name))
        is_past = row.kind == rows.PAST
        self.form.setVisible(not is_past)
        if not is_past:
            self.form.show_scenario(row.what, row.name if row.kind == rows.OWN else "")  # type: ignore[arg-type]
        self._show_result(row.result, row.why)

    def _show_result(self, result: StressResult | None, why: str) -> None:
        found, self.result = self.found, result
        if found is None:
            return
        closed = () if result is None else result.closed
        self.closed.setText(public(" ".join(map(found.words, closed))))
        self.closed.setVisible(bool(closed))
        if result is None:
            self.gain.setText(tr("unknown"))
            self.share.setText("")
            self.cover.setText(fmt.prose(found.words(why)))
            self.lines.show(())
            return
        is_told = is_known(result)
        amount = exact(result.gain) if is_told else None
        self.gain.setText(fmt.amount(amount, found.currency, sign=True) if is_told else tr("unknown"))
        w.set_tone(self.gain, "text" if is_told else "text_3")
        share = share_of(result.gain, found.book.value) if is_told else None
        of_value = tr("%s of value").replace("%s", fmt.percent(share, places=1, sign=True))
        self.share.setText(of_value if share is not None else "")
        words = covers(result.basis.coverage, found)
        few = tr("Less than half of the exposure is covered: what is left out could be all that matters.")
        self.cover.setText(words if is_told else f"{words}. {few}")
        has_moves, has_notes = (any(getattr(one, name) for one in result.lines) for name in ("move", "note"))
        self.line_table.leave_out(*(() if has_moves else ("move",)), *(() if has_notes else ("note",)))
        self.lines.show(rows.line_rows(found, result))

    @Slot(object)
    def _drafted(self, what: Hypothesis | None) -> None:
        self.draft = what
        if what is None:
            self._show_result(None, "")
        elif self.found is not None:
            result, why = rows.run(self.found, what)
            name = result.name if result is not None else tr("Scenario")
            self.detail.title.setText(public(tr("%s (not saved)").replace("%s", self.found.words(name))))
            self._show_result(result, why)

    @Slot()
    def _begin(self) -> None:
        """Begin a scenario of one's own: every price falls by half, to be edited."""
        from app.core.risk.stress.hypothetical import Gap  # noqa: PLC0415

        if self.found is not None:
            self.form.show()
            self.form.show_scenario(Gap(), "")
            self._drafted(self.form.scenario())
            self.form.kind.setFocus()

    # keeping -------------------------------------------------------------------------------------------------------
    @Slot(str, object)
    def _save(self, name: str, what: Hypothesis) -> None:
        from app.services.risk_scenarios import OwnScenario, kept  # noqa: PLC0415

        taken = () if self.found is None else (self.found.words(one.name) for one in self.found.report.stress)
        try:
            own = kept(self.own or (), OwnScenario(name, what), taken)
        except InputError as fault:
            self.form.tell(f"{fault.message} {fault.hint}")
            return
        saved = own[-1].name
        words = tr("Scenario saved: %s").replace("%s", saved)
        self.shell.run(self._keep(own, f"{rows.OWN} {saved}", words), what=tr("Saving the scenario"))

    @Slot(str)
    def _delete(self, name: str) -> None:
        from app.services.risk_scenarios import without  # noqa: PLC0415

        own = without(self.own or (), name)
        self.shell.run(self._keep(own, "", tr("Scenario deleted: %s").replace("%s", name)), what=tr("Deleting"))

    async def _keep(self, own: tuple[OwnScenario, ...], key: str, words: str) -> None:
        from app.services.risk_scenarios import SETTING, written  # noqa: PLC0415

        before = self.own
        await self.shell.workspace.set_setting(SETTING, written(own))
        self.own, self.draft = own, None
        self.unread.hide()
        self._show_list(key)
        self._row_chosen()

        def undo() -> None:
            self.shell.run(self._keep(before or (), "", tr("Taken back.")), what=tr("Taking it back"))

        self.shell.toast(words, tr("Undo"), undo)

    @Slot()
    def _explain(self) -> None:
        if self.found is not None and self.result is not None:
            name = self.found.words(self.result.name)
            self.shell.explain(self.how, told(name, self.result.basis, self.found))

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self.lines.redraw()
        if self.found is not None:
            self._show_result(self.result, "")

    def main_part(self) -> QWidget:
        """Return the list."""
        return self.table

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the list."""
        return None if self.found is None else self.table.seen()

    def figures(self) -> Mapping[str, str]:
        """Return the exact gain or loss of each stress that is known."""
        return {row.key: plain(row.gain) for row in self.model.rows() if row.gain is not None}
