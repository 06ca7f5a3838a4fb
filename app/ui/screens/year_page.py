"""One step of closing a tax year, and the steps that are places of the books or tabs of taxes, cut to that year."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.findings import Finding
from app.core.waiving import waived
from app.core.worklist import FindingGroup, groups
from app.services.tax_years import Asked
from app.ui import hints
from app.ui.screens.base import Shell
from app.ui.screens.books import BooksScreen
from app.ui.screens.findings import FindingsScreen
from app.ui.screens.prices import PricesScreen
from app.ui.screens.section import Rows, Section
from app.ui.screens.tax_lots import LotsPane
from app.ui.screens.transfers import TransfersScreen
from app.ui.screens.transfers_rows import PROPOSED
from app.ui.screens.year_closing import YearState
from app.ui.widgets import basics as w
from app.ui.words import tr

Place = TypeVar("Place", bound=BooksScreen)
_BREAKS = ("break", "past-break")
"""What may stand where a person says why; a figure that is not known may not."""
_NO_COST = "missing-basis"
_NOTHING: Mapping[str, str] = {}


class Page(Section):
    """What one step shows; it is made when it is shown for the first time.

    Signals:
        step_wanted: Another step shall be shown: its word.

    Attributes:
        lead: What is to be done in it, in a sentence.
        is_tall: It needs every pixel of height of a small window.
        within: What is to be chosen in it once it is shown next; "" for what was chosen.
    """

    lead: ClassVar[str] = ""
    is_tall: ClassVar[bool] = False

    step_wanted = Signal(str)

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read before `take`."""
        super().__init__(shell)
        self.within = ""
        self.setObjectName(f"close-{self.word}")

    @abstractmethod
    def take(self, standing: YearState, asked: Asked) -> None:
        """Show what is known of the year; comes before `shown`, and again whenever more is known."""

    def be_stale(self, *, is_stale: bool) -> None:
        """Show figures as old, or as those of now."""

    def shown(self) -> None:
        """Listen, now that the step is seen."""

    def hidden(self) -> None:
        """Listen no more."""


class PlacePage(Page, Generic[Place]):
    """A place of the books as a step."""

    kind: type[Place]

    def __init__(self, shell: Shell) -> None:
        """Make the place; it reads once it is shown."""
        super().__init__(shell)
        self.place = self.kind(shell)
        w.fill(QVBoxLayout(self), [(self.place, 1)], 0)

    def pieces(self) -> Iterator[None]:
        """Make what the place shows."""
        yield from self.place.pieces()

    def take(self, standing: YearState, asked: Asked) -> None:
        """Cut the place to what happened until the year's end."""
        del asked
        self.place.until = standing.end

    def shown(self) -> None:
        """Let the place read and listen."""
        self.place.activate(self.within)
        self.within = ""

    def hidden(self) -> None:
        """Let it rest."""
        self.place.deactivate()

    def redraw(self) -> None:
        """Write its figures anew."""
        self.place.masking_changed()

    def main_part(self) -> QWidget:
        """Return the main part of the place."""
        return self.place.main_part()

    def filter_field(self) -> QWidget | None:
        """Return its filter."""
        return self.place.filter_field()

    def export_rows(self) -> Rows | None:
        """Return what it shows, raw."""
        return self.place.export_rows()


class Blocking(FindingsScreen):
    """The worklist of what stands against closing one year."""

    def __init__(self, shell: Shell) -> None:
        """Start with nothing."""
        super().__init__(shell)
        self._of_year: tuple[Finding, ...] = ()
        self.waived.setChecked(True)

    def show_findings(self, found: Sequence[Finding], waits: Mapping[str, str] = _NOTHING) -> None:
        """Take what blocks and what a person lets stand, and the proposals of transfers by the deposits in them."""
        led = tuple(_with_way(one, waits) for one in found)
        if self._of_year != led:
            self._of_year = led
            self._later.start()

    async def groups_of(self, *, with_waived: bool) -> tuple[FindingGroup, ...]:
        """Return the groups of what was taken, with the waivers of now: the figures that follow come later."""
        waivers = await self.shell.workspace.findings.waivers()
        now = waived((replace(one, waived="") for one in self._of_year), waivers)
        told = [replace(one, waived=other.waived) for one, other in zip(self._of_year, now, strict=True)]
        shown = [one for one in told if with_waived or not one.waived]
        return groups(shown, self.shell.workspace.findings.effect)

    def can_waive(self, one: Finding) -> bool:
        """Tell whether it may stand with a reason."""
        return one.code in _BREAKS

    def show_nothing(self) -> None:
        """Say that nothing stands against closing."""
        self.stage.show_empty(
            tr("Nothing stands against closing this year."),
            tr("Every figure of it is known, and every balance at its end agrees or is explained."),
        )


