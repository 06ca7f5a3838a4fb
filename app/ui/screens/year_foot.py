"""The foot of a year that is closed: leave, what is computed, back and next; it never jumps."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.services.jobs import Job
from app.ui import theme
from app.ui.actions import written
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Progress
from app.ui.words import tr

NEXT_KEYS = ("Ctrl+Return", "Alt+Right")
BACK_KEYS = ("Alt+Left",)


class Foot(QWidget):
    """Buttons and progress.

    Signals:
        left: The wizard shall be left.
        stopped: The computation shall stop.
        renewed: It shall begin anew.
        back_wanted: The step before.
        next_wanted: The step after.
    """

    left = Signal()
    stopped = Signal()
    renewed = Signal()
    back_wanted = Signal()
    next_wanted = Signal()

    def __init__(self) -> None:
        """Start at the first step."""
        super().__init__()
        self.leave = w.button(tr("Leave"), "ghost", name=tr("Leave closing the year"))
        self.leave.setObjectName("close-leave")
        self.leave.clicked.connect(self.left)
        hint = tr("%n next · %b back").replace("%n", written(NEXT_KEYS[0])).replace("%b", written(BACK_KEYS[0]))
        self.hint = w.text(hint, "caption", "text_3")
        self.bar, self.doing = Progress(None, width=theme.px(90)), w.elided("", "caption", "text_3")
        self.stop = w.button(tr("Cancel"), size="small", name=tr("Cancel the computation"))
        self.stop.clicked.connect(self.stopped)
        self.renew = w.button(tr("Compute now"), size="small")
        self.renew.clicked.connect(self.renewed)
        self.back = w.button(tr("Back"), icon="arrow-left")
        self.back.setObjectName("close-back")
        self.back.clicked.connect(self.back_wanted)
        self.next = w.button(tr("Next"), "primary", "arrow-right")
        self.next.setObjectName("close-next")
        self.next.clicked.connect(self.next_wanted)
        # Enter is as good as Space here: the whole way is gone by the keyboard.
        for button in (self.leave, self.stop, self.renew, self.back, self.next):
            button.setAutoDefault(True)
        kept = self.next.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.next.setSizePolicy(kept)
        self.doing.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        parts: list[w.Item] = [
            self.leave, self.hint, (self.doing, 1), self.bar, self.stop, self.renew, self.back, self.next,
        ]  # fmt: skip
        w.fill(QHBoxLayout(self), parts, 10, (10, 0, 16, 0))
        self.setFixedHeight(theme.px(52))

    def show_step(self, *, is_first: bool, following: str) -> None:
        """Offer the steps beside; `following` is the title of the next one, "" where there is none."""
        self.back.setEnabled(not is_first)
        w.tint(self.back)
        self.next.setVisible(bool(following))
        if following:
            self.next.setText(f" {tr('Next: %s').replace('%s', following)}")

    def show_job(self, job: Job | None, *, is_stale: bool) -> None:
        """Show what is computed, or that figures are old."""
        self.bar.setVisible(job is not None)
        self.stop.setVisible(job is not None)
        self.renew.setVisible(job is None and is_stale)
        self.doing.setText("" if job is None else job.doing)
        if job is not None:
            self.bar.show_share(job.share)
