"""Rules of alerts and what came of them as the journal has them, each found without a search."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.core.alerts.machine import firings
from app.core.model.alert_rules import AlertEvent, AlertRule, Happened, in_force
from app.core.ports import LedgerReader, OpenVault
from app.services.threads import Threads


class AlertRecords:
    """What is recorded about alerts.

    Attributes:
        rules: Those that are looked at.
    """

    def __init__(self, vault: OpenVault, threads: Threads) -> None:
        """Read nothing yet."""
        self._reader = vault.reader
        self._writer = vault.writer
        self._threads = threads
        self._turn = asyncio.Lock()
        self._head: str | None = None
        self.rules: tuple[AlertRule, ...] = ()
        self._versions: dict[str, AlertRule] = {}
        self._followed: dict[str, int] = {}
        self._events: dict[str, AlertEvent] = {}
        self._firing: dict[str, AlertEvent] = {}
        self._seen: dict[str, int] = {}
        self._cleared: dict[str, int] = {}

    @property
    def is_read(self) -> bool:
        """Tell whether they were read."""
        return self._head is not None

    async def refresh(self) -> bool:
        """Read them anew where the journal grew since: another process may have added some. Tells whether it did."""
        async with self._turn:
            head = await self._threads.read(self._reader.head)
            if head == self._head:
                return False
            await self._read(head)
            return True

    async def _read(self, head: str) -> None:
        rules, events = await self._threads.read(_both, self._reader)
        self._head = head
        self.rules = in_force(rules)
        self._versions = {one.record: one for one in rules}
        self._followed = _followed(rules)
        self._events = {one.record: one for one in events}
        self._index()

    def _index(self) -> None:
        self._firing = firings(self._events.values())
        about: dict[Happened, dict[str, int]] = {what: {} for what in Happened}
        for one in self._events.values():
            about[one.what].setdefault(one.about, one.at_ns)
        self._seen, self._cleared = about[Happened.ACKNOWLEDGED], about[Happened.CLEARED]

    async def set_rule(self, rule: AlertRule) -> AlertRule:
        """Record a rule; returns it as it was recorded."""
        async with self._turn:
            record = await self._threads.write(self._writer.append_decision, rule)
            await self._read(await self._threads.read(self._reader.head))
        return self._versions[record]

    async def keep(self, event: AlertEvent, now_ns: int) -> AlertEvent:
        """Record what came of a rule; returns it as it was recorded."""
        async with self._turn:
            record = await self._threads.write(self._writer.append_decision, event)
            kept = replace(event, record=record, recorded_ns=now_ns)
            self._events[record] = kept
            self._index()
        return kept

    # asked ---------------------------------------------------------------------------------------------------------
    @property
    def events(self) -> Sequence[AlertEvent]:
        """Return everything that came of rules, oldest first."""
        return tuple(self._events.values())

    def fired(self, record: str) -> AlertEvent | None:
        """Return the firing with this record."""
        found = self._events.get(record)
        return found if found is not None and found.what is Happened.FIRED else None

    def version(self, record: str) -> AlertRule:
        """Return a rule as it was recorded then."""
        return self._versions[record]

    def firing(self, rule: AlertRule) -> AlertEvent | None:
        """Return what this version of a rule fires with; None while it does not."""
        return self._firing.get(rule.record)

    def seen(self, event: AlertEvent) -> int | None:
        """Return when a person acknowledged it; None while nobody did."""
        return self._seen.get(event.record)

    def over(self, event: AlertEvent) -> int | None:
        """Return when it was cleared; a firing of a rule that was changed or removed since is over as well."""
        return self._cleared.get(event.record) or self._followed.get(event.rule_record)


def _both(reader: LedgerReader) -> tuple[Sequence[AlertRule], Sequence[AlertEvent]]:
    return reader.decisions(AlertRule), reader.decisions(AlertEvent)


def _followed(rules: Iterable[AlertRule]) -> dict[str, int]:
    """Return by the record of a version when the next one took its place."""
    found: dict[str, int] = {}
    newest: dict[str, str] = {}
    for rule in rules:
        if rule.rule_id in newest:
            found[newest[rule.rule_id]] = rule.recorded_ns
        newest[rule.rule_id] = rule.record
    return found
