"""The inspector of one figure of the tax place: what it follows from, where its value stands, the way to its entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.core.tax.from_entries import entry_of
from app.ui import format as fmt
from app.ui.screens.base import Shell
from app.ui.screens.inspector_entry import EntryPanel
from app.ui.screens.inspector_parts import InspectorPanel, Pair, pairs, section, wrapped
from app.ui.widgets import basics as w
from app.ui.widgets.marks import Avatar, KeyCap
from app.ui.words import tr


@dataclass(frozen=True, slots=True)
class Proof:
    """What a panel shows of a row.

    Attributes:
        symbol: Of the asset, for the avatar.
        figure: The figure that everything else explains, with every place it has in `exact`.
        formula: How it is computed, in a sentence.
        entries: (what to open, row or entry), the figure's own first.
    """

    symbol: str
    title: str
    caption: str
    figure: str
    exact: str
    told: Sequence[Pair]
    formula: str
    entries: Sequence[tuple[str, str]]


class ProofPanel(InspectorPanel):
    """Figure, what it follows from, formula, entries.

    Signals:
        entry_asked: An entry shall be shown: its id.
    """

    entry_asked = Signal(str)

    def __init__(self, name: str) -> None:
        """Take the name for screen readers."""
        super().__init__(name)
        keys: list[w.Item] = [KeyCap("Enter"), w.text(tr("its entry"), "caption", "text_3"), 4]
        keys += [KeyCap("Esc"), w.text(tr("close"), "caption", "text_3"), None]
        self.foot_box.addWidget(w.row(*keys, spacing=6, margins=(16, 7, 16, 8)))

    def show_proof(self, proof: Proof) -> None:
        """Show another figure."""
        self.show_head(Avatar(proof.symbol, 30), proof.title, proof.caption)
        big = w.text(proof.figure, "title")
        big.setToolTip(proof.exact)
        big.setAccessibleName(f"{proof.title} {proof.figure}")
        note = wrapped(proof.formula, "caption", "text_3")
        body = w.column(big, pairs(proof.told), note, spacing=8, margins=(16, 2, 16, 12))
        links = [w.row(self._link(label, row), None) for label, row in proof.entries]
        title = fmt.counted(len(links), tr("%s entry"), tr("%s entries"))
        self.show_body(body, *([section(title, *links, spacing=4)] if links else []))

    def _link(self, label: str, row: str) -> QWidget:
        made = w.button(label, "link", size="small", name=f"{label} {entry_of(row)[:8]}")
        made.clicked.connect(partial(self._ask, entry_of(row)))
        return made

    def _ask(self, entry: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.entry_asked.emit(entry)


class ProofInspector(QObject):
    """Shows rows of a table in the inspector of the window, and entries in place of them."""

    def __init__(self, shell: Shell, parent: QWidget, name: str) -> None:
        """Take the window, the pane, and what a screen reader calls the panel."""
        super().__init__(parent)
        self._shell, self._name = shell, name
        self._panel: ProofPanel | EntryPanel | None = None
        self.key = ""

    @property
    def panel(self) -> ProofPanel | EntryPanel | None:
        """Return the panel while it is open; the window may have closed it in the meantime."""
        if self._panel is not None and (not isValid(self._panel) or self._panel.parent() is None):
            self._panel = None
        return self._panel

    @property
    def is_open(self) -> bool:
        """Tell whether a figure is shown."""
        return isinstance(self.panel, ProofPanel)

    def show(self, key: str, proof: Proof) -> None:
        """Show what a row follows from."""
        panel = self.panel
        if not isinstance(panel, ProofPanel):
            panel = ProofPanel(self._name)
            panel.closed.connect(self.close)
            panel.entry_asked.connect(self.show_entry)
        panel.show_proof(proof)
        self.key, self._panel = key, panel
        self._shell.inspect(panel)

    @Slot(str)
    def show_entry(self, row: str) -> None:
        """Show an entry, by its id or a row of it, with its record."""
        panel = EntryPanel(self._shell)
        panel.closed.connect(self.close)
        panel.changed.connect(panel.reload)
        panel.entry_id = entry_of(row)
        panel.reload()
        self._panel = panel
        self._shell.inspect(panel)

    @Slot()
    def close(self) -> None:
        """Close the inspector."""
        self._panel = None
        self._shell.inspect(None)

    def forget(self) -> None:
        """Let the panel go: the place closes it."""
        self._panel = None
