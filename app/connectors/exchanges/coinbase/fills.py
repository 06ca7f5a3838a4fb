"""Coinbase's fills: the authority on trades. The newest come first; a reading goes down to where the last one began."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.connectors.exchanges.base import Answer, Reader, Stream
from app.connectors.exchanges.coinbase.calls import FILLS
from app.connectors.exchanges.coinbase.rows import fills
from app.connectors.exchanges.rows import Row, RowError
from app.core.clock import MILLISECOND, SECOND, iso
from app.core.errors import BadResponseError, RetryableError, SourceError
from app.core.model.pages import Page

NORMALISER = "coinbase/1"
JSON = "application/json"
_ROWS = 1_000
_UNIFIED_ROWS = 100
_OVERLAP = 3_600 * SECOND


@dataclass(slots=True)
class Position:
    """How far the fills were read.

    Attributes:
        since: What is older was read before; nanoseconds, 0 at first.
        newest: The newest fill of the reading under way.
        token: Where the reading under way goes on; "" where none is.
    """

    since: int = 0
    newest: int = 0
    token: str = ""


class Fills(Stream):
    """All fills of an account."""

    name = "fills"

    async def pages(self, reader: Reader, cursor: str) -> AsyncIterator[Page]:
        """Yield pages from the newest fill down to the last reading."""
        position = Position(**json.loads(cursor)) if cursor else Position()
        while True:
            answer = await self._ask(reader, position)
            rows = answer.data["fills"]
            position.newest = max([position.newest, *_moments(rows)])
            token = str(answer.data.get("cursor") or "")
            if token and token == position.token:
                message = "Coinbase gives the same page of fills again."
                raise BadResponseError(message, hint="Read again later.", where=reader.source)
            position.token = token
            if not token:
                position.since = max(position.since, position.newest - _OVERLAP)
            reader.would_need("fetchMyTrades", len(rows), _UNIFIED_ROWS)
            read = fills(rows, reader, self.name)
            yield Page(
                stream=self.name,
                content=answer.content,
                media_type=JSON,
                read_at=answer.read_at,
                candidates=read.candidates,
                cursor=json.dumps(asdict(position)),
                normaliser=NORMALISER,
                findings=read.findings,
                # How many pages there are is not said.
                progress=0.0 if token else 1.0,
            )
            if not token:
                return

    async def _ask(self, reader: Reader, position: Position) -> Answer:
        """Ask for the next page; a token of an earlier day that is refused means to begin again."""
        asked: dict[str, Any] = {"limit": _ROWS}
        if position.since:
            asked["start_sequence_timestamp"] = iso(position.since, MILLISECOND)
        if position.token:
            asked["cursor"] = position.token
        try:
            return await reader.ask(FILLS, asked)
        except RetryableError:
            raise
        except SourceError:
            if not position.token:
                raise
            position.token = ""
            return await reader.ask(FILLS, {name: word for name, word in asked.items() if name != "cursor"})


def _moments(rows: list[Mapping[str, Any]]) -> list[int]:
    found = []
    for raw in rows:
        try:
            found.append(Row(raw).moment("trade_time")[0])
        except RowError:
            continue
    return found
