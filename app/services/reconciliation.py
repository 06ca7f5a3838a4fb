"""Ledger against what the sources report, at every reading; what differs, why, and what waits for a person."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar, cast

from app.core.clock import DAY
from app.core.findings import Finding
from app.core.model.breaks import Course, LikelyCause
from app.core.model.views import Reconciliation
from app.core.model.waivers import Waiver
from app.core.ports import AssetRegistry, LedgerReader
from app.core.reconciliation import (
    Evidence,
    at_end,
    courses,
    events,
    finding,
    likely,
    past_finding,
    reconcile,
    stretches,
    with_causes,
    with_courses,
    with_waivers,
)  # fmt: skip
from app.core.waiving import waived
from app.services.threads import Threads

T = TypeVar("T")
Place = tuple[str, str, str]

_BEFORE = 60 * DAY
"""How far before a break an account is looked at, for what is usual in it."""

_MOST = 60_000
"""Legs of an account that causes are looked for in: a break without any reading before may reach back for years."""

_UNREAD = ("quarantined-row", "unknown-operation")


class ReconciliationService:
    """Compares; it never writes."""

    def __init__(self, reader: LedgerReader, assets: AssetRegistry, threads: Threads) -> None:
        """Take the books."""
        self._reader = reader
        self._assets = assets
        self._threads = threads
        self._lock = threading.RLock()
        self._head = ""
        self._known: dict[tuple[str, tuple[str, ...]], Any] = {}

    async def reconcile(self, accounts: Sequence[str] = ()) -> tuple[Reconciliation, ...]:
        """Return one row per place of the accounts (none given: all), breaks first."""
        return await self._threads.read(self._rows, tuple(accounts))

    async def courses(self, accounts: Sequence[str] = ()) -> tuple[Course, ...]:
        """Return every reading of every place of the accounts, with the breaks in them, also those of before."""
        return await self._threads.read(self._courses, tuple(accounts))

    async def differing(self, account: str) -> int:
        """Return in how many places the newest reading of an account differs; causes are not looked for."""
        return sum(row.is_break for row in await self._threads.read(self._compared, (account,)))

    async def past_breaks(self) -> tuple[Finding, ...]:
        """Return the breaks of before that later readings no longer show."""
        return await self._threads.read(self._past_breaks)

    async def period_breaks(self, until_ns: int | None = None) -> tuple[Finding, ...]:
        """Return the breaks in which a period ends, also those that a person lets stand, each with its reason.

        A break counts where it may have begun before the end. Without an end, those of now are returned.
        """
        return await self._threads.read(self._period_breaks, until_ns)

    def _once(self, what: str, accounts: tuple[str, ...], make: Callable[[tuple[str, ...]], T]) -> T:
        """Compute once for each head of the books: nothing else changes the outcome, and several screens ask for it."""
        head = self._reader.head()
        with self._lock:
            if head != self._head:
                self._head, self._known = head, {}
            if (what, accounts) not in self._known:
                self._known[what, accounts] = make(accounts)
            return cast("T", self._known[what, accounts])

    def _compared(self, accounts: tuple[str, ...]) -> tuple[Reconciliation, ...]:
        return self._once("compared", accounts, self._compare)

    def _compare(self, accounts: tuple[str, ...]) -> tuple[Reconciliation, ...]:
        ledger, readings = self._reader.when_read(accounts), self._reader.readings(accounts)
        return reconcile(ledger, readings, self._assets, self._names())

    def _courses(self, accounts: tuple[str, ...]) -> tuple[Course, ...]:
        return self._once("courses", accounts, lambda asked: courses(self._reader.compared(asked)))

    def _rows(self, accounts: tuple[str, ...]) -> tuple[Reconciliation, ...]:
        return self._once("rows", accounts, self._explain)

    def _explain(self, accounts: tuple[str, ...]) -> tuple[Reconciliation, ...]:
        """Return the rows; only accounts in which something differs are looked at as they were before."""
        rows = self._compared(accounts)
        differing = tuple(sorted({row.account_id for row in rows if row.is_break}))
        if not differing:
            return rows
        found = self._courses(differing)
        told = with_causes(with_courses(rows, found), self._causes(differing, found))
        stands = waived(map(finding, (row for row in told if row.is_break)), self._reader.decisions(Waiver))
        return with_waivers(told, stands)

    def _causes(self, accounts: Sequence[str], found: Sequence[Course]) -> dict[Place, tuple[LikelyCause, ...]]:
        """Look for causes in what happened since the differences began, and a while before for comparison."""
        names, flows, odd = self._names(), self._reader.flows(), self._reader.findings()
        causes: dict[Place, tuple[LikelyCause, ...]] = {}
        for account in accounts:
            own = stretches(account, found)
            begins = [stretch.after for stretch in own]
            since = None if None in begins else min(one for one in begins if one is not None) - _BEFORE
            legs = self._reader.legs((account,), (), since, _MOST)
            known = Evidence(
                account,
                events(legs),
                flows,
                [one for one in odd if one.source == account and one.code in _UNREAD],
                self._symbol,
                partial(_name, names),
                own,
                is_cut=len(legs) == _MOST,
            )
            causes.update({(account, *spot): causes for spot, causes in likely(known, found).items()})
        return causes

    def _symbol(self, asset: str) -> str:
        return self._assets.asset(asset).symbol

    def _past_breaks(self) -> tuple[Finding, ...]:
        names = self._names()
        found = [
            past_finding(course, broken, self._assets.asset(course.asset), _name(names, course.account))
            for course in self._courses(())
            for broken in course.breaks
            if broken.healed_ns is not None
        ]
        return waived(found, self._reader.decisions(Waiver))

    def _period_breaks(self, until_ns: int | None) -> tuple[Finding, ...]:
        names = self._names()
        now = {row.subject: finding(row) for row in self._rows(()) if row.is_break}
        found: list[Finding] = []
        for course in self._courses(()):
            broken = at_end(course, until_ns)
            if broken is None:
                continue
            subject = f"{course.account}/{course.asset}/{course.sub_place}"
            if broken.healed_ns is None and subject in now:
                found.append(now[subject])
            else:
                asset = self._assets.asset(course.asset)
                found.append(past_finding(course, broken, asset, _name(names, course.account)))
        return waived(found, self._reader.decisions(Waiver))

    def _names(self) -> dict[str, str]:
        return {account.account_id: account.name for account in self._reader.accounts()}


def _name(names: Mapping[str, str], account: str) -> str:
    return names.get(account, account)
