"""What leaves no choice: ends of one asset with the same transaction hash whose amounts fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from app.core.money import EXACT, multiply
from app.core.transfers.ends import End
from app.core.transfers.links import SURE, Link, summed

LOST = Decimal("0.05")
"""A transfer may lose so much of what was sent on its way, and no more, to leave no choice: a fee inside the amount."""

_MOST = 6
"""Ends of one side in a group that are still told apart by their amounts."""


def by_hash(ends: Iterable[End], rejected: frozenset[frozenset[str]] = frozenset()) -> Iterator[Link]:
    """Yield a link for each group of ends that its hash leaves no choice about.

    Of several on both sides those with one and the same amount belong together; what then is left on one side is
    linked with what is left on the other where the sums fit.
    """
    groups: dict[tuple[str, str], list[End]] = {}
    for end in ends:
        if end.tx_hash:
            groups.setdefault((end.tx_hash, end.asset), []).append(end)
    for group in groups.values():
        if len(group) > 1:
            yield from _links(group, rejected)


def _links(group: Sequence[End], rejected: frozenset[frozenset[str]]) -> Iterator[Link]:
    outs = sorted((end for end in group if not end.is_deposit), key=_order)
    intos = sorted((end for end in group if end.is_deposit), key=_order)
    if len(outs) > 1 and len(intos) > 1 and max(len(outs), len(intos)) <= _MOST:
        for out in tuple(outs):
            into = next((one for one in intos if one.quantity == out.quantity and one.account != out.account), None)
            if into is not None:
                outs.remove(out)
                intos.remove(into)
                yield from _link([out], [into], rejected)
    yield from _link(outs, intos, rejected)


def _link(outs: Sequence[End], intos: Sequence[End], rejected: frozenset[frozenset[str]]) -> Iterator[Link]:
    if not outs or not intos or not _fits(outs, intos):
        return
    made = Link(tuple(outs), tuple(intos), SURE, _reason(outs, intos))
    if made.ids not in rejected:
        yield made


def _fits(outs: Sequence[End], intos: Sequence[End]) -> bool:
    """Tell whether what arrived can be what was sent: elsewhere, not more, and not much less."""
    if {end.account for end in outs} & {end.account for end in intos}:
        return False
    sent, arrived = summed(outs), summed(intos)
    if len(outs) == len(intos) == 1:
        # A hash names one movement: what more arrived, or less, is told by the two sources in their own ways.
        return True
    return EXACT.subtract(sent, multiply(sent, LOST)) <= arrived <= sent


def _reason(outs: Sequence[End], intos: Sequence[End]) -> str:
    if len(outs) == len(intos) == 1:
        return "same transaction hash"
    return f"same transaction hash, {len(outs)} sent and {len(intos)} received, and the sums fit"


def _order(end: End) -> tuple[int, str]:
    return end.at, end.entry_id
