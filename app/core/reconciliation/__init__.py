"""Ledger against reported balances at every reading, what a difference is made of, and what can be done about it."""

from app.core.reconciliation.causes import likely
from app.core.reconciliation.compare import reconcile, with_causes, with_courses, with_waivers
from app.core.reconciliation.courses import at_end, courses
from app.core.reconciliation.evidence import Evidence, events, stretches
from app.core.reconciliation.told import BREAK, PAST, finding, past_finding

__all__ = [
    "BREAK",
    "PAST",
    "Evidence",
    "at_end",
    "courses",
    "events",
    "finding",
    "likely",
    "past_finding",
    "reconcile",
    "stretches",
    "with_causes",
    "with_courses",
    "with_waivers",
]
