"""The strip of figures for the risk taken, each with the benchmark's under it."""

from __future__ import annotations

from decimal import Decimal

from app.ui import format as fmt
from app.ui.screens.block_strip import BlockStrip
from app.ui.screens.risk_found import exact
from app.ui.screens.track_found import Seen, Written, ratio, share, signed
from app.ui.widgets import basics as w
from app.ui.words import tr


class TrackStrip(BlockStrip):
    """Return, Sharpe, Sortino, volatility, drawdown and beta.

    Signals:
        asked: Key of a figure: how is it computed?
    """

    def __init__(self) -> None:
        """Start without figures."""
        super().__init__({
            "total": tr("Return"),
            "sharpe": tr("Sharpe ratio"),
            "sortino": tr("Sortino ratio"),
            "volatility": tr("Volatility, annual"),
            "drawdown": tr("Deepest drawdown"),
            "beta": tr("Beta"),
        })  # fmt: skip

    def show_seen(self, seen: Seen) -> None:
        """Show the figures of the book, the benchmark's in their notes."""
        track = seen.record.track
        own, other = track.ratios, track.other

        def note(name: str, written: Written) -> str:
            return "" if other is None else f"{seen.benchmark} {written(exact(getattr(other.ratios, name)))}"

        total, hidden = exact(track.total), fmt.mask() is fmt.Mask.EVERYTHING
        self._show("total", total, signed, "" if other is None else f"{seen.benchmark} {signed(exact(other.total))}")
        w.set_tone(self.blocks["total"].figure, "text_3" if hidden else fmt.tone(total))
        error = tr("± %e").replace("%e", ratio(exact(own.sharpe_error)))
        sharpe = note("sharpe", ratio)
        self._show("sharpe", exact(own.sharpe), ratio, f"{error} · {sharpe}" if sharpe else error)
        self._show("sortino", exact(own.sortino), ratio, note("sortino", ratio))
        self._show("volatility", exact(own.volatility), share, note("volatility", share))
        fallen = track.drawdown
        days = fmt.days(fallen.peak, fallen.trough) if fallen.deepest else ""
        self._show("drawdown", exact(-fallen.deepest), share, days)
        together = tr("correlation %c").replace("%c", ratio(exact(own.correlation)))
        self._show("beta", exact(own.beta), ratio, together if seen.benchmark else tr("no benchmark"))

    def _show(self, kind: str, value: Decimal | None, written: Written, note: str) -> None:
        block = self.blocks[kind]
        block.figure.show_figure(written(value), value, "text" if value is not None else "text_3")
        block.note.setText(note)
