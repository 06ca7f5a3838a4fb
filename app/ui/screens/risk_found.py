"""What the desk of risk found, as its screens show it: exact figures of floats, and names in place of ids.

Numeric libraries are loaded with the first question, on a thread: nothing here imports them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from app.core.clock import DAY
from app.core.model.views import Positions
from app.ui import format as fmt
from app.ui.words import tr

if TYPE_CHECKING:
    from app.core.risk.backtest.card import Card
    from app.core.risk.basis import Tail
    from app.core.risk.stress.results import StressResult
    from app.services.risk import Report
    from app.services.risk_books import Book
    from app.services.risk_live import LiveRisk

HORIZONS = (1, 10)
CONFIDENCES = (0.95, 0.975, 0.99)
MODELS = (
    ("fhs", "FHS-EWMA"),
    ("fhs_garch", "FHS-GARCH"),
    ("historical", "Historical"),
    ("parametric", "Normal, EWMA"),
    ("monte_carlo", "Monte Carlo"),
)
"""Models that make tails, the default first; their words go through `tr` where they are shown."""
LEAST_COVERED = Decimal("0.5")
"""A stress that knows less of the book is unknown: what it leaves out could be all that matters."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the book."""

    confidence: float = 0.99
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """What of an answer is looked at: nothing of it needs to be computed anew."""

    model: str = "fhs"
    horizon: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """An answer.

    Attributes:
        reports: By horizon in days; stress, shares and scenarios are those of one day.
        positions: The exact values behind the exposures, with their marks.
        venues: Names of venues for people, by id.
        at: When it was computed.
        live: What follows the marks from then on.
    """

    asked: Asked
    book: Book
    reports: Mapping[int, Report]
    positions: Positions
    venues: Mapping[str, str]
    at: int
    live: LiveRisk

    @property
    def report(self) -> Report:
        """Return the report over one day, from which everything but longer tails is read."""
        return self.reports[1]

    @property
    def currency(self) -> str:
        """Return the currency of every amount."""
        return self.book.currency

    def tail(self, view: View, horizon: int | None = None, confidence: float | None = None) -> Tail:
        """Return a tail of the model that is looked at; at its horizon and what was asked for without others."""
        report = self.reports[view.horizon if horizon is None else horizon]
        return report.study.tail(view.model, self.asked.confidence if confidence is None else confidence)

    def name(self, asset: str) -> str:
        """Return how a person knows an asset."""
        return self.book.names.get(asset, asset)

    def place(self, name: str) -> str:
        """Return how a person knows a venue, chain or issuer."""
        return self.venues.get(name, name)

    def words(self, sentence: str) -> str:
        """Return a sentence of the engine with names in place of ids."""
        return in_names(sentence, {**self.venues, **self.book.names})

    @property
    def bars(self) -> int:
        """Return how many days of returns the market has."""
        return int(self.book.market.returns.at.size)

    @property
    def closes_until(self) -> int:
        """Return the start of the last day that has a close."""
        return self.report.study.as_of


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A report card with the window that the history allowed; or why there is none."""

    card: Card | None
    window: int
    why: str = ""


def in_names(sentence: str, names: Mapping[str, str]) -> str:
    """Return a sentence with names in place of ids."""
    pattern = _any_of(tuple(sorted(names, key=len, reverse=True)))
    return pattern.sub(lambda found: names[found.group()], sentence) if names else sentence


@lru_cache(maxsize=4)
def _any_of(names: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")


def exact(value: float | None) -> Decimal | None:
    """Return a float as the decimal it is written as; None where it is unknown."""
    if value is None or not math.isfinite(value):
        return None
    return Decimal(repr(round(value, 10)))


def share_of(part: float | None, whole: float | None) -> Decimal | None:
    """Return a part as a share; None where either is unknown."""
    if part is None or not whole:
        return None
    return exact(part / whole)


def public(text: str) -> str:
    """Return words whose figures are no amounts: they are hidden only where everything is."""
    return fmt.prose(text) if fmt.mask() is fmt.Mask.EVERYTHING else fmt.typeset(text)


def level(confidence: float) -> str:
    """Return 97.5 %, as a level is called; it is a name and no figure of the books."""
    return f"{confidence * 100:g}\u2009%"


def horizon_words(days: int) -> str:
    """Return "1 day" or "10 days"."""
    return tr("1 day") if days == 1 else tr("%n days").replace("%n", str(days))


def is_known(result: StressResult) -> bool:
    """Tell whether a stress says something of most of the book."""
    share = result.basis.coverage.share
    return result.gain is not None and share is not None and exact(share) >= LEAST_COVERED  # type: ignore[operator]


def ends(at: int) -> int:
    """Return the end of a bar, which is where courses put the value of its day."""
    return at + DAY
