"""The line above ratios: what the book is held against, what counts as riskless, how much of the period is known."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.core.errors import CounterfoilError
from app.ui import format as fmt
from app.ui import theme
from app.ui.screens.base import Shell
from app.ui.screens.risk_explained import covers
from app.ui.screens.track_found import EQUAL, NO_BENCHMARK, Seen
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Choice
from app.ui.words import tr

SETTINGS = ("track/benchmark", "track/riskless")
"""Names under which the vault keeps what was chosen last."""


class TrackBar(QFrame):
    """Benchmark and riskless rate; coverage at the right.

    Signals:
        asked: Something else is asked now.
    """

    asked = Signal()

    def __init__(self, shell: Shell) -> None:
        """Take the window; start with the usual benchmark and no riskless rate."""
        super().__init__()
        self._shell = shell
        self.riskless = 0.0
        self._is_read = False
        self.choice = Choice(tr("Benchmark"), is_large=False)
        self.choice.addItem("BTC", "")
        self.choice.setMinimumWidth(self.choice.fontMetrics().horizontalAdvance(tr("Equal weights")) + theme.px(58))
        self.rate = w.field("", "0 %", name=tr("Riskless rate, a year"))
        self.rate.setFixedWidth(theme.px(72))
        self.rate.setToolTip(tr("Riskless rate, a year, such as 4 %"))
        self.trouble = w.text("", "caption", "danger")
        self.cover = w.elided("", "caption", "text_3")
        labels = [w.text(words, "label", "text_3") for words in (tr("Benchmark"), tr("Riskless rate"))]
        w.fill(
            QHBoxLayout(self),
            [labels[0], self.choice, 8, labels[1], self.rate, self.trouble, 8, (self.cover, 1)],
            8,
            (16, 0, 16, 0),
        )
        self.setFixedHeight(theme.px(46))
        self.choice.activated.connect(self._chosen)
        self.rate.editingFinished.connect(self._rate_given)

    @property
    def benchmark(self) -> str:
        """Return what is chosen: the id of an asset, or a word in its place; "" for the usual one."""
        return str(self.choice.currentData())

    async def remember(self) -> None:
        """Take what was chosen last in this vault, the first time."""
        if self._is_read:
            return
        self._is_read = True
        benchmark, rate = [await self._shell.workspace.setting(name) for name in SETTINGS]
        if benchmark:
            self.choice.addItem(benchmark, benchmark)
            self.choice.setCurrentIndex(self.choice.count() - 1)
        if rate and self._read_rate(rate):
            self.rate.setText(rate)

    def offer(self, assets: Sequence[tuple[str, str]]) -> None:
        """Offer assets that have closes; the choice stays."""
        wanted = self.benchmark
        usual = assets[0][0] if assets and assets[0][0] == "bitcoin" else ""
        options = [
            *(("" if asset == usual else asset, symbol) for asset, symbol in assets),
            (EQUAL, tr("Equal weights")),
            (NO_BENCHMARK, tr("None")),
        ]
        if not usual:
            options.insert(0, ("", "BTC"))
        if options != [(self.choice.itemData(at), self.choice.itemText(at)) for at in range(self.choice.count())]:
            self.choice.clear()
            for key, words in options:
                self.choice.addItem(words, key)
            # What was chosen once and has no closes any more is said to have none, not exchanged for another.
            if wanted not in [key for key, _ in options]:
                self.choice.addItem(wanted, wanted)
        self.choice.setCurrentIndex(self.choice.findData(wanted))

    def show_seen(self, seen: Seen | None) -> None:
        """Say how much of the period is known, and why there is no benchmark."""
        if seen is None:
            self.cover.setText("")
            return
        words = [covers(seen.record.track.curve.coverage, seen)]
        if seen.record.no_benchmark:
            words.append(tr("no benchmark: %s").replace("%s", seen.record.no_benchmark))
        text = " · ".join(words)
        self.cover.setText(f"{text[:1].upper()}{text[1:]}.")

    def _read_rate(self, words: str) -> bool:
        from app.services.track_record import rate_of  # noqa: PLC0415 - numeric libraries wait for the first question

        try:
            self.riskless = rate_of(words)
        except CounterfoilError as fault:
            self.trouble.setText(fmt.prose(f"{fault.message} {fault.hint}"))
            return False
        self.trouble.setText("")
        return True

    def _keep(self, name: str, value: str) -> None:
        self._shell.run(self._shell.workspace.set_setting(name, value), what=tr("Keeping a choice"))

    @Slot(int)
    def _chosen(self, _index: int) -> None:
        self._keep(SETTINGS[0], self.benchmark)
        self.asked.emit()

    @Slot()
    def _rate_given(self) -> None:
        before = self.riskless
        if self._read_rate(self.rate.text()) and self.riskless != before:
            self._keep(SETTINGS[1], self.rate.text().strip())
            self.asked.emit()
