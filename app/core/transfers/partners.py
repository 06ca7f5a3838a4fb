"""Which ends can be the other end of one that is alone, the nearest first: for a person who knows better than clues."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.core.clock import DAY
from app.core.money import EXACT, multiply
from app.core.transfers.ends import End
from app.core.transfers.evidence import HOUR, ZONES

LATEST = 30 * DAY
"""What arrives later than this after it left is looked for by its id, not in a list."""

EARLIEST = (ZONES + 2) * HOUR
"""Sources may tell times of other zones, so that it seems to arrive before it left."""

LEAST = Decimal("0.5")
"""Of what left, so much arrives at least: a fee of the network takes much of a small amount."""


@dataclass(frozen=True, slots=True)
class Partner:
    """An end that can be the other one.

    Attributes:
        lost: How much less arrived than left; below zero where a fee beside the withdrawal makes up for it.
        delay: How much later it arrived than it left; below zero where sources tell it the other way round.
        is_proposed: A proposal takes it for the end of another transfer, and goes once it is paired here.
    """

    end: End
    lost: Decimal
    delay: int
    is_proposed: bool = False


def partners(one: End, free: Iterable[End], proposed: frozenset[str] = frozenset()) -> tuple[Partner, ...]:
    """Return the ends that can be paired with one, the nearest amounts first, and of equal ones the nearest in time.

    Args:
        one: The end that is alone.
        free: Ends that are in no transfer that counts.
        proposed: Entries of those that are in a proposal.
    """
    found = [_partner(one, end, proposed) for end in free if _can_be(one, end)]
    return tuple(sorted(found, key=lambda partner: (abs(partner.lost), abs(partner.delay), partner.end.entry_id)))


def _sides(one: End, end: End) -> tuple[End, End]:
    return (end, one) if one.is_deposit else (one, end)


def _can_be(one: End, end: End) -> bool:
    """Tell whether two ends fit or nearly do, and would not be refused as one transfer."""
    if one.is_deposit is end.is_deposit or one.asset != end.asset or one.account == end.account:
        return False
    out, into = _sides(one, end)
    if not -EARLIEST <= into.at - out.at <= LATEST:
        return False
    arrived = EXACT.subtract(into.quantity, into.fee)
    return multiply(out.quantity, LEAST) <= into.quantity and arrived <= EXACT.add(out.quantity, out.fee)


def _partner(one: End, end: End, proposed: frozenset[str]) -> Partner:
    out, into = _sides(one, end)
    return Partner(end, EXACT.subtract(out.quantity, into.quantity), into.at - out.at, end.entry_id in proposed)
