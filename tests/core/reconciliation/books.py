"""A history with its readings, compared and explained as the services do it, without a vault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.core.findings import Finding
from app.core.ledger.entries import EntryKind, Role
from app.core.model.breaks import Course, LikelyCause
from app.core.model.ledger_rows import Compared, FlowRow, LegRow
from app.core.money import add
from app.core.reconciliation import courses
from app.core.reconciliation.causes import likely
from app.core.reconciliation.evidence import Evidence, events, stretches
from tests.core.reconciliation.damage import History

_FLOWS = (EntryKind.DEPOSIT, EntryKind.WITHDRAWAL)
Place = tuple[str, str, str]


def legs(history: History) -> list[LegRow]:
    """Return all legs in the order of time."""
    return [
        LegRow(entry.at, leg.account, leg.sub_place, leg.asset, leg.quantity, entry.kind, leg.role, entry_id)
        for entry_id, entry in history.entries
        for leg in entry.legs
    ]


def flows(history: History) -> list[FlowRow]:
    """Return deposits and withdrawals in the order of time."""
    return [
        FlowRow(entry.at, entry_id, leg.account, leg.asset, leg.quantity, entry.references.get("tx_hash", ""))
        for entry_id, entry in history.entries
        if entry.kind in _FLOWS
        for leg in entry.legs
        if leg.role is Role.PRINCIPAL
    ]


def compared(history: History) -> list[Compared]:
    """Return every balance that was told beside the ledger at its moment."""
    sums: dict[Place, Decimal] = defaultdict(Decimal)
    waiting = legs(history)[::-1]
    found = []
    for one in sorted(history.told, key=lambda told: told.at):
        while waiting and waiting[-1].at <= one.at:
            leg = waiting.pop()
            place = leg.account, leg.sub_place, leg.asset
            sums[place] = add(sums[place], leg.quantity)
        place = one.account, one.sub_place, one.asset
        found.append(Compared(*place, one.at, one.quantity, sums[place]))
    return found


def explained(
    history: History, quarantined: Sequence[Finding] = ()
) -> tuple[list[Course], Mapping[Place, tuple[LikelyCause, ...]]]:
    """Return the courses that are open breaks, and the causes of each, the likeliest first."""
    found = courses(compared(history))
    of_account: dict[str, list[LegRow]] = defaultdict(list)
    for leg in legs(history):
        of_account[leg.account].append(leg)
    moved = flows(history)
    told: dict[Place, tuple[LikelyCause, ...]] = {}
    for account in sorted({course.account for course in found if course.open is not None}):
        happened = events(of_account[account])
        known = Evidence(account, happened, moved, quarantined, str, str, stretches(account, found))
        told.update({(account, *spot): causes for spot, causes in likely(known, found).items()})
    return [course for course in found if course.open is not None], told
