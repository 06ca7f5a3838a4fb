"""The three panels under the value chart: allocation, movers, where it is held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.core.model.views import Position, Positions, Share
from app.core.money import EXACT, multiply, ratio
from app.ui import format as fmt
from app.ui.screens.overview_rows import Column, Figure, Row, RowList, ShareBar, Sign, Spark, Words
from app.ui.screens.positions_rows import course
from app.ui.widgets import basics as ui
from app.ui.widgets.bars import StackedBar
from app.ui.widgets.basics import Panel
from app.ui.widgets.marks import Pill
from app.ui.widgets.segmented import Segmented
from app.ui.words import tr

_TINTS = (0, 1, 2, 4, 3, 7)
_MOST_SHARES = 6
_WEEK = 7
_ROWS = 24
OTHERS = ""
"""Key of the row that stands for everything further down."""
KINDS = {"crypto": "Coins and tokens", "stable": "Stablecoins", "fiat": "Money", "unmapped": "Not mapped"}
Tone = Callable[[Position], str]
Unit = tuple[int, str]
"""Power of ten and its letter."""
_UNITS: tuple[Unit, ...] = ((9, "B"), (6, "M"), (3, "k"))


def unit_of(values: Iterable[Decimal | None]) -> Unit:
    """Return the one unit of a column, by its largest value: thousands and millions are never mixed."""
    largest = max((abs(value) for value in values if value is not None), default=Decimal(0))
    return next((unit for unit in _UNITS if largest >= Decimal(10) ** unit[0]), (0, ""))


def in_unit(value: Decimal, unit: Unit, currency: str, *, places: int, sign: bool = False) -> str:
    """Return money in the unit of its column; what rounds to zero there is less than its last place, either way."""
    exponent, word = unit
    tail = f"{fmt.THIN}{word}" if word else ""
    shown, least = value.scaleb(-exponent), Decimal(1).scaleb(-places)
    if value and abs(shown) < least and fmt.mask() is fmt.Mask.NOTHING:
        # Less than so much is no amount that could have a sign: which way it went stands beside it, as an arrow.
        return f"<{fmt.THIN}{fmt.amount(least, currency, places=places)}{tail}"
    return fmt.amount(shown, currency, places=places, sign=sign) + tail


def _weighed(found: Positions) -> list[Position]:
    known = [one for one in found.positions if one.weight is not None]
    return sorted(known, key=lambda one: one.weight or Decimal(0), reverse=True)


class AllocationPanel(Panel):
    """What the value consists of, by weight.

    Signals:
        opened: The asset id of the row that was clicked.
    """

    opened = Signal(str)

    def __init__(self) -> None:
        """Start empty."""
        columns = (
            Column(tr("Asset")),
            Column(tr("Weight"), takes_rest=True, least=40),
            Column(is_right=True, least=46),
            Column(tr("Value"), is_right=True),
        )
        self.list = RowList(columns, tr("Allocation by weight"))
        self.pill = Pill("", "warn", icon="clock-alert")
        self.pill.hide()
        super().__init__(tr("Allocation"), self.list, right=[self.pill], line=False)
        self.list.chosen.connect(self.opened)

    def show_positions(self, found: Positions, tone: Tone) -> None:
        """Show weights, the largest first; the longest bar is the largest weight."""
        weighed = _weighed(found)
        longest = max((one.weight or Decimal(0) for one in weighed), default=Decimal(0)) or Decimal(1)
        unit = unit_of(one.value for one in weighed)
        made = []
        for one in weighed[:_ROWS]:
            value = in_unit(one.value or Decimal(0), unit, found.currency, places=2)
            made.append(self._row(one, longest, Figure(value, one.value, "text_3"), found.currency, tone(one)))
        self.list.show_rows(made)

    def _row(self, one: Position, longest: Decimal, value: Figure, currency: str, tone: str) -> Row:
        weight = fmt.percent(one.weight, places=1)
        cells = (
            Words(one.asset.symbol, "cell_strong"),
            ShareBar(float(max(Decimal(0), (one.weight or Decimal(0)) / longest))),
            Figure(weight, one.weight, tone),
            value,
        )
        name = f"{one.asset.name}, {tr('weight')} {weight}, {tr('value')} {fmt.amount(one.value, currency)}"
        return Row(one.asset.asset_id, cells, name, f"{one.asset.name} · {fmt.amount(one.value, currency)}")


@dataclass(frozen=True, slots=True)
class Move:
    """What an asset's price did to the value."""

    position: Position
    change: Decimal
    effect: Decimal


def moves(found: Positions, period: str) -> list[Move]:
    """Return what moved the value, the largest effect first: over 24 hours, or since the close of seven days ago."""
    made = []
    for one in found.positions:
        change, effect = one.change_24h, one.effect_24h
        if period == "7d":
            change, effect = _over_week(one)
        if change and effect:
            made.append(Move(one, change, effect))
    return sorted(made, key=lambda move: abs(move.effect), reverse=True)


def _over_week(one: Position) -> tuple[Decimal | None, Decimal | None]:
    if one.mark is None or one.value is None or len(one.sparkline) < _WEEK:
        return None, None
    before = one.sparkline[-_WEEK]
    change = ratio(EXACT.subtract(one.mark.price, before), before)
    return change, EXACT.subtract(one.value, multiply(one.quantity, before))


