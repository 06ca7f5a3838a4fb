"""The strip of figures at the top of the Overview: what it is worth, what it earned, what is cash, what is at risk."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.model.views import Overview, Positions, Return
from app.ui import format as fmt
from app.ui import theme
from app.ui.screens.overview_ages import Ages, age_words, coverage, left_out_words
from app.ui.widgets import basics as ui
from app.ui.widgets.marks import Pill
from app.ui.words import tr


def _arrow(value: Decimal | None) -> str:
    """Return the triangle of a change; where everything is hidden, so is its direction."""
    return "" if fmt.mask() is fmt.Mask.EVERYTHING else fmt.arrow(value)


def _tone(value: Decimal | None) -> str:
    return "text_3" if fmt.mask() is fmt.Mask.EVERYTHING else fmt.tone(value)


class FigureLabel(QLabel):
    """A figure with its exact value behind it; never elided."""

    def __init__(self, role: str) -> None:
        """Take the type role."""
        super().__init__(fmt.UNKNOWN)
        self.setFont(theme.font(role))
        self.setProperty("tone", "text")
        self.exact: Decimal | None = None

    def show_figure(self, text: str, exact: Decimal | None, tone: str, tip: str = "") -> None:
        """Show a figure; what did not change is not painted again."""
        self.exact = exact
        if self.text() != text:
            self.setText(text)
        self.setVisible(bool(text))
        if self.toolTip() != tip:
            self.setToolTip(tip)
        ui.set_tone(self, tone)


class Block(QWidget):
    """A name with its "how computed", a figure, a note.

    Signals:
        asked: How the figure is computed was asked.
    """

    asked = Signal()

    def __init__(self, name: str, *, is_main: bool = False, more: QWidget | None = None) -> None:
        """Take the name, and what stands behind it; the main figure is the only large one of the screen."""
        super().__init__()
        self.name = ui.text(name, "label", "text_3")
        self.info = ui.icon_button("info", f"{tr('How computed')}: {name}", tone="text_3", side=24)
        self.info.setProperty("icon_side", 12)
        self.info.setIconSize(self.info.iconSize() * 0.75)
        self.info.setFixedHeight(theme.px(18))
        self.info.clicked.connect(self._ask)
        self.figure = FigureLabel("display" if is_main else "figure")
        self.change = FigureLabel("medium" if is_main else "label")
        self.change.setText("")
        self.change.hide()
        self.note = ui.elided("", "caption", "text_3")
        self.pill = Pill("", "warn", icon="clock-alert")
        self.pill.hide()
        top = ui.row(self.name, self.info, *([] if more is None else [more]), self.pill, None, spacing=3)
        top.setFixedHeight(theme.px(20 if is_main else 18))
        line = ui.row(self.change, self.figure, None, spacing=5)
        if is_main:
            line = ui.row(self.figure, self.change, None, spacing=12)
        ui.fill(QVBoxLayout(self), [top, line, self.note, None], 1)

    def _ask(self) -> None:
        self.asked.emit()


class FigureStrip(QFrame):
    """Net value, month to date, year to date, cash and stables, and a block of risk that reads itself.

    Signals:
        asked: "value", "mtd", "ytd" or "cash": how is it computed?
    """

    asked = Signal(str)

    def __init__(self, risk: Block) -> None:
        """Take the block of risk; start without figures."""
        super().__init__()
        self.setObjectName("panel")
        self.risk = risk
        self.value = Block(tr("Net value"), is_main=True)
        self.month = Block(tr("Month to date"))
        self.year = Block(tr("Year to date"))
        self.cash = Block(tr("Cash & stables"))
        self._is_dimmed = False
        parts: list[ui.Item] = [(self.value, 6)]
        self._last_lines = ui.vline(), ui.vline()
        lines = ui.vline(), ui.vline(), *self._last_lines
        for line, block, share in zip(lines, (self.month, self.year, self.cash, risk), (2, 2, 2, 3), strict=True):
            parts += [line, (block, share)]
        ui.fill(QHBoxLayout(self), parts, 18, (18, 10, 12, 9))
        self.setFixedHeight(theme.px(90))
        self.value.asked.connect(self._ask_value)
        self.month.asked.connect(self._ask_month)
        self.year.asked.connect(self._ask_year)
        self.cash.asked.connect(self._ask_cash)

    def set_tight(self, *, is_tight: bool) -> None:
        """Keep three figures where there is little width."""
        for one in (self.cash, self.risk, *self._last_lines):
            one.setVisible(not is_tight)

    def block(self, kind: str) -> Block:
        """Return the block of "value", "mtd", "ytd" or "cash"."""
        return {"value": self.value, "mtd": self.month, "ytd": self.year, "cash": self.cash}[kind]

    def _ask_value(self) -> None:
        self.asked.emit("value")

    def _ask_month(self) -> None:
        self.asked.emit("mtd")

    def _ask_year(self) -> None:
        self.asked.emit("ytd")

    def _ask_cash(self) -> None:
        self.asked.emit("cash")

    def show_positions(self, found: Positions, ages: Ages, now: int) -> None:
        """Show the value with its change; stale figures are grey with their age."""
        is_stale = ages.is_stale or self._is_dimmed
        text = fmt.amount(found.value, found.currency)
        self.value.figure.show_figure(text, found.value, "text_3" if is_stale else "text")
        self._show_change(found, is_stale=is_stale)
        self._show_age(found, ages, now)

    def _show_change(self, found: Positions, *, is_stale: bool) -> None:
        effect = found.effect_24h
        if effect is None or is_stale:
            self.value.change.show_figure("", effect, "text_3")
            return
        percent = fmt.percent(found.change_24h, sign=True)
        words = f"{_arrow(effect)} {fmt.amount(effect, found.currency, sign=True)}  ·  {percent}  {tr('24 h')}"
        self.value.change.show_figure(words.strip(), effect, _tone(effect))

    def _show_age(self, found: Positions, ages: Ages, now: int) -> None:
        self.value.pill.setVisible(ages.is_stale)
        if ages.is_stale and ages.newest is not None:
            pill = tr("as of %t · %a old").replace("%t", f"{fmt.time(ages.newest)} UTC")
            pill = pill.replace("%a", fmt.age(now - ages.newest))
            if pill != self.value.pill.text():
                self.value.pill.show_state(pill, "warn")
        moving = tr("marks have not moved since") if ages.is_stale else age_words(ages, now)
        old = ""
        if ages.old and not ages.is_stale:
            symbols = ", ".join(one.asset.symbol for one in ages.old[:3])
            old = tr("old mark: %s").replace("%s", symbols + (" …" if len(ages.old) > 3 else ""))  # noqa: PLR2004
        parts = (coverage(found), moving, old, left_out_words(found))
        self._note(self.value, " · ".join(part for part in parts if part))

    def show_cash(self, cash: Decimal | None, weight: Decimal | None, currency: str) -> None:
        """Show what is money or a stablecoin; its quantities are exact, whatever the marks do."""
        self.cash.figure.show_figure(fmt.compact(cash, currency), cash, "text", fmt.amount(cash, currency))
        share = fmt.percent(weight, places=1)
        self._note(self.cash, tr("%s of value").replace("%s", share) if weight is not None else "")

    def show_returns(self, overview: Overview, ages: Ages) -> None:
        """Show returns with their method; what cannot be computed says why, and old marks say until when."""
        self._show_return(self.month, overview.month_to_date, ages)
        self._show_return(self.year, overview.year_to_date, ages)

    def _show_return(self, block: Block, found: Return, ages: Ages) -> None:
        is_fresh = found.value is not None and not self._is_dimmed and not ages.is_stale
        tone = _tone(found.value) if is_fresh else "text_3"
        block.figure.show_figure(fmt.percent(found.value, sign=True), found.value, tone)
        block.change.show_figure(_arrow(found.value), found.value, tone)
        note = found.method if found.value is not None else f"{found.method} · {found.why}"
        if ages.is_stale and ages.newest is not None:
            note += " · " + tr("to %s").replace("%s", fmt.time(ages.newest)[:5])
        self._note(block, note)

    def _note(self, block: Block, words: str) -> None:
        if block.note.text() != words:
            block.note.setText(words)

    def set_dimmed(self, *, is_dimmed: bool) -> None:
        """Show that the figures are being read anew; they are written again after this."""
        self._is_dimmed = is_dimmed
