"""Causes that explain a difference by its size and course: fees, growth, rows that could not be read, missing pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from app.core.clock import SECOND
from app.core.ledger.entries import EntryKind, Role
from app.core.model.breaks import Break, Cause, Course
from app.core.money import SHARES, ZERO, add, plain
from app.core.names import counted
from app.core.reconciliation.evidence import Amounts, Event, Evidence, Spot, Stretch, clock

_CHARGED = (EntryKind.TRADE.value, EntryKind.CONVERSION.value, EntryKind.WITHDRAWAL.value)
_FEE_AT_MOST = Decimal("0.01")
"""Of what was traded: more is no fee of any venue, and something else is missing."""

_SLACK = Decimal("1.05")
_GROWS = 3
"""Stretches of growth that make a habit of it."""

_GROWTH_AT_MOST = Decimal("0.05")
_SILENT = 12
"""A silence so many times longer than usual is told."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A cause that explains all of what is left in some places."""

    cause: Cause
    spots: tuple[Spot, ...]
    likelihood: int
    words: str
    evidence: tuple[str, ...]
    entries: tuple[str, ...] = ()
    at: int = 0


def fees(known: Evidence, happened: Sequence[Event], left: Amounts) -> Estimate | None:
    """Return fees that entries do not tell, where nothing but little too much is left in every place."""
    free = [event for event in happened if event.kind in _CHARGED and not event.has_fee]
    if not left or not free or any(amount <= 0 for amount in left.values()):
        return None
    told = [event for event in known.events if event.kind in _CHARGED and event.has_fee]
    judged = [_is_fee(spot, amount, free, told) for spot, amount in left.items()]
    if any(likelihood == 0 for likelihood in judged):
        return None
    free = _like(free, told, left) or free
    count = len(free)
    entries = counted(count, "entry", "entries")
    words = f"fees of {entries} are not here" if count > 1 else "the fee of an entry is not here"
    evidence = [f"{entries} without a fee in that time, and the difference is as small as one"]
    if told:
        evidence.append(
            counted(
                len(told),
                "other entry of the account has its fee",
                "other entries of the account have their fees",
            )
        )
    ids = tuple(event.entry_id for event in free)
    return Estimate(Cause.FEE, tuple(left), min(judged), words, tuple(evidence), ids, free[-1].at)


def _like(free: Sequence[Event], told: Sequence[Event], left: Amounts) -> list[Event]:
    """Return entries without a fee of a kind that is charged like this elsewhere: others may well be free."""
    kinds = {event.kind for event in told if left.keys() <= event.sums(Role.FEE).keys()}
    return [event for event in free if event.kind in kinds]


def _is_fee(spot: Spot, amount: Decimal, free: Sequence[Event], told: Sequence[Event]) -> int:
    """Return how likely an amount is the fees of entries without one; 0 where it is not."""
    like = [event for event in told if spot in event.sums(Role.FEE)]
    kinds = {event.kind for event in like}
    peers = [event for event in free if event.kind in kinds]
    if peers:
        shares = [share for share in (_share(event, spot) for event in like) if share is not None]
        most = max((abs(event.sums(Role.FEE)[spot]) for event in like), default=ZERO)
        turnover = _turnover(peers, spot)
        if turnover and shares and amount <= SHARES.multiply(SHARES.multiply(max(shares), turnover), _SLACK):
            return 72
        if amount <= most * len(peers):
            return 66
    turnover = _turnover(free, spot)
    return 58 if turnover and amount <= SHARES.multiply(turnover, _FEE_AT_MOST) else 0


def _share(event: Event, spot: Spot) -> Decimal | None:
    turnover = _turnover([event], spot)
    return SHARES.divide(abs(event.sums(Role.FEE)[spot]), turnover) if turnover else None


