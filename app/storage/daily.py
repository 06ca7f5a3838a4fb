"""What the equity curve needs of the ledger: changes summed by day in SQL, and the flows into and out of the book."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.clock import DAY
from app.core.ledger.entries import EntryKind, Role
from app.core.model.ledger_rows import DayChange, FlowRow
from app.core.money import from_limbs
from app.storage.bodies import bodies
from app.storage.projections import State
from app.storage.words import Words

Condition = tuple[str, list[int]]
"""A condition on accounts with its parameters."""

_VOID = int(State.VOID)
_FLOWS = (
    EntryKind.DEPOSIT,
    EntryKind.WITHDRAWAL,
    EntryKind.OPENING,
    EntryKind.ADJUSTMENT,
    EntryKind.GIFT,
    EntryKind.SPENDING,
)


def changes(connection: Any, words: Words, book: int, accounts: Condition) -> Sequence[DayChange]:
    """Return what each day added to each asset."""
    sql = (
        f"SELECT at / {DAY}, asset, sum(high), sum(middle), sum(low)"  # noqa: S608 - our own words
        f" FROM entries CROSS JOIN legs USING (n) WHERE book = ? AND state <> ?{accounts[0]}"
        f" GROUP BY at / {DAY}, asset ORDER BY 1"
    )
    rows = connection.execute(sql, (book, _VOID, *accounts[1])).fetchall()
    known = words.assets()
    return [
        DayChange(day, known[asset][0], from_limbs(high, middle, low, scale=known[asset][1]))
        for day, asset, high, middle, low in rows
    ]


def flows(connection: Any, words: Words, book: int, accounts: Condition) -> Sequence[FlowRow]:
    """Return what entered or left accounts; the hash of the transaction tells the two ends of one transfer."""
    kinds = [words.find(kind.value) for kind in _FLOWS]
    sql = (
        "SELECT at, id, current, legs.account, asset, high, middle, low"  # noqa: S608 - marks only
        f" FROM entries CROSS JOIN legs USING (n) WHERE book = ? AND state <> ? AND role = ?"
        f" AND kind IN ({','.join('?' * len(kinds))}){accounts[0]} ORDER BY at, n, i"
    )
    parameters = (book, _VOID, words.find(Role.PRINCIPAL.value), *kinds, *accounts[1])
    rows = connection.execute(sql, parameters).fetchall()
    texts = bodies(connection, sorted({row[2] for row in rows}))
    names, known = words.words(), words.assets()
    return [
        FlowRow(
            at, entry_id.hex(), names[account], known[asset][0], from_limbs(high, middle, low, scale=known[asset][1]),
            _tx_hash(texts.get(current)),
        )
        for at, entry_id, current, account, asset, high, middle, low in rows
    ]  # fmt: skip


def _tx_hash(body: dict[str, Any] | None) -> str:
    if body is None:
        return ""
    told: str = (body.get("revised") or body).get("references", {}).get("tx_hash", "")
    return told
