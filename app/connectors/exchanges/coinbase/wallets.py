"""Coinbase's wallets and their transactions: one wallet after the other, each from its newest row down to the known.

A conversion is told by two wallets, half by each. The first half waits in the cursor until the other one is read, and
the page that brings the other one has both.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from app.connectors.exchanges.base import Answer, Reader, Stream
from app.connectors.exchanges.coinbase.calls import TRANSACTIONS, WALLETS
from app.connectors.exchanges.coinbase.fills import JSON, NORMALISER
from app.connectors.exchanges.coinbase.rows import Half, conversion, transactions
from app.connectors.exchanges.rows import Read, Row, is_refused, unread
from app.core.clock import DAY
from app.core.errors import BadResponseError, SourceError
from app.core.findings import Finding, Severity
from app.core.model.pages import Candidate, Page

_ROWS = 100
_WALLETS = 100


@dataclass(frozen=True, slots=True)
class Wallet:
    """One wallet, with the answer's own words."""

    wallet_id: str
    currency: str
    raw: Mapping[str, Any]

    @property
    def is_empty_shell(self) -> bool:
        """Tell whether the venue only offers this wallet: it has a name in place of an id, and no day of birth."""
        return self.wallet_id == self.currency and not self.raw.get("created_at")


async def wallets(reader: Reader) -> tuple[list[Answer], list[Wallet]]:
    """Return all wallets, and the answers that list them."""
    answers: list[Answer] = []
    found: list[Wallet] = []
    asked: dict[str, Any] = {"limit": _WALLETS}
    while True:
        answer = await reader.ask(WALLETS, dict(asked))
        answers.append(answer)
        rows = answer.data["data"]
        found.extend(Wallet(str(row["id"]), _currency(row["currency"]), row) for row in rows)
        following = _following(answer, rows)
        if not following:
            return answers, found
        if following == asked.get("starting_after"):
            message = "Coinbase gives the same page of wallets again."
            raise BadResponseError(message, hint="Read again later.", where=reader.source)
        asked["starting_after"] = following


def _currency(value: Any) -> str:
    return str(value["code"] if isinstance(value, Mapping) else value).upper()


