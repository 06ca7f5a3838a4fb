"""Ledger against what the sources report, at every reading; what differs, why, and what waits for a person."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from app.core.findings import Finding
from app.core.model.breaks import Course
from app.core.model.views import Reconciliation
from app.core.model.waivers import Waiver
from app.core.ports import AssetRegistry, LedgerReader
from app.core.reconciliation import at_end, courses, finding, past_finding, reconcile, with_courses, with_waivers
from app.core.waiving import waived
from app.services.threads import Threads

T = TypeVar("T")


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

    async def open_breaks(self, until_ns: int | None = None) -> tuple[Finding, ...]:
        """Return the breaks that keep a period from closing: neither healed by its end nor waived with a reason.

        A break counts where it may have begun before the end. Without an end, those of now are returned.
        """
        return await self._threads.read(self._open_breaks, until_ns)

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
        told = with_courses(rows, self._courses(differing))
        stands = waived(map(finding, (row for row in told if row.is_break)), self._reader.decisions(Waiver))
        return with_waivers(told, stands)

    def _open_breaks(self, until_ns: int | None) -> tuple[Finding, ...]:
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
                found.append(past_finding(course, broken, asset, names.get(course.account, course.account)))
        return tuple(one for one in waived(found, self._reader.decisions(Waiver)) if not one.waived)

    def _names(self) -> dict[str, str]:
        return {account.account_id: account.name for account in self._reader.accounts()}
