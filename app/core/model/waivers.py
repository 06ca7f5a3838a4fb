"""Waivers: what a person looked at and lets stand, with the reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that a person lets stand; a later waiver of the same finding replaces it.

    Attributes:
        code: With `subject`, which finding.
        seen: What was seen of it, such as a break's difference: where that changes, the waiver holds no longer.
        reason: Why it may stand, or why it may no longer, in the person's words.
        is_taken_back: It holds no longer because a person says so.
        recorded_ns: When the journal sealed it; 0 before.
        record: The hash of its record; "" before.
    """

    code: str
    subject: str
    seen: str
    reason: str
    is_taken_back: bool = False
    recorded_ns: int = 0
    record: str = ""
