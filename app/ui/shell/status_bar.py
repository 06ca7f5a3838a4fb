"""The status bar: vault, sources, marks at the left; masking, jobs, time at the right. Quiet unless something fails."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.ui import format as fmt
from app.ui import theme
from app.ui.widgets import basics as w
from app.ui.words import tr


class StatusItem(QFrame):
    """Icon and words; a click opens what it is about.

    Signals:
        clicked: It was clicked.
    """

    clicked = Signal()

    def __init__(self, icon: str) -> None:
        """Take the icon; the words follow."""
        super().__init__()
        self._glyph = w.glyph(icon, "text_2", 13)
        self._words = w.text("", "caption", "text_2")
        w.fill(QHBoxLayout(self), [self._glyph, self._words], 6)

    def show_words(self, words: str, icon: str, tone: str = "text_2") -> None:
        """Show other words; none hides the item."""
        self.setVisible(bool(words))
        if words == self._words.text() and self._words.property("shown_tone") == tone:
            return
        self._words.setText(words)
        self._words.setProperty("shown_tone", tone)
        self.setAccessibleName(words)
        w.set_tone(self._words, tone if tone in ("warn", "danger") else "text_2")
        self._glyph.show_icon(icon, tone)

    def words(self) -> str:
        """Return what is shown."""
        return self._words.text()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Tell that it was clicked."""
        self.clicked.emit()


class StatusBar(QFrame):
    """One line about everything that goes on.

    Signals:
        pressed: The id of the action behind an item.
    """

    pressed = Signal(str)

    def __init__(self) -> None:
        """Make an empty bar."""
        super().__init__()
        self.setObjectName("status")
        self.setAccessibleName(tr("Status"))
        self.setFixedHeight(theme.size("status_bar"))
        self.vault = StatusItem("lock-open")
        self.sources = StatusItem("plug")
        self.marks = StatusItem("activity")
        self.masked = StatusItem("eye-off")
        self.jobs = StatusItem("loader-circle")
        self._clock = w.text("", "caption", "text_3")
        behind = (
            (self.vault, "go-settings"),
            (self.sources, "go-connections"),
            (self.masked, "hide-amounts"),
            (self.jobs, "jobs"),
        )
        for item, action in behind:
            item.clicked.connect(partial(self.pressed.emit, action))
        left, right = (self.vault, self.sources, self.marks), (self.masked, self.jobs)
        w.fill(QHBoxLayout(self), [*left, None, *right, self._clock], 18, (14, 0, 14, 0))
        for item in (*left, *right):
            item.hide()
        self.show_mask()

    def show_vault(self, minutes_left: int | None) -> None:
        """Show that the vault is open, and when it locks."""
        words = tr("Vault open")
        if minutes_left is not None:
            words += " · " + tr("locks in %s min").replace("%s", str(minutes_left))
        self.vault.show_words(words, "lock-open")

    def show_sources(self, read: int, total: int) -> None:
        """Show how many sources are read."""
        if not total:
            self.sources.show_words(tr("No source"), "plug")
            return
        words = tr("%n of %m sources read").replace("%n", fmt.count(read)).replace("%m", fmt.count(total))
        self.sources.show_words(words, "plug" if read == total else "unplug", "text_2" if read == total else "warn")

    def show_marks(self, age_ns: int | None, stale: int) -> None:
        """Show how old the marks are."""
        if age_ns is None:
            self.marks.show_words("", "activity")
            return
        words = tr("Marks %s old").replace("%s", fmt.age(age_ns))
        if stale:
            words += " · " + tr("%s stale").replace("%s", fmt.count(stale))
        self.marks.show_words(words, "clock-alert" if stale else "activity", "warn" if stale else "text_2")

    def show_jobs(self, words: str, icon: str, tone: str) -> None:
        """Show what runs; "" hides it."""
        self.jobs.show_words(words, icon, tone)

    def show_mask(self) -> None:
        """Show how much is hidden."""
        words = {fmt.Mask.AMOUNTS: tr("Amounts hidden"), fmt.Mask.EVERYTHING: tr("All figures hidden")}
        self.masked.show_words(words.get(fmt.mask(), ""), "eye-off", "accent")

    def show_clock(self, now_ns: int) -> None:
        """Show the time in UTC."""
        self._clock.setText(fmt.moment(now_ns))
        self._clock.setToolTip(fmt.local(now_ns))
