"""Streams read by windows of time, oldest first, whatever the venue's order inside a window is."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.connectors.exchanges.base import Answer, Endpoint, Normalised, Params, Reader, Stream
from app.core.clock import MILLISECOND
from app.core.model.pages import Page

Rows = Sequence[Mapping[str, Any]]
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a normaliser may know beside the rows: whose they are, how assets are named, and of which stream."""

    account: str
    source: str
    stream: str
    asset: Callable[[str], str]


Normaliser = Callable[[Rows, Subject], Normalised]
"""A pure function: rows as the venue sent them (fractions are Decimal), to candidates with their row's index."""


@dataclass(frozen=True)
class TimeWindows(Stream):
    """A stream whose endpoint takes a start and an end; a full answer makes the window smaller.

    Attributes:
        ask_for: Parameters of a window [start, end], both inclusive, in nanoseconds.
        rows: The rows of a parsed answer.
        limit: Rows at which an answer may have left some out.
        since_ns: Before this the venue has nothing.
        span_ns: The longest window that the venue takes.
        overlap_ns: How far before the last read moment the next reading starts: late rows are not lost.
        call: The unified call that it replaces, for `would_need`; "" where there is none.
    """

    name: str
    endpoint: Endpoint
    ask_for: Callable[[int, int], Params]
    rows: Callable[[Any], Rows]
    normalise: Normaliser
    normaliser: str
    limit: int
    since_ns: int
    span_ns: int
    overlap_ns: int = 0
    call: str = ""

    async def pages(self, reader: Reader, cursor: str) -> AsyncIterator[Page]:
        """Yield one page per window; windows advance over empty time too."""
        start = max(read_to(cursor) - self.overlap_ns, self.since_ns) if cursor else self.since_ns
        begin, now = start, reader.now_ns()
        span = self.span_ns
        while start <= now:
            end = min(start + span - MILLISECOND, now)
            answer = await reader.ask(self.endpoint, self.ask_for(start, end))
            rows = self.rows(answer.data)
            if len(rows) >= self.limit and end > start:
                span = max((end - start + MILLISECOND) // 2 // MILLISECOND * MILLISECOND, MILLISECOND)
                continue
            if self.call:
                reader.would_need(self.call, len(rows), self.limit)
            share = (end - begin + 1) / max(now - begin + 1, 1)
            yield self._page(reader, answer, rows, end, share)
            start = end + MILLISECOND
            span = min(span * 2, self.span_ns) if len(rows) < self.limit // 2 else span

    def _page(self, reader: Reader, answer: Answer, rows: Rows, end: int, share: float) -> Page:
        subject = Subject(reader.account, reader.source, self.name, reader.asset)
        found = self.normalise(rows, subject)
        return Page(
            stream=self.name,
            content=answer.content,
            media_type=JSON,
            read_at=answer.read_at,
            candidates=found.candidates,
            cursor=json.dumps({"to": end}),
            normaliser=self.normaliser,
            findings=found.findings,
            progress=min(share, 1.0),
        )


def read_to(cursor: str) -> int:
    """Return the moment up to which a stream of windows was read."""
    return int(json.loads(cursor)["to"])
