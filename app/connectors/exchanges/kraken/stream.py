"""Reading Kraken's ledger: fixed windows up to now, fifty rows a page, newest first, each event whole on one page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from app.connectors.exchanges.base import Answer, Reader, Stream
from app.connectors.exchanges.flow import ended_after
from app.connectors.exchanges.kraken import calls
from app.connectors.exchanges.kraken.ledger import STREAM, References, Rows, entry_of, key_of, moment, read_row
from app.connectors.exchanges.kraken.ledger import read_rows as read_ledger
from app.connectors.exchanges.kraken.transfers import Transfers
from app.connectors.exchanges.rows import Place, Read, RowError
from app.core.clock import DAY, SECOND
from app.core.ledger.entries import Entry
from app.core.model.pages import Candidate, Page

NORMALISER = "kraken-ledger/1"
JSON = "application/json"
PAGE = 50

_OVERLAP = 3600
"""Seconds before the last window's end at which the next begins: a row may be booked late."""

_EDGE = 2 * SECOND
"""Rows of one event are booked within this; longer apart are only the two halves of what was taken back."""

_TAKEN_BACK_WITHIN = 60 * DAY // SECOND
_MOST_LOOKED = 4
"""Pages in which the first half of what was taken back is sought."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far the ledger was read, in whole seconds.

    Attributes:
        to: Everything up to here was read.
        end: End of the window under way, 0 for none; it stays while rows keep coming in.
        ofs: Rows of it that were read.
        whole: Events of it whose older half was read ahead, so that it is not read as an event of its own.
    """

    to: int = 0
    end: int = 0
    ofs: int = 0
    whole: tuple[str, ...] = field(default=())

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Return the cursor that was kept; the beginning for an empty one."""
        if not text:
            return cls()
        kept = json.loads(text)
        return cls(kept["to"], kept["end"], kept["ofs"], tuple(kept["whole"]))

    def __str__(self) -> str:
        """Return the text to keep."""
        return json.dumps(asdict(self))


class LedgerStream(Stream):
    """The one history of Kraken: trades, conversions, transfers, rewards and fees are all in its ledger."""

    name = STREAM

    async def pages(self, reader: Reader, cursor: str) -> AsyncIterator[Page]:
        """Finish the window that was left, then read the one up to now."""
        here = Cursor.parse(cursor)
        for call in ("fetchLedger", "fetchMyTrades"):
            # A simple client asks, whether or not there is anything new.
            reader.would_need(call, 0, PAGE)
        transfers = Transfers(reader, max(here.to - _OVERLAP, 0))
        if here.end:
            async with ended_after(self._window(reader, here, transfers)) as pages:
                async for page in pages:
                    yield page
            here = Cursor(to=here.end)
        last = replace(here, end=reader.now_ns() // SECOND)
        async with ended_after(self._window(reader, last, transfers)) as pages:
            async for page in pages:
                yield page

    async def _window(self, reader: Reader, here: Cursor, transfers: Transfers) -> AsyncIterator[Page]:
        start = max(here.to - _OVERLAP, 0)
        while True:
            asked = {"start": start, "end": here.end, "ofs": here.ofs}
            answer = await reader.ask(calls.LEDGERS, asked)
            rows, count = _rows_of(answer)
            is_last = here.ofs + len(rows) >= count
            taken = len(rows) if is_last else whole_rows(rows)
            here_rows = dict(list(rows.items())[:taken])
            _count_naive(reader, here_rows)
            read, more, whole = await self._read(reader, here_rows, transfers, here)
            here = replace(here, ofs=here.ofs + taken, whole=(*here.whole, *whole))
            share = 1.0 if is_last else here.ofs / max(count, 1)
            yield Page(
                stream=self.name,
                content=_content(answer, more),
                media_type=JSON,
                read_at=answer.read_at,
                candidates=read.candidates,
                cursor=str(Cursor(to=here.end) if is_last else here),
                normaliser=NORMALISER,
                findings=read.findings,
                is_complete=taken == len(rows),
                progress=share,
            )
            if is_last:
                return

    async def _read(
        self, reader: Reader, rows: Rows, transfers: Transfers, here: Cursor
    ) -> tuple[Read, list[Answer], list[str]]:
        """Return what the rows say, other answers that were needed for it, and events that are whole by them."""
        references = await transfers.references(rows)
        read = read_ledger(rows, reader, references, here.whole)
        more: list[Answer] = []
        whole: list[str] = []
        for at, candidate in enumerate(read.candidates):
            refid = candidate.entry.identity.native_id
            if not is_half(rows, refid, reader):
                continue
            found, answers = await self._first_half(reader, rows, refid, references)
            more += answers
            if found is not None:
                whole.append(refid)
                read.candidates[at] = Candidate(candidate.row, found)
        return read, more, whole

    async def _first_half(
        self, reader: Reader, rows: Rows, refid: str, references: References
    ) -> tuple[Entry | None, list[Answer]]:
        """Seek what was taken back, among older rows of the same type and asset."""
        late = {name: raw for name, raw in rows.items() if key_of(name, raw) == refid}
        raw = next(iter(late.values()))
        end = moment(raw["time"])[0] // SECOND + 1
        asked = {"type": raw["type"], "asset": raw["asset"], "start": end - _TAKEN_BACK_WITHIN, "end": end}
        answers: list[Answer] = []
        seen = 0
        while len(answers) < _MOST_LOOKED:
            answer = await reader.ask(calls.LEDGERS, {**asked, "ofs": seen})
            older, count = _rows_of(answer)
            answers.append(answer)
            seen += len(older)
            first = {name: row for name, row in older.items() if key_of(name, row) == refid and name not in late}
            if first:
                indexed = enumerate([*late.values(), *first.values()])
                group = [read_row(index, refid, row, reader) for index, row in indexed]
                return entry_of(reader.account, refid, group, references), answers
            if seen >= count or not older:
                break
        return None, answers


def is_half(rows: Rows, refid: str, place: Place) -> bool:
    """Tell whether all that a page has of an event is that it was taken back."""
    mine = [raw for name, raw in rows.items() if key_of(name, raw) == refid]
    try:
        read = [read_row(index, refid, raw, place) for index, raw in enumerate(mine)]
    except RowError:
        return False
    return all(row.is_reversal for row in read)


def whole_rows(rows: Rows) -> int:
    """Return how many rows from the top hold whole events, where more rows follow.

    An event may be cut by the end of the page. Those whose rows are near its end are left to the next page, which
    begins with them.
    """
    names = list(rows)
    keys = [key_of(name, rows[name]) for name in names]
    open_keys = {keys[-1]}
    try:
        last = moment(rows[names[-1]]["time"])[0]
        near = [index for index, name in enumerate(names) if moment(rows[name]["time"])[0] - last <= _EDGE]
    except (RowError, KeyError, TypeError):
        near = []
    open_keys.update(keys[index] for index in near)
    first = min(index for index, key in enumerate(keys) if key in open_keys)
    if first < len(keys) // 2:
        # A burst of events fills the page: only the event at its very end is left for the next.
        first = keys.index(keys[-1])
    return first or len(keys)


def _rows_of(answer: Answer) -> tuple[Rows, int]:
    result: Mapping[str, Any] = answer.data["result"]
    rows: Rows = result["ledger"] or {}
    # Without a count the end shows by an empty page.
    return rows, int(result.get("count", 0 if not rows else 2**62))


def _content(answer: Answer, more: list[Answer]) -> bytes:
    if not more:
        return answer.content
    return b"[" + b",".join(one.content for one in (answer, *more)) + b"]"


def _count_naive(reader: Reader, rows: Rows) -> None:
    """Count what the same rows take through trades by market, and ledger and transfers by asset."""
    pairs: dict[str, set[str]] = {}
    needs: Counter[str] = Counter()
    for name, raw in rows.items():
        if not isinstance(raw, Mapping):
            continue
        asset, word = str(raw.get("asset")), str(raw.get("type"))
        needs[f"fetchLedger {asset}"] += 1
        if word == "trade":
            pairs.setdefault(key_of(name, raw), set()).add(asset)
        elif word in {"deposit", "withdrawal"}:
            needs[f"fetch{word.title()}s {asset}"] += 1
    for assets in pairs.values():
        needs[f"fetchMyTrades {'/'.join(sorted(assets))}"] += 1
    for call, count in needs.items():
        reader.would_need(call, count, PAGE)
