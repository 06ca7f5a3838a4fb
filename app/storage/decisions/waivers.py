"""Waivers as they are sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.model.waivers import Waiver


def waiver_fields(waiver: Waiver) -> dict[str, Any]:
    """Return what is sealed of a waiver."""
    return {
        "code": waiver.code,
        "reason": waiver.reason,
        "seen": waiver.seen,
        "subject": waiver.subject,
        "taken_back": waiver.is_taken_back,
    }


def read_waiver(fields: Mapping[str, Any], recorded_ns: int, record: str) -> Waiver:
    """Return the waiver of a sealed body."""
    named = fields["code"], fields["subject"], fields["seen"], fields["reason"], fields["taken_back"]
    return Waiver(*named, recorded_ns, record)
