"""What services tell whoever listens. Handlers run at once, on the loop's own thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from app.core.model.alert_rules import AlertEvent

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageCommitted:
    """A page is in the books: told after its transaction, never before."""

    source: str
    stream: str
    records: int
    head: str


@dataclass(frozen=True, slots=True)
class RecordsAppended:
    """The books changed; while a source is read this is told at most four times a second, and once at the end."""

    accounts: tuple[str, ...]
    since_ns: int | None = None


@dataclass(frozen=True, slots=True)
class MarksChanged:
    """Assets have new marks; told at most thirty times a second, and less often where there are very many."""

    asset_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class BooksChanged:
    """Order books that somebody looks at changed; told at most five times a second by each venue."""

    asset_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class PricesRead:
    """Marks and daily closes were read whole: what was valued before may be worth something else."""


@dataclass(frozen=True, slots=True)
class ClosesKept:
    """A source told more daily closes of an asset."""

    asset: str


@dataclass(frozen=True, slots=True)
class ClosedYearsCompared:
    """What was recorded after tax years were closed was held against them: findings tell its effect now."""


@dataclass(frozen=True, slots=True)
class AlertsChanged:
    """Rules were looked at, changed, acknowledged or told; `fired` is what came of them just now."""

    fired: tuple[AlertEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class ConnectionsChanged:
    """State, key, cursor or error of a connection changed."""

    name: str


@dataclass(frozen=True, slots=True)
class JobChanged:
    """A job moved on or ended."""

    job_id: int


@dataclass(frozen=True, slots=True)
class Locked:
    """The vault was locked; nothing of it may be shown any more."""


class Events:
    """Who listens to what."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._handlers: dict[type, list[Callable[[Any], None]]] = {}

    def subscribe(self, kind: type[T], handler: Callable[[T], None]) -> Callable[[], None]:
        """Call a handler for every event of a kind, until the returned function is called."""
        handlers = self._handlers.setdefault(kind, [])
        handlers.append(handler)
        return partial(_remove, handlers, handler)

    def publish(self, event: object) -> None:
        """Tell an event to its handlers, in the order in which they came."""
        for handler in tuple(self._handlers.get(type(event), ())):
            handler(event)


def _remove(handlers: list[Callable[[Any], None]], handler: Callable[[Any], None]) -> None:
    if handler in handlers:
        handlers.remove(handler)
