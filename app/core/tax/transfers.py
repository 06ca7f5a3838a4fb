"""What a transfer between a person's own accounts moves from where to where, and what of it was lost on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.ledger.entries import Entry
from app.core.model.transfer_links import TransferLink
from app.core.money import EXACT, ZERO
from app.core.transfers import IsMoney, Link, nothing_is_money, transfers

Side = tuple[tuple[str, Entry], ...]


@dataclass(frozen=True, slots=True)
class Transfer:
    """One asset that left some accounts and arrived in others; both sides stand in the order of time."""

    asset: str
    withdrawals: Side
    deposits: Side

    @property
    def first(self) -> str:
        """Return the entry at which the whole transfer is read."""
        return self.withdrawals[0][0]


def of_entries(
    entries: Sequence[tuple[str, Entry]],
    recorded: Sequence[TransferLink] = (),
    is_money: IsMoney = nothing_is_money,
) -> dict[str, Transfer]:
    """Return transfers by the id of each of their entries: those that a hash or a person leaves no doubt about."""
    links, _, _ = transfers(entries, recorded, is_money)
    if not links:
        return {}
    wanted = {entry_id for link in links for entry_id in link.ids}
    known = {entry_id: entry for entry_id, entry in entries if entry_id in wanted}
    found: dict[str, Transfer] = {}
    for link in links:
        found |= dict.fromkeys(link.ids, _transfer(link, known))
    return found


def _transfer(link: Link, known: Mapping[str, Entry]) -> Transfer:
    withdrawals, deposits = (
        tuple(sorted(((end.entry_id, known[end.entry_id]) for end in side), key=lambda one: (one[1].at, one[0])))
        for side in (link.withdrawals, link.deposits)
    )
    return Transfer(link.asset, withdrawals, deposits)


@dataclass(frozen=True, slots=True)
class Flow:
    """Units that went from one withdrawal to one deposit, as places in both sides."""

    out: int
    into: int
    quantity: Decimal


def flows(sent: Sequence[Decimal], fees: Sequence[Decimal], arrived: Sequence[Decimal]) -> list[Flow]:
    """Return who got what of whom: in the order of time, what was sent before what was charged beside it.

    Every unit of a side is in one flow at most; what is left over of a withdrawal was lost on the way, and what is
    left over of a deposit came from elsewhere.
    """
    wanted, found = list(arrived), dict[tuple[int, int], Decimal]()
    for supply in (sent, fees):
        for out, into, quantity in _poured(supply, wanted):
            found[out, into] = EXACT.add(found.get((out, into), ZERO), quantity)
    return [Flow(out, into, quantity) for (out, into), quantity in sorted(found.items())]


def _poured(supply: Sequence[Decimal], wanted: list[Decimal]) -> Iterator[tuple[int, int, Decimal]]:
    for out, quantity in enumerate(supply):
        left = quantity
        for into, missing in enumerate(wanted):
            given = min(left, missing)
            if given > 0:
                left = EXACT.subtract(left, given)
                wanted[into] = EXACT.subtract(missing, given)
                yield out, into, given
