"""What is odd about a person's data: values that are collected and shown with a fix, never raised."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters; in the order in which a worklist shows them."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


Event = tuple[str, str, str, str]
"""An event by its account, and the id space, id and part that its source gives it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person should look at.

    Attributes:
        code: Stable, greppable name of the kind, such as "break" or "unmapped-asset".
        message: What is so, with its figure.
        subject: What it is about in machine words ("kraken-main/BTC"); code and subject identify the finding.
        detail: The likely cause, or what it affects.
        fix: What to do, as verb and object.
        entries: Ids of the entries concerned.
        place: The screen and row that the fix jumps to, such as "connections/kraken-main".
        awaits: Events that are missing; once the books have all of them, by whichever way, nothing is left to do.
        source: The account or connection that it comes from; "" for the whole book.
        asset: The asset that it is about; "" where it is about none.
        quantity: How much of the asset is concerned, without a sign; None where that is unknown.
        seen: The figure that it tells, which a waiver is bound to; "" where that is the message itself.
        root: What it comes from, where several findings may come from one thing; "" where that is not known.
        waived: Why a person lets it stand; "" where nobody does.
    """

    severity: Severity
    code: str
    message: str
    subject: str = ""
    detail: str = ""
    fix: str = ""
    entries: tuple[str, ...] = ()
    place: str = ""
    awaits: tuple[Event, ...] = ()
    source: str = ""
    asset: str = ""
    quantity: Decimal | None = None
    seen: str = ""
    root: str = ""
    waived: str = ""

    @property
    def name(self) -> str:
        """Return how a person names it on the command line."""
        return f"{self.code}:{self.subject}"

    @property
    def figure(self) -> str:
        """Return what a waiver of it is bound to."""
        return self.seen or self.message
