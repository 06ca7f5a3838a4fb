"""How each figure of a track record comes about, in words, with its inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.ui import format as fmt
from app.ui.screens.base import HowComputed
from app.ui.screens.risk_explained import told
from app.ui.screens.risk_found import exact
from app.ui.screens.track_found import Seen, ratio, signed
from app.ui.words import tr

if TYPE_CHECKING:
    from app.core.risk.basis import Basis

_FORMULAS: Mapping[str, tuple[str, str]] = {
    "total": ("Return", "The growth of each day without what was paid in and out, chained (time-weighted)."),
    "growth": ("Growth a year", "The yearly rate, over 365.25 days, at which the book would have come to its return."),
    "volatility": ("Volatility a year", "The standard deviation of the daily returns, times the root of 365."),
    "sharpe": (
        "Sharpe ratio",
        (
            "The mean daily return beyond the riskless rate ÷ the standard deviation, times the root of 365. Beside it"
            " its standard error (Lo 2002): a ratio that is less than two of them away from zero may be luck."
        ),
    ),
    "sortino": (
        "Sortino ratio",
        (
            "The mean daily return beyond the riskless rate ÷ the root mean square of what fell short of that rate,"
            " over all days, times the root of 365."
        ),
    ),
    "calmar": ("Calmar ratio", "Growth a year ÷ the deepest drawdown. It is told of a year and more."),
    "drawdown": ("Deepest drawdown", "The largest fall from a highest level before, at the closes of days."),
    "cdar": ("Conditional drawdown at risk", "The mean of the deepest share of all days' distances below the peak."),
    "beta": ("Beta", "The covariance of the daily returns with the benchmark's ÷ the variance of the benchmark's."),
    "alpha": (
        "Alpha a year",
        "The mean daily return beyond the riskless rate, less beta times the benchmark's, times 365 (Jensen).",
    ),
    "correlation": ("Correlation", "How the daily returns go with the benchmark's: 1 always, 0 not at all."),
    "tracking_error": (
        "Tracking error",
        "The standard deviation of the daily difference to the benchmark, times the root of 365.",
    ),
    "information": ("Information ratio", "The mean daily difference to the benchmark, times 365 ÷ tracking error."),
    "up": ("Upside capture", "The mean daily growth on days on which the benchmark rose ÷ the benchmark's on them."),
    "allocation": (
        "Allocation effect",
        (
            "Of the difference to the benchmark: what holding more or less money and stablecoins than it made"
            " (allocation of Brinson and Fachler, linked over the days)."
        ),
    ),
    "selection": (
        "Selection effect",
        (
            "Of the difference to the benchmark: what the choice of assets within money and within all else made,"
            " with the interaction (selection of Brinson and Fachler, linked over the days)."
        ),
    ),
    "beyond": (
        "Income, fees, trades",
        (
            "Of the difference to the benchmark: rewards and interest, fees, and trades at other prices than the close"
            " of their day."
        ),
    ),
    "down": (
        "Downside capture",
        (
            "The mean daily growth on days on which the benchmark fell ÷ the benchmark's on them: below 100 % it lost"
            " less."
        ),
    ),
}


def explained(key: str, seen: Seen) -> HowComputed:
    """Return how a figure comes about."""
    track = seen.record.track
    title, formula = (tr(words) for words in _FORMULAS[key])
    bases = {"drawdown": track.drawdown.basis, "cdar": track.drawdown.basis}
    bases |= dict.fromkeys(("allocation", "selection", "beyond"), track.attribution.basis)
    basis = bases.get(key, track.ratios.basis)
    rows = [(tr("Riskless rate, a year"), fmt.percent(exact(seen.record.asked.riskless), places=2))]
    if seen.benchmark:
        rows.append((tr("Benchmark"), seen.benchmark))
    if key == "sharpe":
        error = track.ratios.sharpe_error
        rows.append((tr("Standard error"), ratio(exact(error))))
    if key in ("drawdown", "cdar"):
        fallen = track.drawdown
        rows.append((tr("Peak, trough"), f"{fmt.date(fallen.peak)} – {fmt.date(fallen.trough)}"))
    return _with_formula(title, formula, basis, seen, rows)


def explained_parts(seen: Seen) -> HowComputed:
    """Return how the parts come about."""
    track, parts = seen.record.track, seen.record.track.attribution
    rows = [(tr("Return"), signed(exact(parts.total)))]
    if track.other is not None:
        rows += [(seen.benchmark, signed(exact(track.other.total))),
                 (tr("Difference, where both are known"), signed(exact(parts.difference)))]  # fmt: skip
    made = told(tr("Where the return comes from"), parts.basis, seen, rows)
    return replace(made, place="activity")


def _with_formula(title: str, formula: str, basis: Basis, seen: Seen, rows: Sequence[tuple[str, str]]) -> HowComputed:
    made = told(title, basis, seen, rows)
    return replace(made, formula=f"{formula} {made.formula}", place="activity")
