"""Breaks as findings: what is so, since when, what is likely, and where it is put right."""

from __future__ import annotations

from app.core.clock import to_datetime
from app.core.findings import Finding, Severity
from app.core.model.assets import Asset
from app.core.model.breaks import Break, Course, LikelyCause
from app.core.model.views import Reconciliation
from app.core.money import plain
from app.core.reconciliation.proposals import OF_SUMS

BREAK, PAST = "break", "past-break"


def finding(row: Reconciliation) -> Finding:
    """Return the finding of a row that is a break now."""
    size = _signed(row)
    first = row.likely[0] if row.likely else None
    sentences = (f"Likely: {row.causes[0]}." if row.causes else "", _since(row.broken))
    return Finding(
        Severity.WARNING,
        BREAK,
        f"{row.account_name}, {row.sub_place}: the ledger differs by {size} {row.asset.symbol}.",
        subject=row.subject,
        detail=" ".join(filter(None, sentences)),
        fix=first.proposal.title if first is not None and first.proposal is not None else "See what may be missing",
        entries=() if first is None else first.entries,
        place=f"reconciliation/{row.subject}",
        source=row.account_id,
        asset=row.asset.asset_id,
        quantity=None if row.difference is None else row.difference.copy_abs(),
        seen="" if row.difference is None else plain(row.difference),
        root=_root(first),
    )


def _root(first: LikelyCause | None) -> str:
    """Return what all breaks of one cause have in common: the entry, or what the source is wanting in."""
    if first is None:
        return ""
    return (
        first.cause.value if first.cause in OF_SUMS or not first.entries else f"{first.cause.value}/{first.entries[0]}"
    )


def past_finding(course: Course, broken: Break, asset: Asset, account_name: str) -> Finding:
    """Return the finding of a break that later readings no longer show: a period that ended in it is wrong."""
    first, last = broken.by_ns, broken.steps[-1].until_ns
    span = f"on {_day(first)}" if _day(first) == _day(last) else f"from {_day(first)} to {_day(last)}"
    size = f"{'+' if broken.difference > 0 else ''}{plain(broken.difference)} {asset.symbol}"
    subject = f"{course.account}/{course.asset}/{course.sub_place}"
    return Finding(
        Severity.INFO,
        PAST,
        f"{account_name}, {course.sub_place}: the ledger differed by {size} {span} and agrees since.",
        subject=f"{subject}@{_day(first)}",
        detail="Two events that cancel each other may be wrong, or one is at the wrong time.",
        fix="See the readings",
        place=f"reconciliation/{subject}",
        source=course.account,
        asset=course.asset,
        quantity=broken.difference.copy_abs(),
        seen=plain(broken.difference),
    )


def _signed(row: Reconciliation) -> str:
    assert row.difference is not None  # noqa: S101 - only breaks are told
    return f"{'+' if row.difference > 0 else ''}{plain(row.difference)}"


def _since(broken: Break | None) -> str:
    if broken is None:
        return ""
    if broken.after_ns is None:
        return f"The first reading, of {_day(broken.by_ns)}, differed already."
    grew = " and grew since" if broken.grew and len(broken.steps) > 1 else ""
    return f"It began between {_day(broken.after_ns)} and {_day(broken.by_ns)}{grew}."


def _day(at: int) -> str:
    return f"{to_datetime(at):%Y-%m-%d}"
