"""One section of the Risk place, and what the place and its sections know of each other.

To add one: subclass `RiskPane` in `risk_<what>.py`, and name it in `PANES` of `risk.py`. The place asks, keeps the
answer, and hands it to the section that is shown; a section shows, and computes nothing of more than a moment.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication

from app.ui.charts.frame import ChartFrame
from app.ui.screens.base import Shell
from app.ui.screens.overview_seen import Files
from app.ui.screens.risk_found import Found, Scored, View
from app.ui.screens.section import Section
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.risk_live import LiveFigures


class RiskPane(Section):
    """A section.

    Attributes:
        shows_books: Whether it shows what live order books tell, so that they are followed while it is seen.

    Signals:
        wanted: Another place shall be shown, such as "risk/stress".
    """

    shows_books: ClassVar[bool] = False
    wanted = Signal(str)

    def __init__(self, shell: Shell) -> None:
        """Take the window, when the section is shown for the first time."""
        super().__init__(shell)
        self.files = Files(shell, self)
        self.frames: dict[str, ChartFrame] = {}

    def keep_frame(self, name: str, frame: ChartFrame) -> ChartFrame:
        """Write the charts of a frame to files of that name, and let it answer to single keys."""
        self.frames[name] = frame

        def save(kind: str) -> None:
            self.shell.run(self.files.save_chart(frame, kind, f"risk-{name}"), what=tr("Saving the chart"))

        frame.file_asked.connect(save)
        return frame

    @abstractmethod
    def take(self, found: Found, scored: Scored | None, view: View) -> Sequence[Callable[[], None]]:
        """Take an answer, with its report card where there is one already, as it is looked at.

        What is returned shows it, a part at a time: each gets a turn of the loop of its own, so that nothing stands.
        """

    def show_limits(self) -> None:
        """Show limits anew: one was set, or stands otherwise now."""

    def show_live(self, figures: LiveFigures) -> None:
        """Show value at risk and shortfall at the marks of now, where they are seen: a study follows in seconds."""

    def press(self, key: int) -> bool:
        """Answer a single key: for the chart that the keyboard is in, else for the first that is seen."""
        focused = QApplication.focusWidget()
        seen = [frame for frame in self.frames.values() if frame.isVisible()]
        seen.sort(key=lambda frame: focused is None or not frame.isAncestorOf(focused))
        return any(frame.press(key) for frame in seen)
