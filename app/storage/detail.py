"""An entry down to its proof: the record, the observation, and the source's own row."""

from __future__ import annotations

import zlib
from typing import Any

from app.core.clock import iso
from app.core.journal.bodies import read_decimal
from app.core.journal.commitments import opens
from app.core.journal.records import Header, RecordKind, parse_header, record_hash
from app.core.model.views import EntryDetail, Proof
from app.core.money import plain
from app.storage.bodies import body
from app.storage.raw_rows import raw_row
from app.storage.views import Found, Views


def detail(connection: Any, views: Views, found: Found) -> EntryDetail:
    """Return an entry of the books with everything that proves it."""
    n, _, _, current = found
    shown = views.of([found])
    text = body(connection, current) or {}
    told = text.get("revised") or text
    # A person's correction points to no page; the page of the first reading is still where the event comes from.
    first = told if "observation" in told else body(connection, n) or {}
    proof, content = _proof(connection, current, first)
    return EntryDetail(entry=shown[0], proof=proof, raw_row=content, history=_history(connection, n))


def _proof(connection: Any, n: int, told: dict[str, Any]) -> tuple[Proof, str]:
    chain, seq, stored, content = connection.execute(
        "SELECT chain, seq, hash, header FROM records WHERE n = ?", (n,)
    ).fetchone()
    (length,) = connection.execute("SELECT max(seq) FROM records WHERE chain = ?", (chain,)).fetchone()
    header = parse_header(content)
    pointer = told.get("observation", b"")
    page, is_sound = _observation(connection, pointer) if pointer else (None, True)
    is_verified = record_hash(content) == stored and _opens(connection, n, header) and is_sound
    row = told.get("row")
    proof = Proof(
        record=seq,
        records=length,
        device=header.device.hex(),
        record_hash=stored.hex(),
        previous_hash=header.prev.hex(),
        recorded_at_ns=header.recorded_at,
        observation_hash=pointer.hex(),
        observation_stream=page["stream"] if page else "",
        observation_row=row,
        observation_read_ns=page["read_at"] if page else None,
        normaliser=told.get("normaliser", ""),
        is_verified=is_verified,
    )
    if page is None or row is None:
        return proof, ""
    return proof, raw_row(zlib.decompress(page["content"]), page["media_type"], row)


def _opens(connection: Any, n: int, header: Header) -> bool:
    kept = connection.execute("SELECT salt, body FROM bodies WHERE n = ?", (n,)).fetchone()
    if kept is None:
        return connection.execute("SELECT 1 FROM tombstones WHERE n = ?", (n,)).fetchone() is not None
    return opens(header.commitment, kept[0], kept[1])


def _observation(connection: Any, pointer: bytes) -> tuple[dict[str, Any] | None, bool]:
    """Return the page that a pointer names, None where it was erased, and whether record and page are as sealed."""
    row = connection.execute(
        "SELECT n, header FROM observations JOIN records USING (n) WHERE hash = ?", (pointer,)
    ).fetchone()
    if row is None or record_hash(row[1]) != pointer or not _opens(connection, row[0], parse_header(row[1])):
        return None, False
    return body(connection, row[0]), True


def _history(connection: Any, n: int) -> tuple[str, ...]:
    """Return what happened to an entry, in words, oldest first."""
    rows = connection.execute(
        "SELECT records.n, seq, kind, header FROM links JOIN records ON records.n = record WHERE links.n = ?"
        " ORDER BY records.n",
        (n,),
    ).fetchall()
    seq, header = connection.execute("SELECT seq, header FROM records WHERE n = ?", (n,)).fetchone()
    lines = [f"{iso(parse_header(header).recorded_at)} record {seq}: recorded"]
    for number, place, kind, content in rows:
        told = body(connection, number)
        words = "its content was erased" if told is None else _words(kind, told)
        lines.append(f"{iso(parse_header(content).recorded_at)} record {place}: {words}")
    return tuple(lines)


def _words(kind: str, told: dict[str, Any]) -> str:
    match kind:
        case RecordKind.REVISION:
            done = "voided" if told["revised"] is None else "revised"
            return f"{done}: {told['reason']}"
        case RecordKind.NOTE:
            return f"note: {told['text']}"
        case RecordKind.LOT_SELECTION:
            return _selection(told)
        case RecordKind.EVIDENCE:
            named = told.get("identity")
            return "also told by a statement" if named is None else f"also told as {named[0]} {named[1]}"
        case _:
            return kind


def _selection(told: dict[str, Any]) -> str:
    country = told["jurisdiction"].upper()
    if not told["lots"]:
        return f"selection of lots taken back ({country})"
    chosen = ", ".join(f"{plain(read_decimal(quantity))} of {row}" for row, quantity in told["lots"])
    by = f" by {told['preset']}" if told["preset"] else ""
    return f"lots selected{by} ({country}): {chosen}"
