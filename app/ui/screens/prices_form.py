"""Setting the price of a day by hand, or letting the sources decide again: with a reason, as a record."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Slot

from app.core.errors import InputError
from app.core.model.price_overrides import PriceOverride
from app.core.money import exact, plain
from app.services.prices import PriceDay
from app.ui import hints, theme
from app.ui.screens.base import Shell
from app.ui.screens.reason_form import Deciding, Form
from app.ui.widgets import basics as w
from app.ui.words import tr


class PriceForm(Deciding):
    """A button under the days, and the form that takes its place."""

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        super().__init__(shell)
        self._asset, self._symbol, self._date = "", "", ""
        self._of: PriceDay | None = None
        self.price = w.field("", tr("Price of one unit"), name=tr("Price of one unit"))
        self.set_button = w.button(tr("Set price…"), "", "pencil", size="small")
        self.set_button.clicked.connect(self.ask_price)
        self.back = w.button(tr("Let the sources decide…"), "ghost", "undo-2", size="small")
        self.back.clicked.connect(self.ask_back)
        self.told = w.elided("", "cell", "text_2")
        self._lay_out(w.row((self.told, 1), self.back, self.set_button, margins=(16, 8, 16, 8)), self.set_button)
        self.show_day("", "", None, "")

    def show_day(self, asset: str, symbol: str, day: PriceDay | None, date: str) -> None:
        """Take the day that the buttons are about; a form for another one is put away."""
        if (asset, day and day.day) != (self._asset, self._of and self._of.day):
            self.put_away()
        self._asset, self._symbol, self._of, self._date = asset, symbol, day, date
        self.set_button.setEnabled(day is not None)
        self.back.setVisible(day is not None and day.set_price is not None)
        self.told.setText(f"{symbol} · {date}" if day is not None else tr("Choose a day to set its price."))

    @Slot()
    def ask_price(self) -> None:
        """Ask for the price."""
        if self._of is None:
            return
        currency = self._shell.workspace.book.base_currency.upper()
        self.price = w.field("", tr("Price of one unit"), name=tr("Price of one unit"))
        if self._of.price is not None:
            self.price.setText(plain(self._of.price))
        self.price.setMaximumWidth(theme.px(180))
        line = w.row(self.price, w.text(currency, "cell", "text_2"), None)
        title = tr("Price of %a on %d").replace("%a", self._symbol).replace("%d", self._date)
        self._ask(Form(title, tr("Why, and where the price is from"), tr("Record price"), line), self._take_price)
        self.price.setFocus()
        self.price.selectAll()

    @Slot()
    def ask_back(self) -> None:
        """Ask why the sources should decide again."""
        if self._of is None or self._of.set_price is None:
            return
        title = tr("Sources decide again on %a of %d").replace("%a", self._symbol).replace("%d", self._date)
        form = Form(title, tr("Why"), tr("Take the price back"))
        self._ask(form, self._take_back)

    @Slot()
    def _take_price(self) -> None:
        reason = self._reason()
        if not reason or self._of is None or self.form is None:
            return
        try:
            price = price_of(self.price.text())
        except InputError as fault:
            self.form.show_fault(hints.line(fault))
            return
        money = self._shell.workspace.book.base_currency
        one = PriceOverride(self._asset, self._of.day, price, money, reason)
        self._record(self._shell.workspace.prices.set_price(one), tr("Price recorded."))

    @Slot()
    def _take_back(self) -> None:
        reason = self._reason()
        if reason and self._of is not None:
            taken = self._shell.workspace.prices.take_back(self._asset, self._of.day, reason)
            self._record(taken, tr("The sources decide again."))


def price_of(text: str) -> Decimal:
    """Return the price that was typed, digit for digit; InputError where it is none."""
    try:
        return exact(text)
    except ValueError as error:
        raise InputError(f"“{text}” is not a decimal number.", hint=tr("Example: 41234.56")) from error