def _turnover(happened: Sequence[Event], spot: Spot) -> Decimal:
    moved = (event.sums(Role.PRINCIPAL).get(spot, ZERO) for event in happened)
    return add(*(quantity.copy_abs() for quantity in moved))


def growth(known: Evidence, course: Course, broken: Break) -> Estimate | None:
    """Return growth of a balance by itself, where it went up little and often."""
    steps = broken.steps
    if len(steps) < _GROWS or any(step.amount >= 0 for step in steps):
        return None
    ends = {step.until_ns for step in steps}
    together = [stretch for stretch in known.stretches if stretch.until in ends]
    if any(amount > 0 for stretch in together for amount in stretch.amounts.values()):
        # Something else was paid for with it: that is a trade which is not here.
        return None
    held = {one.at: one.ledger for one in course.readings}
    if any(abs(step.amount) > abs(held.get(step.until_ns, ZERO)) * _GROWTH_AT_MOST for step in steps):
        return None
    symbol = known.symbol(course.asset)
    grown = counted(len(steps), "stretch", "stretches")
    words = f"{symbol} grows by itself: rewards or a rebase that no entry tells of"
    evidence = (f"in {grown} between readings it grew each time, never by more than {_percent(_GROWTH_AT_MOST)}",)
    spot = course.sub_place, course.asset
    return Estimate(Cause.GROWTH, (spot,), 62, words, evidence, (), steps[-1].until_ns)


def _percent(share: Decimal) -> str:
    return f"{plain(share * 100)} %"


def unread(known: Evidence, left: Amounts) -> Estimate | None:
    """Return rows of the source that could not become entries, where there are some."""
    rows = known.quarantined
    if not left or not rows:
        return None
    amounts = [plain(amount.copy_abs()) for amount in left.values()]
    named = [row for row in rows if any(amount in f"{row.message} {row.detail}" for amount in amounts)]
    shown = named or rows
    words = counted(len(rows), "row of the source", "rows of the source") + " could not be read"
    evidence = [row.message.rstrip(".") for row in shown[:3]]
    return Estimate(Cause.UNSUPPORTED_EVENT, tuple(left), 78 if named else 48, words, tuple(evidence))


def missing(known: Evidence, stretch: Stretch, left: Amounts) -> Estimate | None:
    """Return what is always possible: that events of a stretch are not here."""
    if not left:
        return None
    begin = "the start" if stretch.after is None else clock(stretch.after)
    words = f"events between {begin} and {clock(stretch.until)} are missing: a page of history, or a kind not read"
    evidence, likelihood, since = [], 40, stretch.after or 0
    if len(left) > 1:
        likelihood += 10
        evidence.append(f"{len(left)} balances of {known.name(stretch.account)} changed in the same stretch")
    silence = _silence(known, stretch)
    if silence is not None:
        likelihood += 5
        since = silence[0]
        evidence.append(
            f"nothing is known between {clock(silence[0])} and {clock(silence[1])}, which is unusually long"
        )
    if known.is_cut:
        evidence.append(
            f"only the {len(known.events):,} newest entries were looked at, from {clock(known.events[0].at)} on"
        )
    if not evidence:
        evidence.append("no entry that is here explains it")
    return Estimate(Cause.MISSING_PAGE, tuple(left), likelihood, words, tuple(evidence), (), since)


def _silence(known: Evidence, stretch: Stretch) -> tuple[int, int] | None:
    """Return the longest time in a stretch without an entry, where that is unusual for the account."""
    moments = [event.at for event in known.events]
    if len(moments) < _SILENT:
        return None
    gaps = sorted(later - earlier for earlier, later in pairwise(moments))
    usual = max(gaps[len(gaps) // 2], SECOND)
    within = [event.at for event in known.within(stretch)]
    edges = [max(moments[0], stretch.after or moments[0]), *within, stretch.until]
    longest = max(pairwise(edges), key=lambda edge: edge[1] - edge[0])
    return longest if longest[1] - longest[0] > _SILENT * usual else None
