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


def rescaled(found: Scenarios, of: Book, decay: float = ewma.DAILY) -> Scenarios:
    """Return each past day at today's volatility of the book as it is: one factor a day for all assets.

    The factors are those of this book, so that they are made anew with each bar; in between the outcomes stay linear
    in the exposures.
    """
    _, volatility = _of_book(found, of, decay)
    factors = _ratio(np.full(found.outcomes, volatility[-1]), volatility[:-1])
    return found.other(
        np.maximum(found.by_asset * factors, -1.0),
        method=f"FHS-EWMA ({decay:g})",
        how=(
            f"What the book as it is would have made in each of the last {found.outcomes} bars is divided by the "
            f"volatility expected of its day (EWMA, {decay:g}) and multiplied by today's; the worst are the tail."
        ),
        assumptions=(_RUINED,),
    )


def paths(  # noqa: PLR0913 - how far, how many, and from which seed
    found: Scenarios, of: Book, days: int, decay: float = ewma.DAILY, *, count: int = PATHS, seed: int = 1
) -> Scenarios:
    """Return outcomes over several days: whole days are drawn again and again, each moves the volatility of the next.

    A day is drawn for all assets at once, which keeps what moves together. The same seed gives the same paths.
    """
    if days < 1 or count < 1:
        raise InputError(f"{count} paths of {days} days are none", hint="Give positive numbers.")
    gains, volatility = _of_book(found, of, decay)
    drawn = np.random.Generator(np.random.SFC64(seed)).integers(found.outcomes, size=(days, count))
    factors = _factors(gains, volatility, drawn, decay)
    outcomes = np.empty((len(found.assets), count))
    for row, past in enumerate(found.by_asset):
        # One asset at a time: what is drawn is shared, and the working memory stays at a few paths.
        growth = np.ones(count)
        for day, factor in zip(drawn, factors, strict=True):
            growth *= 1 + np.maximum(past[day] * factor, -1.0)
        outcomes[row] = growth - 1
    made = found.other(
        outcomes,
        method=f"FHS-EWMA ({decay:g}), {count} paths",
        how=(
            f"{count} paths of {days} days are put together from past days in units of their volatility; "
            f"volatility goes on from today's along each path (EWMA, {decay:g})."
        ),
        assumptions=(_RUINED, "The book keeps its proportions along the way."),
    )
    return made.without_order(days)


def _of_book(found: Scenarios, of: Book, decay: float) -> tuple[Floats, Floats]:
    """Return past gains of the book, and the volatility expected of each of them and of the next."""
    if not found.at.size:
        raise InputError("drawn scenarios have no order in time", hint="Filter historical scenarios.")
    gains = np.asarray(found.gains(of), np.float64)
    return gains, ewma.volatilities(gains, decay)


def _factors(gains: Floats, volatility: Floats, drawn: Draws, decay: float) -> Floats:
    """Return by what each drawn day is multiplied on each path: volatility of the path ÷ that of the day."""
    factors = np.empty(drawn.shape)
    variance = np.full(drawn.shape[1], volatility[-1] ** 2)
    for row, day in enumerate(drawn):
        factors[row] = _ratio(np.sqrt(variance), volatility[day])
        variance = decay * variance + (1 - decay) * np.square(gains[day] * factors[row])
    return factors


def _ratio(now: Floats, then: Floats) -> Floats:
    return np.divide(now, then, out=np.ones_like(then), where=then > 0)
