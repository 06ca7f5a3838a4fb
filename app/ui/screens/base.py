"""What a screen knows of the window, and what the window knows of a screen."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.core.findings import Severity
from app.core.model.views import Scope

if TYPE_CHECKING:
    from app.services.workspace import Workspace


@dataclass(frozen=True)
class Banner:
    """One line under the page header that stays until its cause is gone; the worst one is shown.

    Attributes:
        what: What is so, with its time: "No network since 13:58 UTC."
        meaning: What follows, and what was not harmed.
        action: Verb and object of the button; "" where nothing can be done.
        icon: Lucide name; "" takes the one of the severity.
    """

    severity: Severity
    what: str
    meaning: str = ""
    action: str = ""
    then: Callable[[], None] | None = None
    icon: str = ""


@dataclass(frozen=True, slots=True)
class HowComputed:
    """How a figure comes about: method, formula in one sentence, inputs, coverage, chain head, way to the entries.

    Attributes:
        columns: Headings of the inputs; the last column is aligned to the right.
        inputs: One row an input, already formatted.
        coverage: What the figure leaves out: "20 of 21 assets".
        place: Where the entries behind it are, for `Shell.go`; "" shows no link.
    """

    title: str
    formula: str
    columns: tuple[str, ...] = ()
    inputs: tuple[tuple[str, ...], ...] = ()
    coverage: str = ""
    head: str = ""
    place: str = ""


class Shell(Protocol):
    """The window, as far as screens know it."""

    @property
    def workspace(self) -> Workspace:
        """Return the unlocked vault with its book."""

    @property
    def scope(self) -> Scope:
        """Return which accounts and which period every screen shows."""

    def go(self, place: str) -> None:
        """Open a place: "overview", "positions/bitcoin", "activity/bitcoin", "connections/kraken-main", "findings"."""

    def inspect(self, panel: QWidget | None) -> None:
        """Show a panel at the right, or none; the keyboard's focus stays where it is."""

    def toast(self, text: str, action: str = "", then: Callable[[], None] | None = None) -> None:
        """Say that something is done, for a few seconds."""

    def banner(self, banner: Banner | None) -> None:
        """Show the screen's banner, or take it away."""

    def explain(self, anchor: QWidget, text: HowComputed) -> None:
        """Open the "How computed" popover beside a figure."""

    def run(self, work: Coroutine[Any, Any, None], *, what: str) -> None:
        """Run a task; a fault in it is shown as "`what` failed", never swallowed."""


class Screen(QWidget):
    """One place of the rail.

    Signals:
        header_changed: Tabs, note or actions are others now.

    Attributes:
        place: Word for `Shell.go`.
        heading: What stands at its top and in the rail, where that is not its title.
        rail: Place of the item that is marked in the rail, where it has none of its own.
        also: Further words that open a tab of this screen: {"activity": 1}.
        parts: Tabs that can be gone to, as (place, title), for the palette; those that are actions are not named.
    """

    place: ClassVar[str] = ""
    title: ClassVar[str] = ""
    heading: ClassVar[str] = ""
    rail: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    also: ClassVar[Mapping[str, int]] = {}
    parts: ClassVar[Sequence[tuple[str, str]]] = ()

    header_changed = Signal()

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is loaded before `activate`."""
        super().__init__()
        self.shell = shell
        self.setAccessibleName(self.title)

    def pieces(self) -> Iterator[None]:
        """Make what it shows, a piece each time it is asked for one, where that takes longer than a turn may.

        Each piece gets a turn of the loop of its own. The window asks nothing else before all of them are made.
        """
        yield from ()

    def stand_in(self) -> Screen:
        """Return what is shown in its place until all of its pieces are made."""
        return Screen(self.shell)

    def note(self) -> str:
        """Return what stands in grey beside the title: "30 sources"."""
        return ""

    def header_actions(self) -> Sequence[QWidget]:
        """Return what stands right of the title, the primary action last; the same widgets each time."""
        return ()

    def tabs(self) -> Sequence[str]:
        """Return the tabs beside the title, in order; none where there is only one view."""
        return ()

    def tab(self) -> int:
        """Return the index of the tab that is shown."""
        return 0

    def show_tab(self, index: int) -> None:
        """Show a tab."""

    def way_back(self) -> Banner | None:
        """Return what leads back here from other places, while something that was begun here is not done."""
        return None

    def activate(self, detail: str = "") -> None:
        """Subscribe and load, now that the screen is shown; `detail` is what follows the "/" of the place."""

    def deactivate(self) -> None:
        """Unsubscribe, now that the screen is hidden."""

    def scope_changed(self) -> None:
        """Load anew: accounts or period are others now."""

    def masking_changed(self) -> None:
        """Write every figure anew, since more or less is hidden now; painted ones need only a repaint."""
        self.scope_changed()

    def prices_came(self) -> None:
        """Value anew what is shown: marks and closes were read whole."""

    def main_part(self) -> QWidget:
        """Return what the keyboard acts on once the screen is shown."""
        return self

    def filter_field(self) -> QWidget | None:
        """Return the field that Ctrl+F and "/" put the cursor into."""
        return None

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return headings and raw rows of what is seen, for Ctrl+E; None where there is nothing to export."""
        return None

    async def whole_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return headings and raw rows of all that fits the filters, also what was not scrolled to yet."""
        return self.export_rows()

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures that the widgets hold ("value", "position/bitcoin"), for the demo run to compare."""
        return {}
