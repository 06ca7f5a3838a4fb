"""The worklist: what needs a person by its root cause, the largest effect first, each with its fix and its jump."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence, QShortcut, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.findings import Finding
from app.core.worklist import FindingGroup
from app.services.events import ClosedYearsCompared, ConnectionsChanged, PricesRead, RecordsAppended
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.paged import PagedModel
from app.ui.models.table import TableModel
from app.ui.screens import findings_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.books import BooksScreen
from app.ui.screens.waive_bar import Subject, WaiveBar
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, filter_field, tool_bar
from app.ui.words import tr

_GROUPS_WIDE = 470


class FindingsScreen(BooksScreen):
    """Groups at the left, the findings of the chosen one at the right, and what can be done about them below."""

    place: ClassVar[str] = "findings"
    title: ClassVar[str] = "Findings"
    icon: ClassVar[str] = "list-checks"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is loaded yet."""
        super().__init__(shell)
        self.found: tuple[FindingGroup, ...] | None = None
        self._code, self._question, self._shown = "", 0, ""
        self._later.timeout.connect(self._load)
        look = TableLook(is_one=True, settings=shell.workspace.runtime.settings_folder)
        self.groups = TableModel(rows.group_columns(), rows.group_name, search=rows.group_search)
        self.group_table = Table(self.groups, "finding-groups", tr("Findings by their cause"), look)
        self.group_table.chosen.connect(self._chosen)
        self.group_table.opened.connect(self._fix_group)
        self.members = PagedModel(rows.member_columns(), rows.member_name)
        self.member_table = Table(self.members, "finding-members", tr("Findings of the group"), look)
        self.member_table.near_end.connect(self.members.grow, Qt.ConnectionType.QueuedConnection)
        self.member_table.chosen.connect(self._member_chosen)
        self.member_table.opened.connect(self._fix_member)
        for table in (self.group_table, self.member_table):
            table.copied.connect(self._copied)
        self.stage = Stage(self.group_table)
        self.filter = filter_field(tr("Filter findings"))
        self.filter.textChanged.connect(self.groups.set_filter)
        self.waived = w.button(tr("Waived too"), "chip")
        self.waived.setCheckable(True)
        self.waived.clicked.connect(self._load)
        self.head, self.cause = w.text("", "heading", wrap=True), w.text("", "cell", "text_2", wrap=True)
        self.group_bar, self.bar = WaiveBar(shell), WaiveBar(shell)
        for bar in (self.group_bar, self.bar):
            bar.done.connect(self._load)
        self._shortcut("W", self.ask_waive)
        self._lay_out()

    def _shortcut(self, keys: str, then: Callable[[], None]) -> None:
        made = QShortcut(QKeySequence(keys), self)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.activated.connect(then)

    def _lay_out(self) -> None:
        left = w.column(tool_bar((self.filter, 1), None, self.waived), w.hline(), (self.stage, 1), spacing=0)
        left.setFixedWidth(theme.px(_GROUPS_WIDE))
        self.code = w.text("", "mono_small", "text_3")
        head = w.column(w.row((self.head, 1), self.code), self.cause, spacing=4, margins=(16, 12, 16, 4))
        # One finding has no list of its own: what there is to say of it stays at the top.
        self.list = w.column((self.member_table, 1), w.hline(), self.bar, spacing=0)
        self.below = QWidget()
        parts: list[w.Item] = [head, self.group_bar, w.hline(), (self.list, 1), (self.below, 1)]
        self.right = w.column(*parts, spacing=0)
        self.divider = w.vline()
        w.fill(QVBoxLayout(self), [(w.row((left, 0), self.divider, (self.right, 1), spacing=0), 1)], 0)
        self._left = left
        self._show_sides(is_empty=True)

    def _show_sides(self, *, is_empty: bool) -> None:
        """Give the whole place to what is said where there is nothing to choose from."""
        self.right.setVisible(not is_empty)
        self.divider.setVisible(not is_empty)
        self._left.setMinimumWidth(0 if is_empty else theme.px(_GROUPS_WIDE))
        self._left.setMaximumWidth(16_777_215 if is_empty else theme.px(_GROUPS_WIDE))

    # the window asks -----------------------------------------------------------------------------------------------
    def note(self) -> str:
        """Return how many findings there are, in how many groups."""
        open_ = [group for group in self.found or () if not group.is_waived]
        if not open_:
            return ""
        count = sum(len(group.members) for group in open_)
        causes = fmt.counted(len(open_), tr("%s cause"), tr("%s causes"))
        return f"{fmt.counted(count, tr('%s finding'), tr('%s findings'))} · {causes}"

    def activate(self, detail: str = "") -> None:
        """Load, and listen; `detail` names a code that is chosen first."""
        self._code = detail
        self.listen(RecordsAppended, ConnectionsChanged, PricesRead, ClosedYearsCompared)
        if self.found is None:
            self.stage.show_loading()
        self._load()

    def masking_changed(self) -> None:
        """Write every figure anew."""
        self.groups.redraw()
        self.members.redraw()
        self._show_head()
        self.header_changed.emit()

    def main_part(self) -> QWidget:
        """Return the groups."""
        return self.group_table

    def filter_field(self) -> QWidget | None:
        """Return the filter."""
        return self.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the findings of the groups that are seen as rows."""
        seen = {line.key for line in self.groups.lines()}
        found = [one for row in self._rows() if row.key in seen for one in row.group.members]
        columns = ("severity", "code", "subject", "message", "detail", "fix", "waived")
        return columns, [(f.severity.value, f.code, f.subject, f.message, f.detail, f.fix, f.waived) for f in found]

    # reading -------------------------------------------------------------------------------------------------------
    @Slot()
    def _load(self) -> None:
        self._question += 1
        self.shell.run(self._read(self._question), what=tr("Reading findings"))

    async def groups_of(self, *, with_waived: bool) -> tuple[FindingGroup, ...]:
        """Return what is listed."""
        return await self.shell.workspace.findings.groups(with_waived=with_waived)

    def can_waive(self, one: Finding) -> bool:
        """Tell whether a person may let it stand."""
        del one
        return True

    async def _read(self, question: int) -> None:
        try:
            found = await self.groups_of(with_waived=self.waived.isChecked())
        except CounterfoilError as fault:
            if question == self._question:
                self._show_sides(is_empty=True)
                self.stage.show_fault(tr("The findings could not be read."), fault)
            return
        if question == self._question:
            is_first, self.found = self.found is None, found
            self._show(fresh=is_first)
            self.header_changed.emit()

    def _rows(self) -> list[rows.GroupRow]:
        branches = rows.group_branches(self.found or (), self.shell.workspace.book.base_currency.upper())
        return [branch.row for branch in branches]

    def _show(self, *, fresh: bool) -> None:
        found = self.found or ()
        branches = rows.group_branches(found, self.shell.workspace.book.base_currency.upper())
        self.groups.show(branches, fresh=fresh)
        self._show_sides(is_empty=not found)
        if not found:
            self.show_nothing()
            return
        self.stage.show_table()
        keys = [branch.key for branch in branches]
        wanted = [branch.key for branch in branches if self._code and branch.row.group.code == self._code]
        self._code = ""
        current = self.group_table.current_key()
        chosen = wanted[0] if wanted else current if current in keys else keys[0]
        self.group_table.choose(chosen)
        self._chosen(chosen)

    def show_nothing(self) -> None:
        """Say that there is nothing to do."""
        self.stage.show_empty(tr("Nothing needs you."), tr("Breaks, gaps and sources that fail are listed here."))

    def _group(self) -> FindingGroup | None:
        number = self.groups.number(self.group_table.current_key())
        return None if number is None else self.groups.line(number).row.group

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str)
    def _chosen(self, key: str) -> None:
        group = self._group()
        if not key or group is None:
            return
        workspace = self.shell.workspace
        branches = rows.member_branches(group, workspace.findings.effect, workspace.book.base_currency.upper())
        self.members.show(branches, fresh=key != self._shown)
        self._shown = key
        self._show_head()
        self._member_chosen(self.member_table.current_key())

    def _show_head(self) -> None:
        group = self._group()
        if group is None:
            return
        self.head.setText(fmt.prose(group.title))
        effect = rows.effect_words(group, self.shell.workspace.book.base_currency.upper())
        about = tr("It changes no figure.")
        if effect:
            known = tr("It is about %s.") if group.amount is not None else tr("What it changes is not known.")
            about = known.replace("%s", effect)
        detail = fmt.prose(group.members[0].detail).removesuffix(".")
        self.cause.setText(f"{detail}. {about}" if detail else about)
        self.code.setText(group.code)
        of_one = group.members[0].name if len(group.members) == 1 else group.name
        several = tr("All %s of them").replace("%s", fmt.count(len(group.members)))
        words = group.title if len(group.members) == 1 else several
        self.group_bar.show_subject(
            Subject(
                of_one,
                words,
                group.fix,
                group.place,
                group.members[0].entries,
                group.is_waived,
                can_waive=self.can_waive(group.members[0]),
            )
        )
        self.group_bar.told.setVisible(len(group.members) > 1)
        self.list.setVisible(len(group.members) > 1)
        self.below.setVisible(len(group.members) == 1)

    @Slot(str)
    def _member_chosen(self, key: str) -> None:
        number = self.members.number(key) if key else None
        if number is None:
            self.bar.show_subject(None)
            self.bar.told.setText(tr("Choose one of them to put it right on its own."))
            return
        one = self.members.line(number).row.finding
        self.bar.show_subject(
            Subject(
                one.name, one.message, one.fix, one.place, one.entries, bool(one.waived), can_waive=self.can_waive(one)
            )
        )

    @Slot(str)
    def _fix_group(self, _key: str) -> None:
        self.group_bar.go_to_fix()

    @Slot(str)
    def _fix_member(self, key: str) -> None:
        self._member_chosen(key)
        self.bar.go_to_fix()

    @Slot()
    def ask_waive(self) -> None:
        """Ask for the reason to waive what the keyboard is on: one finding, or the whole group."""
        bar = self.bar if self.member_table.hasFocus() and self.bar.subject is not None else self.group_bar
        if bar.subject is not None and bar.subject.is_waived:
            bar.ask_back()
        else:
            bar.ask_waive()

    @Slot(int)
    def _copied(self, count: int) -> None:
        self.shell.toast(fmt.counted(count, tr("%s row copied."), tr("%s rows copied.")))
