"""A place with a question at the top and its answer in sections: tabs that are made when they are shown first."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from app.ui.screens.base import Screen, Shell
from app.ui.screens.section import Rows, Section
from app.ui.widgets.tables_states import Stage
from app.ui.words import tr

S = TypeVar("S", bound=Section)


class TabbedScreen(Screen, Generic[S]):
    """Such a place; what it asks, and when a section gets the answer, is its own.

    Attributes:
        stage: The sections, or what stands in their place; a place lays it out.
    """

    def __init__(self, shell: Shell, kinds: Sequence[type[S]]) -> None:
        """Take the window and the kinds of sections in their order; none is made yet."""
        super().__init__(shell)
        self._kinds = kinds
        self._made: dict[int, S] = {}
        self._taken: dict[int, object] = {}
        self._tab = 0
        self._is_shown = self._is_making = False
        self._blank, self._pages = QWidget(), QStackedWidget()
        self._pages.addWidget(self._blank)
        self.stage = Stage(self._pages)

    @property
    def pane(self) -> S | None:
        """Return the section that is shown; None until it is made."""
        return self._made.get(self._tab)

    # of the kind ---------------------------------------------------------------------------------------------------
    def _adopt(self, pane: S) -> None:
        """Connect a section that was just made."""

    def _entered(self) -> None:
        """Go on with the section that is shown, once it is made."""

    def _leave(self) -> None:
        """Let the section rest that is shown, before another one is."""

    # the window asks -----------------------------------------------------------------------------------------------
    def tabs(self) -> Sequence[str]:
        """Return the words of the sections."""
        return tuple(tr(kind.title) for kind in self._kinds)

    def tab(self) -> int:
        """Return the section that is shown."""
        return self._tab

    def tab_named(self, word: str) -> int:
        """Return the section of a word, or the one that is shown."""
        return next((index for index, kind in enumerate(self._kinds) if kind.word == word), self._tab)

    def show_tab(self, index: int) -> None:
        """Show a section."""
        if index == self._tab:
            return
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        if had_focus:
            # What is hidden while it has the focus would look through the whole window for the next stop.
            self.stage.setFocus(Qt.FocusReason.OtherFocusReason)
        self._leave()
        self._tab = index
        self._pages.setCurrentWidget(self._made.get(index, self._blank))
        if self._is_shown:
            self._enter()
            if had_focus:
                self._take_focus()

    def masking_changed(self) -> None:
        """Write every figure anew."""
        for pane in self._made.values():
            pane.redraw()

    def main_part(self) -> QWidget:
        """Return what the keyboard acts on in the section that is shown, or what stands in its place."""
        pane = self._answering()
        return self.stage if pane is None else pane.main_part()

    def filter_field(self) -> QWidget | None:
        """Return the filter of the section that is shown."""
        return None if self.pane is None else self.pane.filter_field()

    def export_rows(self) -> Rows | None:
        """Return what the section shows, raw."""
        pane = self._answering()
        return None if pane is None else pane.export_rows()

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures of the section that is shown."""
        pane = self._answering()
        return {} if pane is None else pane.figures()

    # sections ------------------------------------------------------------------------------------------------------
    def _answering(self) -> S | None:
        """Return the section where it is what is seen."""
        pane = self.pane
        return pane if self.stage.state == "table" and self._pages.currentWidget() is pane else None

    def _enter(self) -> None:
        """Let the section that is shown begin; one that is not made yet is made in turns of its own."""
        if self.pane is not None:
            self._entered()
        elif not self._is_making:
            self._is_making = True
            self.shell.run(self._make(), what=tr("Opening the tab"))

    async def _make(self) -> None:
        """Make the section that is shown; another may be by the time it is made."""
        had_focus = self.stage.hasFocus()
        try:
            while self.pane is None:
                tab = self._tab
                # Put in its place while there is nothing in it: what is in it would be styled anew.
                made = self._kinds[tab](self.shell)
                self._pages.addWidget(made)
                for _ in made.pieces():
                    await asyncio.sleep(0)
                self._made[tab] = made
                self._adopt(made)
                # What it shows is put into it in the turn after.
                await asyncio.sleep(0)
        finally:
            self._is_making = False
        if self._is_shown:
            self._entered()
            if had_focus:
                self._take_focus()

    def _show_pane(self, pane: S) -> None:
        """Let a section be seen, with the keyboard where it stayed meanwhile."""
        had_focus = self.stage.hasFocus()
        self._pages.setCurrentWidget(pane)
        self.stage.show_table()
        if had_focus:
            self._take_focus()

    def _take_focus(self) -> None:
        """Give the keyboard to what the section is about, or to what stands in its place until it is read."""
        part: QWidget | None = self.main_part()
        while part is not None and part is not self and not part.isVisible():
            part = part.parentWidget()
        (part or self).setFocus(Qt.FocusReason.OtherFocusReason)
