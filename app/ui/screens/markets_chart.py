"""The chart beside the live table: candles, a line or the depth of one market, and each of them as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.core.clock import DAY
from app.core.market.candles import HOUR, MINUTE, WEEK
from app.core.model.market import Candle, Mark
from app.core.money import plain, ratio
from app.ui import format as fmt
from app.ui import theme
from app.ui.charts.chart_table import FittedTable
from app.ui.charts.depth import Depth, DepthPlot
from app.ui.charts.frame import ChartFrame
from app.ui.charts.legend import Legend, Part
from app.ui.screens.markets_data import CLOSES, Market
from app.ui.screens.markets_rows import source_name
from app.ui.screens.markets_tables import CandleModel, DepthModel
from app.ui.widgets import basics as w
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables_states import message
from app.ui.words import tr

if TYPE_CHECKING:
    from app.ui.charts.market_lines import AlertLine
    from app.ui.charts.market_plot import MarketPlot
    from app.ui.charts.price_chart import Fill

INTERVALS = {
    "1m": MINUTE, "5m": 5 * MINUTE, "15m": 15 * MINUTE, "1h": HOUR, "4h": 4 * HOUR, "1d": DAY, "1w": WEEK,
}  # fmt: skip
CANDLES, LINE, DEPTH = "candles", "line", "depth"
BOOKS = ("0", "1", "2", "3", "4")
"""Places of the venues whose order books can be chosen."""
_ROOMY, _NARROW = 560, 400
"""From so wide on each length of a candle and each venue stands in the head by itself; and each kind of chart."""
_KEYS = tr(
    "arrows move the crosshair, + and − zoom, Ctrl with arrows moves, 0 shows all, t shows a table, "
    "a sets an alert line, l takes hold of one"
)


class MarketChart(ChartFrame):
    """One market.

    Signals:
        interval_chosen: Candles of another length are wanted.
        view_chosen: Candles, line or depth.
        book_chosen: The order book of another venue, by its place.
        entry_picked: A fill was clicked: its entry's id.
        line_asked, line_moved, line_removed: As of the plot.
    """

    interval_chosen = Signal(int)
    view_chosen = Signal(str)
    book_chosen = Signal(int)
    entry_picked = Signal(str)
    line_asked = Signal(object)
    line_moved = Signal(str, object)
    line_removed = Signal(str)

    def __init__(self) -> None:
        """Start without a market; numpy is loaded with the first candles."""
        self.interval = Segmented([(key, key) for key in INTERVALS], "1d", tr("Length of a candle"))
        kinds = ((CANDLES, tr("Candles")), (LINE, tr("Line")), (DEPTH, tr("Depth")))
        self.kind = Segmented(kinds, CANDLES, tr("What the chart shows"))
        self.books = Segmented([(key, "") for key in BOOKS], "", tr("Whose order book"))
        self.model, self.depth_model = CandleModel(), DepthModel()
        self._tables = QStackedWidget()
        self._book_table = FittedTable(self.depth_model, tr("Order book"))
        for table in (FittedTable(self.model, tr("Candles, the newest first")), self._book_table):
            self._tables.addWidget(table)
        super().__init__(tr("Chart"), self._tables, right=[self.interval, self.books, self.kind])
        # Once all of them have their place: what is shown without one is a window for a moment.
        self.offer_books((), -1)
        self.legend, self._charts = Legend(), QStackedWidget()
        self.depth_plot = DepthPlot()
        self.depth_plot.crossed.connect(self._show_legend)
        self._charts.addWidget(self.depth_plot)
        self.use_chart(w.column(self.legend, (self._charts, 1), spacing=0))
        self.plot: MarketPlot | None = None
        self.market: Market | None = None
        self._currency = self._symbol = self._source = self._quote = ""
        self._book_state: tuple[Part, ...] = ()
        self.interval.chosen.connect(self._interval_chosen)
        self.kind.chosen.connect(self._kind_chosen)
        self.books.chosen.connect(self._book_chosen)
        self.as_table.toggled.connect(self._show_middle)

    @property
    def wanted_interval(self) -> int:
        """Return the length of the candles that are wanted."""
        return INTERVALS[self.interval.current]

    @property
    def is_depth(self) -> bool:
        """Tell whether the order book is wanted."""
        return self.kind.current == DEPTH

    # what is shown -------------------------------------------------------------------------------------------------
    def show_asset(self, symbol: str, name: str, currency: str) -> None:
        """Show which market this is, before its candles are there."""
        self._symbol, self._currency = symbol, currency
        self.title.setText(symbol)
        self.title.setToolTip(f"{name} · {currency.upper()}")
        self.setAccessibleName(tr("Chart of %s").replace("%s", symbol))

    def show_market(self, market: Market, fills: Sequence[Fill]) -> None:
        """Draw candles."""
        plot = self._made()
        self.market = market
        self.model.show_market(market, fills)
        plot.fills.take(fills)
        plot.show_series(market.bars, market.candles, grows=market.so_far is not None)
        plot.show_mode(LINE if self.kind.current == LINE else CANDLES)
        name = tr("Price of %s; %k").replace("%s", self._symbol).replace("%k", _KEYS)
        plot.setAccessibleName(name)
        self.show_prices()

    def grow(self, market: Market) -> None:
        """Draw the last candle anew as far as it is now; all else is as it was."""
        if self.plot is not None and market is not self.market:
            self.market = market
            self.model.grow(market)
            self.plot.show_series(market.bars, market.candles, grows=True)

    def show_prices(self) -> None:
        """Show the candles that were drawn last, where they are what is wanted."""
        if self.plot is not None and not self.is_depth:
            self._charts.setCurrentWidget(self.plot)
            self._tables.setCurrentIndex(0)
            self.show_chart()
        self._show_legend()

    def show_depth(self, depth: Depth, source: str, quote: str, state: Sequence[Part] = ()) -> None:
        """Draw an order book, quoted in some money, and say how it is."""
        is_other = source != self._source
        self._source, self._quote, self._book_state = source, quote, tuple(state)
        self.depth_plot.show_depth(depth)
        self.depth_plot.setAccessibleName(tr("Depth of %s; arrows step along the prices").replace("%s", self._symbol))
        self.depth_model.show_depth(depth)
        if self.is_depth:
            self._charts.setCurrentWidget(self.depth_plot)
            self._tables.setCurrentIndex(1)
            self.show_chart()
            self._show_legend()
            if is_other:
                self._book_table.fit()
                self._show_middle()

    def show_book_state(self, state: Sequence[Part]) -> None:
        """Say how the order book is that was drawn last."""
        self._book_state = tuple(state)
        if self.is_depth:
            self._show_legend()

    def offer_books(self, names: Sequence[str], chosen: int) -> None:
        """Offer order books of venues by their names, in place of the length of a candle, which no book has."""
        for place, key in enumerate(BOOKS):
            is_there = self.is_depth and len(names) > 1 and place < len(names)
            self.books.offer(key, names[place] if place < len(names) else "", is_offered=is_there)
        self.books.choose(BOOKS[chosen] if 0 <= chosen < len(BOOKS) else "")
        self.books.setVisible(self.is_depth and len(names) > 1)
        self.interval.setVisible(not self.is_depth)

    def show_alerts(self, lines: Sequence[AlertLine], *, can_alert: bool) -> None:
        """Show alert lines, and whether new ones can be made."""
        if self.plot is not None:
            self.plot.can_alert = can_alert
            self.plot.show_alerts(lines)

    def show_last(self, mark: Mark | None, *, is_old: bool) -> None:
        """Show the mark of the moment at the axis."""
        if self.plot is not None:
            self.plot.show_last(None if mark is None else mark.price, is_old=is_old)

    def say(self, what: str, meaning: str, *buttons: QWidget, is_fault: bool = False) -> None:
        """Say why there is no chart."""
        icon = "circle-alert" if is_fault else ""
        self.show_notice(message(what, meaning, icon=icon, buttons=buttons))

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.masked_anew()
        self.depth_model.masked_anew()
        if self.plot is not None:
            self.plot.redraw()
        self.depth_plot.update()
        self._show_legend()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold choices of many words where they have no room beside each other."""
        super().resizeEvent(event)
        for choice, room in ((self.interval, _ROOMY), (self.books, _ROOMY), (self.kind, _NARROW)):
            choice.fold(is_folded=self.width() < theme.px(room))

    def _made(self) -> MarketPlot:
        if self.plot is None:
            from app.ui.charts.market_plot import MarketPlot  # noqa: PLC0415 - numpy must not delay the first window

            self.plot = MarketPlot()
            self.plot.crossed.connect(self._show_legend)
            self.plot.looked.connect(self._show_legend)
            self.plot.picked.connect(self.entry_picked)
            for mine, its in ((self.line_asked, self.plot.line_asked), (self.line_removed, self.plot.line_removed)):
                its.connect(mine)
            self.plot.line_moved.connect(self.line_moved)
            self._charts.addWidget(self.plot)
        return self.plot

    # the legend ----------------------------------------------------------------------------------------------------
    @Slot()
    def _show_legend(self) -> None:
        if fmt.mask() is fmt.Mask.EVERYTHING:
            self.legend.show_parts(())
        else:
            self.legend.show_parts(self._of_depth() if self.is_depth else self._of_candle())

    def _of_depth(self) -> Sequence[Part]:
        depth, step = self.depth_plot.book, self.depth_plot.step_at(self.depth_plot.index)
        if not depth.is_known:
            return ()
        if step is None:
            spread = ratio(depth.asks[0].price - depth.bids[0].price, depth.middle)
            return (
                Part(tr("Middle"), fmt.price(depth.middle), priority=90),
                Part(tr("Spread"), fmt.percent(spread, places=3), priority=80),
                Part(tr("Levels"), f"{fmt.count(len(depth.bids))} + {fmt.count(len(depth.asks))}", priority=20),
                *self._book_state,
                Part("", self._source, "text_3", 60),
            )
        side = tr("Bids down to") if step.price < depth.middle else tr("Asks up to")
        away = ratio(step.price - depth.middle, depth.middle)
        return (
            Part(side, fmt.price(step.price), priority=90),
            Part("", fmt.percent(away, sign=True), priority=40),
            Part(tr("Sum"), f"{fmt.price(step.total)}{fmt.THIN}{self._symbol}", priority=80),
            Part(tr("worth"), f"{fmt.price(step.cost, places=0)}{fmt.THIN}{self._quote}", priority=60),
            *self._book_state,
        )

    def _of_candle(self) -> Sequence[Part]:
        plot, market = self.plot, self.market
        if plot is None or market is None or not market.candles:
            return ()
        index = plot.index if plot.index >= 0 else len(market.candles) - 1
        candle = market.candles[index]
        before = market.candles[index - 1].close if index else candle.open
        grown = ratio(candle.close, before)
        change = None if grown is None else grown - 1
        shown = f"{fmt.arrow(change)} {fmt.percent(change, sign=True)}".strip()
        parts = [Part("", plot.time_words(candle), "text_2", 90), Part("C", fmt.price(candle.close), priority=99)]
        if not plot.series or not plot.series.is_line:
            high_low = [Part(word, fmt.price(value), priority=priority) for word, value, priority in (
                ("O", candle.open, 60), ("H", candle.high, 70), ("L", candle.low, 70))]  # fmt: skip
            parts = [parts[0], *high_low, parts[1]]
        parts.append(Part("", shown, fmt.tone(change), 95))
        if candle.volume is not None:
            parts.append(Part("V", fmt.price(candle.volume), "text_2", 52))
        if market.so_far is not None and index == len(market.candles) - 1:
            parts.append(Part("", tr("so far"), "info", 88))
        return [*parts, *_of_source(market, plot.bar_span)]

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str)
    def _interval_chosen(self, key: str) -> None:
        self.interval_chosen.emit(INTERVALS[key])

    @Slot(str)
    def _kind_chosen(self, kind: str) -> None:
        if self.plot is not None and kind != DEPTH:
            self.plot.show_mode(kind)
        self.offer_books((), -1)
        self.view_chosen.emit(kind)

    @Slot()
    def _show_middle(self) -> None:
        """Let the table begin where the two sides of a book meet."""
        if self.is_depth:
            best = self.depth_model.index(max(len(self.depth_plot.book.asks) - 1, 0), 0)
            self._book_table.scrollTo(best, FittedTable.ScrollHint.PositionAtCenter)

    @Slot(str)
    def _book_chosen(self, key: str) -> None:
        self.book_chosen.emit(BOOKS.index(key))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let t show the chart as a table."""
        if not self.press(Qt.Key(event.key())):
            super().keyPressEvent(event)

    def raw_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return headings and exact rows of what is shown, for a file."""
        if self.is_depth:
            return self.depth_model.titles, self.depth_model.raw_rows()
        return self.model.titles[:6], [raw(candle) for candle in self.market.whole] if self.market else []


def _of_source(market: Market, step: int) -> list[Part]:
    """Return who told the candles, how many are missing, and what one bar stands for where it is more than one."""
    said = tr("closes of all venues") if market.source == CLOSES else source_name(market.source)
    parts = [Part("", said, "text_3", 50)]
    if market.gaps:
        parts.append(Part("", fmt.counted(market.gaps, tr("%s missing"), tr("%s missing")), "warn", 55))
    if step > 1:
        parts.append(Part("", tr("in steps of %s").replace("%s", fmt.age(step * market.interval)), "text_3", 45))
    return parts


def raw(candle: Candle) -> list[str]:
    """Return a candle for a file: when it begins in UTC, then its exact figures; what is unknown is empty."""
    figures = (candle.open, candle.high, candle.low, candle.close, candle.volume)
    return [fmt.moment(candle.at), *("" if value is None else plain(value) for value in figures)]