def _with_way(one: Finding, waits: Mapping[str, str]) -> Finding:
    """Return a finding with the place where it is mended: of what blocks a figure, the entry from which it comes.

    A cost that is not known since its deposit may have come from an own account is mended by a word on that transfer.
    """
    if one.place:
        return one
    proposal = next((waits[entry] for entry in one.entries if entry in waits), "")
    if proposal and one.code == _NO_COST:
        told = tr("It may have come from an account of yours: accepted, that transfer brings its cost and its date.")
        place = f"close/{TransfersPage.word}/{PROPOSED}/{proposal}"
        return replace(one, detail=told, fix=tr("Review the proposed transfer"), place=place)
    told = " ".join(filter(None, (one.detail, hints.shown(one.fix))))
    if one.entries:
        return replace(one, detail=told, fix=tr("Open the entry"), place=f"activity/{one.entries[0]}")
    return replace(one, detail=told, fix=tr("See the findings of the year"), place="tax/summary")


class HealthPage(PlacePage[Blocking]):
    """What stands against closing: figures that are not known, differences that nobody explained."""

    word: ClassVar[str] = "health"
    title: ClassVar[str] = "Data health"
    lead: ClassVar[str] = "What stands against closing: mend it, explain it, or let a difference stand with a reason."
    kind = Blocking

    def take(self, standing: YearState, asked: Asked) -> None:
        """Show what blocks and what was waived."""
        super().take(standing, asked)
        self.place.show_findings((*standing.blocking, *standing.waived), standing.waits)


class TransfersPage(PlacePage[TransfersScreen]):
    """Proposals of transfers that wait for a word."""

    word: ClassVar[str] = "transfers"
    title: ClassVar[str] = "Transfers"
    lead: ClassVar[str] = "Everything until the end of the year: lots that moved keep their cost and their date."
    kind = TransfersScreen


class PricesPage(PlacePage[PricesScreen]):
    """Gaps and doubted closes."""

    word: ClassVar[str] = "prices"
    title: ClassVar[str] = "Prices"
    lead: ClassVar[str] = "Days until the end of the year on which something happened: gaps, and closes not believed."
    kind = PricesScreen


class LotsPage(Page):
    """Which lots each sale used up."""

    word: ClassVar[str] = "lots"
    title: ClassVar[str] = "Lots"
    lead: ClassVar[str] = "Which lots each sale of the year uses up: by law, by standing order, or as you chose."
    is_tall: ClassVar[bool] = True

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        super().__init__(shell)
        self.pane = LotsPane(shell)
        self._taken: object = None
        w.fill(QVBoxLayout(self), [(self.pane, 1)], 0)

    def pieces(self) -> Iterator[None]:
        """Make the tab of lots."""
        yield from self.pane.pieces()

    def take(self, standing: YearState, asked: Asked) -> None:
        """Show the sales of the year."""
        if self._taken is not standing.found:
            self._taken = standing.found
            self.pane.take(standing.found, asked)

    def be_stale(self, *, is_stale: bool) -> None:
        """Show figures grey while they are old."""
        self.pane.be_stale(is_stale=is_stale)

    def shown(self) -> None:
        """Let the tab begin."""
        self.pane.shown()

    def hidden(self) -> None:
        """Let it rest."""
        self.pane.hidden()

    def redraw(self) -> None:
        """Write its figures anew."""
        self.pane.redraw()

    def main_part(self) -> QWidget:
        """Return the list of sales."""
        return self.pane.main_part()

    def filter_field(self) -> QWidget | None:
        """Return its filter."""
        return self.pane.filter_field()

    def export_rows(self) -> Rows | None:
        """Return what it shows, raw."""
        return self.pane.export_rows()
