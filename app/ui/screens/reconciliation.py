"""Reconciliation: ledger beside what sources report, place by place, and what is done about a difference."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from app.core.errors import CounterfoilError
from app.core.model.breaks import Action, Course, Proposal
from app.core.model.views import Reconciliation
from app.services.events import ConnectionsChanged, RecordsAppended
from app.ui import format as fmt
from app.ui import hints
from app.ui.models.table import TableModel
from app.ui.screens import reconciliation_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.books import BooksScreen
from app.ui.screens.inspector_parts import give_back_focus
from app.ui.screens.reason_form import Form
from app.ui.screens.reconciliation_panel import BreakPanel
from app.ui.widgets import basics as w
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, filter_field, pinned, tool_bar
from app.ui.words import tr


class ReconciliationScreen(BooksScreen):
    """Every place in which something is held, those that differ first."""

    place: ClassVar[str] = "reconciliation"
    title: ClassVar[str] = "Reconciliation"
    icon: ClassVar[str] = "scale"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self.found: tuple[Reconciliation, ...] | None = None
        self._courses: dict[str, Course] = {}
        self._sources: dict[str, str] = {}
        self._wanted, self._question = "", 0
        self._panel: BreakPanel | None = None
        self._later.timeout.connect(self._load)
        self.model = TableModel(rows.columns(), rows.name, search=rows.search_text)
        look = TableLook(is_one=True, settings=shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "reconciliation", tr("Ledger against reported balances"), look)
        self.table.previewed.connect(self._inspect)
        self.table.opened.connect(self._inspect)
        self.table.chosen.connect(self._follow)
        self.table.copied.connect(self._copied)
        self.stage = Stage(self.table)
        kinds = (
            (rows.BREAKS, tr("Breaks")),
            (rows.AGREE, tr("Agree")),
            (rows.UNREPORTED, tr("Not reported")),
            (rows.ALL, tr("All")),
        )
        self.kind = Segmented(kinds, rows.ALL, tr("Places"))
        self.kind.chosen.connect(self._narrow)
        self.filter = filter_field(tr("Filter places"))
        self.filter.textChanged.connect(self.model.set_filter)
        self.count = w.text("", "label", "text_2")
        self.way = w.text(
            tr("Enter shows the readings of a place and what a difference may come from."), "cell", "text_3"
        )
        bar = tool_bar((self.filter, 1), self.kind, None)
        w.fill(QVBoxLayout(self), [bar, w.hline(), (self.stage, 1), w.hline(), pinned(self.count, None, self.way)], 0)

    # the window asks -----------------------------------------------------------------------------------------------
    def note(self) -> str:
        """Return how many places differ."""
        open_ = sum(row.is_break and not row.waived for row in self.found or ())
        return fmt.counted(open_, tr("%s break"), tr("%s breaks")) if open_ else ""

    def activate(self, detail: str = "") -> None:
        """Listen and load; `detail` names a place: account/asset/sub-place."""
        self.listen(RecordsAppended, ConnectionsChanged)
        if detail:
            self._wanted = detail
        if self.found is None:
            self.stage.show_loading()
        self._load()

    def deactivate(self) -> None:
        """Listen no more."""
        super().deactivate()
        self._panel = None

    def scope_changed(self) -> None:
        """Read the accounts of the scope."""
        self._load()

    def masking_changed(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        if self.found is not None:
            self._narrow(self.kind.current)
        panel = self._shown_panel()
        if panel is not None:
            panel.redraw()
        self.header_changed.emit()

    def main_part(self) -> QWidget:
        """Return the table."""
        return self.table

    def filter_field(self) -> QWidget | None:
        """Return the filter."""
        return self.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return what is seen, raw."""
        return None if self.found is None else self.table.seen()

    # reading -------------------------------------------------------------------------------------------------------
    @Slot()
    def _load(self) -> None:
        self._question += 1
        self.shell.run(self._read(self._question), what=tr("Comparing balances"))

    async def _read(self, question: int) -> None:
        workspace, accounts = self.shell.workspace, self.shell.scope.accounts
        try:
            found = await workspace.reconciliation.reconcile(accounts)
            courses = await workspace.reconciliation.courses(accounts)
            sources = await workspace.connections.all()
        except CounterfoilError as fault:
            if question == self._question:
                self.stage.show_fault(tr("The balances could not be compared."), fault)
            return
        if question != self._question:
            return
        is_first, self.found = self.found is None, found
        self._courses = {f"{one.account}/{one.asset}/{one.sub_place}": one for one in courses}
        self._sources = {one.connection.account_id: one.connection.name for one in sources}
        self._show(fresh=is_first)
        self.header_changed.emit()

    def _show(self, *, fresh: bool) -> None:
        found = self.found or ()
        self.model.show(rows.branches(found), fresh=fresh)
        if fresh and any(row.is_break for row in found) and not self._wanted:
            self.kind.choose(rows.BREAKS)
        if self._wanted:
            self.kind.choose(rows.ALL)
        self._narrow(self.kind.current)
        if self._wanted and self.model.number(self._wanted) is not None:
            self.table.choose(self._wanted)
            self._inspect(self._wanted)
            self._wanted = ""
        panel = self._shown_panel()
        if panel is not None:
            self._inspect(panel.row)

    @Slot(str)
    def _narrow(self, kind: str) -> None:
        found = self.found or ()
        self.model.set_condition(None if kind == rows.ALL else partial(_fits, kind=kind))
        breaks, waived = sum(row.is_break for row in found), sum(bool(row.waived) for row in found)
        words = fmt.counted(len(found), tr("%s place compared"), tr("%s places compared"))
        differing = fmt.counted(breaks, tr("%s differs"), tr("%s differ"))
        self.count.setText(f"{words} · {differing} · {tr('%s waived').replace('%s', fmt.count(waived))}")
        if not found:
            self.stage.show_empty(
                tr("Nothing to compare yet."), tr("Balances are compared once a source was read.")
            )  # fmt: skip
        elif any(rows.fits(row, kind) for row in found):
            self.stage.show_table()
        elif kind == rows.BREAKS:
            self.stage.show_empty(tr("Everything that is reported agrees."), tr("To the last digit, in every place."))
        else:
            self.stage.show_empty(tr("No such place."), tr("Choose All to see every place."))

    # the inspector -------------------------------------------------------------------------------------------------
    def _shown_panel(self) -> BreakPanel | None:
        """Return the panel while it is open; the window may have closed it in the meantime."""
        if self._panel is not None and (not isValid(self._panel) or self._panel.parent() is None):
            self._panel = None
        return self._panel

    @Slot(str)
    def _inspect(self, key: str) -> None:
        row = next((row for row in self.found or () if row.subject == key), None)
        if row is None:
            return
        panel = self._shown_panel()
        if panel is None:
            panel = BreakPanel(self.shell)
            panel.closed.connect(self._close)
            panel.proposed.connect(self._propose)
            panel.entry_asked.connect(self._go_to_entry)
            panel.decided.connect(self._decided)
        if panel.row != key:
            panel.put_away()
        panel.show_place(row, self._courses.get(key))
        self._panel = panel
        self.shell.inspect(panel)

    @Slot(str)
    def _follow(self, key: str) -> None:
        if key and self._shown_panel() is not None:
            self._inspect(key)

    @Slot()
    def _close(self) -> None:
        self._panel = None
        self.shell.inspect(None)

    @Slot(str)
    def _go_to_entry(self, entry_id: str) -> None:
        self.shell.go(f"activity/{entry_id}")

    # what is done about it -----------------------------------------------------------------------------------------
    @Slot(object)
    def _propose(self, proposal: Proposal) -> None:
        panel = self._shown_panel()
        if panel is None:
            return
        if proposal.action is Action.SHOW:
            self.shell.go("findings/quarantined-row")
        elif proposal.action is Action.READ_AGAIN:
            self._read_again(proposal.account)
        else:
            form = Form(tr(proposal.title), tr("Why you do this"), tr(proposal.title), self._about(proposal))
            form.given.connect(partial(self._take, proposal))
            panel.ask_form(form)

    @Slot()
    def _decided(self) -> None:
        """Read anew; the next break is chosen from the table."""
        panel = self._shown_panel()
        if panel is not None:
            give_back_focus(panel, self.table)
        self._load()

    def _read_again(self, account: str) -> None:
        source = self._sources.get(account)
        if source is None:
            # Nothing reads this account by itself: its statements are imported.
            self.shell.go("connections/import")
            return
        self.shell.workspace.ingest.start([source], from_start=True)
        self.shell.toast(tr("%s is read again from the start.").replace("%s", source))

    def _about(self, proposal: Proposal) -> QWidget:
        """Return what would be recorded, leg by leg."""
        assets = self.shell.workspace.runtime.assets
        lines: list[w.Item] = []
        for leg in proposal.legs:
            quantity = fmt.quantity(leg.quantity, assets.asset(leg.asset).symbol, sign=True)
            lines.append(w.text(f"{quantity} · {leg.sub_place} · {leg.role.value}", "cell", "text_2"))
        if proposal.at and proposal.legs:
            lines.insert(0, w.text(f"{proposal.kind.value} · {fmt.moment(proposal.at)}", "cell", "text_2"))
        if not lines:
            lines = [w.text(tr("It stays in the journal and counts no more."), "cell", "text_2", wrap=True)]
        return w.column(*lines, spacing=2)

    def _take(self, proposal: Proposal) -> None:
        panel = self._shown_panel()
        if panel is None or panel.form is None:
            return
        reason = panel.form.given_reason()
        if reason:
            # A button that is switched off would hand the focus on; the next break is chosen from the table.
            give_back_focus(panel, self.table)
            panel.form.record.setEnabled(False)
            self.shell.run(self._taken(proposal, reason), what=tr("Recording"))

    async def _taken(self, proposal: Proposal, reason: str) -> None:
        try:
            await self.shell.workspace.entries.follow(proposal, reason)
        except CounterfoilError as fault:
            panel = self._shown_panel()
            if panel is not None and panel.form is not None:
                panel.form.record.setEnabled(True)
                panel.form.show_fault(hints.line(fault))
                panel.form.reason.setFocus()
            return
        panel = self._shown_panel()
        if panel is not None:
            panel.put_away()
        self.shell.toast(tr("Recorded."))
        self._load()

    @Slot(int)
    def _copied(self, count: int) -> None:
        self.shell.toast(fmt.counted(count, tr("%s row copied."), tr("%s rows copied.")))


def _fits(row: Reconciliation, *, kind: str) -> bool:
    return rows.fits(row, kind)
