"""The inspector of one place: its difference, what it comes from with evidence, what is proposed, every reading."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.core.model.breaks import Action, Course, LikelyCause, Proposal
from app.core.model.ledger_rows import Compared
from app.core.model.views import Reconciliation
from app.ui import format as fmt
from app.ui.charts.difference_chart import DifferenceChart
from app.ui.models.columns import full_quantity
from app.ui.screens import reconciliation_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.inspector_parts import InspectorPanel, Pair, give_back_focus, line, pairs, section, wrapped
from app.ui.screens.reason_form import Form
from app.ui.screens.waive_bar import Subject, WaiveBar
from app.ui.widgets import basics as w
from app.ui.widgets.marks import Avatar, Pill
from app.ui.words import tr

_HASH = re.compile(r"[0-9A-Za-z]{20}(?=[0-9A-Za-z]{8})")
"""A part of a word after which a line may break: hashes are longer than the panel is wide."""

_MOST = 60
"""Readings that are listed; all of them are in the chart."""


class BreakPanel(InspectorPanel):
    """Everything that is known about one place.

    Signals:
        proposed: A proposal was chosen.
        entry_asked: An entry shall be shown: its id.
        decided: A waiver was recorded.
    """

    proposed = Signal(object)
    entry_asked = Signal(str)
    decided = Signal()

    def __init__(self, shell: Shell) -> None:
        """Start empty."""
        super().__init__(tr("Reconciliation of a place"))
        self._shown: tuple[Reconciliation, Course | None] | None = None
        self.form: Form | None = None
        self.bar = WaiveBar(shell)
        self.bar.done.connect(self.decided)
        self.foot_box.addWidget(self.bar)

    @property
    def row(self) -> str:
        """Return which place is shown; "" for none."""
        return "" if self._shown is None else self._shown[0].subject

    def show_place(self, row: Reconciliation, course: Course | None) -> None:
        """Show a place with its readings."""
        self._shown = row, course
        title = f"{row.asset.symbol} · {row.account_name}"
        self.show_head(Avatar(row.asset.symbol, 30), title, f"{row.sub_place} · {row.asset.name}")
        parts = [self._figures(row)]
        if row.is_break:
            parts.append(self._causes(row))
        if course is not None:
            parts.append(self._readings(row, course))
        self.show_body(*parts)
        subject = Subject(f"break:{row.subject}", rows.name(row), is_waived=bool(row.waived))
        self.bar.show_subject(subject if row.is_break else None)
        self.bar.told.setText("")
        self.foot.setVisible(row.is_break)

    def redraw(self) -> None:
        """Write every figure anew, because more or less is hidden."""
        if self._shown is not None:
            self.show_place(*self._shown)

    def ask_form(self, form: Form) -> None:
        """Put a form under the causes, in the place of the buttons at the foot."""
        self.put_away()
        self.form = form
        form.cancelled.connect(self.put_away)
        self.bar.hide()
        self.foot.show()
        self.foot_box.addWidget(form)
        form.reason.setFocus()

    def put_away(self) -> None:
        """Put the form away; nothing is recorded."""
        self.bar.show()
        if self.form is not None:
            give_back_focus(self.form, self.bar.waive)
            self.foot_box.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    # parts ---------------------------------------------------------------------------------------------------------
    def _figures(self, row: Reconciliation) -> QWidget:
        symbol = row.asset.symbol
        big = w.text(self._headline(row), "title", "text_3" if row.waived or not row.is_break else "text")
        big.setToolTip(full_quantity(row.difference, symbol))
        told = [
            Pair(tr("Ledger"), fmt.quantity(row.ledger, symbol)),
            Pair(tr("Reported"), fmt.quantity(row.reported, symbol)),
            Pair(tr("Read"), fmt.UNKNOWN if row.read_at_ns is None else fmt.moment(row.read_at_ns)),
        ]
        if row.broken is not None:
            told.append(Pair(tr("Began"), rows.since(row)))
        pills: list[w.Item] = []
        if row.waived:
            told.append(Pair(tr("Waived"), row.waived))
            pills = [w.row(Pill(tr("waived"), "text_2"), None)]
        elif row.broken is not None and row.broken.grew and len(row.broken.steps) > 1:
            pills = [w.row(Pill(tr("grew since"), "warn"), None)]
        return w.column(big, *pills, pairs(told), spacing=6, margins=(16, 2, 16, 12))

    @staticmethod
    def _headline(row: Reconciliation) -> str:
        if row.difference is None:
            return tr("Not reported")
        return fmt.quantity(row.difference, row.asset.symbol, sign=True) if row.is_break else tr("Agrees")

    def _causes(self, row: Reconciliation) -> QWidget:
        if not row.likely:
            return section(tr("Causes"), wrapped(tr("Nothing here explains it yet."), "cell", "text_2"))
        return section(tr("Likely causes"), *(self._cause(one, row) for one in row.likely), spacing=12)

    def _cause(self, one: LikelyCause, row: Reconciliation) -> QWidget:
        words = fmt.prose(one.words)
        parts: list[w.Item] = [wrapped(f"{words[:1].upper()}{words[1:]}.", "cell_strong")]
        parts += [wrapped(_HASH.sub("\\g<0>\u200b", f"· {fmt.prose(said)}"), "cell", "text_2") for said in one.evidence]
        buttons: list[w.Item] = []
        if one.proposal is not None:
            act = w.button(tr(one.proposal.title), "", size="small", name=f"{one.proposal.title}: {words}")
            act.clicked.connect(partial(self._propose, one.proposal))
            buttons.append(act)
        if one.entries:
            show = w.button(tr("Show entry"), "link", size="small", name=f"{tr('Show entry')} {one.entries[0][:8]}")
            show.clicked.connect(partial(self._ask, one.entries[0]))
            buttons.append(show)
        parts.append(w.row(*buttons, None, spacing=8, margins=(0, 3, 0, 0)))
        after = "" if one.proposal is None else self._after(one.proposal, row)
        if after:
            parts.append(wrapped(after, "caption", "text_3"))
        return w.column(*parts, spacing=3)

    @staticmethod
    def _after(proposal: Proposal, row: Reconciliation) -> str:
        if proposal.action in (Action.READ_AGAIN, Action.SHOW) or proposal.difference_after is None:
            return ""
        if not proposal.difference_after:
            return tr("Leaves no difference.")
        return tr("Leaves %s.").replace("%s", fmt.quantity(proposal.difference_after, row.asset.symbol, sign=True))

    def _readings(self, row: Reconciliation, course: Course) -> QWidget:
        chart = DifferenceChart()
        chart.show_points([(one.at, one.difference) for one in course.readings])
        shown = course.readings[-_MOST:][::-1]
        lines = [self._reading(one, row) for one in shown]
        if len(course.readings) > _MOST:
            more = fmt.counted(len(course.readings) - _MOST, tr("and %s earlier one"), tr("and %s earlier ones"))
            lines.append(wrapped(more, "cell", "text_3"))
        title = fmt.counted(len(course.readings), tr("%s reading"), tr("%s readings"))
        return section(title, chart, *lines, spacing=4)

    @staticmethod
    def _reading(one: Compared, row: Reconciliation) -> QWidget:
        differs = fmt.quantity(one.difference, sign=True) if one.difference else tr("agrees")
        figure = w.text(differs, "cell", "warn" if one.difference else "text_3")
        figure.setToolTip(full_quantity(one.difference, row.asset.symbol))
        reported = w.text(fmt.quantity(one.reported), "cell", "text_2")
        return line([w.text(fmt.date(one.at), "cell", "text_2"), reported], [figure])

    def _propose(self, proposal: Proposal, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.proposed.emit(proposal)

    def _ask(self, entry: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.entry_asked.emit(entry)
