"""Pages: what a reader hands over. One page is kept as the source gave it, beside what we read in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.findings import Finding
from app.core.ledger.entries import Entry
from app.core.model.futures import Told
from app.core.values import made_quickly


@made_quickly
@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry as read from one row of a page (row is its index there), not yet in the books."""

    row: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Page:
    """One page of one stream.

    Attributes:
        stream: Stable name of the stream inside the source, such as "trades:BTCUSDT" or "ledger".
        content: The bytes as the source gave them (secrets never occur in answers we keep).
        candidates: What a normaliser of `normaliser` version read in it.
        cursor: Opaque text that says how far the stream was read once this page is in the books.
        is_complete: False where the page may cut an event in two at its edge.
        progress: 0 to 1 of the stream, as far as it can be known.
    """

    stream: str
    content: bytes
    media_type: str
    read_at: int
    candidates: Sequence[Candidate]
    cursor: str
    normaliser: str
    findings: Sequence[Finding] = ()
    is_complete: bool = True
    progress: float | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """What a source says it holds of one asset in one sub-place."""

    sub_place: str
    asset: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class BalancePage:
    """All balances of one account at one moment, with the answer they were read in.

    Attributes:
        beside: What the source tells beside balances, each part by itself; none where it has nothing of the kind.
    """

    content: bytes
    media_type: str
    at: int
    balances: Sequence[Balance]
    findings: Sequence[Finding] = ()
    beside: Sequence[Told] = ()


@dataclass(frozen=True, slots=True)
class AppendResult:
    """What became of a page's candidates.

    Attributes:
        recorded: Entries new to the books.
        seen: Already there with the same content.
        revised: Same identity, other content: a revision was recorded.
        evidence: Known through another stream or statement; linked, not doubled.
        quarantined: Rows kept in the observation that could not become an entry.
        findings: Why they could not, one each.
    """

    recorded: int = 0
    seen: int = 0
    revised: int = 0
    evidence: int = 0
    quarantined: int = 0
    head: str = ""
    findings: Sequence[Finding] = ()

    def __add__(self, other: AppendResult) -> AppendResult:
        """Return the sums; the newer head wins."""
        return AppendResult(
            self.recorded + other.recorded,
            self.seen + other.seen,
            self.revised + other.revised,
            self.evidence + other.evidence,
            self.quarantined + other.quarantined,
            other.head or self.head,
            (*self.findings, *other.findings),
        )
