"""The switch for official exchange rates, with how new they are or why they could not be read."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.clock import DAY
from app.services.rates import RatesState
from app.ui import format as fmt
from app.ui.screens.base import Shell
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Check
from app.ui.words import tr


class RatesSwitch(QWidget):
    """On, off, and what is there."""

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__()
        self._shell = shell
        self.check = Check(tr("Read once a day"), tr("Exchange rates"))
        self.check.toggled.connect(self._toggled)
        self.told = w.text("", "caption", "text_3", wrap=True)
        help_ = tr("Reference rates of the European Central Bank, for figures in a country's own money.")
        words = w.column(
            w.text(tr("Exchange rates"), "medium"), w.text(help_, "caption", "text_3", wrap=True), self.told, spacing=1
        )
        line = w.row((words, 1), self.check, spacing=16, margins=(14, 9, 14, 9))
        w.fill(QVBoxLayout(self), [line], 0)

    async def read(self) -> None:
        """Show how things stand."""
        self._show(await self._shell.workspace.rates.state())

    def _show(self, state: RatesState) -> None:
        with QSignalBlocker(self.check):
            self.check.setChecked(state.is_on)
        newest = "" if state.newest is None else tr("Newest: %d.").replace("%d", fmt.day(state.newest * DAY))
        if state.is_on and state.fault:
            self.told.setText(" ".join(filter(None, (state.fault, newest))))
        elif state.is_on:
            self.told.setText(newest or tr("None were read yet."))
        else:
            self.told.setText(tr("Off: nobody is asked. %s").replace("%s", newest).strip())
        w.set_tone(self.told, "warn" if state.is_on and state.fault else "text_3")

    @Slot(bool)
    def _toggled(self, is_on: bool) -> None:  # noqa: FBT001
        self._shell.run(self._switched(is_on=is_on), what=tr("Changing exchange rates"))

    async def _switched(self, *, is_on: bool) -> None:
        workspace = self._shell.workspace
        if is_on:
            await workspace.rates.use((await workspace.rates.state()).endpoint)
            self.told.setText(tr("Being read…"))
            await workspace.market_data.refresh_rates()
        else:
            await workspace.rates.stop()
        await self.read()
