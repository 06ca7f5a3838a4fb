"""The audit log as it is read: every record of a book with what it says, the newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.journal.records import RecordKind, parse_header
from app.core.journal.told import Symbol, told
from app.core.model.audit_log import LogFilter, LogLine
from app.storage.bodies import bodies

_OF_PERSON = frozenset(
    one.value
    for one in (
        RecordKind.NOTE, RecordKind.STANDING_ORDER, RecordKind.LOT_SELECTION, RecordKind.TRANSFER_LINK,
        RecordKind.WAIVER, RecordKind.PRICE_OVERRIDE, RecordKind.PERIOD_SEAL, RecordKind.ALERT_RULE,
    )
)  # fmt: skip
_FROM = "FROM records CROSS JOIN chains USING (chain) WHERE book = ?"


def counts(connection: Any, book: str) -> Mapping[str, int]:
    """Return how many records there are of each kind."""
    rows = connection.execute(
        "SELECT kind, count(*) FROM records JOIN chains USING (chain) WHERE book = ? GROUP BY kind ORDER BY 2 DESC",
        (book,),
    )
    return dict(rows.fetchall())


def lines(  # noqa: PLR0913, PLR0917 - which records of which book, and how assets are called in their words
    connection: Any, book: str, asked: LogFilter, before: int | None, limit: int, symbol: Symbol
) -> Sequence[LogLine]:
    """Return the newest records before one of them, the newest first."""
    conditions, values = [""], [book]
    for condition, bound in _conditions(asked, before):
        conditions.append(condition)
        values += bound
    rows = connection.execute(
        f"SELECT records.n, seq, kind, header, hash {_FROM}{' AND '.join(conditions)} ORDER BY records.n DESC LIMIT ?",
        (*values, limit),
    ).fetchall()
    said = bodies(connection, [row[0] for row in rows])
    return [_line(connection, row, said.get(row[0]), symbol) for row in rows]


def _conditions(asked: LogFilter, before: int | None) -> list[tuple[str, list[Any]]]:
    found: list[tuple[str, list[Any]]] = []
    if before is not None:
        found.append(("records.n < ?", [before]))
    if asked.kinds:
        found.append((f"kind IN ({','.join('?' * len(asked.kinds))})", [*asked.kinds]))
    if asked.seq is not None:
        found.append(("seq = ?", [asked.seq]))
    if asked.hash:
        found.append(("lower(hex(hash)) LIKE ?", [f"{asked.hash}%"]))
    return found


def _line(connection: Any, row: Sequence[Any], fields: dict[str, Any] | None, symbol: Symbol) -> LogLine:
    number, seq, kind, content, sealed = row
    header = parse_header(content)
    given = fields or {}
    entry_id, by_person = "", kind in _OF_PERSON
    if kind == RecordKind.ENTRY:
        found = connection.execute("SELECT id, observation IS NULL FROM entries WHERE n = ?", (number,)).fetchone()
        if found is not None:
            entry_id, by_person = found[0].hex(), bool(found[1])
    elif isinstance(given.get("entry"), bytes):
        entry_id = given["entry"].hex()
    elif kind == RecordKind.LOT_SELECTION and given.get("disposal"):
        entry_id = given["disposal"].hex()
    source = str(given.get("source") or given.get("account") or "")
    return LogLine(
        number, seq, kind, header.device.hex(), header.recorded_at, sealed.hex(), told(kind, fields, symbol), source,
        by_person, entry_id,
    )  # fmt: skip
