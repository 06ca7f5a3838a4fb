"""The tab of the year's figures: gain, proceeds, cost, income, and what stands between them and a return."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.money import plain
from app.core.tax.figures import Totals
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui import theme
from app.ui.screens.base import Shell
from app.ui.screens.findings import FindingCard
from app.ui.screens.overview_figures import Block
from app.ui.screens.positions_rows import seen_change
from app.ui.screens.tax_pane import Pane
from app.ui.widgets import basics as w
from app.ui.words import tr

FIGURES = ("gain", "short_gain", "long_gain", "proceeds", "cost", "income")


class Strip(QFrame):
    """The figures of the year, the gain first."""

    def __init__(self) -> None:
        """Start without figures."""
        super().__init__()
        self.setObjectName("panel")
        titles = {
            "gain": tr("Gain"), "short_gain": tr("Short-term gain"), "long_gain": tr("Long-term gain"),
            "proceeds": tr("Proceeds"), "cost": tr("Cost"), "income": tr("Income"),
        }  # fmt: skip
        self.blocks = {name: Block(titles[name], is_main=name == "gain") for name in FIGURES}
        parts: list[w.Item] = []
        for name, block in self.blocks.items():
            parts += [(block, 2 if name == "gain" else 1)]
        w.fill(QHBoxLayout(self), parts, 18, (18, 10, 12, 9))
        self.setFixedHeight(theme.px(90))

    def show_totals(self, totals: Totals, currency: str, *, is_stale: bool) -> None:
        """Show the figures; what is not known is a dash."""
        for name, block in self.blocks.items():
            value: Decimal | None = getattr(totals, name)
            is_change = name.endswith("gain")
            text = fmt.amount(value, currency, sign=is_change)
            tone = "text_3" if is_stale or value is None else "text"
            if is_change and not is_stale:
                tone = fmt.tone(seen_change(value))
            block.figure.show_figure(text, value, tone)


class SummaryPane(Pane):
    """Figures and findings."""

    word: ClassVar[str] = "summary"
    title: ClassVar[str] = "Summary"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self._found: TaxYear | None = None
        self._is_stale = False
        self.strip = Strip()
        host = QWidget()
        self._list = QVBoxLayout(host)
        w.fill(self._list, [], 8)
        self._area = w.scroll(host)
        w.fill(QVBoxLayout(self), [self.strip, (self._area, 1)], 12, (16, 12, 16, 14))

    def take(self, found: TaxYear, asked: Asked) -> None:
        """Show the figures of a question."""
        del asked
        self._found = found
        self.redraw()

    def be_stale(self, *, is_stale: bool) -> None:
        """Show figures grey while they are old."""
        if is_stale != self._is_stale:
            self._is_stale = is_stale
            self.redraw()

    def redraw(self) -> None:
        """Write every figure anew."""
        if self._found is None:
            return
        self.strip.show_totals(self._found.figures.totals, self._found.figures.currency, is_stale=self._is_stale)
        w.clear(self._list)
        for finding in self._found.findings[:20]:
            self._list.addWidget(FindingCard(finding, self.shell.go))

    def figures(self) -> Mapping[str, str]:
        """Return the exact totals that the strip holds."""
        return {
            f"tax/{name}": "" if block.figure.exact is None else plain(block.figure.exact)
            for name, block in self.strip.blocks.items()
        }
