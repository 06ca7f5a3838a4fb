"""Filtered historical simulation: past returns in units of their day's volatility, at the volatility of today.

The default model: calm years do not hide today's storm, nor does an old storm stay for ever (Barone-Adesi 1999).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.core.errors import InputError
from app.core.risk import ewma
from app.core.risk.arrays import Floats
from app.core.risk.exposures import Book
from app.core.risk.scenarios import Scenarios

PATHS = 10_000
Draws = NDArray[np.int64]
_RUINED = "A return below −100 % is cut there."


def rescaled(found: Scenarios, decay: float = ewma.DAILY) -> Scenarios:
    """Return each past day at today's volatility of each asset: one day ahead."""
    residuals, today = _standardised(found, decay)
    return found.other(
        np.maximum(residuals * today[:, None], -1.0),
        method=f"FHS-EWMA ({decay:g})",
        how=(
            f"Each of the last {found.outcomes} returns is divided by the volatility expected of its day "
            f"(EWMA, {decay:g}) and multiplied by today's; the worst outcomes of the book as it is are the tail."
        ),
        assumptions=(_RUINED,),
    )


def rescaled_by_book(found: Scenarios, of: Book, decay: float = ewma.DAILY) -> Scenarios:
    """Return each past day at today's volatility of the book as it is: one factor a day for all assets.

    The factors are those of this book, so that they are made anew with each bar; in between the outcomes stay linear
    in the exposures.
    """
    gains = np.asarray(found.gains(of), np.float64)
    volatility = ewma.volatilities(gains, decay)
    factors = np.divide(volatility[-1], volatility[:-1], out=np.ones_like(gains), where=volatility[:-1] > 0)
    return found.other(
        np.maximum(found.by_asset * factors, -1.0),
        method=f"FHS-EWMA ({decay:g}), by book",
        how=(
            f"What the book as it is would have made in each of the last {found.outcomes} bars is divided by the "
            f"volatility expected of its day (EWMA, {decay:g}) and multiplied by today's; the worst are the tail."
        ),
        assumptions=(_RUINED,),
    )


def paths(found: Scenarios, days: int, decay: float = ewma.DAILY, *, count: int = PATHS, seed: int = 1) -> Scenarios:
    """Return outcomes over several days: whole days are drawn again and again, each moves the volatility of the next.

    A day is drawn for all assets at once, which keeps what moves together. The same seed gives the same paths.
    """
    if days < 1 or count < 1:
        raise InputError(f"{count} paths of {days} days are none", hint="Give positive numbers.")
    residuals, today = _standardised(found, decay)
    drawn = np.random.Generator(np.random.SFC64(seed)).integers(found.outcomes, size=(days, count))
    outcomes = np.empty((len(found.assets), count))
    for row in range(len(found.assets)):
        # One asset at a time: what is drawn is shared, and the working memory stays at a few paths.
        outcomes[row] = _compounded(residuals[row], drawn, float(today[row]) ** 2, decay)
    made = found.other(
        outcomes,
        method=f"FHS-EWMA ({decay:g}), {count} paths",
        how=(
            f"{count} paths of {days} days are put together from past days in units of their volatility; "
            f"volatility goes on from today's along each path (EWMA, {decay:g})."
        ),
        assumptions=(_RUINED,),
    )
    return made.without_order(days)


def _compounded(residuals: Floats, drawn: Draws, now: float, decay: float) -> Floats:
    variance = np.full(drawn.shape[1], now)
    growth = np.ones(drawn.shape[1])
    for day in drawn:
        step = residuals[day] * np.sqrt(variance)
        growth *= 1 + np.maximum(step, -1.0)
        variance = decay * variance + (1 - decay) * np.square(step)
    return growth - 1


def _standardised(found: Scenarios, decay: float) -> tuple[Floats, Floats]:
    """Return past returns in units of the volatility of their day (P × S), and the volatilities of today."""
    if not found.at.size:
        raise InputError("drawn scenarios have no order in time", hint="Filter historical scenarios.")
    past = np.ascontiguousarray(found.by_asset, np.float64)
    volatility = np.ascontiguousarray(ewma.volatilities(past.T, decay).T)
    before, today = volatility[:, :-1], volatility[:, -1]
    residuals = np.divide(past, before, out=np.zeros_like(past), where=before > 0)
    return residuals, today
