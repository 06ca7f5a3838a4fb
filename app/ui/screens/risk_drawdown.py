"""The drawdown of the book as it is: how far below its peak it would have been, day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import format as fmt
from app.ui.charts.course import Course
from app.ui.charts.course_frame import CourseFrame, percent_label
from app.ui.screens.base import Shell
from app.ui.screens.block_strip import BlockStrip
from app.ui.screens.risk_explained import told
from app.ui.screens.risk_found import Found, Scored, View, ends, exact, level
from app.ui.screens.risk_pane import RiskPane
from app.ui.widgets import basics as w
from app.ui.words import tr


class DrawdownPane(RiskPane):
    """Figures and the course."""

    word: ClassVar[str] = "drawdown"
    title: ClassVar[str] = "Drawdown"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is known yet."""
        super().__init__(shell)
        self.found: Found | None = None

    def pieces(self) -> Iterator[None]:
        """Make the parts; nothing is known yet."""
        self.strip = BlockStrip({
            "current": tr("Now"), "deepest": tr("At worst"), "average": tr("Average"), "conditional": tr("CDaR"),
        })  # fmt: skip
        self.strip.asked.connect(self._explain)
        self.past = w.button(tr("As it really was"), "link", size="small")
        self.past.setToolTip(tr("This is the book as it is now through past days; there it is as it was held"))
        self.past.clicked.connect(self._go_to_past)
        yield
        self.frame = CourseFrame(
            tr("Below the peak"), tr("Drawdown"), partial(fmt.percent, places=1), percent_label,
            about=tr("Drawdown by day"), right=[self.past, 8],
        )  # fmt: skip
        self.keep_frame("drawdown", self.frame)
        w.fill(QVBoxLayout(self), [self.strip, (self.frame, 1)], 12, (16, 0, 16, 14))

    def take(self, found: Found, scored: Scored | None, view: View) -> Sequence[Callable[[], None]]:  # noqa: ARG002
        """Take the drawdown of an answer."""
        self.found = found
        return partial(self._show_figures, found), self.frame.make_plot, partial(self._show_course, found)

    def _show_course(self, found: Found) -> None:
        fallen = found.report.study.drawdown
        moments = tuple(ends(int(at)) for at in fallen.at)
        self.frame.show_course(Course(moments, tuple(exact(-depth) for depth in fallen.depths.tolist())))

    def _show_figures(self, found: Found) -> None:
        fallen = found.report.study.drawdown
        back = (
            tr("not recovered")
            if fallen.recovered is None
            else tr("recovered %d").replace("%d", fmt.day(fallen.recovered))
        )
        last = fmt.day(int(fallen.at[-1]))
        notes = {
            "current": tr("at the close of %d").replace("%d", last),
            "deepest": f"{fmt.days(fallen.peak, fallen.trough)} · {back}",
            "average": fmt.counted(int(fallen.depths.size), tr("over %s day"), tr("over %s days")),
            "conditional": tr("mean of the deepest share, at %l").replace("%l", level(fallen.confidence)),
        }
        for kind, block in self.strip.blocks.items():
            value = exact(-getattr(fallen, kind))
            block.figure.show_figure(fmt.percent(value, places=1, sign=not value), value, "text")
            block.note.setText(notes[kind])

    @Slot()
    def _go_to_past(self) -> None:
        self.shell.go("track")

    @Slot(str)
    def _explain(self, kind: str) -> None:
        if self.found is not None:
            words = told(tr("Drawdown"), self.found.report.study.drawdown.basis, self.found)
            self.shell.explain(self.strip.blocks[kind].info, words)

    def redraw(self) -> None:
        """Write every figure anew."""
        self.frame.redraw()
        if self.found is not None:
            self._show_figures(self.found)

    def main_part(self) -> QWidget:
        """Return the chart, or the table in its place."""
        if self.frame.as_table.isChecked() or self.frame.plot is None:
            return self.frame.table
        return self.frame.plot

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the drawdown by day."""
        return None if self.found is None else self.frame.raw_rows()

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures of the strip."""
        return self.strip.figures()