def _following(answer: Answer, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the id after which the next page starts; "" where there is none."""
    said = answer.data["pagination"]
    if not rows or not (said.get("next_starting_after") or said.get("next_uri")):
        return ""
    return str(said.get("next_starting_after") or rows[-1]["id"])


@dataclass(slots=True)
class Depth:
    """How far one wallet was read.

    Attributes:
        known: The newest row of the last whole reading; what is older is in the books.
        mark: The newest row of the reading under way that no open row is older than.
        after: The row after which the reading under way goes on; "" where none is.
    """

    known: str = ""
    mark: str = ""
    after: str = ""


@dataclass(slots=True)
class Position:
    """How far all wallets were read, and the halves of conversions that wait."""

    depths: dict[str, Depth] = field(default_factory=dict)
    halves: dict[str, list[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: str) -> Position:
        """Return the position that a cursor tells."""
        if not cursor:
            return cls()
        kept = json.loads(cursor)
        depths = {name: Depth(*words) for name, words in kept["wallets"].items()}
        return cls(depths, {name: list(raws) for name, raws in kept["halves"].items()})

    def cursor(self) -> str:
        """Return the text that tells this position."""
        depths = {name: list(asdict(depth).values()) for name, depth in self.depths.items()}
        return json.dumps({"wallets": depths, "halves": self.halves}, default=str)


class Transactions(Stream):
    """All transactions of all wallets."""

    name = "transactions"

    async def pages(self, reader: Reader, cursor: str) -> AsyncIterator[Page]:
        """Yield the pages of one wallet after the other, then what conversions lack a side."""
        position = Position.of(cursor)
        answers, listed = await wallets(reader)
        for number, wallet in enumerate(listed):
            share = number / max(len(listed), 1)
            if wallet.is_empty_shell:
                reader.would_need(f"fetchLedger {wallet.wallet_id}", 0, _ROWS)
                continue
            async for page in self._wallet(reader, wallet, position, share):
                yield page
        yield self._page(answers[-1], _one_sided(position, reader, self.name), position, 1.0)

    async def _wallet(self, reader: Reader, wallet: Wallet, position: Position, share: float) -> AsyncIterator[Page]:
        depth = position.depths.setdefault(wallet.wallet_id, Depth())
        stream = f"{self.name}:{wallet.currency}"
        while True:
            try:
                answer = await self._ask(reader, wallet, depth)
            except SourceError as error:
                if not is_refused(error):
                    raise
                yield self._refused(reader, stream, error, position)
                return
            rows = answer.data["data"]
            fresh = _until(rows, depth.known)
            reader.would_need(f"fetchLedger {wallet.wallet_id}", len(fresh), _ROWS)
            read, halves = transactions(fresh, reader, stream)
            held = _joined(halves, position, reader, read)
            _advance(depth, fresh, read.pending)
            depth.after = _following(answer, rows) if len(fresh) == len(rows) else ""
            is_last = not depth.after
            if is_last:
                depth.known, depth.mark = depth.mark or depth.known, ""
            yield self._page(answer, read, position, share, held)
            if is_last:
                return

    async def _ask(self, reader: Reader, wallet: Wallet, depth: Depth) -> Answer:
        asked: dict[str, Any] = {"account_id": wallet.wallet_id, "limit": _ROWS}
        if depth.after:
            asked["starting_after"] = depth.after
        answer = await reader.ask(TRANSACTIONS, asked)
        said = answer.data["pagination"]
        if said.get("order") == "asc" or (depth.after and _following(answer, answer.data["data"]) == depth.after):
            message = f"Coinbase gives the transactions of {wallet.currency} in another order than asked."
            raise BadResponseError(message, hint="Read again later.", where=reader.source)
        return answer

    def _page(self, answer: Answer, read: Read, position: Position, share: float, held: Sequence[Any] = ()) -> Page:
        content = answer.content
        if held:
            earlier = json.dumps(held, default=str).encode()
            content = b'{"held":' + earlier + b',"page":' + content + b"}"
        return Page(
            stream=self.name,
            content=content,
            media_type=JSON,
            read_at=answer.read_at,
            candidates=read.candidates,
            cursor=position.cursor(),
            normaliser=NORMALISER,
            findings=read.findings,
            progress=share,
        )

    def _refused(self, reader: Reader, stream: str, error: SourceError, position: Position) -> Page:
        return Page(
            stream=self.name,
            content=json.dumps(error.as_json(), sort_keys=True).encode(),
            media_type=JSON,
            read_at=reader.now_ns(),
            candidates=(),
            cursor=position.cursor(),
            normaliser=NORMALISER,
            findings=[unread(reader, stream, error)],
        )


def _until(rows: Sequence[Any], known: str) -> list[Any]:
    """Return the rows that are newer than the known one."""
    found: list[Any] = []
    for row in rows:
        if known and row["id"] == known:
            break
        found.append(row)
    return found


def _advance(depth: Depth, rows: Sequence[Any], pending: Sequence[Row]) -> None:
    """Move the mark: an open row and all that are newer must be read again."""
    still_open = {row.raw.get("id") for row in pending}
    for row in rows:
        if row["id"] in still_open:
            depth.mark = ""
        elif not depth.mark:
            depth.mark = str(row["id"])


def _joined(halves: Sequence[Half], position: Position, reader: Reader, read: Read) -> list[Any]:
    """Add the conversions of which both halves are known; returns the halves that an earlier page brought."""
    held: list[Any] = []
    for half in halves:
        waiting = position.halves.setdefault(half.trade_id, [])
        if any(raw["id"] == half.raw["id"] for raw in waiting):
            continue
        waiting.append(half.raw)
        if len(waiting) > 1:
            held.extend(waiting[:-1])
            entry = conversion(reader, half.trade_id, position.halves.pop(half.trade_id))
            read.candidates.append(Candidate(half.index, entry))
    return held


def _one_sided(position: Position, reader: Reader, stream: str) -> Read:
    """Return conversions whose other half did not come in a day: what is known of them counts, and is told."""
    read = Read()
    for index, (trade_id, raws) in enumerate(sorted(position.halves.items())):
        entry = conversion(reader, trade_id, raws)
        if entry.at > reader.now_ns() - DAY:
            continue
        read.candidates.append(Candidate(index, entry))
        read.findings.append(
            Finding(
                severity=Severity.WARNING,
                code="one-sided-conversion",
                message=f"Of the conversion {trade_id} only one side was found.",
                subject=f"{reader.source}/{stream}/{trade_id}",
                detail="The other wallet does not show its side, or the key may not see that wallet.",
                fix="Give the key the right to view all portfolios",
                place=f"connections/{reader.source}",
            )
        )
    return read
