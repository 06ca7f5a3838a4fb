"""What breaks come from, the likeliest cause first, each with what a person can do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.core.model.breaks import Break, Cause, Course, LikelyCause
from app.core.money import EXACT, add
from app.core.reconciliation import estimates, exact, proposals
from app.core.reconciliation.estimates import Estimate
from app.core.reconciliation.evidence import Amounts, Evidence, Spot, Stretch
from app.core.reconciliation.exact import Candidate

_SHOWN = 5
_DEMOTED = 20
"""What a whole missing page would make, too, is behind the page."""

Found = dict[int, dict[Spot, list[LikelyCause]]]
"""Causes by the end of their stretch and by place."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """What one stretch comes from.

    Attributes:
        taken: What explains amounts to the last digit.
        left: What that does not explain, and `guesses` may.
    """

    stretch: Stretch
    taken: Sequence[Candidate]
    left: Amounts
    guesses: Sequence[Estimate]

    @property
    def is_page(self) -> bool:
        """Tell whether something is missing that nothing here explains."""
        best = max(self.guesses, key=lambda guess: guess.likelihood, default=None)
        return best is not None and best.cause is Cause.MISSING_PAGE


def likely(known: Evidence, courses: Sequence[Course]) -> Mapping[Spot, tuple[LikelyCause, ...]]:
    """Return the causes of every open break of an account, by sub-place and asset."""
    judged = [_judged(known, stretch) for stretch in known.stretches]
    found: Found = {}
    for one in judged:
        near = any(other.is_page and _touch(one.stretch, other.stretch) for other in judged)
        found[one.stretch.until] = _causes(known, one, near_page=one.is_page or near)
    told: dict[Spot, tuple[LikelyCause, ...]] = {}
    for course in courses:
        if course.account == known.account and course.open is not None:
            told[course.sub_place, course.asset] = _of_break(known, course, course.open, found)
    return told


def _touch(one: Stretch, other: Stretch) -> bool:
    """Tell whether one begins where the other ends: a page that is missing is cut in two by a reading."""
    return one.until == other.after or other.until == one.after


def _judged(known: Evidence, stretch: Stretch) -> _Judged:
    happened = known.within(stretch)
    taken: list[Candidate] = []
    left = stretch.amounts
    while True:
        # What one cause leaves may be another to the last digit.
        offered = exact.candidates(known, replace(stretch, amounts=left), happened)
        more, left = exact.explained([one for one in offered if exact.is_apart(one, taken)], left)
        taken += more
        if not more:
            break
    guesses = (
        estimates.fees(known, happened, left),
        estimates.unread(known, left),
        estimates.missing(known, stretch, left),
    )
    return _Judged(stretch, taken, left, [guess for guess in guesses if guess is not None])


def _causes(known: Evidence, judged: _Judged, *, near_page: bool) -> dict[Spot, list[LikelyCause]]:
    causes: dict[Spot, list[LikelyCause]] = defaultdict(list)
    for one in judged.taken:
        is_part = near_page and one.is_absence
        for spot, amount in one.effect.items():
            causes[spot].append(_exactly(known, one, amount, _DEMOTED if is_part else one.likelihood))
    for guess in judged.guesses:
        for spot in guess.spots:
            causes[spot].append(_roughly(known, guess, judged.stretch, spot, judged.left[spot]))
    page = estimates.missing(known, judged.stretch, judged.stretch.amounts) if near_page else None
    if page is not None:
        # The page that is missing stands before what could be a part of it.
        for one in judged.taken:
            for spot, amount in one.effect.items() if one.is_absence else ():
                causes[spot].append(_roughly(known, page, judged.stretch, spot, amount))
    return causes


def _of_break(known: Evidence, course: Course, broken: Break, found: Found) -> tuple[LikelyCause, ...]:
    spot = course.sub_place, course.asset
    causes: list[LikelyCause] = []
    for step in broken.steps:
        for one in found.get(step.until_ns, {}).get(spot, ()):
            _merge(causes, one)
    grows = estimates.growth(known, course, broken)
    if grows is not None:
        stretch = Stretch(course.account, broken.after_ns, broken.by_ns, {spot: broken.difference})
        causes.append(_roughly(known, grows, stretch, spot, broken.difference))
    causes.sort(key=lambda one: (-one.likelihood, -abs(one.explains)))
    return tuple(_with_rest(one, broken.difference) for one in causes[:_SHOWN])


def _merge(causes: list[LikelyCause], one: LikelyCause) -> None:
    """Add a cause; what comes again in every stretch, as fees do, is one cause of all of them."""
    for index, known in enumerate(causes):
        if known.cause is one.cause and one.cause in proposals.OF_SUMS:
            causes[index] = replace(
                known,
                explains=add(known.explains, one.explains),
                likelihood=max(known.likelihood, one.likelihood),
                entries=(*known.entries, *one.entries),
                proposal=proposals.joined(known.proposal, one.proposal),
            )
            return
    causes.append(one)


def _with_rest(one: LikelyCause, difference: Decimal) -> LikelyCause:
    """Return the cause with what its proposal would leave of the difference."""
    if one.proposal is None or (not one.proposal.legs and one.cause is not Cause.DUPLICATE):
        return one
    rest = EXACT.subtract(difference, one.explains)
    return replace(one, proposal=replace(one.proposal, difference_after=rest))


def _exactly(known: Evidence, one: Candidate, amount: Decimal, likelihood: int) -> LikelyCause:
    entries = tuple(event.entry_id for event in one.events)
    proposal = proposals.of_candidate(known, one)
    return LikelyCause(one.cause, one.words, one.evidence, likelihood, amount, entries, proposal)


def _roughly(known: Evidence, guess: Estimate, stretch: Stretch, spot: Spot, amount: Decimal) -> LikelyCause:
    proposal = proposals.of_estimate(known, guess, stretch, spot, amount)
    return LikelyCause(guess.cause, guess.words, guess.evidence, guess.likelihood, amount, guess.entries, proposal)
