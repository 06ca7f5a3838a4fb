"""What Binance's rows of simple earn mean: moves between spot and earn, and rewards without ids.

Locked products lie in the same sub-place as flexible ones, as they do in the venue's statements. Their rows, and that
no dividend tells their rewards a second time, are from memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from app.connectors.exchanges.rows import Pending, Place, Read, Row, RowError, leg, moving, read_rows
from app.core.clock import MILLISECOND
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role
from app.core.money import add

EARN = "earn"
_DONE = {"SUCCESS", "PAID", "REDEEMED"}
_OPEN = {"PURCHASING", "PENDING", "PROCESSING", "REDEEMING", "NEW"}
_VOID = {"FAILED", "FAIL"}
_SIDES = {"SPOT": "spot", "FUNDING": "funding"}
_REWARD_PLACES = {"REALTIME": EARN, "BONUS": "spot", "REWARDS": "spot"}
"""Real-time interest stays in the product; bonus and the older daily interest are paid into the spot wallet."""


def subscriptions(rows: Sequence[Any], place: Place, stream: str) -> Read:
    """Return what was moved into flexible products."""
    return read_rows(rows, place, stream, partial(_subscription, place, "earn-subscription"))


def locked_subscriptions(rows: Sequence[Any], place: Place, stream: str) -> Read:
    """Return what was moved into locked products."""
    return read_rows(rows, place, stream, partial(_subscription, place, "earn-locked-subscription"))


def _subscription(place: Place, space: str, row: Row) -> Entry | None:
    if not _is_done(row):
        return None
    asset, amount = row.text("asset"), row.positive("amount")
    side = row.text("sourceAccount", "SPOT")
    if side == "SPOTANDFUNDING":
        parts = {"spot": row.quantity("amtFromSpot"), "funding": row.quantity("amtFromFunding")}
        if add(*parts.values()) != amount:
            raise RowError(f"its parts do not sum up to {amount}")
    else:
        parts = {_side(side, "sourceAccount"): amount}
    legs = [leg(place, asset, part.copy_negate(), sub_place=sub_place) for sub_place, part in parts.items()]
    return _move(place, row, "purchaseId", space, [*legs, leg(place, asset, amount, sub_place=EARN)])


def redemptions(rows: Sequence[Any], place: Place, stream: str) -> Read:
    """Return what was moved back out of flexible products."""
    return read_rows(rows, place, stream, partial(_redemption, place, "earn-redemption"))


def locked_redemptions(rows: Sequence[Any], place: Place, stream: str) -> Read:
    """Return what was handed out of locked products."""
    return read_rows(rows, place, stream, partial(_redemption, place, "earn-locked-redemption"))


def _redemption(place: Place, space: str, row: Row) -> Entry | None:
    if not _is_done(row):
        return None
    asset, amount = row.text("asset"), row.positive("amount")
    side = _side(row.text("destAccount", "SPOT"), "destAccount")
    legs = [leg(place, asset, amount.copy_negate(), sub_place=EARN), leg(place, asset, amount, sub_place=side)]
    return _move(place, row, "redeemId", space, legs)


def _move(place: Place, row: Row, key: str, space: str, legs: Sequence[Leg]) -> Entry:
    return Entry(
        account=place.account,
        at=row.milliseconds("time"),
        kind=EntryKind.MOVE,
        legs=moving(legs),
        identity=Identity(space, row.text(key)),
        resolution=MILLISECOND,
        references=row.references(product="productId"),
    )


def rewards(rows: Sequence[Any], place: Place, stream: str) -> Read:
    """Return rewards of every kind; they have no ids, so they are known by their rows as in a statement."""
    return read_rows(rows, place, stream, partial(_reward, place))


def _reward(place: Place, row: Row) -> Entry | None:
    kind = row.text("type").upper()
    if kind not in _REWARD_PLACES:
        raise RowError(f"its type {row.text('type')!r} is unknown")
    return _paid(place, row, row.quantity("rewards"), _REWARD_PLACES[kind], "earn-reward", "projectId")


def _paid(  # noqa: PLR0913, PLR0917 - what a reward is, and how its row calls it
    place: Place, row: Row, amount: Decimal, sub_place: str, space: str, product: str
) -> Entry | None:
    if amount < 0:
        raise RowError(f"its reward {amount} is below zero")
    if not amount:
        return None
    return Entry(
        account=place.account,
        at=row.milliseconds("time"),
        kind=EntryKind.REWARD,
        legs=(leg(place, row.text("asset"), amount, Role.INTEREST, sub_place=sub_place),),
        identity=Identity(space, ""),
        resolution=MILLISECOND,
        references=row.references(product=product),
    )


def locked_rewards(rows: Sequence[Any], place: Place, stream: str) -> Read:
    """Return rewards of locked products, which are paid into the spot wallet and have no ids."""
    return read_rows(rows, place, stream, partial(_locked_reward, place))


def _locked_reward(place: Place, row: Row) -> Entry | None:
    return _paid(place, row, row.quantity("amount"), "spot", "earn-locked-reward", "positionId")


def _is_done(row: Row) -> bool:
    word = row.text("status", "SUCCESS").upper()
    if word in _OPEN:
        raise Pending
    if word not in _DONE | _VOID:
        raise RowError(f"its status {word!r} is unknown")
    return word in _DONE


def _side(word: str, key: str) -> str:
    if word not in _SIDES:
        raise RowError(f"its {key} {word!r} is unknown")
    return _SIDES[word]
