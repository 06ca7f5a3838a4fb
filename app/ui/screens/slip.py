"""The slip: stub, perforation, form. The one place where the brand's form appears large."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.model.views import VaultInfo
from app.ui import format as fmt
from app.ui import theme
from app.ui.widgets import basics as w
from app.ui.widgets.marks import Logo
from app.ui.words import tr

STUB, WIDTH, HEIGHT = 248, 720, 372


class Slip(QWidget):
    """Stub at the left, what is asked at the right."""

    def __init__(self, stub: QWidget, form: QWidget) -> None:
        """Take both halves."""
        super().__init__()
        self.setFixedWidth(theme.px(WIDTH))
        self.setMinimumHeight(theme.px(HEIGHT))
        stub.setFixedWidth(theme.px(STUB))
        w.fill(QHBoxLayout(self), [stub, (form, 1)], 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the paper, the stub's shade and the perforation."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
        painter.fillPath(shape, theme.color("surface"))
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(QRectF(0, 0, theme.px(STUB), self.height()), theme.color("chrome"))
        painter.restore()
        painter.setPen(QPen(theme.color("border"), 1))
        painter.drawPath(shape)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("border"))
        for top in range(14, self.height() - 8, 9):
            painter.drawEllipse(QPointF(theme.px(STUB), top), 1.4, 1.4)


class Stub(QWidget):
    """What the vault's header says without a key."""

    def __init__(self) -> None:
        """Make an empty stub."""
        super().__init__()
        head = w.row(Logo(28), w.text("Counterfoil", "title"), None, spacing=10)
        self._facts = QVBoxLayout()
        foot = w.row(
            w.glyph("shield", "text_3", 14),
            (w.text(tr("Checked as the vault opens"), "caption", "text_2"), 1),
            spacing=7,
        )
        box = w.fill(QVBoxLayout(self), [head, 14], 10, (24, 26, 18, 22))
        box.addLayout(self._facts)
        box.addStretch(1)
        box.addWidget(foot)
        w.fill(self._facts, [], 10)

    def show_vault(self, name: str, path: str, info: VaultInfo | None) -> None:
        """Show the name of a vault and what is known of it."""
        w.clear(self._facts)
        self._add(tr("Vault"), name, "medium", path)
        if info is None:
            return
        self._add(tr("Encrypted size"), fmt.size(info.size_bytes))
        if info.records:
            self._add(tr("Records it must hold"), fmt.count(info.records))
        if info.head:
            self._add(tr("Chain head it must show"), fmt.grouped_hash(info.head, short=True), "mono")
        self._add(tr("Opens with"), ", ".join(tr(slot) for slot in info.key_slots))
        self._add(tr("Its newest state is noted in"), tr(info.anchor))

    def _add(self, label: str, value: str, role: str = "body", tip: str = "") -> None:
        shown = w.elided(value, role)
        if tip:
            shown.setToolTip(tip)
        self._facts.addWidget(w.column(w.text(label, "caption", "text_3"), shown, spacing=0))
