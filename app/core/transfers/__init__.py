"""Transfers between a person's own accounts: which withdrawals and deposits belong together, and how sure that is.

What has one hash and fitting amounts leaves no choice and counts by itself, as does what a person linked. For the rest
there are proposals, which count once a person accepts them: what is inferred from amounts and times would change with
every later entry, and figures must not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core.ledger.entries import Entry
from app.core.model.transfer_links import TransferLink
from app.core.transfers.by_hash import by_hash
from app.core.transfers.ends import End, IsMoney, ends, money_by, nothing_is_money
from app.core.transfers.evidence import Known
from app.core.transfers.links import SURE, Decided, Link, Standing, decided
from app.core.transfers.proposals import Proposal, proposals

__all__ = [
    "Aside",
    "End",
    "IsMoney",
    "Link",
    "Pairing",
    "Proposal",
    "Standing",
    "decided",
    "money_by",
    "nothing_is_money",
    "pairing",
    "transfers",
]


@dataclass(frozen=True, slots=True)
class Aside:
    """A word of a person that makes no transfer: broken, rejected, taken back, or replaced by a later one.

    Attributes:
        ends: Of its entries, those that are still in the books.
    """

    standing: Standing
    word: TransferLink
    ends: tuple[End, ...]


@dataclass(frozen=True, slots=True)
class Pairing:
    """All deposits and withdrawals, each in one place.

    Attributes:
        links: That count.
        proposals: That wait for a person, the surest first.
        unpaired: Of which nothing is known.
        broken: Words of a person on entries of which some are there no more, or are no ends any more.
        aside: What persons said that makes no transfer, oldest first.
    """

    links: tuple[Link, ...]
    proposals: tuple[Proposal, ...]
    unpaired: tuple[End, ...]
    broken: tuple[TransferLink, ...]
    aside: tuple[Aside, ...] = ()


def transfers(
    entries: Iterable[tuple[str, Entry]],
    recorded: Sequence[TransferLink] = (),
    is_money: IsMoney = nothing_is_money,
) -> tuple[list[Link], list[End], list[TransferLink]]:
    """Return the links that count, the ends that are in none, and words of persons that no longer fit their entries."""
    return _counting(list(ends(entries, is_money)), decided(recorded))


def _counting(found: Sequence[End], told: Decided) -> tuple[list[Link], list[End], list[TransferLink]]:
    known = {end.entry_id: end for end in found}
    links: list[Link] = []
    broken: list[TransferLink] = []
    for word in told.links:
        link = _of_person(word, known)
        if link is None:
            broken.append(word)
        else:
            links.append(link)
    free = [end for end in found if end.entry_id not in told.taken]
    links += by_hash(free, told.rejected)
    linked = {end.entry_id for link in links for end in link.ends}
    return links, [end for end in found if end.entry_id not in linked], broken


def _of_person(word: TransferLink, known: dict[str, End]) -> Link | None:
    """Return the link of a word; None where an entry of it is gone, changed its side, or is of another asset now."""
    outs = [known.get(one) for one in word.withdrawals]
    intos = [known.get(one) for one in word.deposits]
    if any(end is None or end.is_deposit for end in outs) or any(end is None or not end.is_deposit for end in intos):
        return None
    sides = tuple(end for end in outs if end), tuple(end for end in intos if end)
    if len({end.asset for side in sides for end in side}) != 1:
        return None
    return Link(*sides, SURE, word.reason, word)


def pairing(
    entries: Iterable[tuple[str, Entry]],
    recorded: Sequence[TransferLink] = (),
    is_money: IsMoney = nothing_is_money,
) -> Pairing:
    """Return every deposit and withdrawal in its place, with proposals for those that are in no link."""
    read, told = list(ends(entries, is_money)), decided(recorded)
    links, free, broken = _counting(read, told)
    found = proposals(free, Known(read, links), told.rejected)
    proposed = {entry_id for one in found for entry_id in one.link.ids}
    unpaired = tuple(end for end in free if end.entry_id not in proposed)
    return Pairing(tuple(links), found, unpaired, tuple(broken), _aside(told, broken, read))


def _aside(told: Decided, broken: Sequence[TransferLink], read: Sequence[End]) -> tuple[Aside, ...]:
    said = (*((Standing.BROKEN, word) for word in broken), *told.aside)
    known = {end.entry_id: end for end in read} if said else {}
    return tuple(
        Aside(standing, word, tuple(known[one] for one in (*word.withdrawals, *word.deposits) if one in known))
        for standing, word in said
    )
