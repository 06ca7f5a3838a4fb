"""The board of the Overview: figures, chart, three lists and the worklist, laid out for the room there is."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.core.model.assets import AssetKind
from app.core.model.views import EquityCurve, Overview, Position, Positions, Share
from app.core.money import ratio
from app.ui import format as fmt
from app.ui import theme
from app.ui.charts.value_panel import ValuePanel
from app.ui.screens import overview_ages
from app.ui.screens.overview_attention import AttentionPanel
from app.ui.screens.overview_figures import FigureStrip
from app.ui.screens.overview_panels import AllocationPanel, HeldPanel, MoversPanel, stretch
from app.ui.screens.overview_risk import RiskBlock
from app.ui.widgets import basics as ui
from app.ui.words import tr

_ANY = 16_777_215
"""Qt's largest width: no limit."""
_LOW = 660
_TIGHT = 1_060
_CASH = (AssetKind.FIAT, AssetKind.STABLE)


class Board(QWidget):
    """All panels, and how figures get into them."""

    def __init__(self, period: str) -> None:
        """Take the range that the chart starts with."""
        super().__init__()
        self.risk = RiskBlock()
        self.figures = FigureStrip(self.risk)
        self.chart = ValuePanel(period)
        self.allocation, self.movers, self.held = AllocationPanel(), MoversPanel(), HeldPanel()
        self.attention = AttentionPanel()
        self._lower = stretch(self.allocation, self.movers, self.held)
        left = ui.column((self.chart, 1), self._lower, spacing=12)
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        ui.fill(self._middle, [(left, 1), self.attention], 12)
        host = QWidget()
        host.setLayout(self._middle)
        ui.fill(QVBoxLayout(self), [self.figures, (host, 1)], 12, (16, 0, 16, 14))
        self.chart.setMinimumHeight(theme.px(190))
        self._shares: dict[str, tuple[Share, ...]] = {"venue": (), "kind": ()}
        self._currency, self._is_stale = "usd", False
        self.held.grouped.connect(self._grouped)
        self._fit()

    def show_overview(self, overview: Overview, now: int) -> None:
        """Show figures that were read; values and shares follow by `show_positions` and `show_shares`."""
        self.figures.show_returns(overview, self.ages(overview.positions, now))
        self.attention.show_findings(overview.findings)

    def show_curve(self, curve: EquityCurve) -> None:
        """Show a curve."""
        self.chart.show_curve(curve)

    def ages(self, found: Positions, now: int) -> overview_ages.Ages:
        """Return how old the marks of a value are."""
        return overview_ages.ages(found, now)

    def show_positions(self, found: Positions, now: int) -> None:
        """Show values at the newest marks."""
        self._currency = found.currency
        ages = overview_ages.ages(found, now)
        old = {one.asset.asset_id for one in ages.old}

        def tone(one: Position) -> str:
            return "text_3" if one.asset.asset_id in old else "text"

        self.figures.show_positions(found, ages, now)
        cash = [one.value for one in found.positions if one.asset.kind in _CASH and one.value is not None]
        whole = sum(cash, Decimal(0)) if found.value is not None else None
        weight = ratio(whole, found.value) if whole is not None and found.value is not None else None
        self.figures.show_cash(whole, weight, found.currency)
        self.allocation.show_positions(found, tone)
        self.allocation.pill.setVisible(ages.is_stale)
        if ages.is_stale and ages.newest is not None:
            self.allocation.pill.show_state(f"{fmt.age(now - ages.newest)} {tr('old')}", "warn")
        self.movers.show_positions(found, tone)
        self._is_stale = ages.is_stale
        self._grouped(self.held.groups.current)

    def show_shares(self, by_venue: tuple[Share, ...], by_kind: tuple[Share, ...]) -> None:
        """Show where it is held at the newest marks."""
        self._shares = {"venue": by_venue, "kind": by_kind}
        self._grouped(self.held.groups.current)

    def _grouped(self, grouping: str) -> None:
        tone = "text_3" if self._is_stale else "text"
        self.held.show_shares(self._shares.get(grouping, ()), self._currency, tone)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the room there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        is_low, is_tight = self.height() < theme.px(_LOW), self.width() < theme.px(_TIGHT)
        self._lower.setFixedHeight(theme.px(244 if is_low else 296))
        direction = QBoxLayout.Direction.TopToBottom if is_tight else QBoxLayout.Direction.LeftToRight
        self._middle.setDirection(direction)
        self.attention.set_dense(is_dense=is_low)
        self.figures.set_tight(is_tight=is_tight)
        self.chart.setMinimumHeight(theme.px(280 if is_tight else 190))
        width = theme.px(316 if self.width() < theme.px(1_236) else 336)
        self.attention.setMinimumSize(0 if is_tight else width, self.attention.natural_height() if is_tight else 0)
        self.attention.setMaximumWidth(_ANY if is_tight else width)
