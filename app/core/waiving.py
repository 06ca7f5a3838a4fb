"""Which findings a person lets stand, and which waivers hold no longer because something else is seen now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.core.clock import to_datetime
from app.core.findings import Finding
from app.core.model.waivers import Waiver


def waived(findings: Iterable[Finding], waivers: Iterable[Waiver]) -> tuple[Finding, ...]:
    """Return the findings, each with the reason of the waiver that holds; what a waiver no longer covers says so."""
    newest = {(waiver.code, waiver.subject): waiver for waiver in waivers}
    return tuple(_with(finding, newest.get((finding.code, finding.subject))) for finding in findings)


def _with(finding: Finding, waiver: Waiver | None) -> Finding:
    if waiver is None or waiver.is_taken_back:
        return finding
    if waiver.seen == finding.figure:
        return replace(finding, waived=waiver.reason)
    on = f"{to_datetime(waiver.recorded_ns):%Y-%m-%d}"
    ended = f"The waiver of {on} holds no longer: it was about {waiver.seen.rstrip('.')}"
    return replace(finding, detail=f"{finding.detail} {ended}.".strip())
