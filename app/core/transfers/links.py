"""Transfers as they count: by what leaves no choice, and by what a person decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from app.core.model.transfer_links import TransferLink
from app.core.money import EXACT, ZERO
from app.core.transfers.ends import End

SURE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Link:
    """Withdrawals and deposits of one asset that are one transfer.

    Attributes:
        confidence: From 0 to 1.
        reason: What speaks for it, in words.
        decided: The word of a person that it stands on; None where its hash leaves no choice, or it is a proposal.
    """

    withdrawals: tuple[End, ...]
    deposits: tuple[End, ...]
    confidence: Decimal
    reason: str
    decided: TransferLink | None = None

    @property
    def ends(self) -> tuple[End, ...]:
        """Return both sides."""
        return (*self.withdrawals, *self.deposits)

    @property
    def ids(self) -> frozenset[str]:
        """Return the entries of both sides."""
        return frozenset(end.entry_id for end in self.ends)

    @property
    def asset(self) -> str:
        """Return what moved."""
        return self.withdrawals[0].asset

    @property
    def at(self) -> int:
        """Return when it began."""
        return min(end.at for end in self.ends)

    @property
    def sent(self) -> Decimal:
        """Return what left, without fees that stand beside it."""
        return summed(self.withdrawals)

    @property
    def arrived(self) -> Decimal:
        """Return what arrived."""
        return summed(self.deposits)


def summed(ends: Sequence[End]) -> Decimal:
    """Return the sum of quantities."""
    total = ZERO
    for end in ends:
        total = EXACT.add(total, end.quantity)
    return total


class Standing(StrEnum):
    """How a word stands that makes no transfer."""

    BROKEN = "broken"
    """It was accepted, and no longer fits its entries: one was voided or corrected since."""

    REJECTED = "rejected"
    UNDONE = "undone"
    REPLACED = "replaced"
    """It was accepted, and a later word on some of its entries counts instead."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What persons said, where nothing later said otherwise.

    Attributes:
        links: Groups that are transfers.
        rejected: Groups that are none.
        taken: By entry, the word that counts for it: nothing else may pair it.
        aside: The newest word on each other group, oldest first.
    """

    links: tuple[TransferLink, ...] = ()
    rejected: frozenset[frozenset[str]] = frozenset()
    taken: Mapping[str, TransferLink] = field(default_factory=dict)
    aside: tuple[tuple[Standing, TransferLink], ...] = ()

    @property
    def in_force(self) -> tuple[TransferLink, ...]:
        """Return the words that can be taken back: those that make a transfer, and those that rule one out."""
        return (*self.links, *(word for standing, word in self.aside if standing is Standing.REJECTED))


def decided(recorded: Iterable[TransferLink]) -> Decided:
    """Return what counts of everything that was ever recorded, oldest first."""
    links: dict[frozenset[str], TransferLink] = {}
    newest: dict[frozenset[str], TransferLink] = {}
    for one in recorded:
        newest.pop(one.ids, None)
        newest[one.ids] = one
        if one.is_transfer is None:
            # What is taken back is that one word: another group that shares an entry with it stands.
            links.pop(one.ids, None)
            continue
        # Whoever links an entry anew takes it out of the link that it was in.
        links = {ids: link for ids, link in links.items() if ids.isdisjoint(one.ids)}
        if one.is_transfer:
            links[one.ids] = one
    taken = {entry_id: link for ids, link in links.items() for entry_id in ids}
    rejected = frozenset(ids for ids, word in newest.items() if word.is_transfer is False)
    aside = tuple((_standing(word), word) for ids, word in newest.items() if ids not in links)
    return Decided(tuple(links.values()), rejected, taken, aside)


def _standing(word: TransferLink) -> Standing:
    if word.is_transfer is None:
        return Standing.UNDONE
    return Standing.REPLACED if word.is_transfer else Standing.REJECTED
