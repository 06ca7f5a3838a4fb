"""Proposals: for ends that no hash joined, the partner for which most speaks; a person has the last word."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from app.core.clock import DAY
from app.core.money import EXACT
from app.core.transfers.ends import End
from app.core.transfers.evidence import EARLY, HOUR, LATE, ZONES, Known, Weighed, bucket
from app.core.transfers.links import Link, summed

LEAST = 3.0
"""What less speaks for is not proposed."""

CLEAR = 2.0
"""A proposal that stands so far before the next best of either end is clear; else both are told to be possible."""

_SUM_OF = 2
_NEAR = DAY
_MOST_NEAR = 40
_SUM_SCORE = 4.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A link for which something speaks.

    Attributes:
        is_clear: No other partner of either end comes near.
        others: Entry ids of other possible partners.
    """

    link: Link
    is_clear: bool
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    out: End
    into: End
    weighed: Weighed


def proposals(
    ends: Sequence[End], known: Known, rejected: frozenset[frozenset[str]] = frozenset()
) -> tuple[Proposal, ...]:
    """Return proposals for ends that are in no link yet, the surest first; no end is in two of them."""
    found: list[Proposal] = []
    by_asset: dict[str, list[End]] = {}
    for end in ends:
        by_asset.setdefault(end.asset, []).append(end)
    for group in by_asset.values():
        found += _of_asset(sorted(group, key=lambda end: (end.at, end.entry_id)), known, rejected)
    return tuple(sorted(found, key=lambda one: (-one.link.confidence, one.link.withdrawals[0].at)))


def _of_asset(ends: Sequence[End], known: Known, rejected: frozenset[frozenset[str]]) -> Iterator[Proposal]:
    candidates = [
        one
        for one in _candidates(ends, known)
        if one.weighed.score >= LEAST and frozenset((one.out.entry_id, one.into.entry_id)) not in rejected
    ]
    paired, taken = _assigned(candidates), set[str]()
    for one, is_clear, others in paired:
        taken |= {one.out.entry_id, one.into.entry_id}
        link = Link((one.out,), (one.into,), _confidence(one.weighed.score), "; ".join(one.weighed.words))
        yield Proposal(link, is_clear, others)
    left = [end for end in ends if end.entry_id not in taken]
    yield from _sums(left, known, rejected)


def _candidates(ends: Sequence[End], known: Known) -> Iterator[_Candidate]:
    """Yield pairs whose amounts and times are near enough, found by amount first and time second."""
    buckets: dict[int, list[End]] = {}
    for end in ends:
        if end.is_deposit:
            buckets.setdefault(bucket(end.quantity), []).append(end)
    times = {place: [end.at for end in found] for place, found in buckets.items()}
    for out in ends:
        if out.is_deposit:
            continue
        near = {bucket(out.quantity), bucket(out.quantity) - 1}
        near |= {bucket(EXACT.subtract(out.quantity, fee)) for fee in known.usual(out.asset) if fee < out.quantity}
        for place in near & buckets.keys():
            first = bisect_left(times[place], out.at - ZONES * HOUR - EARLY)
            last = bisect_right(times[place], out.at + LATE)
            for into in buckets[place][first:last]:
                weighed = known.weigh(out, into)
                if weighed is not None:
                    yield _Candidate(out, into, weighed)


def _assigned(candidates: Sequence[_Candidate]) -> Iterator[tuple[_Candidate, bool, tuple[str, ...]]]:
    """Yield the best pairs, no end twice: by what speaks for them, of equals the one that took less time."""
    of_end: dict[str, list[_Candidate]] = {}
    for one in candidates:
        of_end.setdefault(one.out.entry_id, []).append(one)
        of_end.setdefault(one.into.entry_id, []).append(one)
    taken: set[str] = set()
    for one in sorted(candidates, key=_rank):
        ids = one.out.entry_id, one.into.entry_id
        if taken.isdisjoint(ids):
            rivals = [
                other
                for end in ids
                for other in of_end[end]
                if other is not one and one.weighed.score - other.weighed.score < CLEAR
            ]
            taken.update(ids)
            others = {other.into.entry_id if other.out is one.out else other.out.entry_id for other in rivals}
            yield one, not others, tuple(sorted(others))


def _rank(one: _Candidate) -> tuple[float, int, str, str]:
    return -one.weighed.score, abs(one.into.at - one.out.at), one.out.entry_id, one.into.entry_id


def _confidence(score: float) -> Decimal:
    return Decimal(f"{1 / (1 + math.exp(LEAST - 1 - score)):.4f}")


def _sums(left: Sequence[End], known: Known, rejected: frozenset[frozenset[str]]) -> Iterator[Proposal]:
    """Yield one end with two of the other side whose amounts add up to it, digit for digit or but for a usual fee.

    `left` stands in the order of time.
    """
    taken: set[str] = set()
    times = [end.at for end in left]
    for end in sorted(left, key=lambda one: -one.quantity):
        if end.entry_id in taken:
            continue
        found = _adding_up(end, _near(end, left, times, taken), known)
        if found is None:
            continue
        outs, intos = ([end], found) if not end.is_deposit else (found, [end])
        link = Link(tuple(outs), tuple(intos), _confidence(LEAST + _SUM_SCORE), _sum_words(outs, intos))
        if link.ids not in rejected:
            taken |= link.ids
            yield Proposal(link, is_clear=True)


def _near(end: End, left: Sequence[End], times: Sequence[int], taken: set[str]) -> list[End]:
    """Return smaller ends of the other side within a day that are still free, a few at most."""
    first, last = (end.at - EARLY, end.at + _NEAR) if not end.is_deposit else (end.at - _NEAR, end.at + EARLY)
    found = [
        one
        for one in left[bisect_left(times, first) : bisect_right(times, last)]
        if one.is_deposit is not end.is_deposit
        and one.account != end.account
        and one.quantity < end.quantity
        and one.entry_id not in taken
    ]
    return found[:_MOST_NEAR]


def _adding_up(end: End, others: Sequence[End], known: Known) -> list[End] | None:
    lost = {Decimal(0), *known.usual(end.asset)}
    for some in combinations(others, _SUM_OF):
        if some[0].account != some[1].account:
            continue
        off = EXACT.subtract(end.quantity, summed(some))
        if (off if not end.is_deposit else off.copy_negate()) in lost:
            return list(some)
    return None


def _sum_words(outs: Sequence[End], intos: Sequence[End]) -> str:
    return f"{len(outs)} sent and {len(intos)} received within a day, and the sums fit"
