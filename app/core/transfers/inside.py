"""What transfers mean to somebody who looks at some accounts: which ends cross no border, and what was lost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.money import EXACT, ZERO
from app.core.transfers.links import Link


@dataclass(frozen=True, slots=True)
class Inside:
    """What counts as a transfer, seen from some accounts.

    Attributes:
        entries: Ends of transfers that have both sides in these accounts: nothing came in or went out by them.
        lost: By withdrawal, how much of it arrived nowhere: a fee inside the amount, which is a cost and no flow.
    """

    entries: frozenset[str] = frozenset()
    lost: Mapping[str, Decimal] = field(default_factory=dict)


def inside(links: Iterable[Link], accounts: Collection[str] = ()) -> Inside:
    """Return what links mean to accounts; none given are all of them."""
    entries: set[str] = set()
    lost: dict[str, Decimal] = {}
    for link in links:
        within = [
            [end.entry_id for end in side if not accounts or end.account in accounts]
            for side in (link.withdrawals, link.deposits)
        ]
        if all(within):
            entries.update(*within)
        missing = EXACT.subtract(link.sent, link.arrived)
        # Of several withdrawals the last ones are what did not arrive, as their lots are moved.
        for end in sorted(link.withdrawals, key=lambda one: (one.at, one.entry_id), reverse=True):
            part = min(missing, end.quantity)
            if part <= ZERO:
                break
            lost[end.entry_id] = part
            missing = EXACT.subtract(missing, part)
    return Inside(frozenset(entries), lost)
