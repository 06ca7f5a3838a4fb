"""Binance's histories that are asked by spans of time: every span up to now is asked, whether or not one is empty."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.connectors.exchanges.base import Answer, Endpoint, Reader, Stream
from app.connectors.exchanges.binance.seen import Seen, Universe
from app.connectors.exchanges.rows import Place, Read, Row, RowError, is_refused, unread
from app.core.clock import DAY, MILLISECOND, SECOND
from app.core.errors import BadResponseError, SourceError
from app.core.model.pages import Page

NORMALISER = "binance/1"
JSON = "application/json"
_OVERLAP = DAY
"""How far before the last moment a reading starts: the venue may book a row late."""
_LATE = 90 * DAY
"""An account whose first known event is so much younger than the end of an era had no part in it."""
_PATIENCE = 45 * DAY
"""How long an unsettled row keeps its span open; after that it is no longer waited for."""


Normaliser = Callable[[Sequence[Any], Place, str], Read]
"""Takes rows, where they are read, and of which stream."""


@dataclass(frozen=True, slots=True)
class Span:
    """How an endpoint is asked.

    Attributes:
        rows: Where an answer keeps its rows.
        longest: The longest span that the venue takes.
        limit: Rows that an answer has at most: as many say that there may be more.
        at: The moment by which the venue orders a row.
        pages_by: Parameter that asks for the next page of the same span; "" where there is none.
        begin, end: Names of the parameters that bound a span.
        extra: Parameters of every call.
    """

    endpoint: Endpoint
    rows: Callable[[Any], Sequence[Any]]
    longest: int
    limit: int
    at: Callable[[Row], int]
    pages_by: str = ""
    begin: str = "startTime"
    end: str = "endTime"
    extra: Mapping[str, Any] = field(default_factory=dict)

    def has_more(self, data: Any, found: Sequence[Any]) -> bool:
        """Tell whether an answer may have left rows out."""
        return len(found) >= self.limit or (isinstance(data, Mapping) and data.get("moreData") is True)


@dataclass(frozen=True, slots=True)
class Era:
    """The time that a stream covers.

    Attributes:
        since: Before this the venue has nothing.
        until: Where another stream takes over; None for now. Such an era is read only where the account is as old.
        pause: How long after a reading the next one may be, for calls that the venue grants twice a minute.
    """

    since: int
    until: int | None = None
    pause: int = 0


class Windows(Stream):
    """One history; a span that holds too many rows is halved until none is left out."""

    def __init__(  # noqa: PLR0913 - a declaration
        self,
        name: str,
        span: Span,
        normalise: Normaliser,
        *,
        era: Era,
        universe: Universe,
        call: str,
    ) -> None:
        """Take what is asked, who reads the rows, the time it covers, and who is told of assets."""
        self.name = name
        self._span = span
        self._normalise = normalise
        self._era = era
        self._universe = universe
        self._call = call

    async def pages(self, reader: Reader, cursor: str) -> AsyncIterator[Page]:
        """Yield one page a span, from where the cursor says until now."""
        kept = json.loads(cursor) if cursor else {}
        seen = Seen.of(kept)
        self._universe.put(self.name, seen)
        begin = start = max(int(kept.get("to", 0)) - _OVERLAP, self._era.since) // SECOND * SECOND
        # The running second is left for the next reading: a row without an id must not be read with half its second.
        now = reader.now_ns() // SECOND * SECOND
        last = now if self._era.until is None else min(self._era.until, now)
        if self._is_done(kept, last, now):
            return
        waits_from: int | None = None
        length = self._span.longest
        while start < last:
            end = min(start + length, last)
            try:
                answers, rows, is_cut = await self._ask(reader, start, end)
            except SourceError as error:
                if not is_refused(error):
                    raise
                yield refusal(self.name, cursor, reader, error)
                return
            if is_cut:
                length = self._half(start, end)
                continue
            reader.would_need(f"{self._call} {start // MILLISECOND}", len(rows), self._span.limit)
            read = self._normalise(rows, reader, self.name)
            seen.see((one.entry for one in read.candidates), until=end)
            waits_from = self._waits(read, waits_from, now)
            reached = end if waits_from is None else min(end, waits_from)
            yield self._page(answers, read, {"to": reached, **seen.kept()}, (end - begin) / max(last - begin, 1))
            start, length = end, min(length * 2, self._span.longest)

    def _is_done(self, kept: Mapping[str, Any], last: int, now: int) -> bool:
        """Tell whether there is nothing to ask now."""
        reached = int(kept.get("to", 0))
        if self._era.until is None:
            return bool(kept) and now - reached < self._era.pause
        first = self._universe.first_at
        return reached >= last or first is None or first >= self._era.until + _LATE

    async def _ask(self, reader: Reader, start: int, end: int) -> tuple[list[Answer], list[Any], bool]:
        """Return the answers of a span [start, end), their rows, and whether some are missing."""
        span = self._span
        params = {**span.extra, span.begin: start // MILLISECOND, span.end: end // MILLISECOND - 1}
        answers: list[Answer] = []
        rows: list[Any] = []
        while True:
            if span.pages_by:
                params[span.pages_by] = len(answers) + 1
            answer = await reader.ask(span.endpoint, dict(params))
            found = span.rows(answer.data)
            answers.append(answer)
            rows.extend(found)
            is_cut = span.has_more(answer.data, found)
            if not is_cut or not span.pages_by:
                return answers, rows, is_cut

    def _half(self, start: int, end: int) -> int:
        length = (end - start) // 2 // SECOND * SECOND
        if length < SECOND:
            message = f"{self.name} has more rows in one second than it gives."
            raise BadResponseError(message, hint="Import the venue's statement for that day.")
        return length

    def _waits(self, read: Read, waits_from: int | None, now: int) -> int | None:
        """Return from when on rows must be read again, because the venue has not settled them."""
        for row in read.pending:
            try:
                at = self._span.at(row)
            except RowError:
                continue
            if at > now - _PATIENCE:
                waits_from = at if waits_from is None else min(waits_from, at)
        return waits_from

    def _page(self, answers: Sequence[Answer], read: Read, kept: Mapping[str, Any], share: float) -> Page:
        contents = [answer.content for answer in answers]
        return Page(
            stream=self.name,
            content=contents[0] if len(contents) == 1 else b"[" + b",".join(contents) + b"]",
            media_type=JSON,
            read_at=answers[-1].read_at,
            candidates=read.candidates,
            cursor=json.dumps(kept),
            normaliser=NORMALISER,
            findings=read.findings,
            progress=min(share, 1.0),
        )


def refusal(stream: str, cursor: str, reader: Reader, error: SourceError) -> Page:
    """Return the page of a history that the venue does not offer: it says so, and its cursor stays."""
    return Page(
        stream=stream,
        content=json.dumps(error.as_json(), sort_keys=True).encode(),
        media_type=JSON,
        read_at=reader.now_ns(),
        candidates=(),
        cursor=cursor,
        normaliser=NORMALISER,
        findings=[unread(reader, stream, error)],
    )
