"""An entry down to its proof: the record, the observation, and the source's own row."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Page:
    """An observation as an entry's proof needs it; `told` is None where it was erased."""

    told: dict[str, Any] | None
    is_sound: bool


def detail(connection: Any, views: Views, found: Found) -> EntryDetail:
    """Return an entry of the books with everything that proves it."""
    (shown,) = views.of([found])
    pages: dict[bytes, _Page] = {}
    proof = _proof(connection, found, pages)
    page = pages[bytes.fromhex(proof.observation_hash)].told if proof.observation_hash else None
    row = proof.observation_row
    content = "" if page is None or row is None else raw_row(zlib.decompress(page["content"]), page["media_type"], row)
    return EntryDetail(entry=shown, proof=proof, raw_row=content, history=_history(connection, found[0]))


def proofs(connection: Any, found: Iterable[Found]) -> dict[str, Proof]:
    """Return what proves entries, by id; the page that several of them are of is checked once."""
    pages: dict[bytes, _Page] = {}
    return {one[1].hex(): _proof(connection, one, pages) for one in found}


def _proof(connection: Any, found: Found, pages: dict[bytes, _Page]) -> Proof:
    n, _, _, current = found
    text = body(connection, current) or {}
    told = text.get("revised") or text
    # A person's correction points to no page; the page of the first reading is still where the event comes from.
    first = told if "observation" in told else body(connection, n) or {}
    chain, seq, stored, content = connection.execute(
        "SELECT chain, seq, hash, header FROM records WHERE n = ?", (current,)
    ).fetchone()
    (length,) = connection.execute("SELECT max(seq) FROM records WHERE chain = ?", (chain,)).fetchone()
    header = parse_header(content)
    pointer = first.get("observation", b"")
    if pointer and pointer not in pages:
        pages[pointer] = _observation(connection, n, pointer)
    page = pages[pointer] if pointer else _Page(None, is_sound=True)
    is_verified = record_hash(content) == stored and _opens(connection, current, header) and page.is_sound
    return Proof(
        record=seq,
        records=length,
        device=header.device.hex(),
        record_hash=stored.hex(),
        previous_hash=header.prev.hex(),
        recorded_at_ns=header.recorded_at,
        observation_hash=pointer.hex(),
        observation_stream=page.told["stream"] if page.told else "",
        observation_row=first.get("row"),
        observation_read_ns=page.told["read_at"] if page.told else None,
        normaliser=first.get("normaliser", ""),
        is_verified=is_verified,
    )


def _opens(connection: Any, n: int, header: Header) -> bool:
    kept = connection.execute("SELECT salt, body FROM bodies WHERE n = ?", (n,)).fetchone()
    if kept is None:
        return connection.execute("SELECT 1 FROM tombstones WHERE n = ?", (n,)).fetchone() is not None
    return opens(header.commitment, kept[0], kept[1])


def _observation(connection: Any, n: int, pointer: bytes) -> _Page:
    """Return the page that an entry's record names, and whether record and page are as sealed."""
    # Where the entry's row already knows the page, no index of hashes is needed.
    near = "SELECT records.n, header FROM entries JOIN records ON records.n = observation WHERE entries.n = ?"
    row = connection.execute(f"{near} AND hash = ?", (n, pointer)).fetchone()
    if row is None:
        far = "SELECT n, header FROM observations JOIN records USING (n) WHERE hash = ?"
        row = connection.execute(far, (pointer,)).fetchone()
    if row is None or record_hash(row[1]) != pointer or not _opens(connection, row[0], parse_header(row[1])):
        return _Page(None, is_sound=False)
    return _Page(body(connection, row[0]), is_sound=True)


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
