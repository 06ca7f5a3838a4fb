"""Ledger against reported balances, place by place, each at the moment of its reading. A difference is a break."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from app.core.findings import Finding
from app.core.model.breaks import Course, LikelyCause
from app.core.model.ledger_rows import BalanceRow, Reading
from app.core.model.views import Reconciliation
from app.core.money import EXACT, ZERO, plain
from app.core.ports import AssetRegistry

Place = tuple[str, str, str]
"""(account, sub_place, asset)."""


def reconcile(
    ledger: Iterable[BalanceRow],
    readings: Iterable[Reading],
    assets: AssetRegistry,
    names: Mapping[str, str],
) -> tuple[Reconciliation, ...]:
    """Return one row per place, breaks first; what no source reports has no difference to tell of.

    `ledger` holds the sums at the moment of each account's reading, not those of now.
    """
    sums: dict[Place, Decimal] = {(row.account, row.sub_place, row.asset): row.quantity for row in ledger}
    told = {(reading.account, reading.sub_place, reading.asset): reading for reading in readings}
    rows = [_row(place, sums.get(place, ZERO), told.get(place), assets, names) for place in sums.keys() | told.keys()]
    kept = [row for row in rows if row.ledger or row.reported]
    return tuple(sorted(kept, key=lambda row: (not row.is_break, row.account_name, row.asset.symbol, row.sub_place)))


def with_courses(rows: Iterable[Reconciliation], found: Iterable[Course]) -> tuple[Reconciliation, ...]:
    """Return the rows, breaks with when they began and how they came to be."""
    by_place = {course.place: course.open for course in found}
    return tuple(
        replace(row, broken=by_place.get((row.account_id, row.sub_place, row.asset.asset_id))) if row.is_break else row
        for row in rows
    )


def with_causes(
    rows: Iterable[Reconciliation], causes: Mapping[Place, tuple[LikelyCause, ...]]
) -> tuple[Reconciliation, ...]:
    """Return the rows, breaks with what they come from."""
    return tuple(_caused(row, causes.get((row.account_id, row.sub_place, row.asset.asset_id), ())) for row in rows)


def _caused(row: Reconciliation, likely: tuple[LikelyCause, ...]) -> Reconciliation:
    return replace(row, likely=likely, causes=tuple(one.words for one in likely)) if likely else row


def with_waivers(rows: Iterable[Reconciliation], findings: Iterable[Finding]) -> tuple[Reconciliation, ...]:
    """Return the rows, breaks that a person lets stand with the reason."""
    reasons = {one.subject: one.waived for one in findings if one.waived}
    return tuple(replace(row, waived=reasons.get(row.subject, "")) if row.is_break else row for row in rows)


def _row(
    place: Place, ledger: Decimal, reading: Reading | None, assets: AssetRegistry, names: Mapping[str, str]
) -> Reconciliation:
    account, sub_place, asset_id = place
    asset = assets.asset(asset_id)
    difference = None if reading is None else EXACT.subtract(ledger, reading.quantity)
    return Reconciliation(
        account_id=account,
        account_name=names.get(account, account),
        sub_place=sub_place,
        asset=asset,
        ledger=ledger,
        reported=None if reading is None else reading.quantity,
        difference=difference,
        read_at_ns=None if reading is None else reading.at,
        causes=_causes(difference, asset.symbol),
    )


def _causes(difference: Decimal | None, symbol: str) -> tuple[str, ...]:
    if not difference:
        return ()
    size = plain(difference.copy_abs())
    if difference < 0:
        return (f"events that brought {size} {symbol} are missing here: a page of history, or a kind that is not read",)
    return (f"events that took {size} {symbol} away are missing here, or some are here twice",)
