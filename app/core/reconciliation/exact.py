"""Causes that explain a difference to the last digit: an entry twice, a wrong sign, half a transfer, half a move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from app.core.clock import DAY, SECOND
from app.core.ledger.entries import EntryKind, Leg, Role, plain_hash
from app.core.model.breaks import Cause
from app.core.model.ledger_rows import FlowRow
from app.core.money import EXACT, ZERO, add
from app.core.names import counted
from app.core.reconciliation.evidence import Amounts, Event, Evidence, Spot, Stretch, clock, day

_HOUR = 3_600 * SECOND
_ZONES = 14
_LATE, _EARLY = 3 * DAY, _HOUR
_NETWORK_AT_MOST = Decimal("0.005")
"""Of what was sent: what a network takes on the way."""

_TWINS = 24
"""Copies among which pairs are tried: more in one stretch are fills, not duplicates."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that would make a difference of exactly these amounts.

    Attributes:
        events: Entries of the books that it is about.
        legs: Of the entry as it would be, or of the one that is missing.
        is_of_many: All its entries are copies; else a copy and what it is a copy of.
    """

    cause: Cause
    effect: Amounts
    likelihood: int
    words: str
    evidence: tuple[str, ...]
    events: tuple[Event, ...] = ()
    legs: tuple[Leg, ...] = ()
    kind: EntryKind = EntryKind.OTHER
    at: int = 0
    is_of_many: bool = False

    @property
    def is_absence(self) -> bool:
        """Tell whether it is about something that is not in the books, as a missing page would be."""
        return self.cause in (Cause.UNPAIRED_TRANSFER, Cause.INTERNAL_MOVE)


def candidates(known: Evidence, stretch: Stretch, happened: Sequence[Event]) -> list[Candidate]:
    """Return everything that touches a place whose difference changed, the likeliest first."""
    found = [
        *_duplicates(known, happened),
        *_signs(known, stretch, happened),
        *_moves(known, stretch),
        *_transfers(known, stretch),
    ]
    fitting = [one for one in found if one.effect and one.effect.keys() <= stretch.amounts.keys()]
    return sorted(fitting, key=lambda one: (-one.likelihood, -len(one.effect)))


def explained(offered: Sequence[Candidate], amounts: Amounts) -> tuple[list[Candidate], dict[Spot, Decimal]]:
    """Return what explains the amounts, and what is left of them.

    What fits in every place is taken first; then what fits in one place and is hidden in another, where something
    else happened too.
    """
    left = dict(amounts)
    taken: list[Candidate] = []
    for fits in (_fits_whole, _fits_in_part):
        for one in offered:
            if one not in taken and is_apart(one, taken) and fits(one, left):
                taken.append(one)
                _take(one, left)
    if left:
        pair = _pair([one for one in offered if one.cause is Cause.DUPLICATE and one not in taken], left)
        for one in pair:
            taken.append(one)
            _take(one, left)
    return taken, left


def is_apart(one: Candidate, taken: Sequence[Candidate]) -> bool:
    """Tell whether it is about other entries than what is taken already."""
    return not {event.entry_id for event in one.events} & {event.entry_id for other in taken for event in other.events}


def _fits_whole(one: Candidate, left: Amounts) -> bool:
    return all(left.get(spot) == amount for spot, amount in one.effect.items())


def _fits_in_part(one: Candidate, left: Amounts) -> bool:
    if len(one.effect) == 1 or one.is_absence or not one.effect.keys() <= left.keys():
        return False
    return any(left[spot] == amount for spot, amount in one.effect.items())


def _pair(offered: Sequence[Candidate], left: Amounts) -> tuple[Candidate, ...]:
    """Return two or three copies that only together make up what is left."""
    tried = [one for one in offered if one.effect.keys() <= left.keys()][:_TWINS]
    for size in (2, 3):
        for some in combinations(tried, size):
            if all(left.get(spot) == amount for spot, amount in _sum(one.effect for one in some).items()):
                return some
    return ()


def _take(one: Candidate, left: dict[Spot, Decimal]) -> None:
    for spot, amount in one.effect.items():
        rest = EXACT.subtract(left.get(spot, ZERO), amount)
        if rest:
            left[spot] = rest
        else:
            left.pop(spot, None)


def _duplicates(known: Evidence, happened: Sequence[Event]) -> Iterator[Candidate]:
    alike: dict[object, list[Event]] = defaultdict(list)
    for event in happened:
        alike[event.shape].append(event)
    for group in alike.values():
        for first, second in pairwise(group):
            apart = second.at - first.at
            hours, rest = divmod(apart + SECOND, _HOUR)
            if apart <= SECOND:
                yield _twice(known, first, second, 95, "at the same time, under another id")
            elif hours <= _ZONES and rest <= 2 * SECOND:
                shift = f"{counted(hours, 'hour')} apart, as a wrong time zone would make it"
                yield _twice(known, first, second, 85, shift)
    copies = _read_twice(happened)
    if len(copies) > 1:
        yield _all_twice(copies)


def _read_twice(happened: Sequence[Event]) -> list[Event]:
    """Return the later half of the longest time in which everything is there an even number of times.

    A statement that was read under other ids makes two of each entry in it, and four of two true equal fills.
    """
    alike: dict[object, list[Event]] = defaultdict(list)
    for event in happened:
        alike[event.shape, event.at // SECOND].append(event)
    runs: list[list[Event]] = [[]]
    for group in alike.values():
        if len(group) % 2:
            runs.append([])
        else:
            runs[-1] += group[len(group) // 2 :]
    return max(runs, key=len)


def _all_twice(copies: Sequence[Event]) -> Candidate:
    """Return that all these copies are too many."""
    first, last = copies[0].at, copies[-1].at
    effect = _sum(copy.sums() for copy in copies)
    words = f"{len(copies):,} entries from {day(first)} to {day(last)} are here twice"
    evidence = ("each has the legs and the time of another, under another id", "the difference is all of them")
    return Candidate(Cause.DUPLICATE, effect, 96, words, evidence, tuple(copies), is_of_many=True)


def _sum(parts: Iterable[Amounts]) -> dict[Spot, Decimal]:
    total: dict[Spot, Decimal] = {}
    for part in parts:
        for spot, amount in part.items():
            total[spot] = add(total.get(spot, ZERO), amount)
    return {spot: amount for spot, amount in total.items() if amount}


def _twice(known: Evidence, first: Event, second: Event, likelihood: int, how: str) -> Candidate:
    evidence = f"two entries have equal legs, {how}", "the difference is one of them"
    words = f"the {known.what(second)} is here twice"
    return Candidate(Cause.DUPLICATE, second.sums(), likelihood, words, evidence, (second, first))


def _signs(known: Evidence, stretch: Stretch, happened: Sequence[Event]) -> Iterator[Candidate]:
    for event in happened:
        if event.kind == EntryKind.MOVE:
            continue
        whole, moved = event.sums(), event.sums(Role.PRINCIPAL)
        if _is_twice(moved, stretch.amounts):
            yield _turned(known, event, moved, 90, is_whole=False)
        if whole != moved and _is_twice(whole, stretch.amounts):
            yield _turned(known, event, whole, 88, is_whole=True)


def _is_twice(sums: Amounts, amounts: Amounts) -> bool:
    return any(amounts.get(spot) == add(quantity, quantity) for spot, quantity in sums.items())


def _turned(known: Evidence, event: Event, sums: Amounts, likelihood: int, *, is_whole: bool) -> Candidate:
    effect = {spot: add(quantity, quantity) for spot, quantity in sums.items()}
    words = f"the {known.what(event)} has the wrong sign"
    evidence = ("the difference is twice the entry",)
    kind = EntryKind(event.kind)
    if kind in (EntryKind.DEPOSIT, EntryKind.WITHDRAWAL):
        kind = EntryKind.WITHDRAWAL if all(quantity > 0 for quantity in sums.values()) else EntryKind.DEPOSIT
    legs = event.turned(is_whole=is_whole)
    return Candidate(Cause.WRONG_SIGN, effect, likelihood, words, evidence, (event,), legs, kind, event.at)


def _moves(known: Evidence, stretch: Stretch) -> Iterator[Candidate]:
    """Two sub-places of one asset that differ by the same amount in opposite ways."""
    for (here, asset), amount in stretch.amounts.items():
        for (there, other), opposite in stretch.amounts.items():
            if asset == other and amount > 0 and opposite == -amount:
                words = f"{known.amount(asset, amount)} went from {here} to {there}, and no entry says so"
                evidence = (f"{here} has as much too much as {there} has too little",)
                legs = (
                    Leg(known.account, here, asset, -amount),
                    Leg(known.account, there, asset, amount),
                )
                effect = {(here, asset): amount, (there, asset): opposite}
                yield Candidate(
                    Cause.INTERNAL_MOVE, effect, 87, words, evidence, (), legs, EntryKind.MOVE, stretch.until
                )


def _transfers(known: Evidence, stretch: Stretch) -> Iterator[Candidate]:
    """One end of a transfer is in another account of the book, and its other end is not here."""
    own = [flow for flow in known.flows if flow.account == known.account]
    for flow in known.flows:
        if flow.account == known.account or not flow.quantity:
            continue
        # What left elsewhere arrives here later; what arrived elsewhere left here before.
        first, last = (flow.at - _EARLY, flow.at + _LATE) if flow.quantity < 0 else (flow.at - _LATE, flow.at + _EARLY)
        if last <= (stretch.after or -(2**63)) or first > stretch.until:
            continue
        missing = -flow.quantity
        for spot, amount in stretch.amounts.items():
            if spot[1] == flow.asset and _fits_end(-amount, missing) and not _is_here(flow, own, first, last):
                yield _half(known, stretch, flow, spot, -amount)


def _fits_end(arrived: Decimal, sent: Decimal) -> bool:
    """Tell whether what is missing here is what another account sent, or a little less: some tell it with its fee."""
    if arrived == sent:
        return True
    return 0 < arrived < sent and EXACT.subtract(sent, arrived) <= EXACT.multiply(sent, _NETWORK_AT_MOST)


def _is_here(flow: FlowRow, own: Sequence[FlowRow], first: int, last: int) -> bool:
    return any(
        (flow.tx_hash and plain_hash(one.tx_hash) == plain_hash(flow.tx_hash))
        or (one.asset == flow.asset and one.quantity == -flow.quantity and first <= one.at <= last)
        for one in own
    )


def _half(known: Evidence, stretch: Stretch, flow: FlowRow, spot: Spot, missing: Decimal) -> Candidate:
    is_whole = missing == -flow.quantity
    kind = EntryKind.DEPOSIT if missing > 0 else EntryKind.WITHDRAWAL
    other = "sent" if missing > 0 else "received"
    words = (
        f"the {kind.value} of {known.amount(flow.asset, missing)}"
        f" that {known.name(flow.account)} {other} on {day(flow.at)} is not here"
    )
    tx = (f"transaction {flow.tx_hash}",) if flow.tx_hash else ()
    what = "exactly the difference" if is_whole else f"{known.amount(flow.asset, -flow.quantity)}, its fee in it,"
    evidence = (f"{known.name(flow.account)} {other} {what} at {clock(flow.at)}", *tx)
    at = min(max(flow.at, (stretch.after or flow.at - 1) + 1), stretch.until)
    legs = (Leg(known.account, spot[0], spot[1], missing),)
    return Candidate(
        Cause.UNPAIRED_TRANSFER, {spot: -missing}, 80 if is_whole else 76, words, evidence, (), legs, kind, at
    )
