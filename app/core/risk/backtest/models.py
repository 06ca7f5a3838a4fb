"""The models that compete: each says, day after day, what the next day may lose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from app.core.risk import ewma, garch
from app.core.risk.arrays import Flags, Floats
from app.core.risk.metrics import parametric
from app.core.risk.quantiles import order, tail_share, tails

AGE = 0.995
"""Each older day of the age-weighted simulation counts so much less (Boudoukh, Richardson and Whitelaw 1998)."""

REFIT = 25
"""A GARCH is estimated anew every so many bars."""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What a model may look at.

    Attributes:
        gains: Gain of the book in each bar, as a share of its gross exposure.
        by_asset: The same by asset, T × P, as shares of the book; they add up to `gains`.
        weights: Exposure of each asset as a share of the gross exposure.
    """

    gains: Floats
    by_asset: Floats
    weights: Floats
    window: int
    confidence: float

    @property
    def windows(self) -> Floats:
        """Return the window before each bar that is forecast, one row a forecast."""
        return sliding_window_view(self.gains, self.window)[:-1]

    def expected(self, decay: float) -> Floats:
        """Return the volatility expected of every bar, and of the one to come."""
        return ewma.volatilities(self.gains, decay)


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """Value at risk and expected shortfall for each bar after the first window.

    Attributes:
        is_valid: Where the model stands by its figures.
    """

    value_at_risk: Floats
    expected_shortfall: Floats
    is_valid: Flags


@dataclass(frozen=True, slots=True)
class Model:
    """A model by its name.

    Attributes:
        code: Stable name for commands and exports.
        how: One sentence: how it forecasts.
    """

    code: str
    name: str
    how: str
    forecast: Callable[[History], Forecast]


def historical(history: History) -> Forecast:
    """Take the k-th worst of the window, and the mean of its tail."""
    return _all(*_tails(history.windows, history.confidence))


def age_weighted(history: History) -> Forecast:
    """Take the quantile of a window whose older days count less."""
    weights = AGE ** np.arange(history.window - 1, -1, -1, dtype=np.float64)
    weights /= weights.sum()
    share, rows = tail_share(history.confidence), np.arange(history.windows.shape[0])
    by_gain = np.argsort(history.windows, axis=1, kind="stable")
    gains, reached = np.take_along_axis(history.windows, by_gain, axis=1), np.cumsum(weights[by_gain], axis=1)
    at = gains[rows, (reached >= share).argmax(axis=1)]
    counted = np.diff(np.minimum(reached, share), axis=1, prepend=0.0)
    return _all(-at, -(counted * gains).sum(axis=1) / share)


def normal(history: History) -> Forecast:
    """Take mean and deviation of the window (ddof 1) as those of a normal distribution."""
    at, beyond = parametric.normal(0.0, 1.0, history.confidence)
    deviation, mean = history.windows.std(axis=1, ddof=1), history.windows.mean(axis=1)
    return _all(at * deviation - mean, beyond * deviation - mean)


def riskmetrics(decay: float) -> Callable[[History], Forecast]:
    """Return the model of a normal distribution with forgetting volatility and no mean."""

    def forecast(history: History) -> Forecast:
        deviation = history.expected(decay)[history.window : -1]
        at, beyond = parametric.normal(0.0, 1.0, history.confidence)
        return _all(at * deviation, beyond * deviation)

    return forecast


def cornish_fisher(decay: float) -> Callable[[History], Forecast]:
    """Return the model of a forgetting volatility, with skewness and kurtosis of the window's standardised returns."""

    def forecast(history: History) -> Forecast:
        volatility = history.expected(decay)
        units = sliding_window_view(_ratio(history.gains, volatility[:-1]), history.window)[:-1]
        shapes = [parametric.shape(window) for window in units]
        at = np.array([parametric.cornish_fisher_quantile(one, history.confidence) for one in shapes])
        beyond = np.array([parametric.cornish_fisher_mean_beyond(one, history.confidence) for one in shapes])
        is_valid = np.array([parametric.is_quantile(one) for one in shapes], np.bool_)
        deviation = volatility[history.window : -1]
        return Forecast(-at * deviation, -beyond * deviation, is_valid)

    return forecast


def filtered_by_book(decay: float) -> Callable[[History], Forecast]:
    """Return filtered historical simulation of the book's own gains."""

    def forecast(history: History) -> Forecast:
        volatility = history.expected(decay)
        units = sliding_window_view(_ratio(history.gains, volatility[:-1]), history.window)[:-1]
        at, beyond = _tails(units, history.confidence)
        deviation = volatility[history.window : -1]
        return _all(at * deviation, beyond * deviation)

    return forecast


