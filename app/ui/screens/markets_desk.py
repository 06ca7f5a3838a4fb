"""What the chart of a market is fed with: candles that are kept, then what venues know, own fills, books, alerts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QPushButton

from app.core.clock import DAY
from app.core.errors import CounterfoilError
from app.core.market.candles import begins
from app.core.model.alert_rules import AlertRule
from app.core.model.assets import Asset
from app.core.valuation.staleness import is_stale
from app.ui import format as fmt
from app.ui.screens import markets_alerts as alerts
from app.ui.screens import markets_data as data
from app.ui.screens.base import Shell
from app.ui.screens.markets_chart import MarketChart
from app.ui.screens.markets_depth import DepthDesk
from app.ui.screens.overview_seen import Files
from app.ui.screens.own_fills import own_fills
from app.ui.widgets import basics as w
from app.ui.words import tr

_SOON = 120
"""Milliseconds after which a row that stays chosen is read: arrow keys pass over many."""
_AGAIN = 30
"""Seconds after which candles that grow are read again."""


class ChartDesk(QObject):
    """Reads for one chart; an answer to a question that is no longer asked is dropped."""

    def __init__(self, shell: Shell, chart: MarketChart, parent: QObject) -> None:
        """Take the window and the chart."""
        super().__init__(parent)
        self._shell, self.chart = shell, chart
        self.asset: Asset | None = None
        self._question = self._beats = 0
        self._files = Files(shell, chart)
        self.depth = DepthDesk(shell, chart, self)
        self._later = QTimer(self, singleShot=True, interval=_SOON)
        self._later.timeout.connect(self.load)
        chart.interval_chosen.connect(self._interval_chosen)
        chart.view_chosen.connect(self._view_chosen)
        chart.file_asked.connect(self._save)
        chart.line_asked.connect(self._ask_line)
        chart.line_moved.connect(self._move_line)
        chart.line_removed.connect(self._remove_line)

    @property
    def _currency(self) -> str:
        return self._shell.workspace.book.base_currency

    def show_asset(self, asset: Asset) -> None:
        """Show another market, once it stays chosen for a moment."""
        if self.asset is not None and asset.asset_id == self.asset.asset_id:
            return
        self.asset = asset
        self._question += 1
        self.chart.show_asset(asset.symbol, asset.name, self._currency)
        self._later.start()

    def rest(self) -> None:
        """Ask nothing while the screen is hidden."""
        self._question += 1
        self._later.stop()
        self.depth.look_at(None)

    @Slot()
    def load(self) -> None:
        """Read everything of the market anew."""
        if self.asset is None:
            return
        self._question += 1
        self._beats = 0
        self.look()
        self._shell.run(self._read(self._question, self.asset), what=tr("Reading candles"))

    def look(self) -> None:
        """Look at the order book where it is wanted, and at none where candles are."""
        self.depth.look_at(self.asset if self.chart.is_depth else None)

    def beat(self) -> None:
        """Do what is due each second: a book moves, candles grow."""
        self._beats += 1
        self.depth.show()
        self.grow()
        if self.asset is not None and self._beats % _AGAIN == 0:
            is_due = self.chart.wanted_interval < DAY or self._has_ended()
            read = self._read if is_due else self._grow_again
            self._shell.run(read(self._question, self.asset), what=tr("Reading candles"))

    def grow(self) -> None:
        """Show how far the candle is that is not over."""
        market = self.chart.market
        if market is not None and self.asset is not None and market.asset == self.asset.asset_id:
            now = data.so_far(self._shell.workspace, market.asset, market.source, market.interval)
            if now is not None:
                self.chart.grow(data.moved(market, now))

    def _has_ended(self) -> bool:
        """Tell whether a candle ended since the chart was drawn."""
        market = self.chart.market
        if market is None:
            return False
        start = begins(self._shell.workspace.runtime.clock.now_ns(), market.interval)
        return market.candles[-1].at < (start if market.so_far is not None else start - market.interval)

    async def _grow_again(self, question: int, asset: Asset) -> None:
        """Ask the venue how the candle is so far: its live prices do not tell what came between two of them."""
        market = self.chart.market
        if market is None or market.asset != asset.asset_id or market.source == data.CLOSES:
            return
        await self._shell.workspace.growing.ask(asset.asset_id, market.source, market.interval)
        if question != self._question:
            return
        if market.so_far is None:
            await self._show_kept(question, asset, market.interval)
        else:
            self.grow()

    # reading -------------------------------------------------------------------------------------------------------
    async def _read(self, question: int, asset: Asset) -> None:
        workspace, interval = self._shell.workspace, self.chart.wanted_interval
        if asset.asset_id == self._currency:
            self._say_own_money(asset)
            return
        if self.chart.market is None or self.chart.market.asset != asset.asset_id:
            self._say(tr("Candles are being read…"), "")
        try:
            is_shown = await self._show_kept(question, asset, interval)
            if question == self._question and not is_shown and self.chart.market is not None:
                # What is drawn has candles of another length: a venue may take its time.
                self._say(tr("Candles are being read…"), "")
            faults = await data.fill(workspace, asset.asset_id, interval)
            if question == self._question:
                is_shown = await self._show_kept(question, asset, interval, asks=True) or is_shown
        except CounterfoilError as fault:
            if question == self._question:
                self._say(tr("Candles cannot be read."), fmt.prose(fault.line()), self._again(), is_fault=True)
            return
        if question == self._question and not is_shown:
            self._say_none(asset, faults)

    async def _show_kept(self, question: int, asset: Asset, interval: int, *, asks: bool = False) -> bool:
        """Show what is kept; tells whether there is anything."""
        workspace, scope = self._shell.workspace, self._shell.scope
        market = await data.kept(workspace, asset.asset_id, interval, asks=asks)
        if market is None:
            return False
        fills = await own_fills(workspace, scope, asset.asset_id, market.candles[0].at)
        lines = await alerts.lines(workspace, asset.asset_id)
        if question == self._question:
            self.chart.show_market(market, fills)
            self.chart.show_alerts(lines, can_alert=True)
            self.show_last()
        return True

    def _say(self, what: str, meaning: str, *buttons: QPushButton, is_fault: bool = False) -> None:
        if not self.chart.is_depth:
            self.chart.market = None
            self.chart.say(what, meaning, *buttons, is_fault=is_fault)

    def _say_own_money(self, asset: Asset) -> None:
        self._say(tr("%s is the money of the book.").replace("%s", asset.symbol), tr("It needs no price."))

    def _say_none(self, asset: Asset, faults: Sequence[str]) -> None:
        said = "\n".join(faults)
        length = fmt.age(self.chart.wanted_interval)
        what = tr("No candles of %l are known of %s.").replace("%l", length).replace("%s", asset.symbol)
        help_ = tr("No connected venue has them in %c.")
        if self.chart.wanted_interval < DAY:
            help_ += " " + tr("Daily closes may be there: choose 1d.")
        self._say(what, fmt.prose(said) or help_.replace("%c", self._currency.upper()), self._again())

    def _again(self) -> QPushButton:
        made = w.button(tr("Read again"), "", "refresh-cw")
        made.clicked.connect(self.load)
        return made

    def show_last(self) -> None:
        """Show the mark of the moment, grey where it is old."""
        workspace, asset = self._shell.workspace, self.asset
        if asset is not None:
            mark = workspace.market_data.marks().get(asset.asset_id)
            now = workspace.runtime.clock.now_ns()
            self.chart.show_last(mark, is_old=is_stale(mark, asset, self._currency, now))
            self.grow()

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(int)
    def _interval_chosen(self, _interval: int) -> None:
        self.load()

    @Slot(str)
    def _view_chosen(self, _kind: str) -> None:
        market = self.chart.market
        self.look()
        if self.chart.is_depth:
            return
        if market is None or self.asset is None or market.asset != self.asset.asset_id:
            self.load()
        else:
            self.chart.show_prices()

    @Slot(str)
    def _save(self, kind: str) -> None:
        if self.asset is not None:
            name = f"{self.asset.symbol.lower()}-{'depth' if self.chart.is_depth else self.chart.interval.current}"
            self._shell.run(self._files.save_chart(self.chart, kind, name), what=tr("Saving the chart"))

    @Slot(object)
    def _ask_line(self, price: Decimal) -> None:
        if self.asset is not None:
            self._shell.run(self._line_added(self.asset.asset_id, price), what=tr("Making an alert"))

    async def _line_added(self, asset: str, price: Decimal) -> None:
        rule = await alerts.add(self._shell.workspace, asset, price, self._mark(asset))
        await self.show_lines()
        self._shell.toast(fmt.prose(await self._shell.workspace.alerts.words(rule)), tr("Undo"),
                          partial(self._remove_line, rule.rule_id))  # fmt: skip

    @Slot(str, object)
    def _move_line(self, key: str, price: Decimal) -> None:
        self._shell.run(self._line_moved(key, price), what=tr("Moving an alert"))

    async def _line_moved(self, key: str, price: Decimal) -> None:
        before = await self._shell.workspace.alerts.rule(key)
        rule = await alerts.move(self._shell.workspace, key, price, self._mark(before.of.name))
        await self.show_lines()
        self._shell.toast(fmt.prose(await self._shell.workspace.alerts.words(rule)), tr("Undo"),
                          partial(self._put_back, before))  # fmt: skip

    @Slot(str)
    def _remove_line(self, key: str) -> None:
        self._shell.run(self._line_removed(key), what=tr("Taking an alert away"))

    async def _line_removed(self, key: str) -> None:
        before = await alerts.remove(self._shell.workspace, key)
        await self.show_lines()
        self._shell.toast(tr("Alert taken away"), tr("Undo"), partial(self._put_back, before))

    def _put_back(self, rule: AlertRule) -> None:
        self._shell.run(self._line_put_back(rule), what=tr("Recording"))

    async def _line_put_back(self, rule: AlertRule) -> None:
        await alerts.put_back(self._shell.workspace, rule)
        await self.show_lines()

    def _mark(self, asset: str) -> Decimal | None:
        mark = self._shell.workspace.market_data.marks().get(asset)
        return None if mark is None else mark.price

    async def show_lines(self) -> None:
        """Show the alerts of the market as they are now."""
        asset = self.asset
        if asset is not None:
            lines = await alerts.lines(self._shell.workspace, asset.asset_id)
            if asset is self.asset:
                self.chart.show_alerts(lines, can_alert=True)
