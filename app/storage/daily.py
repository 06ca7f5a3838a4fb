"""What the equity curve needs of the ledger: changes summed by day in SQL, and the flows into and out of the book."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.clock import DAY
from app.core.ledger.entries import EntryKind, Role
from app.core.model.ledger_rows import DayChange, DayEarning, FlowRow
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

_INCOME = (EntryKind.REWARD, EntryKind.AIRDROP, EntryKind.FORK)
_FEES = (Role.FEE, Role.REBATE)
"""A rebate is a fee that was given back."""


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


def earnings(connection: Any, words: Words, book: int, accounts: Condition) -> Sequence[DayEarning]:
    """Return what was paid in fees, and what came in by itself; interest that was paid lowers what came in."""
    fee_roles, income_kinds = [words.find(role.value) for role in _FEES], [words.find(kind.value) for kind in _INCOME]
    principal, interest = words.find(Role.PRINCIPAL.value), words.find(Role.INTEREST.value)
    fee = words.find(EntryKind.FEE.value)
    is_fee = f"(role IN ({_marks(fee_roles)}) OR (role = ? AND kind = ?))"
    is_income = f"(role = ? OR (role = ? AND kind IN ({_marks(income_kinds)})))"
    sql = (
        f"SELECT at / {DAY}, asset, {is_fee} AS is_fee, sum(high), sum(middle), sum(low)"  # noqa: S608 - marks only
        f" FROM entries CROSS JOIN legs USING (n) WHERE book = ? AND state <> ? AND ({is_fee} OR {is_income})"
        f"{accounts[0]} GROUP BY at / {DAY}, asset, is_fee ORDER BY 1"
    )
    of_fee = (*fee_roles, principal, fee)
    parameters = (*of_fee, book, _VOID, *of_fee, interest, principal, *income_kinds, *accounts[1])
    rows = connection.execute(sql, parameters).fetchall()
    known = words.assets()
    return [_earning(day, known[asset], bool(paid), limbs) for day, asset, paid, *limbs in rows]


def _earning(day: int, asset: tuple[str, int], is_fee: bool, limbs: Sequence[int]) -> DayEarning:  # noqa: FBT001
    high, middle, low = limbs
    quantity = from_limbs(high, middle, low, scale=asset[1])
    return DayEarning(day, asset[0], quantity.copy_negate() if is_fee and quantity else quantity, is_fee)


def _marks(values: Sequence[int]) -> str:
    return ",".join("?" * len(values))


def _tx_hash(body: dict[str, Any] | None) -> str:
    if body is None:
        return ""
    told: str = (body.get("revised") or body).get("references", {}).get("tx_hash", "")
    return told
