"""Verification of a whole vault: every chain, every body, every signature, and the projections beside them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.core.errors import CounterfoilError
from app.core.journal.chain import SIGNING_CONTEXT
from app.core.journal.records import RecordKind
from app.core.journal.verify import ChainCheck, Row
from app.core.model.views import Verification
from app.core.ports import Progress
from app.storage.projections import State

_AT_ONCE = 1_000


class Readings(Protocol):
    """The database, as far as verification needs it."""

    def read(self) -> AbstractContextManager[Any]:
        """Begin a reading transaction on one consistent state."""


def verify(database: Readings, progress: Progress, sums_fault: Callable[[], str] | None = None) -> Verification:
    """Re-check all books and devices on one consistent state; others may go on writing meanwhile.

    `sums_fault` answers what `balances_fault` does, where that runs beside the chains.
    """
    started = time.perf_counter()
    with database.read() as connection:
        check = _VaultCheck(connection, progress, sums_fault or partial(balances_fault, connection))
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

    def __init__(self, connection: Any, progress: Progress, sums_fault: Callable[[], str]) -> None:
        self._connection = connection
        self._sums_fault = sums_fault
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
        if self.records != self._total:
            strays = "SELECT min(n) FROM records WHERE chain NOT IN (SELECT chain FROM chains)"
            (stray,) = self._connection.execute(strays).fetchone()
            return f"row {stray} of the journal belongs to no chain"
        return self._pointer_fault() or self._projection_fault()

    def _chain(self, chain: int, book: str, device: bytes) -> str:
        check = ChainCheck(book, device, SIGNING_CONTEXT, is_genuine)
        where = f"of device {device.hex()}"
        rows = self._connection.execute(
            "SELECT seq, kind, hash, header, signature, salt, body, erased_at IS NOT NULL FROM records"
            " LEFT JOIN bodies USING (n) LEFT JOIN tombstones USING (n) WHERE chain = ? ORDER BY seq",
            (chain,),
        )
        while True:
            part = rows.fetchmany(_AT_ONCE)
            if not part:
                break
            for row in part:
                wrong = _checked(check, row)
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
        return self._sums_fault()


def balances_fault(connection: Any) -> str:
    """Return which kept balance is not the sum of its legs; "" where all are."""
    differing = connection.execute(_DIFFERING, (int(State.VOID),)).fetchone()
    if differing is None:
        return ""
    return f"the balance of asset {differing[0]} differs from its legs: rebuild the projections"


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


def _checked(check: ChainCheck, record: Row) -> str:
    try:
        return check.check(record)
    except CounterfoilError as error:
        return error.message
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # A body that opens its commitment and still cannot be read was sealed by a program with a fault.
        return f"has a body that cannot be read: {error}"
