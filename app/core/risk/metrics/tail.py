"""Value at risk and expected shortfall of a book over any scenarios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from app.core.risk import quantiles
from app.core.risk.basis import LEVELS, Basis, Tail
from app.core.risk.exposures import Book
from app.core.risk.scenarios import Scenarios


def tail(scenarios: Scenarios, of: Book, levels: Sequence[float] = LEVELS) -> tuple[Tail, ...]:
    """Return both for each confidence; None where nothing of the book takes part."""
    basis = scenarios.basis(of)
    if not of.covered or not scenarios.outcomes:
        why = "The book has no exposure." if not of.gross else "No asset of the book has a history."
        return tuple(Tail(level, scenarios.horizon_days, None, None, _with(basis, why)) for level in levels)
    found = quantiles.tails(scenarios.gains(of), levels)
    return tuple(
        Tail(level, scenarios.horizon_days, var, shortfall, _with(basis, quantiles.few(level, scenarios.outcomes)))
        for level, (var, shortfall) in zip(levels, found, strict=True)
    )


def by_root_of_time(found: Tail, days: int) -> Tail:
    """Return a tail of one day carried to `days`, labelled as the approximation that it is."""
    factor = math.sqrt(days / found.horizon_days)
    var, shortfall = found.value_at_risk, found.expected_shortfall
    note = f"Carried from {found.horizon_days} to {days} days by the root of time: days are taken as independent."
    return replace(
        found,
        horizon_days=days,
        value_at_risk=None if var is None else var * factor,
        expected_shortfall=None if shortfall is None else shortfall * factor,
        basis=replace(_with(found.basis, note), method=f"{found.basis.method} × √time"),
    )


def beyond_everything(found: Tail) -> Tail:
    """Return a tail that says so where its loss is larger than all exposures: only a short book may lose so much."""
    at_risk, covered = found.value_at_risk, found.basis.coverage.covered
    if at_risk is None or at_risk <= covered:
        return found
    note = f"More than all exposures together: {found.horizon_days} days are too many for this approximation."
    return replace(found, basis=_with(found.basis, note))


def _with(basis: Basis, note: str) -> Basis:
    return replace(basis, assumptions=(*basis.assumptions, note)) if note else basis
