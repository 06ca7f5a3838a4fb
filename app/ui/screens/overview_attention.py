"""Needs attention: at most eight findings, each with its one action."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from app.core.findings import Finding, Severity
from app.ui import format as fmt
from app.ui import theme
from app.ui.widgets import basics as ui
from app.ui.widgets.basics import Panel
from app.ui.widgets.marks import Badge
from app.ui.words import tr

MOST = 8
_LEAST_SEEN = 0.5
"""Share of a line that is seen at least."""
_TONES = {Severity.ERROR: "danger", Severity.WARNING: "warn", Severity.INFO: "text_2"}
ICONS = {
    "source-failed": "unplug",
    "stale-source": "clock-alert",
    "prices-unreachable": "wifi-off",
    "key-may-withdraw": "key-round",
    "break": "scale",
    "quarantined-row": "file-exclamation-point",
    "unknown-operation": "file-question-mark",
    "unmapped-asset": "circle-question-mark",
    "no-price": "circle-slash",
}
FALLBACK = {Severity.ERROR: "circle-alert", Severity.WARNING: "triangle-alert", Severity.INFO: "info"}


def place_of(finding: Finding) -> str:
    """Return where a finding is put right; one without a place of its own is on the list of all."""
    return finding.place or "findings"


class FixLink(QAbstractButton):
    """The one action of a finding: a word in the colour of a link, of the least height that can be hit."""

    def __init__(self, label: str, message: str, most: int) -> None:
        """Take verb and object, what it is about, for screen readers, and how wide it may be."""
        super().__init__()
        self.setText(label)
        self.setAccessibleName(f"{label}: {message}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(label)
        natural = int(QFontMetricsF(theme.font("label")).horizontalAdvance(label)) + 8
        self.setFixedSize(min(natural, most), theme.px(24))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the hover."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the hover away."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the word, its line under the mouse, the focus ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        face = QFont(theme.font("label"))
        face.setUnderline(self.underMouse())
        painter.setFont(face)
        painter.setPen(theme.color("link"))
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        area = self.rect().adjusted(4, 0, -4, 0)
        words = QFontMetricsF(face).elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width() + 1)
        painter.drawText(area, side, words)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)


class FindingRow(QWidget):
    """Glyph, what, likely cause, one action.

    Signals:
        opened: The place of the fix.
    """

    opened = Signal(str)

    def __init__(self, finding: Finding, width: int, *, is_dense: bool) -> None:
        """Take the finding and the width of the row; a dense row leaves the third line out."""
        super().__init__()
        self.finding = finding
        message, detail = fmt.prose(finding.message).removesuffix("."), fmt.prose(finding.detail).removesuffix(".")
        icon = ICONS.get(finding.code, FALLBACK[finding.severity])
        self.setAccessibleName(f"{tr(finding.severity.value)}: {message}. {detail}")
        first, second = _split(detail) if not is_dense else (detail, "")
        room = width - theme.px(16) - 10 - 14 - 12
        self.fix = FixLink(finding.fix or tr("Show"), message, room - 34)
        self.fix.clicked.connect(partial(self._open, place_of(finding)))
        glyph = ui.column(ui.glyph(icon, _TONES[finding.severity], 16), None, margins=(0, 4, 0, 0))
        words = self._words(message, first, second, room)
        parts: list[ui.Item] = [glyph, (ui.column(*words, None, spacing=0), 1)]
        ui.fill(QHBoxLayout(self), parts, 10, (14, 3 if is_dense else 4, 12, 5 if is_dense else 6))
        self.setToolTip(f"{message}\n{detail}\n{finding.code}".strip())

    def _words(self, message: str, first: str, second: str, room: int) -> list[ui.Item]:
        """Return the lines; the action is beside the title where both fit, else at the end of the last line.

        The title is never cut, since it holds the figure: it wraps.
        """
        title = ui.text(message, "medium")
        fits = title.sizeHint().width() + self.fix.width() + 10 <= room
        lines: list[QWidget] = [ui.row(title, None, self.fix, spacing=10) if fits else title]
        if not fits:
            title.setWordWrap(True)
            title.setContentsMargins(0, 3, 0, 1)
            title.setMinimumHeight(title.heightForWidth(room))
        lines += [ui.elided(first, "cell", "text_2")] if first else []
        lines += [ui.elided(second, "caption", "text_3")] if second else []
        if not fits:
            last = lines.pop() if len(lines) > 1 else ui.text("")
            said = QFontMetricsF(last.font()).horizontalAdvance(second or first)
            # A word or two of a sentence say nothing: what is hardly seen beside the action is left to the tooltip.
            if said * _LEAST_SEEN > room - self.fix.width() - 10:
                lines += [] if second else [last]
                last = ui.text("")
            lines.append(ui.row((last, 1), self.fix, spacing=10))
        return list(lines)

    def _open(self, place: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - the signal's own argument
        self.opened.emit(place)


def _split(detail: str) -> tuple[str, str]:
    """Return the detail in two lines, parted where it pauses."""
    for pause in (". ", "; ", ", "):
        first, mark, second = detail.partition(pause)
        if mark and second:
            return first, second[:1].upper() + second[1:]
    return detail, ""


class _Host(QWidget):
    """Rows that ask for no height of their own: what does not fit whole is left to "All findings"."""

    def minimumSizeHint(self) -> QSize:
        """Ask for nothing."""
        return QSize(0, 0)

    def hasHeightForWidth(self) -> bool:
        """Answer no: the wrapping titles inside must not make the whole screen scroll."""
        return False


class AttentionPanel(Panel):
    """The worklist.

    Signals:
        opened: The place of a fix, or "findings" for all of them.
    """

    opened = Signal(str)

    def __init__(self) -> None:
        """Start with nothing to do."""
        self.badge = Badge("0", "text_2")
        self.everything = ui.button(tr("All findings"), "link", size="small")
        self._host = _Host()
        self._box = QVBoxLayout(self._host)
        ui.fill(self._box, [], 0)
        super().__init__(tr("Needs attention"), self._host, right=[self.badge, self.everything])
        self._findings: tuple[Finding, ...] = ()
        self._lines: list[QWidget] = []
        self._is_dense = False
        self.everything.clicked.connect(self._open_all)

    @property
    def rows(self) -> list[FindingRow]:
        """Return the rows that are shown."""
        return self._host.findChildren(FindingRow, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show the most pressing findings."""
        if tuple(findings) == self._findings and self._box.count():
            return
        self._findings = tuple(findings)
        self._rebuild()

    def set_dense(self, *, is_dense: bool) -> None:
        """Leave the third line out where there is little height."""
        if is_dense != self._is_dense:
            self._is_dense = is_dense
            self._rebuild()

    def redraw(self) -> None:
        """Write every row anew, for another masking."""
        self._rebuild()

    def _rebuild(self) -> None:
        ui.clear(self._box)
        while self._box.count():
            self._box.takeAt(0)
        count = len(self._findings)
        worst = "warn" if any(one.severity is not Severity.INFO for one in self._findings) else "text_2"
        self.badge.show_count(fmt.count(count), worst)
        self.badge.setVisible(count > 0)
        shown = self._findings[:MOST]
        self._lines = [ui.hline() for _ in shown[1:]]
        parts: list[ui.Item] = []
        for index, finding in enumerate(shown):
            made = FindingRow(finding, self._width(), is_dense=self._is_dense)
            made.opened.connect(self.opened)
            parts += [*self._lines[index - 1 : index], made]
        if not count:
            calm = ui.text(tr("Nothing needs you."), "body", "text_2")
            calm.setContentsMargins(14, 14, 14, 4)
            parts = [calm]
        parts.append(None)
        if count > MOST:
            further = tr("%n more").replace("%n", fmt.count(count - MOST))
            foot = ui.text(further, "caption", "text_3")
            foot.setContentsMargins(14, 0, 14, 10)
            parts.append(foot)
        ui.fill(self._box, parts, 0)
        self._fit()

    def natural_height(self) -> int:
        """Return the height at which every row fits."""
        return theme.px(46) + sum(row.sizeHint().height() + 1 for row in self.rows)

    def _width(self) -> int:
        return max(self.width(), self.minimumWidth()) - 2

    def _fit(self) -> None:
        """Hide rows that would be cut in two; "All findings" has them."""
        room = self._host.height()
        used = 0
        for index, row in enumerate(self.rows):
            used += row.sizeHint().height() + 1
            fits = index == 0 or used <= room or room < theme.px(80)
            row.setVisible(fits)
            if index:
                self._lines[index - 1].setVisible(fits)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many rows as fit whole."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and self._findings:
            self._rebuild()
        self._fit()

    def _open_all(self) -> None:
        self.opened.emit("findings")
