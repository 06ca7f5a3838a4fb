"""Limits and alerts of a book: rules that are looked at while the vault is open, and what came of them."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from app.core.alerts.history import Trial
from app.core.alerts.machine import Phase, Reading, State, restored, step
from app.core.alerts.sentence import check, condition, parse, sentence
from app.core.errors import CounterfoilError, InputError
from app.core.findings import Finding
from app.core.model.alert_rules import AlertEvent, AlertRule, Channel, Happened
from app.core.model.notices import Notice
from app.core.ports import OpenVault, Runtime
from app.core.vault_ports import Claim
from app.services.alert_ground import Ground
from app.services.alert_names import BookNames, names_of
from app.services.alert_notices import alert_finding, notice_of, trial_notice
from app.services.alert_outbox import OUTGOING, Attempt, Outbox, Say
from app.services.alert_records import AlertRecords
from app.services.alert_views import Happening, Standing
from app.services.events import AlertsChanged, Events, MarksChanged, PricesRead, RecordsAppended
from app.services.market_data import MarketData
from app.services.portfolio import Portfolio
from app.services.sources import Sources
from app.services.threads import Threads

if TYPE_CHECKING:
    from app.services.alert_history import Histories
    from app.services.alert_readings import Readings

_EVERY = 1.0
"""Seconds between two looks, where marks moved."""

_AT_LEAST = 5
"""Looks that are left out where nothing moved: time passes for what is pending and for what grows old."""

_UNDER_WAY = 2.0
"""Seconds that locking waits for a notice that is under way."""

_CLAIM = "alerts\n"
"""No connection can be called so."""


class Alerts:
    """Rules of one vault."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is wired once
        self,
        runtime: Runtime,
        vault: OpenVault,
        threads: Threads,
        events: Events,
        market_data: MarketData,
        portfolio: Portfolio,
        sources: Sources,
    ) -> None:
        """Look at nothing yet."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._events = events
        self._ground = Ground(runtime, vault, threads, market_data, portfolio, sources)
        self.outbox = Outbox(runtime, vault, threads)
        self._records = AlertRecords(vault, threads)
        self._states: dict[str, State] = {}
        self._versions: dict[str, str] = {}
        self._names: BookNames | None = None
        self._readings: Readings | None = None
        self._looking = asyncio.Lock()
        self._moved = self._is_renamed = False
        self._claim: Claim | None = None
        self._sending: asyncio.Future[bool] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._quit: list[Callable[[], None]] = []
        self.fault = ""

    # rules -------------------------------------------------------------------------------------------------------
    async def load(self) -> None:
        """Read rules and events, where that was not done yet."""
        if not self._records.is_read:
            await self._refresh()

    async def _refresh(self) -> None:
        """Read rules and events where the books changed: another process may have added some meanwhile."""
        if await self._records.refresh():
            self._follow()

    def _follow(self) -> None:
        """Let each rule stand as its records say, where that is otherwise than it stood here."""
        for rule in self._records.rules:
            fired, version = self._records.firing(rule), self._versions.get(rule.rule_id)
            is_firing = self._states.get(rule.rule_id, State()).phase is Phase.FIRING
            if version != rule.record or is_firing != (fired is not None):
                self._states[rule.rule_id] = restored(fired)
            self._versions[rule.rule_id] = rule.record

    async def names(self) -> BookNames:
        """Return what names in sentences stand for."""
        if self._names is None or self._is_renamed:
            self._is_renamed = False
            accounts = await self._ground.portfolio.accounts()
            sources = [one.name for one in await self._ground.sources.connections()]
            held = await self._threads.read(self._vault.reader.entries_per_asset)
            venues = {info.venue_id: info.name for info in self._runtime.exchanges.venues()}
            self._names = names_of(self._runtime.assets, accounts, sources, venues, tuple(held))
        return self._names

    @property
    def currency(self) -> str:
        """Return the money of the book."""
        return self._vault.book.base_currency

    async def parse(self, text: str, rule_id: str = "") -> AlertRule:
        """Return the rule of a sentence, not recorded; InputError says what cannot be understood."""
        return parse(text, self.currency, await self.names(), rule_id)

    async def add(self, text: str, rule_id: str = "") -> AlertRule:
        """Record the rule of a sentence, in place of the one with an id where that is given; returns it.

        Raises:
            InputError: The sentence cannot be understood, or there is no rule with that id.
        """
        if rule_id:
            rule_id = (await self.rule(rule_id)).rule_id
        return await self.record(await self.parse(text, rule_id or uuid.uuid4().hex[:6]))

    async def record(self, rule: AlertRule) -> AlertRule:
        """Record a rule and look at it from now on; returns it as it was recorded."""
        check(rule)
        kept = await self._records.set_rule(rule)
        self._follow()
        self._moved = True
        self._events.publish(AlertsChanged())
        return kept

    async def rule(self, rule_id: str) -> AlertRule:
        """Return a rule by its id; InputError names those that there are."""
        await self.load()
        known = self._records.rules
        found = next((one for one in known if one.rule_id == rule_id), None)
        if found is None:
            there = ", ".join(one.rule_id for one in known) or "none yet"
            raise InputError(f"{rule_id!r} is the id of no alert.", hint=f"There are: {there}.")
        return found

    async def remove(self, rule_id: str) -> AlertRule:
        """Look at a rule no longer; what came of it stays in the journal."""
        rule = await self.rule(rule_id)
        return await self.record(replace(rule, is_removed=True, recorded_ns=0, record=""))

    async def words(self, rule: AlertRule) -> str:
        """Return the sentence of a rule."""
        return sentence(rule, self.currency, await self.names())

    async def trial(self, rule: AlertRule) -> Trial:
        """Return how often a rule would have fired over the past year."""
        return await (await self._threads.read(self._histories)).trial(rule)

    def _histories(self) -> Histories:
        # The numeric libraries are loaded with the first question.
        from app.services.alert_history import Histories  # noqa: PLC0415

        return Histories(self._ground)

    # where they stand --------------------------------------------------------------------------------------------
    async def standings(self) -> tuple[Standing, ...]:
        """Return every rule and where it stands by the last look."""
        await self.load()
        names = await self.names()
        return tuple(self._standing(rule, names) for rule in self._records.rules)

    def headroom(self) -> tuple[Standing, ...]:
        """Return the same without waiting: nothing before the first look."""
        if self._names is None:
            return ()
        return tuple(self._standing(rule, self._names) for rule in self._records.rules)

    def _standing(self, rule: AlertRule, names: BookNames) -> Standing:
        firing = self._records.firing(rule)
        return Standing(
            rule,
            sentence(rule, self.currency, names),
            condition(rule, self.currency, names),
            self._states.get(rule.rule_id, State()),
            firing,
            firing is not None and self._records.seen(firing) is not None,
        )

    async def findings(self) -> tuple[Finding, ...]:
        """Return what fires that nobody acknowledged."""
        await self.load()
        names = await self.names()
        return tuple(alert_finding(rule, fired, names) for rule, fired in self._waiting())

    def _waiting(self) -> Iterator[tuple[AlertRule, AlertEvent]]:
        """Yield what fires that nobody acknowledged."""
        for rule in self._records.rules:
            fired = self._records.firing(rule)
            if fired is not None and self._records.seen(fired) is None:
                yield rule, fired

    async def happened(self) -> tuple[Happening, ...]:
        """Return what came of rules, the newest first; that a person saw it is said beside it."""
        await self.load()
        names, attempts = await self.names(), await self.outbox.attempts()
        events = self._records.events
        waiting = {one.record for one in self.outbox.waiting(events)}
        return tuple(
            self._happening(one, names, attempts.get(one.record), is_waiting=one.record in waiting)
            for one in reversed(events)
            if one.what is not Happened.ACKNOWLEDGED
        )

    def _happening(
        self, event: AlertEvent, names: BookNames, attempts: Mapping[Channel, Attempt] | None, *, is_waiting: bool
    ) -> Happening:
        rule = self._records.version(event.rule_record)
        over = self._records.over(event) if event.what is Happened.FIRED else None
        words, seen = condition(rule, self.currency, names), self._records.seen(event)
        are_forgotten = attempts is None and not is_waiting and any(one in OUTGOING for one in event.channels)
        return Happening(event, rule, words, seen, over, dict(attempts or {}), are_forgotten)

    async def acknowledge(self, record: str) -> None:
        """Record that a person saw a firing; InputError where there is none, nothing where that was said before."""
        await self.load()
        event = self._records.fired(record)
        if event is None:
            raise InputError(f"{record!r} is the record of no alert that fired.")
        if self._records.seen(event) is None:
            now = self._runtime.clock.now_ns()
            seen = AlertEvent(event.rule_id, event.rule_record, Happened.ACKNOWLEDGED, now, None, about=record)
            await self._records.keep(seen, now)
            self._events.publish(AlertsChanged())

    # looking -----------------------------------------------------------------------------------------------------
    async def look(self, *, record: bool = False) -> tuple[AlertEvent, ...]:
        """Measure every rule once; with `record` what comes of it is recorded, told and returned."""
        await self.load()
        async with self._looking:
            await self._refresh()
            rules = self._records.rules
            if not rules:
                return ()
            await self.names()
            # On a thread: the first look loads the numeric libraries.
            measured = await (await self._threads.read(self._reader)).read(rules)
            fired = []
            for rule in rules:
                event = await self._step(rule, measured[rule.rule_id], record=record)
                if event is not None:
                    fired.append(event)
        if record:
            self._events.publish(AlertsChanged(tuple(fired)))
        return tuple(fired)

    async def _step(self, rule: AlertRule, reading: Reading, *, record: bool) -> AlertEvent | None:
        before = self._states.get(rule.rule_id, State())
        after, what = step(rule, before, reading)
        if what is not None and not record:
            # Whoever only looks sees the value, and leaves the state to who records it.
            after = replace(after, phase=before.phase, since=before.since)
        elif what is not None:
            about = self._records.firing(rule)
            event = AlertEvent(
                rule.rule_id, rule.record, what, reading.at, reading.value, rule.channels,
                about.record if about is not None and what is Happened.CLEARED else "",
            )  # fmt: skip
            # The state follows its record: where that could not be written, the next look tries again.
            kept = await self._records.keep(event, self._runtime.clock.now_ns())
            self._states[rule.rule_id] = after
            return kept
        self._states[rule.rule_id] = after
        return None

    def _reader(self) -> Readings:
        if self._readings is None:
            # The numeric libraries are loaded with the first look.
            from app.services.alert_readings import Readings  # noqa: PLC0415

            self._readings = Readings(self._ground)
        return self._readings

    # live --------------------------------------------------------------------------------------------------------
    def start_live(self) -> None:
        """Look at the rules from now on, at most once a second, and send what is due."""
        if self._tasks:
            return
        self.outbox.is_closing = False
        self._quit = [
            self._events.subscribe(MarksChanged, self._marks_moved),
            self._events.subscribe(RecordsAppended, self._books_moved),
            self._events.subscribe(PricesRead, self._books_moved),
        ]
        self._tasks = [asyncio.create_task(self._beat()), asyncio.create_task(self._send())]
        for task in self._tasks:
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Tell of a fault of the program: nobody awaits these tasks."""
        if not task.cancelled() and task.exception() is not None:
            self.fault = f"Alerts stopped: {task.exception()!r}. Lock the vault and open it again."
            self._events.publish(AlertsChanged())

    async def stop(self) -> None:
        """Look no more; what is not sent yet is sent after the next start.

        A notice that is under way gets a moment to arrive: else it would come again then.
        """
        for stop in self._quit:
            stop()
        tasks, self._tasks, self._quit = self._tasks, [], []
        self.outbox.is_closing = True
        if self._sending is not None:
            await asyncio.wait([self._sending], timeout=_UNDER_WAY)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        if self._claim is not None:
            self._claim.close()
            self._claim = None

    def _marks_moved(self, _event: MarksChanged) -> None:
        self._moved = True

    def _books_moved(self, _event: RecordsAppended | PricesRead) -> None:
        self._moved = self._is_renamed = True
        if self._readings is not None:
            self._readings.forget()

    async def _beat(self) -> None:
        await self.load()
        idle = _AT_LEAST
        while True:
            if (self._moved or idle >= _AT_LEAST) and await self._is_ours():
                self._moved, idle = False, 0
                try:
                    await self.look(record=True)
                    self.fault = ""
                except CounterfoilError as fault:
                    # A vault that takes no record at this moment may do so at the next look.
                    self.fault = fault.line()
            idle += 1
            await asyncio.sleep(_EVERY)

    async def _is_ours(self) -> bool:
        """Tell whether this process is the one that records what comes of rules: another may have the vault open."""
        if self._claim is None:
            self._claim = await self._threads.read(self._vault.connections.claim, _CLAIM)
        return self._claim is not None

    async def _send(self) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            if self._claim is None:
                continue
            try:
                self._sending = asyncio.ensure_future(self.send_due())
                if await self._sending:
                    self._events.publish(AlertsChanged())
            except CounterfoilError as fault:
                # What could not be sent is kept with its attempt; here the vault itself takes nothing at this moment.
                self.fault = fault.line()

    async def send_due(self) -> bool:
        """Send what is due by e-mail and webhook, and tell whether anything was tried."""
        await self.load()
        names = await self.names()
        say: Say = partial(notice_of, version=self._records.version, currency=self.currency, names=names)
        return await self.outbox.send_due(self._records.events, say)

    async def show(self, event: AlertEvent, notice: Notice, by_tray: Callable[[Notice], bool]) -> None:
        """Show a notification of an event on this computer; that neither its service nor the tray can, is kept."""
        await self.outbox.show(event, notice, by_tray)
        self._events.publish(AlertsChanged())

    async def try_channel(self, channel: Channel) -> None:
        """Send a notice that says it is a trial; SourceError or InputError where it does not arrive."""
        await self.outbox.try_now(channel, trial_notice(self._runtime.clock.now_ns()))

    @property
    def unseen(self) -> int:
        """Return how many alerts fire that nobody acknowledged."""
        return sum(1 for _ in self._waiting())
