"""Popovers: how a figure is computed, and the most pressing findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from app.core.findings import Finding
from app.ui import format as fmt
from app.ui import theme
from app.ui.screens.base import HowComputed
from app.ui.widgets import basics as w
from app.ui.widgets.finding_lines import SEVERITY_LOOKS, finding_line
from app.ui.widgets.marks import Badge, KeyCap
from app.ui.words import tr

Go = Callable[[str], None]
_MOST = 8
_WIDTH = 340
"""Least width at 100 %; figures are never cut, so inputs may make it wider."""
_SIDE = 14
_LONG, _WIDE = 280, 460
"""From so many letters on a formula gets more width, so that it is no tower."""


def _inputs(text: HowComputed) -> QWidget:
    host = QFrame()
    host.setObjectName("inset")
    grid = QGridLayout(host)
    grid.setContentsMargins(10, 6, 10, 8)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(5)
    last = max((len(row) for row in (text.columns, *text.inputs)), default=1) - 1
    for line, row in enumerate((text.columns, *text.inputs) if text.columns else text.inputs):
        is_head = bool(text.columns) and line == 0
        for column, cell in enumerate(row):
            made = w.text(cell, "overline" if is_head else "cell", "text_3" if is_head else "text_2")
            side = Qt.AlignmentFlag.AlignRight if column == last and last else Qt.AlignmentFlag.AlignLeft
            made.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(made, line, column)
    grid.setColumnStretch(last, 1)
    return host


def _borders(inputs: QWidget) -> int:
    """Return the width of the inputs with the hairlines around them and around the card."""
    return inputs.sizeHint().width() + 4


def how_computed(text: HowComputed, go: Go, close: Callable[[], None]) -> QFrame:
    """Return the popover of a figure: method, formula, inputs, coverage, chain head, way to the entries."""
    head = w.row(w.text(text.title, "heading"), None, KeyCap("Esc"))
    inputs = _inputs(text) if text.inputs else None
    least = theme.px(_WIDTH if len(text.formula) < _LONG else _WIDE)
    width = max(least, 2 * _SIDE + (_borders(inputs) if inputs is not None else 0))
    formula = w.text(fmt.prose(text.formula), "body", "text_2", wrap=True)
    # A wrapped label inside a fixed width is given its height too late to be seen whole.
    formula.setMinimumHeight(formula.heightForWidth(width - 2 * _SIDE) + 1)
    parts: list[w.Item] = [head, formula, *([inputs] if inputs else [])]
    covered = w.text(fmt.prose(text.coverage), "caption", "text_3", wrap=True)
    known: list[w.Item] = [covered] if text.coverage else []
    if text.head:
        head_hash = w.text(fmt.grouped_hash(text.head, short=True), "mono_small", "text_3")
        head_hash.setToolTip(fmt.grouped_hash(text.head))
        known.append(head_hash)
    foot: list[w.Item] = [(w.column(*known, spacing=1), 1)]
    if text.place:
        link = w.button(tr("Open entries"), "link", size="small")
        link.clicked.connect(partial(_went, go, close, text.place))
        foot.append(link)
        covered.setMinimumHeight(covered.heightForWidth(width - 2 * _SIDE - link.sizeHint().width() - 12) + 1)
    made = w.frame("overlay", *parts, w.row(*foot, spacing=12), spacing=8, margins=(_SIDE, 12, _SIDE, 12))
    made.setFixedWidth(width)
    made.setAccessibleName(f"{tr('How computed')}: {text.title}")
    w.shadow(made, 2)
    return made


def _went(go: Go, close: Callable[[], None], place: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
    close()
    go(place)


def findings(found: Sequence[Finding], go: Go, close: Callable[[], None]) -> QFrame:
    """Return the popover under the bell: the most pressing findings, and the way to all of them."""
    link = w.button(tr("All findings"), "link", size="small")
    link.clicked.connect(partial(_went, go, close, "findings"))
    title: list[w.Item] = [w.text(tr("Needs attention"), "heading")]
    if found:
        worst = SEVERITY_LOOKS[found[0].severity][1]
        title.append(Badge(fmt.count(len(found)), "warn" if worst == "info" else worst))
    head = w.row(*title, None, link, spacing=8, margins=(14, 0, 12, 0))
    head.setFixedHeight(theme.px(40))
    lines: list[w.Item] = [head, w.hline()]
    for finding in found[:_MOST]:
        act = partial(_went, go, close, finding.place or f"findings/{finding.code}")
        lines += [finding_line(finding, act), w.hline()]
    if not found:
        lines.append(w.text(tr("Nothing needs you now."), "body", "text_2"))
        lines[-1].setContentsMargins(14, 12, 14, 14)  # type: ignore[union-attr]
    made = w.frame("overlay", *lines, spacing=0, margins=(1, 1, 1, 8))
    made.setFixedWidth(theme.px(420))
    made.setAccessibleName(tr("Notifications"))
    w.shadow(made, 2)
    return made
