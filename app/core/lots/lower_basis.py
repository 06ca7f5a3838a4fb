"""Gifts that were worth less than they had cost the giver: a loss on them is measured by what they were worth.

26 U.S.C. § 1015(a): for a gain the giver's cost counts, for a loss the lower value at the gift, and what was sold for
something between the two is neither. Units whose loss is measured so count as held since the gift.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.core.lots.events import Event
from app.core.lots.results import Disposal, Match, Matched
from app.core.lots.shares import share


def measure_losses(found: Matched, events: Iterable[Event]) -> None:
    """Let disposals of such gifts cost what the law measures them by."""
    gifts = {event.row: event for event in events if event.rare.lower is not None}
    if gifts:
        found.disposals = [
            _measured(one, gifts) if any(match[0] in gifts for match in one.matches) else one for one in found.disposals
        ]


def _measured(one: Disposal, gifts: Mapping[str, Event]) -> Disposal:
    if one.proceeds is None or one.cost is None:
        return one
    left, units = one.proceeds, one.quantity
    matches: list[Match] = []
    for match in one.matches:
        part = share(left, units, match[2])
        left, units = left - part, units - match[2]
        gift = gifts.get(match[0] or "")
        matches.append(match if gift is None else _basis(match, gift, part))
    return one._replace(cost=sum(match[3] or 0 for match in matches), matches=tuple(matches))


def _basis(match: Match, gift: Event, proceeds: int) -> Match:
    """Return a part of a gift with the cost by which the law measures what it brought."""
    row, rule, quantity, cost, acquired = match
    lower = gift.rare.lower
    if cost is None or lower is None or not gift.value or proceeds >= cost:
        return match
    least = share(lower, gift.value, cost)
    if proceeds < least:
        return row, rule, quantity, least, gift.at
    return row, rule, quantity, proceeds, acquired
