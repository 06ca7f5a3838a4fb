"""The two ends of a transfer as a matcher sees them: what left or reached an account, with every clue of where to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from app.core.ledger.entries import Entry, EntryKind, Role, plain_hash
from app.core.model.assets import AssetKind
from app.core.money import EXACT, ZERO

_MOVING = (EntryKind.DEPOSIT, EntryKind.WITHDRAWAL)

IsMoney = Callable[[str], bool]
"""Tells money from coins. Money comes from banks and goes to them, and they are in no books: it has no other end."""


def money_by(kind_of: Callable[[str], AssetKind]) -> IsMoney:
    """Return what tells money by the kind of an asset."""
    known = cache(kind_of)
    return lambda asset: known(asset) is AssetKind.FIAT


def nothing_is_money(_asset: str) -> bool:
    """Take every asset for a coin."""
    return False


@dataclass(frozen=True, slots=True)
class End:
    """A deposit or a withdrawal of one asset.

    Attributes:
        quantity: What left or arrived, without fees that stand beside it.
        fee: What was charged beside it in the same asset; 0 where nothing was, or in another asset.
        tx_hash: As all venues would write it; "" where the source gives none, likewise network and address.
    """

    entry_id: str
    account: str
    at: int
    asset: str
    quantity: Decimal
    is_deposit: bool
    fee: Decimal = ZERO
    tx_hash: str = ""
    network: str = ""
    address: str = ""


def ends(entries: Iterable[tuple[str, Entry]], is_money: IsMoney = nothing_is_money) -> Iterator[End]:
    """Yield the ends among entries: a deposit or withdrawal of money, of several assets, or of a wrong sign is none."""
    for entry_id, entry in entries:
        if entry.kind in _MOVING:
            found = end(entry_id, entry)
            if found is not None and not is_money(found.asset):
                yield found


def end(entry_id: str, entry: Entry) -> End | None:
    """Return what one deposit or withdrawal is; None where it is not one of one asset."""
    moved = [leg for leg in entry.legs if leg.role is not Role.FEE]
    is_deposit = entry.kind is EntryKind.DEPOSIT
    if len(moved) != 1 or not moved[0].quantity or (moved[0].quantity > 0) is not is_deposit:
        return None
    asset, fee = moved[0].asset, ZERO
    for leg in entry.legs:
        if leg.role is Role.FEE and leg.asset == asset:
            fee = EXACT.subtract(fee, leg.quantity)
    told = entry.references
    return End(
        entry_id, entry.account, entry.at, asset, moved[0].quantity.copy_abs(), is_deposit, fee,
        plain_hash(told.get("tx_hash", "")), told.get("network", "").strip().casefold(),
        told.get("address", "").strip(),
    )  # fmt: skip
