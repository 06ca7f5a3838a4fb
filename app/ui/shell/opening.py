"""Makes the screens of a vault when they are gone to first, large ones a piece a turn of the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from app.ui import format as fmt
from app.ui.screens.base import Screen, Shell
from app.ui.words import tr

_WHOLE = object()


class Opening(QObject):
    """The screens that were made so far.

    Signals:
        header_changed: Tabs, note or actions of a screen are others now.
        made: A screen is whole; what stood in for it until now is told with it.
    """

    header_changed = Signal(object)
    made = Signal(object)

    def __init__(self, shell: Shell, stack: QStackedWidget, parent: QObject) -> None:
        """Take the window and where screens lie in it."""
        super().__init__(parent)
        self._shell, self._stack = shell, stack
        self._screens: dict[str, Screen] = {}
        self._masks: dict[str, fmt.Mask] = {}

    def all(self) -> Iterable[Screen]:
        """Return what was made so far."""
        return self._screens.values()

    def screen(self, kind: type[Screen]) -> Screen:
        """Return the screen of a place, or what stands in for it while its pieces are made."""
        return self._screens.get(kind.place) or self._begun(kind)

    def write_anew(self, screen: Screen) -> None:
        """Write figures anew before they are seen, where more or less was hidden since."""
        if self._masks.get(screen.place, fmt.mask()) is not fmt.mask():
            screen.masking_changed()
        self._masks[screen.place] = fmt.mask()

    def _begun(self, kind: type[Screen]) -> Screen:
        made = kind(self._shell)
        # Put in its place while there is little in it: what is in it would be styled anew.
        self._stack.addWidget(made)
        pieces = made.pieces()
        if next(pieces, _WHOLE) is _WHOLE:
            return self._kept(made)
        stand_in = self._screens[kind.place] = made.stand_in()
        stand_in.setAccessibleName(tr(kind.title))
        self._stack.addWidget(stand_in)
        what = tr("Opening %s").replace("%s", tr(kind.title))
        self._shell.run(self._finished(made, pieces, stand_in), what=what)
        return stand_in

    def _kept(self, made: Screen) -> Screen:
        self._screens[made.place] = made
        made.header_changed.connect(partial(self.header_changed.emit, made))
        return made

    async def _finished(self, made: Screen, pieces: Iterator[None], stand_in: Screen) -> None:
        """Make the other pieces of a screen, and tell whoever still waits for it."""
        try:
            await asyncio.sleep(0)
            for _ in pieces:
                await asyncio.sleep(0)
            # To be laid out and styled it takes a turn of its own.
            await asyncio.sleep(0)
        except Exception:
            # Whoever goes there next has it made anew.
            del self._screens[made.place]
            made.deleteLater()
            raise
        self._kept(made)
        self.made.emit(stand_in)
        self._stack.removeWidget(stand_in)
        stand_in.deleteLater()
