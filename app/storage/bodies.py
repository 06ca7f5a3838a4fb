"""Bodies of records: kept apart from their headers, so that one can be erased and the chain still verifies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from app.core.errors import InputError
from app.core.journal.bodies import read_entry
from app.core.journal.encoding import decode_unchecked
from app.core.ledger.entries import Entry

T = TypeVar("T")

Blob = bytearray
"""What many bytes are bound as: `bytes` are offered to adapters one by one, which costs more than their row."""

_AT_ONCE = 5_000


def body(connection: Any, n: int) -> dict[str, Any] | None:
    """Return the decoded body of a record; None where it was erased."""
    row = connection.execute("SELECT body FROM bodies WHERE n = ?", (n,)).fetchone()
    return None if row is None else decode_unchecked(row[0])


def bodies(connection: Any, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return decoded bodies by record number, without those that were erased."""
    found: dict[int, dict[str, Any]] = {}
    for part in portions(numbers):
        marks = ",".join("?" * len(part))
        rows = connection.execute(f"SELECT n, body FROM bodies WHERE n IN ({marks})", part)  # noqa: S608 - marks only
        found.update((n, decode_unchecked(content)) for n, content in rows)
    return found


def told(rows: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[str, Entry]]:
    """Yield (id, entry) of ids with the bodies of current versions, one after the other: bodies are large."""
    for entry_id, content in rows:
        fields = decode_unchecked(content)
        yield entry_id.hex(), read_entry(fields.get("revised") or fields)


def erase(connection: Any, n: int, reason: str, erased_at: int) -> None:
    """Replace the body of a record by a tombstone; its header stays, and so does the proof that it was there."""
    if connection.execute("DELETE FROM bodies WHERE n = ?", (n,)).rowcount != 1:
        message = f"Record {n} has no body to erase."
        raise InputError(message)
    connection.execute("INSERT INTO tombstones VALUES (?, ?, ?)", (n, erased_at, reason))


def portions(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield slices that fit the number of parameters a statement takes."""
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
