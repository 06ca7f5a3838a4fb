"""Seals of tax years: what was closed under which hash, and where in the journal its files lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SealedPart:
    """One file under a seal.

    Attributes:
        name: Such as "year/disposals.json" or "forms/us-8949.pdf".
        hash: SHA-256 of its bytes, in hex.
        record: The hash of the record that holds its bytes; "" before the journal has them.
    """

    name: str
    hash: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class PeriodSeal:
    """One version of a closed tax year; a later version amends it, and all of them stay.

    Attributes:
        seal: The hash over the hashes of all parts, in hex.
        output: SHA-256 of the one canonical document, in hex: equal wherever the same is known of the year.
        parts: In the order in which they are hashed.
        question: What was asked for, as far as it was chosen: method, scope, currency and options.
        head: The newest record that the figures take in.
        engine: The generation of the computation.
        program: The version of the program.
        previous: The seal of the version before; "" for the first.
        reason: Why it was closed with something waived, or why it was amended.
        recorded_ns: When the journal sealed it; 0 before.
        record: The hash of its record; "" before.
    """

    jurisdiction: str
    year: int
    version: int
    seal: str
    output: str
    parts: tuple[SealedPart, ...]
    head: str
    engine: int
    program: str
    question: Mapping[str, str] = field(default_factory=dict)
    previous: str = ""
    reason: str = ""
    recorded_ns: int = 0
    record: str = ""

    @property
    def name(self) -> str:
        """Return what people call it."""
        return f"{self.jurisdiction.upper()} {self.year}, version {self.version}"

    def part(self, name: str) -> SealedPart:
        """Return a file under the seal; KeyError where there is none of that name."""
        return {one.name: one for one in self.parts}[name]


@dataclass(frozen=True, slots=True)
class LaterRecord:
    """A record that came after a seal and may change what it closed.

    Attributes:
        kind: Of the record.
        number: Its place in the chain of its device.
        entry_id: The entry that it records, corrects or voids; "" where it is a decision.
        at: When what the entry tells of happened; None for a decision.
        source: Who told it; "" for a person.
    """

    kind: str
    number: int
    record: str
    recorded_ns: int
    entry_id: str = ""
    at: int | None = None
    source: str = ""
