"""The strip of figures of Risk, and the tails at every level beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.ui import format as fmt
from app.ui.models.cells import Heading, Words
from app.ui.models.columns import Column, figure_column, full_amount
from app.ui.models.rows import Branch
from app.ui.screens.block_strip import BlockStrip
from app.ui.screens.risk_found import CONFIDENCES, HORIZONS, Found, View, exact, horizon_words, level, share_of
from app.ui.words import tr

if TYPE_CHECKING:
    from app.core.risk.basis import Tail
    from app.services.risk_live import LiveFigures

_YEAR = 365


class RiskStrip(BlockStrip):
    """Value at risk, shortfall, stressed value at risk, volatility, drawdown and independent bets.

    Signals:
        asked: "var", "es", "stressed", "volatility", "drawdown" or "bets": how is it computed?
    """

    def __init__(self) -> None:
        """Start without figures."""
        super().__init__({
            "var": tr("VaR"),
            "es": tr("ES"),
            "stressed": tr("Stressed VaR"),
            "volatility": tr("Volatility, annual"),
            "drawdown": tr("Drawdown"),
            "bets": tr("Independent bets"),
        })  # fmt: skip
        self._ink = "text"

    def show_found(self, found: Found, view: View, *, is_stale: bool) -> None:
        """Show the figures, grey where they rest on old marks; what is not known says why."""
        self._ink = "text_3" if is_stale else "text"
        tail, study = found.tail(view), found.report.study
        words = f"{level(found.asked.confidence)} · {horizon_words(view.horizon)}"
        for kind, name, value in (
            ("var", tr("VaR"), tail.value_at_risk),
            ("es", tr("ES"), tail.expected_shortfall),
        ):
            self.blocks[kind].name.setText(f"{name} {words}")
            self._money(kind, value, found, _of_value(value, found.book.value))
        self._stressed(found, view)
        volatility = exact(study.volatility.value)
        self._share("volatility", volatility, study.volatility.basis.method.partition(",")[0])
        fallen = study.drawdown
        deepest = tr("at worst %p, %d").replace("%p", fmt.percent(exact(-fallen.deepest), places=1))
        self._share("drawdown", exact(-fallen.current), deepest.replace("%d", fmt.day(fallen.trough)))
        bets = exact(study.bets.effective)
        block = self.blocks["bets"]
        block.figure.show_figure(fmt.price(bets, places=1), bets, self._ink if bets is not None else "text_3")
        assets = sum(1 for _ in study.contributions.assets)
        block.note.setText(fmt.counted(assets, tr("of %s asset"), tr("of %s assets")))

    def _stressed(self, found: Found, view: View) -> None:
        tails = found.reports[view.horizon].study.stressed
        if tails is None:
            why = tr("needs %n days, there are %h").replace("%n", str(_YEAR)).replace("%h", fmt.count(found.bars))
            self._money("stressed", None, found, why)
            return
        one = next(tail for tail in tails if tail.confidence == found.asked.confidence)
        since, until = one.basis.since, one.basis.until
        span = "" if since is None or until is None else f"{fmt.date(since)[:7]} – {fmt.date(until)[:7]}"
        self._money("stressed", one.value_at_risk, found, span)

    def show_live(self, figures: LiveFigures, found: Found) -> None:
        """Show value at risk and shortfall of the default model over one day, at the marks of now."""
        worth = found.book.value + figures.gained
        for kind, value in (("var", figures.value_at_risk), ("es", figures.expected_shortfall)):
            self._money(kind, value, found, _of_value(value, worth))

    def _money(self, kind: str, value: float | None, found: Found, note: str) -> None:
        block, amount = self.blocks[kind], exact(value)
        tone = self._ink if amount is not None else "text_3"
        tip = full_amount(None if amount is None else amount.quantize(Decimal("0.01")), found.currency)
        block.figure.show_figure(fmt.compact(amount, found.currency), amount, tone, tip)
        block.note.setText(note)

    def _share(self, kind: str, value: Decimal | None, note: str) -> None:
        block = self.blocks[kind]
        tone = self._ink if value is not None else "text_3"
        block.figure.show_figure(fmt.percent(value, places=1, sign=not value), value, tone)
        block.note.setText(note)


def _of_value(value: float | None, worth: float) -> str:
    share = share_of(value, worth)
    return tr("%s of value").replace("%s", fmt.percent(share)) if share is not None else ""


@dataclass(frozen=True, slots=True)
class TailRow:
    """One confidence over one horizon, with what a share is a share of."""

    tail: Tail
    value: float
    currency: str


def tail_rows(found: Found, view: View) -> tuple[Branch, ...]:
    """Return the tails of the model that is looked at, at every level, under a heading for each horizon."""
    made = []
    for days in HORIZONS:
        tails = (found.tail(view, days, confidence) for confidence in CONFIDENCES)
        below = tuple(
            Branch(f"{days} {one.confidence}", TailRow(one, found.book.value, found.currency)) for one in tails
        )
        made.append(Branch(str(days), Heading(horizon_words(days)), below, is_heading=True))
    return tuple(made)


def tail_name(row: TailRow) -> str:
    """Return "99 % · 1 day"."""
    return f"{level(row.tail.confidence)} · {horizon_words(row.tail.horizon_days)}"


def _level_in_files(row: TailRow) -> str:
    """Return "99 %, 10 d": in a file no heading says for how long."""
    return f"{row.tail.confidence * 100:g} %, {row.tail.horizon_days} d"


def tail_columns() -> Sequence[Column]:
    """Return the columns of the tails."""

    def amount(column_id: str, title: str, name: str) -> Column:
        return figure_column(
            column_id,
            title,
            lambda row: exact(getattr(row.tail, name)),
            lambda row: fmt.compact(exact(getattr(row.tail, name)), row.currency),
            tooltip=lambda row: fmt.amount(exact(getattr(row.tail, name)), row.currency),
            priority=90,
        )

    def share(column_id: str, name: str) -> Column:
        return figure_column(
            column_id,
            tr("Of value"),
            lambda row: share_of(getattr(row.tail, name), row.value),
            lambda row: fmt.percent(share_of(getattr(row.tail, name), row.value), places=1),
            priority=60,
        )

    return (
        Column(
            "level",
            tr("Level"),
            _level_in_files,
            lambda row: Words(level(row.tail.confidence)),
            gives_way=True,
            width=64,
            priority=100,
            can_hide=False,
        ),
        amount("var", tr("VaR"), "value_at_risk"),
        share("var-share", "value_at_risk"),
        amount("es", tr("ES"), "expected_shortfall"),
        share("es-share", "expected_shortfall"),
    )
