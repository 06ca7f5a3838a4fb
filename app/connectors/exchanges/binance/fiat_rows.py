"""What Binance's rows of bank and card money mean."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from app.connectors.exchanges.rows import Pending, Place, Read, Row, RowError, leg, moving, read_rows
from app.core.clock import MILLISECOND
from app.core.ledger.entries import Entry, EntryKind, Identity, Role, Stated
from app.core.money import ZERO, multiply

_DONE = {"successful", "finished", "completed"}
_OPEN = {"processing", "pending", "refunding"}
_VOID = {"failed", "expired", "refunded", "refund failed", "order partial credit stopped", "rejected", "cancelled"}
_FROM_BALANCE = "cash balance"


def orders(rows: Sequence[Any], place: Place, stream: str, *, is_deposit: bool) -> Read:
    """Return bank transfers; `amount` is what arrives, and the fee of a withdrawal leaves the account on top."""
    return read_rows(rows, place, stream, partial(_order, place, is_deposit))


def _order(place: Place, is_deposit: bool, row: Row) -> Entry | None:  # noqa: FBT001 - bound by partial
    if not _is_done(row):
        return None
    coin, amount = row.text("fiatCurrency"), row.positive("amount")
    legs = [leg(place, coin, amount if is_deposit else amount.copy_negate())]
    if not is_deposit:
        fee = row.quantity("totalFee", ZERO)
        if fee < 0:
            raise RowError(f"its totalFee {fee} is below zero")
        legs.append(leg(place, coin, fee.copy_negate(), Role.FEE))
    return Entry(
        account=place.account,
        at=row.milliseconds("createTime"),
        kind=EntryKind.DEPOSIT if is_deposit else EntryKind.WITHDRAWAL,
        legs=moving(legs),
        identity=Identity("fiat-order", row.text("orderNo")),
        resolution=MILLISECOND,
        references=row.references(note="method"),
    )


def payments(rows: Sequence[Any], place: Place, stream: str, *, is_purchase: bool) -> Read:
    """Return purchases and sales by card; only those paid from the balance here also move fiat money here."""
    return read_rows(rows, place, stream, partial(_payment, place, is_purchase))


def _payment(place: Place, is_purchase: bool, row: Row) -> Entry | None:  # noqa: FBT001 - bound by partial
    if not _is_done(row):
        return None
    sign = Decimal(1) if is_purchase else Decimal(-1)
    given, taken = row.positive("sourceAmount"), row.positive("obtainAmount")
    coin_amount, cash = (taken, given) if is_purchase else (given, taken)
    legs = [leg(place, row.text("cryptoCurrency"), multiply(sign, coin_amount))]
    kind = EntryKind.DEPOSIT if is_purchase else EntryKind.WITHDRAWAL
    if row.text("paymentMethod", "").lower() == _FROM_BALANCE:
        legs.append(leg(place, row.text("fiatCurrency"), multiply(sign, cash).copy_negate()))
        kind = EntryKind.TRADE
    return Entry(
        account=place.account,
        at=row.milliseconds("createTime"),
        kind=kind,
        legs=tuple(legs),
        identity=Identity("fiat-payment", row.text("orderNo")),
        resolution=MILLISECOND,
        references=row.references(note="paymentMethod"),
        stated=Stated(cash, place.asset(row.text("fiatCurrency"))),
    )


def _is_done(row: Row) -> bool:
    word = row.text("status").lower()
    if word in _OPEN:
        raise Pending
    if word not in _DONE | _VOID:
        raise RowError(f"its status {row.text('status')!r} is unknown")
    return word in _DONE
