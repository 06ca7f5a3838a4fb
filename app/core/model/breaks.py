"""Breaks: differences between ledger and reported balances: since when, made of what, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.core.ledger.entries import EntryKind, Leg
from app.core.model.ledger_rows import Compared


class Cause(StrEnum):
    """What a difference may come from."""

    DUPLICATE = "duplicate"
    WRONG_SIGN = "wrong-sign"
    INTERNAL_MOVE = "internal-move"
    UNPAIRED_TRANSFER = "unpaired-transfer"
    FEE = "fee"
    GROWTH = "growth"
    UNSUPPORTED_EVENT = "unsupported-event"
    MISSING_PAGE = "missing-page"


class Action(StrEnum):
    """What a person can do about a cause."""

    READ_AGAIN = "read-again"
    VOID = "void"
    CORRECT = "correct"
    ADD = "add"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that is prepared and never made by itself.

    Attributes:
        title: Verb and object, as a button says it.
        entry_id: Of the entry to void, correct or show; "" where one is added or a source is read again.
        legs: Of the entry as it would be; none where it is voided, shown or read again.
        kind: Of the entry that would be added or corrected.
        at: Moment of that entry; for reading again, from when.
        difference_after: What would be left of the break; None where only the source can tell.
        further: Ids of more entries to void with the first.
    """

    action: Action
    title: str
    account: str
    entry_id: str = ""
    legs: tuple[Leg, ...] = ()
    kind: EntryKind = EntryKind.OTHER
    at: int | None = None
    difference_after: Decimal | None = None
    further: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LikelyCause:
    """One cause of one break.

    Attributes:
        words: What is thought to have happened, without a full stop.
        evidence: What speaks for it, in words.
        likelihood: 0 to 100, for the order only.
        explains: The part of the difference that follows from it.
        entries: Ids of the entries concerned.
    """

    cause: Cause
    words: str
    evidence: tuple[str, ...]
    likelihood: int
    explains: Decimal
    entries: tuple[str, ...] = ()
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """How a difference changed between two readings of a place.

    Attributes:
        after_ns: The reading before; None where there is none, and the step may be of any time before.
    """

    after_ns: int | None
    until_ns: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Break:
    """A difference from its first reading until it is gone.

    Attributes:
        after_ns: The last reading that agreed; None where none did before.
        by_ns: The first reading that differed.
        healed_ns: The reading that agreed again; None where the newest still differs.
        difference: At the newest reading that differs.
        steps: How it came to that, oldest first.
    """

    after_ns: int | None
    by_ns: int
    healed_ns: int | None
    difference: Decimal
    steps: tuple[Step, ...]

    @property
    def grew(self) -> bool:
        """Tell whether it became larger after it was first seen."""
        return abs(self.difference) > abs(self.steps[0].amount)


@dataclass(frozen=True, slots=True)
class Course:
    """Every reading of one place, oldest first, and the breaks in it."""

    account: str
    sub_place: str
    asset: str
    readings: tuple[Compared, ...]
    breaks: tuple[Break, ...]

    @property
    def place(self) -> tuple[str, str, str]:
        """Return account, sub-place and asset."""
        return self.account, self.sub_place, self.asset

    @property
    def open(self) -> Break | None:
        """Return the break that the newest reading shows; None where it agrees."""
        return self.breaks[-1] if self.breaks and self.breaks[-1].healed_ns is None else None
