"""The inspector of a position: its mark with source and age, the price with fills in it, places, recent entries."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.clock import DAY
from app.core.model.views import ActivityFilter, EntryView, Position, Positions
from app.core.valuation.staleness import is_stale
from app.ui import format as fmt
from app.ui import theme
from app.ui.charts.price_chart import Fill, PriceChart
from app.ui.models.columns import full_amount, full_price, full_quantity
from app.ui.screens import activity_rows
from app.ui.screens.base import HowComputed, Shell
from app.ui.screens.inspector_parts import SIDE, InspectorPanel, Pair, pairs, section
from app.ui.screens.own_fills import own_fills
from app.ui.screens.positions_rows import place_name, seen_change
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Swatch
from app.ui.widgets.marks import Avatar, KeyCap, Pill
from app.ui.words import tr

RANGES = {"1M": 30, "6M": 182, "1Y": 365}
RECENT = 5


class Segments(QFrame):
    """A switch of a few words.

    Signals:
        chosen: The word that was clicked.
    """

    chosen = Signal(str)

    def __init__(self, words: Sequence[str], current: str) -> None:
        """Take the words and which one holds."""
        super().__init__()
        self.setObjectName("segments")
        self.setFixedHeight(theme.px(26))
        group = QButtonGroup(self)
        buttons: list[w.Item] = []
        for word in words:
            made = w.button(word, "segment", role="caption")
            made.setCheckable(True)
            made.setChecked(word == current)
            made.clicked.connect(partial(self._clicked, word))
            group.addButton(made)
            buttons.append(made)
        w.fill(QHBoxLayout(self), buttons, 0, (2, 2, 2, 2))

    def _clicked(self, word: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.chosen.emit(word)


class EntryLine(QFrame):
    """A recent entry in one line.

    Signals:
        opened: It was clicked or opened by key: the entry's id.
    """

    opened = Signal(str)

    def __init__(self, entry: EntryView, asset_id: str) -> None:
        """Take the entry and the asset whose quantity is shown."""
        super().__init__()
        self._entry_id = entry.entry_id
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        own = [leg for leg in entry.legs if leg.asset.asset_id == asset_id]
        found = activity_rows.sums(own)
        text = "".join(activity_rows.shown_quantity(quantity, asset, sign=True) for asset, quantity in found)
        word = activity_rows.kind_word(entry.kind)
        self.setAccessibleName(f"{word} {fmt.date(entry.at)} {text}")
        self.setToolTip(fmt.moment(entry.at))
        icon = w.glyph(activity_rows.KINDS[entry.kind][1], "text_3", 14)
        parts = [w.text(fmt.date(entry.at), "cell", "text_2"), icon, w.text(word, "cell"), None, w.text(text, "cell")]
        w.fill(QHBoxLayout(self), parts, 8)
        self.setFixedHeight(theme.px(24))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Open the entry."""
        self.opened.emit(self._entry_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the entry with Enter or Space."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.opened.emit(self._entry_id)
        else:
            super().keyPressEvent(event)


class PositionPanel(InspectorPanel):
    """What is known of one position.

    Signals:
        entry_asked: An entry was clicked: its id.
        entries_asked: All entries of the asset are wanted: its id.
    """

    entry_asked = Signal(str)
    entries_asked = Signal(str)

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        super().__init__(tr("Position"))
        self._shell = shell
        self._row: Position | None = None
        self._found: Positions | None = None
        self._closes: tuple[tuple[int, Decimal], ...] = ()
        self._fills: tuple[Fill, ...] = ()
        self._recent: tuple[EntryView, ...] | None = None
        self._range = "6M"
        self.price, self.change = w.text("", "title"), w.text("", "medium")
        self.source, self.age = w.elided("", "caption", "text_3"), Pill("", "warn", dot=True)
        self.explain = w.button(tr("How computed"), "link", size="small", role="caption")
        self.explain.clicked.connect(self._explain)
        self.ranges = Segments(list(RANGES), self._range)
        self.ranges.chosen.connect(self._take_range)
        self.all = w.icon_button("list", tr("Show all its entries (Enter)"), side=26)
        self.all.clicked.connect(self._ask_entries)
        self.chart = PriceChart()
        self.chart.setFixedHeight(theme.px(168))
        self.chart.entry_picked.connect(self.entry_asked)
        self._sections = QWidget()
        self._box = QVBoxLayout(self._sections)
        w.fill(self._box, [], 0)
        self._lay_out()

    def _lay_out(self) -> None:
        mark = w.row(self.price, self.change, None, self.ranges, margins=(SIDE, 0, 14, 2))
        source = w.row(self.age, (self.source, 1), self.explain, margins=(SIDE, 0, SIDE, 4))
        chart = w.row((self.chart, 1), margins=(SIDE - 6, 0, 8, 6))
        self.show_body(mark, source, chart, self._sections)
        self._foot_title = w.elided("", "label")
        enter, space = KeyCap("Enter"), KeyCap("Space")
        words = [enter, w.text(tr("entries"), "caption", "text_3"), space, w.text(tr("preview"), "caption", "text_3")]
        self.foot_box.addWidget(w.row((self._foot_title, 1), *words, spacing=6, margins=(SIDE, 8, 14, 8)))

    @property
    def asset_id(self) -> str:
        """Return the asset that is shown, "" for none."""
        return "" if self._row is None else self._row.asset.asset_id

    # showing -------------------------------------------------------------------------------------------------------
    def show_position(self, row: Position, found: Positions) -> None:
        """Show a position; another asset is read anew, of the same one only the figures change."""
        is_other = self.asset_id != row.asset.asset_id
        self._row, self._found = row, found
        if is_other:
            self._closes, self._fills, self._recent = (), (), None
            caption = f"{row.asset.symbol} · {tr(str(row.asset.kind))} · {row.asset.asset_id}"
            self.show_head(Avatar(row.asset.symbol, 30), row.asset.name, caption, self.all)
            self._foot_title.setText(tr("Entries of %s").replace("%s", row.asset.symbol))
            self.reload()
        self._show_mark(row, found)
        self._show_sections(row, found)

    def reload(self) -> None:
        """Read prices and entries of the asset."""
        if self.asset_id:
            self._shell.run(self._read(self.asset_id), what=tr("Reading the position"))

    async def _read(self, asset_id: str) -> None:
        portfolio = self._shell.workspace.portfolio
        scope = self._shell.scope
        asked = ActivityFilter(accounts=scope.accounts, assets=(asset_id,))
        closes = await portfolio.closes(asset_id)
        recent = await portfolio.activity(asked, 0, RECENT)
        since = self._shell.workspace.runtime.clock.now_ns() - max(RANGES.values()) * DAY
        fills = await own_fills(self._shell.workspace, scope, asset_id, since)
        if asset_id != self.asset_id or self._row is None or self._found is None:
            return
        self._closes, self._recent, self._fills = closes, recent.entries, fills
        self._draw()
        self._show_sections(self._row, self._found)

    def _draw(self) -> None:
        first = self._closes[-1][0] - RANGES[self._range] * DAY if self._closes else 0
        points = [point for point in self._closes if point[0] >= first]
        self.chart.show(points, [fill for fill in self._fills if fill.at >= first])

    @Slot(str)
    def _take_range(self, word: str) -> None:
        self._range = word
        self._draw()

    def _show_mark(self, row: Position, found: Positions) -> None:
        mark = row.mark
        self.change.setVisible(mark is not None)
        if mark is None:
            self.price.setText(fmt.UNKNOWN)
            self.source.setText(tr("No source has a price; the total leaves it out."))
            self.age.hide()
            return
        age = found.as_of_ns - mark.at
        is_old = is_stale(mark, row.asset, found.currency, found.as_of_ns)
        self.price.setText(fmt.price(mark.price))
        self.price.setToolTip(f"{full_price(mark.price)} {mark.currency.upper()}\n{fmt.moment(mark.at)}")
        w.set_tone(self.price, "text_3" if is_old else "text")
        change = seen_change(row.change_24h)
        self.change.setText(f"{fmt.arrow(change)} {fmt.percent(row.change_24h, sign=True)}".strip())
        self.change.setToolTip(tr("Change of the mark in 24 hours"))
        w.set_tone(self.change, fmt.tone(change))
        told = mark.source[:1].upper() + mark.source[1:]
        self.source.setText(told if is_old else f"{told} · {tr('%s old').replace('%s', fmt.age(age))}")
        self.age.setVisible(is_old)
        if is_old:
            self.age.show_state(tr("%s old").replace("%s", fmt.age(age)), "warn")

    def _show_sections(self, row: Position, found: Positions) -> None:
        w.clear(self._box)
        value = fmt.amount(row.value, found.currency)
        direction = seen_change(row.effect_24h)
        effect = f"{fmt.arrow(direction)} {fmt.amount(row.effect_24h, found.currency, sign=True)}".strip()
        told = [
            Pair(tr("Quantity"), full_quantity(row.quantity, row.asset.symbol)),
            Pair(tr("Value"), f"{value} · {fmt.percent(row.weight, places=1)}" if row.value is not None else value),
            Pair(tr("24 h effect"), effect, tone=fmt.tone(direction) if direction else "text"),
        ]
        parts = [section(tr("Position"), pairs(told)), self._places(row)]
        if self._recent is not None:
            parts.append(self._entries(row))
        w.fill(self._box, list(parts), 0)

    def _places(self, row: Position) -> QWidget:
        lines: list[w.Item] = []
        by_size = sorted(row.holdings, key=lambda one: abs(one.quantity), reverse=True)
        for place, holding in enumerate(by_size):
            figure = w.text(fmt.quantity(holding.quantity), "cell", "text_2")
            figure.setToolTip(full_quantity(holding.quantity, row.asset.symbol))
            figure.setAccessibleName(f"{place_name(holding)} {figure.text()}")
            name = w.text(holding.account_name, "cell")
            lines.append(
                w.row(Swatch(place), name, w.text(holding.sub_place, "caption", "text_3"), None, figure, spacing=7)
            )
        return section(tr("Held at"), *lines)

    def _entries(self, row: Position) -> QWidget:
        lines: list[w.Item] = []
        for entry in self._recent or ():
            made = EntryLine(entry, row.asset.asset_id)
            made.opened.connect(self.entry_asked)
            lines.append(made)
        more = w.button(tr("All %s").replace("%s", fmt.count(row.entries)), "link", size="small", role="caption")
        more.clicked.connect(self._ask_entries)
        return section(tr("Recent entries"), *lines, right=[more], spacing=0)

    def redraw(self) -> None:
        """Write every figure anew, because more or less is hidden."""
        if self._row is not None and self._found is not None:
            self._show_mark(self._row, self._found)
            self._show_sections(self._row, self._found)
            self.chart.redraw()

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot()
    def _ask_entries(self) -> None:
        self.entries_asked.emit(self.asset_id)

    @Slot()
    def _explain(self) -> None:
        row, found = self._row, self._found
        if row is None or found is None:
            return
        price = tr("no mark") if row.mark is None else full_price(row.mark.price)
        inputs = [(place_name(one), full_quantity(one.quantity, ""), fmt.amount(one.value, found.currency)) for one in
                  row.holdings]  # fmt: skip
        inputs.append((tr("Sum"), full_quantity(row.quantity, ""), full_amount(row.value, found.currency)))
        source = "" if row.mark is None else f"{row.mark.source} · {fmt.moment(row.mark.at)}"
        self._shell.explain(
            self.explain,
            HowComputed(
                title=tr("Value of %s").replace("%s", row.asset.symbol),
                formula=tr("Quantity × mark (%p). The quantity is the exact sum of all legs.").replace("%p", price),
                columns=(tr("Place"), tr("Quantity"), tr("Value")),
                inputs=tuple(inputs),
                coverage=source,
                place=f"activity/{row.asset.asset_id}",
            ),
        )