def filtered_by_asset(decay: float) -> Callable[[History], Forecast]:
    """Return filtered historical simulation in which each asset has a volatility of its own."""

    def forecast(history: History) -> Forecast:
        volatility = ewma.volatilities(history.by_asset, decay)
        units = _ratio(history.by_asset, volatility[:-1])
        floor = -np.abs(history.weights)
        at, beyond = np.empty((2, history.gains.size - history.window))
        for row in range(at.size):
            now = volatility[row + history.window]
            losses = np.maximum(units[row : row + history.window] * now, floor).sum(axis=1)
            at[row], beyond[row] = tails(losses, (history.confidence,))[0]
        return _all(at, beyond)

    return forecast


def filtered_by_garch(history: History) -> Forecast:
    """Filter the book's own gains by a GARCH(1,1) of the window, which stays for `REFIT` bars.

    Where none can be fitted an EWMA forecasts in its place, and the model does not stand by those days.
    """
    window, count = history.window, history.gains.size - history.window
    starts = np.arange(0, count, REFIT)
    # Behind the last bar nothing is known; what would be forecast from there is cut off at the end.
    padded = np.concatenate((history.gains, np.zeros(REFIT)))
    samples = sliding_window_view(padded, window + REFIT - 1)[starts]
    learnt = samples[:, :window]
    level = np.square(learnt).mean(axis=1)
    fits = garch.fitted(learnt)
    is_fitted = np.array([not trouble for trouble in fits.troubles], np.bool_)
    volatility = np.sqrt(garch.variances(samples, fits.parameters, level))
    volatility[~is_fitted] = ewma.volatilities(samples[~is_fitted].T, ewma.DAILY).T
    at, beyond = np.empty((2, starts.size, REFIT))
    for row, (gains, expected) in enumerate(zip(samples, volatility, strict=True)):
        at[row], beyond[row] = _tails(sliding_window_view(_ratio(gains, expected[:-1]), window), history.confidence)
    now = volatility[:, window:]
    return Forecast((at * now).ravel()[:count], (beyond * now).ravel()[:count], np.repeat(is_fitted, REFIT)[:count])


def _tails(windows: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Return value at risk and expected shortfall of each window: `quantiles.of_sorted` for all of them at once."""
    k, weight = order(confidence, windows.shape[1]), tail_share(confidence) * windows.shape[1]
    lowest = np.partition(windows, k - 1, axis=1)[:, :k]
    at = lowest[:, k - 1]
    return -at, -(lowest[:, : k - 1].sum(axis=1) + (weight - (k - 1)) * at) / weight


def _ratio(gains: Floats, volatility: Floats) -> Floats:
    return np.divide(gains, volatility, out=np.zeros_like(gains), where=volatility > 0)


def _all(value_at_risk: Floats, expected_shortfall: Floats) -> Forecast:
    return Forecast(value_at_risk, expected_shortfall, np.ones(value_at_risk.size, np.bool_))


DEFAULT = "fhs-ewma"
MODELS = (
    Model("historical", "Historical", "The worst 1 − confidence of the window.", historical),
    Model(
        "age-weighted",
        f"Age-weighted historical ({AGE:g})",
        "The quantile of the window, in which older days count less.",
        age_weighted,
    ),
    Model("normal", "Normal", "Mean and deviation of the window, as those of a normal distribution.", normal),
    Model(
        "riskmetrics-94",
        f"RiskMetrics ({ewma.DAILY:g})",
        "A normal distribution whose volatility forgets with 0.94 a bar.",
        riskmetrics(ewma.DAILY),
    ),
    Model(
        "riskmetrics-97",
        f"RiskMetrics ({ewma.SLOW:g})",
        "A normal distribution whose volatility forgets with 0.97 a bar.",
        riskmetrics(ewma.SLOW),
    ),
    Model(
        "cornish-fisher",
        f"Cornish-Fisher, EWMA ({ewma.SLOW:g})",
        "The volatility of RiskMetrics (0.97), with the window's skewness and kurtosis.",
        cornish_fisher(ewma.SLOW),
    ),
    Model(
        "fhs-ewma",
        f"FHS-EWMA ({ewma.DAILY:g})",
        "The window's gains of the book in units of their day's volatility, at the volatility of today.",
        filtered_by_book(ewma.DAILY),
    ),
    Model(
        "fhs-ewma-assets",
        f"FHS-EWMA ({ewma.DAILY:g}), by asset",
        "The same, with a volatility for each asset instead of one for the book.",
        filtered_by_asset(ewma.DAILY),
    ),
    Model(
        "fhs-garch",
        "FHS-GARCH (1,1)",
        f"The book's gains filtered by a GARCH(1,1) of the window instead of an EWMA, estimated anew every {REFIT} bars"
        " by quasi-likelihood, its mean variance that of the window. Where none can be fitted an EWMA forecasts in its"
        " place, and such days do not count as valid.",
        filtered_by_garch,
    ),
)
"""The default is the sharpest of those that pass on the history of fourteen coins: see the tests."""
