"""What Coinbase's rows mean: pure functions from fills and wallet transactions to entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Context, Decimal
from functools import partial
from typing import Any

from app.connectors.exchanges.coinbase.types import DONE, MEANINGS, OPEN, VOID, Meaning, Shape
from app.connectors.exchanges.rows import Pending, Place, Read, Row, RowError, leg, moving, read_rows
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role, Stated
from app.core.money import ZERO, multiply

_PLACES = 16
"""The venue writes quantities that it computed, such as what an order for 10 USD bought, with 16 places."""
_DIVISION = Context(prec=60, rounding=ROUND_DOWN)
_STAKED = "ETH2"
_SIDES = {"BUY": Decimal(1), "SELL": Decimal(-1)}


def fills(rows: Sequence[Any], place: Place, stream: str) -> Read:
    """Return the trades that fills are: asset, cash and commission, each exact."""
    return read_rows(rows, place, stream, partial(_fill, place))


def _fill(place: Place, row: Row) -> Entry | None:
    kind = row.text("trade_type", "FILL")
    if kind != "FILL":
        # The venue writes reversals and corrections with the sizes that they take back; a person must look at those.
        raise RowError(f"its trade_type {kind!r} is not FILL")
    product = row.text("product_id")
    base, dash, quote = product.partition("-")
    if not dash or "-" in quote:
        raise RowError(f"its product_id {product!r} is no spot pair")
    side = row.text("side")
    if side not in _SIDES:
        raise RowError(f"its side {side!r} is unknown")
    at, resolution = row.moment("trade_time")
    quantity, cash, is_exact = _quantities(row)
    commission = row.quantity("commission", ZERO)
    legs = [
        leg(place, base, multiply(_SIDES[side], quantity)),
        leg(place, quote, multiply(_SIDES[side], cash).copy_negate()),
        leg(place, quote, commission.copy_negate(), Role.FEE if commission >= 0 else Role.REBATE),
    ]
    return Entry(
        account=place.account,
        at=at,
        kind=EntryKind.TRADE,
        legs=moving(legs),
        # Both orders of a trade with oneself have its id.
        identity=Identity("fill", row.text("trade_id"), row.text("order_id", "")),
        resolution=resolution,
        references=row.references(order="order_id"),
        is_provisional=not is_exact,
    )


def _quantities(row: Row) -> tuple[Decimal, Decimal, bool]:
    """Return (quantity, cash, exact); a size in quote money divided by the price may need cutting at 16 places."""
    size, price = row.positive("size"), row.positive("price")
    if not row.flag("size_in_quote"):
        return size, multiply(size, price), True
    quantity = _DIVISION.divide(size, price).quantize(Decimal(1).scaleb(-_PLACES), context=_DIVISION)
    if not quantity:
        raise RowError(f"its size {size} in quote money buys less than 16 places can say")
    return quantity, size, multiply(quantity, price) == size


@dataclass(frozen=True, slots=True)
class Half:
    """One side of a conversion, until the other wallet tells its own."""

    index: int
    trade_id: str
    raw: Any


def transactions(rows: Sequence[Any], place: Place, stream: str) -> tuple[Read, list[Half]]:
    """Return what single transactions are, and the sides of conversions; fills are left to the fills."""
    halves: list[Half] = []
    read = read_rows(rows, place, stream, partial(_transaction, place))
    for index, raw in enumerate(rows):
        trade_id = _half_of(raw)
        if trade_id:
            halves.append(Half(index, trade_id, raw))
    return read, halves


def _transaction(place: Place, row: Row) -> Entry | None:
    if not is_done(row):
        return None
    word = row.text("type")
    meaning = MEANINGS.get(word)
    if meaning is None:
        raise RowError(f"its type {word!r} is unknown")
    entry = _single(place, row, meaning)
    return None if meaning.shape is Shape.FILL or _half_of(row.raw) else entry


def _half_of(raw: Any) -> str:
    """Return the id that both sides of a conversion share; "" for anything else."""
    if not isinstance(raw, Mapping) or raw.get("status") != DONE:
        return ""
    meaning, inner = MEANINGS.get(str(raw.get("type"))), raw.get("trade")
    if meaning is None or meaning.shape is not Shape.PAIR or not isinstance(inner, Mapping):
        return ""
    return str(inner.get("id") or "")


def is_done(row: Row) -> bool:
    """Tell whether a transaction moved something; Pending where that is open."""
    status = row.text("status")
    if status in OPEN:
        raise Pending
    if status != DONE and status not in VOID:
        raise RowError(f"its status {status!r} is unknown")
    return status == DONE


def _single(place: Place, row: Row, meaning: Meaning) -> Entry | None:
    amount = row.child("amount").quantity("amount")
    if not amount:
        return None
    at, resolution = row.moment("created_at")
    return Entry(
        account=place.account,
        at=at,
        kind=meaning.gain if amount > 0 else meaning.loss,
        legs=(_side(place, row, meaning.role),),
        identity=Identity("transaction", row.text("id")),
        resolution=resolution,
        references=_references(row),
        stated=_stated(place, row),
    )


def _side(place: Place, row: Row, role: Role) -> Leg:
    amount = row.child("amount")
    currency = amount.text("currency").upper()
    quantity = amount.quantity("amount")
    return leg(place, currency, quantity, role, sub_place=sub_place_of(currency))


def sub_place_of(currency: str) -> str:
    """Return where an asset of this name lies: "ETH2" is ether that was staked."""
    return "staked" if currency == _STAKED else "spot"


def conversion(place: Place, trade_id: str, raws: Sequence[Any]) -> Entry:
    """Return the entry of a conversion from its sides; its moment is that of the side that was given away."""
    rows = [Row(raw) for raw in raws]
    sides = [_side(place, row, Role.PRINCIPAL) for row in rows]
    given = next((row for row, side in zip(rows, sides, strict=True) if side.quantity < 0), rows[0])
    at, resolution = given.moment("created_at")
    return Entry(
        account=place.account,
        at=at,
        kind=EntryKind.CONVERSION,
        legs=moving(sides),
        identity=Identity("conversion", trade_id),
        resolution=resolution,
        references={"transactions": " ".join(sorted(row.text("id") for row in rows))},
        stated=_stated(place, given),
    )


def _references(row: Row) -> dict[str, str]:
    found = row.references(note="description")
    network, target, details = row.raw.get("network"), row.raw.get("to"), row.raw.get("details")
    if isinstance(network, dict):
        inner = Row(network)
        found |= inner.references(tx_hash="hash", network="network_name")
        fee = network.get("transaction_fee")
        if isinstance(fee, dict) and fee.get("amount"):
            found["network_fee"] = f"{fee.get('amount')} {fee.get('currency', '')}".strip()
    if isinstance(target, dict):
        found |= Row(target).references(address="address")
    if "note" not in found and isinstance(details, dict):
        found |= Row(details).references(note="title")
    return found


def _stated(place: Place, row: Row) -> Stated | None:
    native = row.raw.get("native_amount")
    if not isinstance(native, dict) or native.get("amount") in (None, ""):
        return None
    worth = Row(native)
    return Stated(worth.quantity("amount").copy_abs(), place.asset(worth.text("currency").upper()))
