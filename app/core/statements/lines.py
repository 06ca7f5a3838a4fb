"""A line of a statement beside the own books: how they compare, and what shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

Value = Decimal | str | None
"""What a side says; None is not known, or not said."""


class Status(StrEnum):
    """How a line and the own books compare."""

    MATCHED = "matched"
    DIFFERS = "differs"
    ONLY_THEIRS = "only-theirs"
    ONLY_OURS = "only-ours"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows it.

    Attributes:
        entries: Of the own books, by id; of an ambiguous line, those that fit equally well.
        rule: By what a line found its counterpart.
        why: In words, where it found none or differs.
    """

    entries: tuple[str, ...] = ()
    rule: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Matched:
    """A line of a statement, or of the own books where the statement has none.

    Attributes:
        line: Where it stands in the statement; "" where only the own books have it.
        difference: Theirs less ours by field, of the fields that differ; None where one side does not know its own.
    """

    line: str
    status: Status
    own: Mapping[str, Value] | None = None
    theirs: Mapping[str, Value] | None = None
    difference: Mapping[str, Decimal | None] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)


def differing(pairs: Mapping[str, tuple[Decimal | None, Decimal | None]]) -> dict[str, Decimal | None]:
    """Return theirs less ours, of what both say or only we do not know and that is not the same.

    What a statement does not say is no difference.
    """
    found: dict[str, Decimal | None] = {}
    for name, (theirs, own) in pairs.items():
        if theirs is not None and theirs != own:
            found[name] = None if own is None else theirs - own
    return found


def counts(lines: Sequence[Matched]) -> dict[Status, int]:
    """Return how many lines compare how."""
    return {status: sum(one.status is status for one in lines) for status in Status}
