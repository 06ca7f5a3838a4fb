"""What Binance's rows mean: pure functions from rows as the interface gives them to entries.

The statement has no ids: its rows meet these entries by what moved where in which second, so every entry here has the
legs that the statement has for the same event (a fee is a leg of its own, earn is a sub-place).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from app.connectors.exchanges.rows import Pending, Place, Read, Row, RowError, leg, moving, read_rows
from app.core.clock import MILLISECOND, SECOND, from_datetime
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role
from app.core.money import ZERO, add, multiply

Markets = Mapping[str, tuple[str, str]]
"""Symbol to (base, quote), as the venue names both."""

SPOT = "spot"
_WALLETS = {"0": SPOT, "1": "funding"}
_DEPOSITED = {"1", "6"}
"""Success, and credited but not yet free to withdraw: both are in the balance."""
_DEPOSIT_OPEN = {"0", "8"}
_DEPOSIT_VOID = {"2", "7"}
_WITHDRAWN = {"6"}
_WITHDRAWAL_OPEN = {"0", "2", "4"}
_WITHDRAWAL_VOID = {"1", "3", "5"}
_CONVERT_OPEN = {"PROCESS", "ACCEPT_SUCCESS"}


def trades(rows: Sequence[Any], place: Place, stream: str, market: tuple[str, str]) -> Read:
    """Return the spot trades of one symbol."""
    return read_rows(rows, place, stream, partial(_trade, place, market))


def _trade(place: Place, market: tuple[str, str], row: Row) -> Entry:
    base, quote = market
    sign = Decimal(1) if row.flag("isBuyer") else Decimal(-1)
    quantity = row.positive("qty")
    cash = row.quantity("quoteQty", multiply(quantity, row.positive("price")))
    commission = row.quantity("commission", ZERO)
    legs = [leg(place, base, multiply(sign, quantity)), leg(place, quote, multiply(sign, cash).copy_negate())]
    if commission:
        role = Role.FEE if commission > 0 else Role.REBATE
        legs.append(leg(place, row.text("commissionAsset"), commission.copy_negate(), role))
    return Entry(
        account=place.account,
        at=row.milliseconds("time"),
        kind=EntryKind.TRADE,
        legs=moving(legs),
        identity=Identity("trade", f"{row.text('symbol')}:{row.text('id')}"),
        resolution=MILLISECOND,
        references=row.references(order="orderId"),
    )


def deposits(rows: Sequence[Any], place: Place, stream: str) -> Read:
    """Return the deposits that were credited."""
    return read_rows(rows, place, stream, partial(_deposit, place))


def _deposit(place: Place, row: Row) -> Entry | None:
    if _settled(row, "status", _DEPOSITED, _DEPOSIT_OPEN, _DEPOSIT_VOID) is False:
        return None
    tx = row.text("txId", "")
    named = row.text("id", "") or tx
    if not named:
        raise RowError("it has neither id nor txId")
    wallet = _wallet(row)
    return Entry(
        account=place.account,
        at=row.milliseconds("insertTime"),
        kind=EntryKind.DEPOSIT,
        legs=(leg(place, row.text("coin"), row.positive("amount"), sub_place=wallet),),
        identity=Identity("deposit", named, "" if row.text("id", "") else row.text("address", "")),
        resolution=MILLISECOND,
        references=row.references(tx_hash="txId", network="network", address="address"),
    )


def withdrawals(rows: Sequence[Any], place: Place, stream: str) -> Read:
    """Return the withdrawals that were completed; `amount` is what arrives, the fee comes on top."""
    return read_rows(rows, place, stream, partial(_withdrawal, place))


def _withdrawal(place: Place, row: Row) -> Entry | None:
    if _settled(row, "status", _WITHDRAWN, _WITHDRAWAL_OPEN, _WITHDRAWAL_VOID) is False:
        return None
    coin, wallet = row.text("coin"), _wallet(row)
    fee = row.quantity("transactionFee", ZERO)
    if fee < 0:
        raise RowError(f"its transactionFee {fee} is below zero")
    return Entry(
        account=place.account,
        at=apply_time(row),
        kind=EntryKind.WITHDRAWAL,
        legs=moving(
            (
                leg(place, coin, row.positive("amount").copy_negate(), sub_place=wallet),
                leg(place, coin, fee.copy_negate(), Role.FEE, sub_place=wallet),
            )
        ),
        identity=Identity("withdrawal", row.text("id")),
        resolution=SECOND,
        references=row.references(tx_hash="txId", network="network", address="address"),
    )


def apply_time(row: Row) -> int:
    """Return the moment of "2021-04-15 12:09:16", which is UTC; some answers give milliseconds instead."""
    written = row.text("applyTime")
    if written.isdecimal():
        return row.milliseconds("applyTime")
    try:
        return from_datetime(datetime.strptime(written, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC))
    except ValueError as error:
        raise RowError(f"its applyTime {written!r} is not a time") from error


def _wallet(row: Row) -> str:
    number = row.text("walletType", "0")
    if number not in _WALLETS:
        raise RowError(f"its walletType {number!r} is unknown")
    return _WALLETS[number]


def _settled(row: Row, key: str, done: set[str], still_open: set[str], void: set[str]) -> bool:
    """Tell whether a row moved something; Pending where that is not decided, RowError for an unknown word."""
    word = row.text(key)
    if word in done:
        return True
    if word in void:
        return False
    if word in still_open:
        raise Pending
    raise RowError(f"its {key} {word!r} is unknown")


def conversions(rows: Sequence[Any], place: Place, stream: str) -> Read:
    """Return the conversions that went through."""
    return read_rows(rows, place, stream, partial(_conversion, place))


def _conversion(place: Place, row: Row) -> Entry | None:
    if _settled(row, "orderStatus", {"SUCCESS"}, _CONVERT_OPEN, {"FAIL", "EXPIRED"}) is False:
        return None
    return Entry(
        account=place.account,
        at=row.milliseconds("createTime"),
        kind=EntryKind.CONVERSION,
        legs=(
            leg(place, row.text("fromAsset"), row.positive("fromAmount").copy_negate()),
            leg(place, row.text("toAsset"), row.positive("toAmount")),
        ),
        identity=Identity("convert", row.text("orderId")),
        resolution=MILLISECOND,
    )


def dust(rows: Sequence[Any], place: Place, stream: str) -> Read:
    """Return one conversion a dust transfer: many small amounts become BNB, the service charge is taken off before."""
    return read_rows(rows, place, stream, partial(_dribblet, place))


def _dribblet(place: Place, row: Row) -> Entry:
    details = row.raw.get("userAssetDribbletDetails")
    if not isinstance(details, list) or not details:
        raise RowError("it lists no userAssetDribbletDetails")
    legs: list[Leg] = []
    received = ZERO
    for detail in map(Row, details):
        legs.append(leg(place, detail.text("fromAsset"), detail.positive("amount").copy_negate()))
        received = add(received, detail.positive("transferedAmount"))
    told = row.quantity("totalTransferedAmount", received)
    if told != received:
        raise RowError(f"its details sum up to {received} where it says {told}")
    legs.append(leg(place, row.text("targetAsset", "BNB"), received))
    return Entry(
        account=place.account,
        at=row.milliseconds("operateTime"),
        kind=EntryKind.CONVERSION,
        legs=tuple(legs),
        identity=Identity("dribblet", row.text("transId")),
        resolution=MILLISECOND,
        references=row.references(service_charge="totalServiceChargeAmount"),
    )


def dividends(rows: Sequence[Any], place: Place, stream: str) -> Read:
    """Return what the venue paid out: interest, airdrops, launch pools."""
    return read_rows(rows, place, stream, partial(_dividend, place))


def _dividend(place: Place, row: Row) -> Entry:
    amount = row.positive("amount")
    direction = row.text("direction", "1")
    if direction not in ("1", "-1", "0"):
        raise RowError(f"its direction {direction!r} is unknown")
    return Entry(
        account=place.account,
        at=row.milliseconds("divTime"),
        kind=EntryKind.REWARD,
        legs=(leg(place, row.text("asset"), amount if direction == "1" else amount.copy_negate(), Role.INTEREST),),
        identity=Identity("dividend", row.text("id", "") or row.text("tranId")),
        resolution=MILLISECOND,
        references=row.references(note="enInfo"),
    )