class MoversPanel(Panel):
    """What moved the value most.

    Signals:
        opened: The asset id of the row that was clicked.
    """

    opened = Signal(str)

    def __init__(self) -> None:
        """Start with the last 24 hours."""
        columns = (
            Column(tr("Asset")),
            Column(takes_rest=True, least=36),
            Column(tr("Change"), is_right=True),
            Column(tr("Effect"), is_right=True),
        )
        self.list = RowList(columns, tr("Movers by effect on the value"))
        self.periods = Segmented((("24h", tr("24 h")), ("7d", tr("7 d"))), "24h", tr("Period of the movers"), room=16)
        super().__init__(tr("Movers"), self.list, right=[self.periods], line=False)
        self._found: Positions | None = None
        self._tone: Tone = lambda _one: "text_2"
        self._note = ui.text(tr("No price of then to compare with."), "caption", "text_3")
        self._note.setContentsMargins(14, 12, 14, 10)
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        layout = self.body.layout()
        if layout is not None:
            layout.addWidget(self._note)
        self._note.hide()
        self.list.chosen.connect(self.opened)
        self.periods.chosen.connect(self._period_chosen)

    def _period_chosen(self, _period: str) -> None:
        self.list.measure_anew()
        if self._found is not None:
            self.show_positions(self._found, self._tone)

    def show_positions(self, found: Positions, tone: Tone) -> None:
        """Show the movers of the chosen period."""
        self._found, self._tone = found, tone
        made = moves(found, self.periods.current)
        self._note.setVisible(not made)
        self.list.setVisible(bool(made))
        unit = unit_of(move.effect for move in made)
        self.list.show_rows([self._row(move, unit, found.currency, tone(move.position)) for move in made[:_ROWS]])

    def _row(self, move: Move, unit: Unit, currency: str, tone: str) -> Row:
        asset = move.position.asset
        percent = fmt.percent(move.change, sign=True)
        effect = in_unit(move.effect, unit, currency, places=1, sign=True)
        is_old = tone == "text_3"
        is_hidden = fmt.mask() is fmt.Mask.EVERYTHING
        direction = "text_3" if is_old or is_hidden else fmt.tone(move.change)
        arrow = "" if is_hidden else fmt.arrow(move.change)
        cells = (
            Words(asset.symbol, "cell_strong"),
            Spark(tuple(float(close) for close in course(move.position))),
            Figure(percent, move.change, direction, arrow=arrow),
            Figure(effect, move.effect, "text_3" if is_old else "text_2"),
        )
        whole = fmt.amount(move.effect, currency, sign=True)
        return Row(asset.asset_id, cells, f"{asset.name}, {percent}, {tr('effect')} {whole}", f"{asset.name} · {whole}")


class HeldPanel(Panel):
    """Where the value is held, or of what kind it is: one stacked bar and its list.

    Signals:
        opened: (grouping, key) of the row that was clicked.
        grouped: Another grouping was chosen.
    """

    opened = Signal(str, str)
    grouped = Signal(str)

    def __init__(self) -> None:
        """Start with venues."""
        columns = (
            Column(least=10),
            Column(takes_rest=True, least=40, gap=8),
            Column(is_right=True),
            Column(is_right=True, least=44),
        )
        self.list = RowList(columns, tr("Where it is held"), row_height=25, is_lined=False)
        self.bar = StackedBar()
        options = (("venue", tr("Venue")), ("kind", tr("Kind")))
        self.groups = Segmented(options, "venue", tr("Group what is held by"), room=16)
        host = ui.column(ui.column(self.bar, margins=(14, 4, 14, 7)), (self.list, 1), spacing=0)
        super().__init__(tr("Held at"), host, right=[self.groups], line=False)
        self.list.chosen.connect(self._chosen)
        self.groups.chosen.connect(self.grouped)

    def _chosen(self, key: str) -> None:
        self.opened.emit(self.groups.current, key)

    def show_shares(self, shares: Sequence[Share], currency: str, tone: str = "text_3") -> None:
        """Show shares, the largest first; what is further down is one row, so that the bar is whole."""
        shown = list(shares)
        if len(shown) > _MOST_SHARES:
            rest = shown[_MOST_SHARES - 1 :]
            value = sum((one.value for one in rest), Decimal(0))
            weight = sum((one.weight for one in rest), Decimal(0))
            others = tr("%n others").replace("%n", fmt.count(len(rest)))
            shown = [*shown[: _MOST_SHARES - 1], Share(OTHERS, others, value, weight)]
        unit = unit_of(one.value for one in shown)
        self.bar.show_shares([(float(one.weight), tint) for one, tint in zip(shown, _TINTS, strict=False)])
        self.bar.setAccessibleName(
            ", ".join(f"{self._label(one)} {fmt.percent(one.weight, places=1)}" for one in shown)
        )
        self.list.show_rows(
            [self._row(one, Sign(tint), unit, currency, tone) for one, tint in zip(shown, _TINTS, strict=False)]
        )

    def _label(self, share: Share) -> str:
        return tr(KINDS[share.key]) if share.key in KINDS else share.label

    def _row(self, share: Share, sign: Sign, unit: Unit, currency: str, tone: str) -> Row:
        percent = fmt.percent(share.weight, places=1)
        whole = fmt.amount(share.value, currency)
        label = self._label(share)
        cells = (
            sign,
            Words(label),
            Figure(in_unit(share.value, unit, currency, places=2), share.value, "text_3"),
            Figure(percent, share.weight, "text" if tone == "text" else "text_3", "cell_strong"),
        )
        return Row(share.key, cells, f"{label}, {percent}, {whole}", f"{label} · {whole}")


def exact(target: RowList, kind: str, cell: int) -> dict[str, Decimal]:
    """Return the exact figures of a list's cells, by "kind/key"."""
    found = {}
    for row in target.rows:
        figure = row.cells[cell]
        if isinstance(figure, Figure) and figure.exact is not None and row.key:
            found[f"{kind}/{row.key}"] = figure.exact
    return found


def stretch(*panels: QWidget) -> QWidget:
    """Return panels of one width side by side."""
    return ui.row(*[(panel, 10) for panel in panels], spacing=12)
