"""What the market of a book does, in JSON and in words: correlation of lately, turbulence, absorption."""

from __future__ import annotations

import math
from typing import Any

from app.cli.output import Output
from app.core.clock import iso
from app.core.names import counted
from app.core.risk.metrics.absorption import Absorption
from app.core.risk.metrics.turbulence import Turbulence
from app.core.risk.study import Study
from app.services.risk import Report


def document(made: Study) -> dict[str, Any]:
    """Return turbulence and absorption as JSON has them; null where the history is too short."""
    return {
        "turbulence": _turbulent(made.turbulence[-1]) if made.turbulence else None,
        "absorption": None if made.absorption is None else _absorbed(made.absorption),
    }


def _turbulent(one: Turbulence) -> dict[str, Any]:
    return {
        "day": _day(one.at),
        "robust": one.robust,
        "percentile": one.percentile,
        "magnitude": one.magnitude,
        "surprise": one.surprise,
        "culprit": one.culprit or None,
        "culprit_share": one.culprit_share,
        "method": one.basis.method,
        "how": one.basis.how,
    }


def _absorbed(one: Absorption) -> dict[str, Any]:
    days = zip(one.at.tolist(), one.ratios.tolist(), strict=True)
    return {
        "ratio": None if math.isnan(one.latest) else one.latest,
        "forces": one.forces,
        "shift": one.shift,
        "days": [{"day": _day(at), "ratio": None if math.isnan(ratio) else round(ratio, 6)} for at, ratio in days],
        "method": one.basis.method,
        "how": one.basis.how,
    }


def show(output: Output, found: Report) -> None:
    """Print one line a figure; what takes a longer history says so."""
    made, names = found.study, found.book.names
    related, unusual, absorbed = made.correlations, made.turbulence, made.absorption
    if related is not None and related.average is not None and related.average_before is not None:
        output.line(
            f"Mean correlation {related.average:.2f} lately, {related.average_before:.2f} before; "
            f"{len(related.changed)} of {related.tested} pairs changed ({related.basis.method})."
        )
    if unusual:
        one = unusual[-1]
        rank = "" if one.percentile is None else f", beyond {one.percentile:.1%} of the days before"
        culprit = names.get(one.culprit, one.culprit)
        most = f"; {culprit} has {one.culprit_share:.0%} of it" if culprit else ""
        output.line(f"Turbulence {one.robust:.2f}, 1 is usual{rank}{most} ({one.basis.method}).")
    if absorbed is not None and not math.isnan(absorbed.latest):
        moved = "" if absorbed.shift is None else f", {absorbed.shift:+.1f} deviations from its year"
        forces = counted(absorbed.forces, "force")
        output.line(f"Absorption {absorbed.latest:.0%} by {forces}{moved} ({absorbed.basis.method}).")
    if absorbed is None or not unusual:
        output.line("Turbulence takes more than a year of history, absorption 454 days.")


def show_worst_year(output: Output, made: Study) -> None:
    """Print of which year stressed value at risk is, and how it was carried to the horizon."""
    basis = None if made.stressed is None else made.stressed[0].basis
    if basis is None or basis.since is None or basis.until is None:
        return
    said = made.tail().basis.assumptions
    more = [one for one in basis.assumptions if one not in said]
    period = f"{_day(basis.since)} to {_day(basis.until)}"
    output.line(" ".join((f"Stressed: the worst year of the history for this book, {period}.", *more)))


def _day(at: int) -> str:
    return iso(at)[:10]
