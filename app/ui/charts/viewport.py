"""Which stretch of a long series is looked at: moved, zoomed, and never lost outside the series."""

from __future__ import annotations

from dataclasses import dataclass

_FEWEST = 8.0
"""Intervals below which nothing more is to be seen."""
_BEYOND = 0.25
"""Share of what is seen that may lie outside the series on either side."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """A stretch of time, in intervals since the first candle."""

    first: float
    last: float

    @property
    def span(self) -> float:
        """Return how much is seen."""
        return self.last - self.first

    @classmethod
    def whole(cls, end: float) -> Viewport:
        """Return all of a series."""
        return cls(0.0, max(end * 1.01, _FEWEST))

    @classmethod
    def newest(cls, end: float, span: float) -> Viewport:
        """Return the last `span` of a series, with a little air after it; all of it where it is shorter."""
        return cls.whole(end) if span >= end else cls(end - span, end + span * 0.03)

    def moved(self, by: float, end: float) -> Viewport:
        """Return what is seen after a move, at most so far that most of it still lies inside the series."""
        least, most = -self.span * _BEYOND, max(end, _FEWEST) + self.span * _BEYOND - self.span
        first = min(max(self.first + by, least), max(least, most))
        return Viewport(first, first + self.span)

    def zoomed(self, factor: float, around: float, end: float) -> Viewport:
        """Return a stretch `factor` times as long in which one place stays where it is."""
        span = min(max(self.span * factor, _FEWEST), max(end * 1.05, _FEWEST))
        if self.span <= 0:
            return Viewport.whole(end)
        first = around - (around - self.first) * span / self.span
        return Viewport(first, first + span).moved(0.0, end)

    def showing(self, place: float, end: float) -> Viewport:
        """Return what is seen, moved as little as needed to show a place."""
        edge = self.span * 0.02
        if place < self.first + edge:
            return self.moved(place - self.first - edge, end)
        return self.moved(place - self.last + edge, end) if place > self.last - edge else self
