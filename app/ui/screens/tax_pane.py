"""One tab of the Tax place, and what the place and its tabs know of each other.

To add a tab: subclass `Pane` in `tax_<what>.py`, name it in `PANES` of `tax.py` where it belongs in the row of tabs,
and write what the class says below. The place asks the question (country, year, method, scope), has it computed as a
job, keeps the answers, and hands each to the tab that is shown. A tab only shows; it computes nothing on the main
thread, and reads what it needs besides through `shell.workspace` with `shell.run`. A record that it has made tells the
place by itself (`RecordsAppended`): the figures turn stale, and new ones come to `take`.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from PySide6.QtCore import Signal

from app.services.tax_years import Asked, TaxYear
from app.ui.screens.section import Section


class Pane(Section):
    """A tab.

    What the place promises: `take` comes only while the tab is shown, whenever it is shown with another answer than the
    one that it last took; the answer is immutable and may be old, which `be_stale` tells before it. Figures name assets
    and accounts by their ids; `shell.workspace.runtime.assets` knows the assets.

    Signals:
        header_changed: The word of the tab is another one now (it may carry a count).
        wanted: Another question shall be asked: an `Asked`.

    Attributes:
        needs_year: The tab speaks of one year; for the whole history the place says so in its stead.
    """

    needs_year: ClassVar[bool] = False

    header_changed = Signal()
    wanted = Signal(object)

    def label(self) -> str:
        """Return the word of the tab, with its count where it has one."""
        return self.title

    @abstractmethod
    def take(self, found: TaxYear, asked: Asked) -> None:
        """Show the figures of a question; `found.figures.currency` names the money of every amount."""

    def be_stale(self, *, is_stale: bool) -> None:
        """Show figures as old: books or prices have changed, and they are computed anew; or as those of now."""

    def shown(self, detail: str = "") -> None:
        """Subscribe to what the tab needs besides its figures, now that it is seen.

        `detail` is what follows the word of the tab in its place, after a "/".
        """

    def hidden(self) -> None:
        """Unsubscribe, now that another tab or place is seen."""
