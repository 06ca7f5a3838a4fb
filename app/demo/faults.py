"""What can be made to go wrong at a demo venue: each knob names a fault, the endpoints it is for, and how often."""

from __future__ import annotations

import fnmatch
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from app.core.clock import SECOND

Row = TypeVar("Row")


class Fault(StrEnum):
    """A way in which an answer is not what it should be."""

    SERVER_ERROR = "server-error"
    RATE_LIMITED = "rate-limited"
    HANG = "hang"
    """No answer until the client gives up or the venue stops."""
    HTML = "html"
    """A page for people, with status 200."""
    EMPTY = "empty"
    EMPTY_OBJECT = "empty-object"
    NULL = "null"
    TRUNCATED = "truncated"
    """The right answer, cut in the middle, and the connection closed."""
    DUPLICATE_PAGE = "duplicate-page"
    """The answer that this endpoint gave before, once more."""
    MISSING_PAGE = "missing-page"
    """The rows of one page of history are never shown by this endpoint; balances still count them."""
    DROPPED_SOCKET = "dropped-socket"
    SKIPPED_CHANGE = "skipped-change"
    """One change of an order book is never sent; those after it are."""


@dataclass(slots=True)
class Knob:
    """One fault that is switched on.

    Attributes:
        pattern: Which endpoints, as paths with * and ?.
        remaining: How often it may still happen; None for always.
        probability: How likely it is each time.
        after: How many requests that fit pass unharmed first.
        status: HTTP status of a server error.
        retry_after: Seconds that a refused client is told to wait.
    """

    fault: Fault
    pattern: str = "*"
    remaining: int | None = 1
    probability: float = 1.0
    after: int = 0
    status: int = 503
    retry_after: int = 1
    happened: int = 0


class Faults:
    """The knobs of one venue; chance is seeded, so that a run can be repeated."""

    def __init__(self, seed: int = 0) -> None:
        self.knobs: list[Knob] = []
        self.skew_ns = 0
        self._chance = random.Random(seed)  # noqa: S311 - faults, not secrets
        self._hidden: dict[str, set[str]] = {}

    def add(self, fault: Fault, pattern: str = "*", *, count: int | None = 1, **terms: float) -> Knob:
        """Switch a fault on; terms are those of a knob: probability, after, status, retry_after."""
        knob = Knob(fault, pattern, count, **terms)  # type: ignore[arg-type]
        self.knobs.append(knob)
        return knob

    def skew_clock(self, seconds: float) -> None:
        """Make the venue's clock run ahead, or behind where negative."""
        self.skew_ns = int(seconds * SECOND)

    def clear(self) -> None:
        """Make everything right again."""
        self.knobs.clear()
        self._hidden.clear()
        self.skew_ns = 0

    def strike(self, path: str, among: Iterable[Fault]) -> Knob | None:
        """Return the knob that harms this request, None where none does; each strike uses one up."""
        wanted = frozenset(among)
        for knob in self.knobs:
            if knob.fault not in wanted or not fnmatch.fnmatchcase(path, knob.pattern):
                continue
            if knob.after > 0:
                knob.after -= 1
                continue
            if knob.remaining == 0 or self._chance.random() >= knob.probability:
                continue
            if knob.remaining is not None:
                knob.remaining -= 1
            knob.happened += 1
            return knob
        return None

    def hide(self, path: str, keys: Iterable[str]) -> None:
        """Never show these rows at an endpoint again."""
        self._hidden.setdefault(path, set()).update(keys)

    def shown(self, path: str, rows: Sequence[Row], keys: Sequence[str]) -> Sequence[Row]:
        """Return the rows that an endpoint still shows; `keys` are the ids of the rows, in their order."""
        hidden = self._hidden.get(path)
        if not hidden:
            return rows
        return [row for row, key in zip(rows, keys, strict=True) if key not in hidden]
