"""Verification of a whole vault: every chain, every body, every signature, and the projections beside them."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import AbstractContextManager
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.core.errors import CounterfoilError
from app.core.journal.records import RecordKind
from app.core.journal.verify import ChainCheck, Stored
from app.core.model.views import Verification
from app.core.ports import Progress
from app.storage.projections import State
from app.storage.sealing import SIGNING_CONTEXT

_AT_ONCE = 1_000


class Readings(Protocol):
    """The database, as far as verification needs it."""

    def read(self) -> AbstractContextManager[Any]:
        """Begin a reading transaction on one consistent state."""


def verify(database: Readings, progress: Progress) -> Verification:
    """Re-check all books and devices on one consistent state; others may go on writing meanwhile."""
    started = time.perf_counter()
    with database.read() as connection:
        check = _VaultCheck(connection, progress)
        first_break = check.run()
        newest = connection.execute("SELECT hash FROM records ORDER BY n DESC LIMIT 1").fetchone()
    return Verification(
        records=check.records,
        commits=check.commits,
        devices=len(check.devices),
        is_valid=not first_break,
        first_break=first_break,
        head=newest[0].hex() if newest else "",
        erased=check.erased,
        seconds=time.perf_counter() - started,
    )


def is_genuine(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature is the key's."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class _VaultCheck:
    """Runs chain by chain and sums up."""

    def __init__(self, connection: Any, progress: Progress) -> None:
        self._connection = connection
        self._progress = progress
        (self._total,) = connection.execute("SELECT count(*) FROM records").fetchone()
        self.records = self.commits = self.erased = 0
        self.devices: set[bytes] = set()
        self._observations: set[bytes] = set()
        self._pointers: list[tuple[str, str, dict[bytes, int]]] = []
        self._kinds: Counter[str] = Counter()

    def run(self) -> str:
        """Return the first break; "" where there is none."""
        chains = self._connection.execute("SELECT chain, book, device FROM chains ORDER BY chain").fetchall()
        for chain, book, device in chains:
            found = self._chain(chain, book, device)
            if found:
                return found
        strays = "SELECT min(n) FROM records WHERE chain NOT IN (SELECT chain FROM chains)"
        (stray,) = self._connection.execute(strays).fetchone()
        if stray is not None:
            return f"row {stray} of the journal belongs to no chain"
        return self._pointer_fault() or self._projection_fault()

    def _chain(self, chain: int, book: str, device: bytes) -> str:
        check = ChainCheck(book, device, SIGNING_CONTEXT, is_genuine)
        where = f"of device {device.hex()}"
        rows = self._connection.execute(
            "SELECT seq, kind, hash, header, signature, salt, body, erased_at FROM records"
            " LEFT JOIN bodies USING (n) LEFT JOIN tombstones USING (n) WHERE chain = ? ORDER BY seq",
            (chain,),
        )
        while True:
            part = rows.fetchmany(_AT_ONCE)
            if not part:
                break
            for row in part:
                wrong = _checked(check, _stored(row))
                if wrong:
                    return f"record {check.length + 1} {where}: {wrong}"
            share = (self.records + check.length) / max(self._total, 1)
            self._progress(share, f"{self.records + check.length:,} of {self._total:,} records")
        self._sum_up(check, device)
        self._pointers.append((where, book, check.pointers))
        wrong = check.end()
        return f"record {check.length} {where}: {wrong}" if wrong else ""

    def _sum_up(self, check: ChainCheck, device: bytes) -> None:
        self.records += check.length
        self.commits += check.commits
        self.erased += check.erased
        self.devices.add(device)
        self._observations |= check.observations
        self._kinds.update(check.kinds)

    def _pointer_fault(self) -> str:
        for where, _, pointers in self._pointers:
            for pointer, seq in pointers.items():
                if pointer not in self._observations:
                    return f"record {seq} {where}: names an observation {pointer.hex()} that is not there"
        return ""

    def _projection_fault(self) -> str:
        """Compare the tables that figures are read from with the journal."""
        expected = self._kinds[RecordKind.ENTRY]
        (erased,) = self._connection.execute(
            "SELECT count(*) FROM tombstones JOIN records USING (n) WHERE kind = 'entry'"
        ).fetchone()
        (entries,) = self._connection.execute("SELECT count(*) FROM entries").fetchone()
        if not expected - erased <= entries <= expected:
            return f"the table of entries holds {entries} of {expected} entries: rebuild the projections"
        differing = self._connection.execute(_DIFFERING, (int(State.VOID),)).fetchone()
        if differing is not None:
            return f"the balance of asset {differing[0]} differs from its legs: rebuild the projections"
        return ""


_DIFFERING = """
WITH summed AS (
    SELECT book, legs.account AS account, sub_place, asset, sum(high) AS high, sum(middle) AS middle, sum(low) AS low
    FROM entries CROSS JOIN legs USING (n) WHERE state <> ? GROUP BY book, legs.account, sub_place, asset)
SELECT asset_id FROM (
    SELECT * FROM balances WHERE high <> 0 OR middle <> 0 OR low <> 0
    EXCEPT SELECT * FROM summed
    UNION ALL SELECT * FROM (SELECT * FROM summed EXCEPT SELECT * FROM balances))
JOIN assets ON assets.number = asset LIMIT 1
"""


def _checked(check: ChainCheck, record: Stored) -> str:
    try:
        return check.check(record)
    except CounterfoilError as error:
        return error.message
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # A body that opens its commitment and still cannot be read was sealed by a program with a fault.
        return f"has a body that cannot be read: {error}"


def _stored(row: tuple[Any, ...]) -> Stored:
    seq, kind, sealed, header, signature, salt, body, erased_at = row
    return Stored(seq, kind, sealed, header, signature, salt, body, is_erased=erased_at is not None)
