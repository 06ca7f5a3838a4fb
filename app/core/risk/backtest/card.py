"""The report card: each model's forecasts out of sample, against what the book then made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.core.errors import InputError
from app.core.findings import Finding
from app.core.risk import ewma
from app.core.risk.arrays import Flags, Floats, Moments
from app.core.risk.backtest import likelihood
from app.core.risk.backtest.likelihood import LikelihoodRatio, TrafficLight
from app.core.risk.backtest.models import DEFAULT, MODELS, History, Model
from app.core.risk.basis import Basis
from app.core.risk.exposures import Book
from app.core.risk.quantiles import percent, tail_share
from app.core.risk.scenarios import Scenarios

WINDOW = 500
_BASEL_DAYS = 250


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One model's record; arrays have a figure for each forecast day.

    Attributes:
        light: Basel's zone over the last 250 days, or over all where there are fewer.
        valid_days: Days on which the model stands by its figure.
        quantile_loss: In the unit of gains: lower is sharper.
        shortfall_ratio: Mean of loss over forecast shortfall on the days of exceptions, 1 less the first statistic of
            Acerbi and Szekely (2014): above 1, losses went deeper than the shortfall said. None without an exception.
    """

    model: Model
    value_at_risk: Floats
    expected_shortfall: Floats
    exceptions: Flags
    failures: LikelihoodRatio
    independence: LikelihoodRatio
    conditional: LikelihoodRatio
    light: TrafficLight
    valid_days: int
    mean_value_at_risk: float
    quantile_loss: float
    shortfall_ratio: float | None

    @property
    def count(self) -> int:
        """Return how many exceptions there were."""
        return int(np.count_nonzero(self.exceptions))

    @property
    def is_passed(self) -> bool:
        """Return whether no test rejects it at 5 %."""
        return self.failures.is_passed and self.independence.is_passed and self.conditional.is_passed


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """All models over the same days.

    Attributes:
        at: The days that were forecast.
        gains: What the book made, as a share of its gross exposure.
        expected: How many exceptions a right model has.
    """

    confidence: float
    window: int
    at: Moments
    gains: Floats
    expected: float
    rows: tuple[Row, ...]
    basis: Basis
    findings: tuple[Finding, ...] = ()

    def row(self, code: str = DEFAULT) -> Row:
        """Return a model's record; that of the default model without a code."""
        for row in self.rows:
            if row.model.code == code:
                return row
        names = ", ".join(row.model.code for row in self.rows)
        raise InputError(f"{code!r} is no model of this card", hint=f"Choose one of {names}.")


def card(  # noqa: PLR0913 - which days, and which models
    scenarios: Scenarios,
    of: Book,
    *,
    window: int = WINDOW,
    confidence: float = 0.99,
    since: int | None = None,
    models: Sequence[Model] = MODELS,
) -> Card:
    """Return how each model would have done on the book as it is now, from `since` on.

    The scenarios are the whole history: what a forecast sees ends the bar before, and `window` bars come first.
    """
    _check(scenarios, of, window)
    weights = of.values / of.covered
    by_asset = np.ascontiguousarray(np.asarray(scenarios.by_asset, np.float64).T) * weights
    history = History(by_asset.sum(axis=1), by_asset, weights, window, confidence)
    first = window if since is None else max(window, int(np.searchsorted(scenarios.at, since)))
    if first >= scenarios.outcomes:
        raise InputError(
            "there is no day left to forecast", hint=f"Begin earlier; the history has {scenarios.outcomes} bars."
        )
    gains = history.gains[first:]
    rows = tuple(_row(model, history, first - window) for model in models)
    return Card(
        confidence=confidence,
        window=window,
        at=scenarios.at[first:],
        gains=gains,
        expected=gains.size * tail_share(confidence),
        rows=rows,
        basis=scenarios.basis(
            of,
            method=f"rolling, {window} bars, {percent(confidence)}",
            how=(
                f"For each of {gains.size} bars every model forecasts from what was known before it; "
                "a bar that lost more is an exception."
            ),
            assumptions=("The book as it is now is held in the same proportions over all of it.",),
        ),
    )


def _check(scenarios: Scenarios, of: Book, window: int) -> None:
    if not scenarios.at.size:
        raise InputError("drawn scenarios have no order in time", hint="Give historical scenarios.")
    if window < ewma.SEED:
        # The first variance is the mean of so many bars: a forecast before their end would know what it forecasts.
        raise InputError(
            f"a window of {window} bars is no history", hint=f"Give {ewma.SEED} bars or more, such as 500."
        )
    if scenarios.outcomes <= window:
        raise InputError(
            f"the history has {scenarios.outcomes} bars, and the window takes {window}",
            hint="Load a longer history, or give a shorter window.",
        )
    if not of.gross:
        raise InputError(
            "the book has no exposure, so that no model can be judged on it",
            hint="What is held and what is short of an asset cancel out; name a book that can lose.",
        )
    if not of.covered:
        raise InputError("the book has no exposure with a history", hint="Load prices for what it holds.")


def _row(model: Model, history: History, skipped: int) -> Row:
    forecast = model.forecast(history)
    value_at_risk, shortfall = forecast.value_at_risk[skipped:], forecast.expected_shortfall[skipped:]
    gains = history.gains[history.window + skipped :]
    exceptions = gains < -value_at_risk
    days, count = exceptions.size, int(np.count_nonzero(exceptions))
    failures = likelihood.kupiec(days, count, history.confidence)
    apart = likelihood.independence(*likelihood.transitions(exceptions))
    recent = exceptions[-_BASEL_DAYS:]
    return Row(
        model=model,
        value_at_risk=value_at_risk,
        expected_shortfall=shortfall,
        exceptions=exceptions,
        failures=failures,
        independence=apart,
        conditional=likelihood.conditional_coverage(failures, apart),
        light=likelihood.traffic_light(recent.size, int(np.count_nonzero(recent)), history.confidence),
        valid_days=int(np.count_nonzero(forecast.is_valid[skipped:])),
        mean_value_at_risk=float(value_at_risk.mean()),
        quantile_loss=likelihood.quantile_loss(gains, value_at_risk, history.confidence),
        shortfall_ratio=float(np.mean(-gains[exceptions] / shortfall[exceptions])) if count else None,
    )
