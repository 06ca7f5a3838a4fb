"""Filtered historical simulation: past returns in units of their day's volatility, at the volatility of today.

The default model: calm years do not hide today's storm, nor does an old storm stay for ever (Barone-Adesi 1999).
Which volatility that is, is a `Filter`: one that forgets (EWMA), or one that returns to its mean (GARCH).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.errors import InputError
from app.core.risk import ewma, garch
from app.core.risk.arrays import Floats
from app.core.risk.exposures import Book
from app.core.risk.scenarios import Scenarios

PATHS = 10_000
INSTEAD = "in place of"
"""Stands in the method of a figure whose own filter could not be made."""
Draws = NDArray[np.int64]
_RUINED = "A return below −100 % is cut there."


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """How volatility follows gains: the next variance is constant + reaction × gain² + memory × variance.

    Attributes:
        volatility: Expected of each past gain before it was known, and of the one to come.
        notes: What a figure must say of it.
    """

    name: str
    volatility: Floats
    constant: float
    reaction: float
    memory: float
    notes: tuple[str, ...] = ()


Filtering = Callable[[Floats], Filter]


def by_ewma(decay: float = ewma.DAILY) -> Filtering:
    """Return the filter of a volatility that forgets."""

    def made(gains: Floats) -> Filter:
        return Filter(f"EWMA ({decay:g})", ewma.volatilities(gains, decay), 0.0, 1 - decay, decay)

    return made


DEFAULT = by_ewma()


def by_garch(gains: Floats) -> Filter:
    """Return the filter of a GARCH(1,1) of these gains; where it cannot be fitted an EWMA, which says so and why."""
    sample = gains[None, :]
    fits = garch.fitted(sample)
    if fits.troubles[0]:
        instead = DEFAULT(gains)
        note = f"GARCH (1,1) cannot be fitted to these gains: {fits.troubles[0]}. {instead.name} is taken in its place."
        name = f"{instead.name} {INSTEAD} GARCH (1,1)"
        return Filter(name, instead.volatility, instead.constant, instead.reaction, instead.memory, (note,))
    level = np.square(sample).mean(axis=1)
    alpha, beta = fits.parameters[0].tolist()
    volatility = np.sqrt(garch.variances(sample, fits.parameters, level)[0])
    note = f"GARCH (1,1): alpha {alpha:.3f}, beta {beta:.3f}, its mean variance that of the window."
    return Filter("GARCH (1,1)", volatility, (1 - alpha - beta) * float(level[0]), alpha, beta, (note,))


def rescaled(found: Scenarios, of: Book, by: Filtering = DEFAULT) -> Scenarios:
    """Return each past day at today's volatility of the book as it is: one factor a day for all assets.

    The factors are those of this book, so that they are made anew with each bar; in between the outcomes stay linear
    in the exposures.
    """
    known = by(_gains(found, of))
    factors = _ratio(np.full(found.outcomes, known.volatility[-1]), known.volatility[:-1])
    return found.other(
        np.maximum(found.by_asset * factors, -1.0),
        method=f"FHS-{known.name}",
        how=(
            f"What the book as it is would have made in each of the last {found.outcomes} bars is divided by the "
            f"volatility that {known.name} expected of its day and multiplied by today's; the worst are the tail."
        ),
        assumptions=(_RUINED, *known.notes),
    )


def paths(  # noqa: PLR0913 - how far, how many, and from which seed
    found: Scenarios,
    of: Book,
    days: int,
    by: Filtering = DEFAULT,
    *,
    count: int = PATHS,
    seed: int = 1,
) -> Scenarios:
    """Return outcomes over several days: whole days are drawn again and again, each moves the volatility of the next.

    A day is drawn for all assets at once, which keeps what moves together. The same seed gives the same paths.
    """
    if days < 1 or count < 1:
        raise InputError(f"{count} paths of {days} days are none", hint="Give positive numbers.")
    gains = _gains(found, of)
    known = by(gains)
    drawn = np.random.Generator(np.random.SFC64(seed)).integers(found.outcomes, size=(days, count))
    factors = _factors(gains, known, drawn)
    outcomes = np.empty((len(found.assets), count))
    for row, past in enumerate(found.by_asset):
        # One asset at a time: what is drawn is shared, and the working memory stays at a few paths.
        growth = np.ones(count)
        for day, factor in zip(drawn, factors, strict=True):
            growth *= 1 + np.maximum(past[day] * factor, -1.0)
        outcomes[row] = growth - 1
    made = found.other(
        outcomes,
        method=f"FHS-{known.name}, {count} paths",
        how=(
            f"{count} paths of {days} days are put together from past days in units of their volatility; "
            f"volatility goes on from today's along each path, by {known.name}."
        ),
        assumptions=(_RUINED, *known.notes, "The book keeps its proportions along the way."),
    )
    return made.without_order(days)


def _gains(found: Scenarios, of: Book) -> Floats:
    """Return past gains of the book; InputError where outcomes have no order."""
    if not found.at.size:
        raise InputError("drawn scenarios have no order in time", hint="Filter historical scenarios.")
    return np.asarray(found.gains(of), np.float64)


def _factors(gains: Floats, known: Filter, drawn: Draws) -> Floats:
    """Return by what each drawn day is multiplied on each path: volatility of the path ÷ that of the day."""
    factors = np.empty(drawn.shape)
    variance = np.full(drawn.shape[1], known.volatility[-1] ** 2)
    for row, day in enumerate(drawn):
        factors[row] = _ratio(np.sqrt(variance), known.volatility[day])
        variance = known.constant + known.memory * variance + known.reaction * np.square(gains[day] * factors[row])
    return factors


def _ratio(now: Floats, then: Floats) -> Floats:
    return np.divide(now, then, out=np.ones_like(then), where=then > 0)
