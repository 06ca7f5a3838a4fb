"""What a person can do about a cause: prepared to the last leg, and never done by itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.core.ledger.entries import EntryKind, Leg
from app.core.model.breaks import Action, Cause, Proposal
from app.core.money import add
from app.core.reconciliation.estimates import Estimate
from app.core.reconciliation.evidence import Evidence, Spot, Stretch
from app.core.reconciliation.exact import Candidate

OF_SUMS = (Cause.FEE, Cause.MISSING_PAGE, Cause.UNSUPPORTED_EVENT)
"""Causes that come again in every stretch and are put right by one sum, or by one reading from the earliest on."""


def of_candidate(known: Evidence, one: Candidate) -> Proposal:
    """Return what would make exactly this cause go away."""
    if one.cause is Cause.DUPLICATE:
        first, *others = one.events
        copies = tuple(event.entry_id for event in others) if one.is_of_many else ()
        title = f"Void the {len(one.events):,} second entries" if one.is_of_many else "Void the second entry"
        return Proposal(Action.VOID, title, known.account, first.entry_id, at=one.at, further=copies)
    if one.cause is Cause.WRONG_SIGN:
        return Proposal(
            Action.CORRECT, "Correct the sign", known.account, one.events[0].entry_id, one.legs, one.kind, one.at
        )
    title = "Record the move" if one.cause is Cause.INTERNAL_MOVE else f"Record the {one.kind.value}"
    return Proposal(Action.ADD, title, known.account, "", one.legs, one.kind, one.at)


def of_estimate(known: Evidence, guess: Estimate, stretch: Stretch, spot: Spot, amount: Decimal) -> Proposal:
    """Return what may make a guessed cause go away, or where to look for it."""
    match guess.cause:
        case Cause.FEE:
            legs = (Leg(known.account, *spot, -amount),)
            return Proposal(Action.ADD, "Record the fee", known.account, "", legs, EntryKind.FEE, guess.at)
        case Cause.GROWTH:
            legs = (Leg(known.account, *spot, -amount),)
            return Proposal(Action.ADD, "Record the growth", known.account, "", legs, EntryKind.REWARD, guess.at)
        case Cause.UNSUPPORTED_EVENT:
            return Proposal(Action.SHOW, "See the rows", known.account)
        case _:
            # Sources are read from where a cursor points, or from the start: none is read from a day.
            return Proposal(Action.READ_AGAIN, "Read the history again", known.account, at=guess.at or stretch.after)


def joined(first: Proposal | None, second: Proposal | None) -> Proposal | None:
    """Return one proposal for two stretches: the sum of both, at the later moment."""
    if first is None or second is None or not first.legs or not second.legs:
        return first
    legs = tuple(
        replace(leg, quantity=add(leg.quantity, other.quantity))
        for leg, other in zip(first.legs, second.legs, strict=True)
    )
    return replace(first, legs=legs, at=max(first.at or 0, second.at or 0))
