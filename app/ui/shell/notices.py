"""What the window says on its own: a banner under the header, one toast above the status bar."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.findings import Severity
from app.ui import format as fmt
from app.ui import theme
from app.ui.screens.base import Banner
from app.ui.widgets import basics as w
from app.ui.words import tr

_LOOKS = {
    Severity.ERROR: ("danger", "circle-x"),
    Severity.WARNING: ("warn", "triangle-alert"),
    Severity.INFO: ("info", "info"),
}
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


class BannerBar(QWidget):
    """Shows the worst of the banners that were put up; each has the name of who put it up."""

    def __init__(self) -> None:
        """Start with none."""
        super().__init__()
        self._banners: dict[str, Banner] = {}
        self._hidden: set[str] = set()
        self._box = QVBoxLayout(self)
        w.fill(self._box, [], 0, (16, 0, 16, 12))
        self._shown: Banner | None = None
        self.hide()

    def put(self, owner: str, banner: Banner | None) -> None:
        """Put up the banner of an owner, or take it away."""
        if banner is None:
            self._banners.pop(owner, None)
        else:
            self._banners[owner] = banner
        self.redraw()

    @property
    def shown(self) -> Banner | None:
        """Return the banner that is shown."""
        return self._shown

    def redraw(self) -> None:
        """Show the worst one that is not hidden."""
        waiting = [banner for banner in self._banners.values() if banner.what not in self._hidden]
        waiting.sort(key=_rank)
        self._shown = waiting[0] if waiting else None
        w.clear(self._box)
        self.setVisible(self._shown is not None)
        if self._shown is not None:
            self._box.addWidget(self._line(self._shown))

    def _line(self, banner: Banner) -> QFrame:
        name, icon = _LOOKS[banner.severity]
        items: list[w.Item] = [w.glyph(banner.icon or icon, name, 18), w.text(fmt.prose(banner.what), "strong")]
        items += [(w.elided(fmt.prose(banner.meaning), "body", "text_2"), 1)] if banner.meaning else [None]
        if banner.action and banner.then is not None:
            act = w.button(banner.action, size="small")
            act.clicked.connect(banner.then)
            items.append(act)
        gone = w.icon_button("x", tr("Hide until it changes"), side=24)
        gone.clicked.connect(self._hide_shown)
        made = w.frame(name, *items, gone, vertical=False, spacing=9, margins=(14, 0, 8, 0))
        made.setFixedHeight(theme.px(42))
        made.setAccessibleName(fmt.prose(f"{banner.what} {banner.meaning}"))
        return made

    def _hide_shown(self) -> None:
        if self._shown is not None:
            self._hidden.add(self._shown.what)
        self.redraw()


def _rank(banner: Banner) -> int:
    return _ORDER.index(banner.severity)


class Toast(QFrame):
    """Says that something is done, for six seconds, or ten where it can be undone.

    Signals:
        gone: It has gone.
    """

    gone = Signal()

    def __init__(self, host: QWidget) -> None:
        """Take the window's widget; the toast is above its status bar."""
        super().__init__(host)
        self.setObjectName("overlay")
        self._host = host
        self._box = QHBoxLayout(self)
        self._then: Callable[[], None] | None = None
        self._can_undo = False
        self._text, self._words = "", w.text()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        host.installEventFilter(self)
        self.hide()

    def show_text(self, text: str, action: str, then: Callable[[], None] | None) -> None:
        """Say something; whatever was said before goes."""
        w.clear(self._box)
        self._can_undo = then is not None and action == tr("Undo")
        self._then, self._text, self._words = then, text, w.text(fmt.prose(text), "medium")
        items: list[w.Item] = [w.glyph("circle-check", "ok", 16), self._words]
        if action and then is not None:
            act = w.button(action, "link", size="small")
            act.clicked.connect(self._act)
            act.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            items += [8, act]
        gone = w.icon_button("x", tr("Dismiss"), side=24)
        gone.clicked.connect(self.dismiss)
        gone.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        w.fill(self._box, [*items, gone], 10, (16, 9, 10, 9))
        w.shadow(self, 2)
        self.setAccessibleName(self._words.text())
        self._timer.start(theme.motion("toast_with_undo" if action else "toast"))
        self.adjustSize()
        self.arrange()
        self.show()
        self.raise_()

    def redraw(self) -> None:
        """Write it anew, since more or less is hidden."""
        if self.isVisible():
            self._words.setText(fmt.prose(self._text))
            self.setAccessibleName(self._words.text())
            self.adjustSize()
            self.arrange()

    def arrange(self) -> None:
        """Stand in the middle, above the status bar."""
        bottom = self._host.height() - theme.size("status_bar") - 14
        self.move((self._host.width() - self.width()) // 2, bottom - self.height())

    def undo(self) -> None:
        """Do what its Undo does, while it is offered."""
        if self.isVisible() and self._can_undo:
            self._act()

    def _act(self) -> None:
        then = self._then
        self.dismiss()
        if then is not None:
            then()

    def dismiss(self) -> None:
        """Go away."""
        self._timer.stop()
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            # Else it would jump to the first part of the window.
            self._host.setFocus()
        self.hide()
        self.gone.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.arrange()
        return super().eventFilter(watched, event)
