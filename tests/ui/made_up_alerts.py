"""Made-up alerts: one fires, one is near its limit, one is unknown, one is pending; a notice that did not arrive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from app.core.alerts.history import Firing, Trial
from app.core.alerts.machine import Phase, State
from app.core.alerts.sentence import condition, parse, sentence
from app.core.clock import DAY, SECOND
from app.core.errors import CounterfoilError, InputError
from app.core.model.alert_rules import AlertEvent, AlertRule, Channel, Happened
from app.core.model.notices import Notice
from app.services.alert_names import BookNames, names_of
from app.services.alert_outbox import Attempt, Delivery
from app.services.alert_views import Happening, Standing
from app.services.events import AlertsChanged, Events
from tests.ui import made_up_books as books
from tests.ui.fake_runtime import fake_runtime
from tests.ui.fake_services import Answers

D = Decimal
HELD = ("bitcoin", "ethereum", "solana", "usd-coin", "tether")
SENTENCES = (
    ("7c1d02", "If VaR 99 % 1 d is above 5 % of the book for 10 min then notify by desktop and e-mail"),
    ("a40f9b", "If largest venue share is above 40 % then notify by window"),
    ("3fa1c7", "If exposure to BTC is above 250000 USD then notify by window and desktop"),
    ("19be44", "If price of ETH is below 1500 USD for 1 h then notify by webhook, and re-arm at 1700 USD"),
    ("e2d6a0", "If age of prices is above 10 min then notify by window"),
    ("58c3f1", "If correlation of BTC and ETH is above 0.9 then notify by window"),
)
STATES = {
    "7c1d02": State(Phase.FIRING, books.NOW - 52 * 60 * SECOND, books.NOW, D("0.0612")),
    "a40f9b": State(Phase.ARMED, None, books.NOW, D("0.3853")),
    "3fa1c7": State(Phase.PENDING, books.NOW - 20 * SECOND, books.NOW, D("261204.18")),
    "19be44": State(Phase.ARMED, None, books.NOW, D("3021.4")),
    "e2d6a0": State(Phase.ARMED, None, books.NOW, D(2)),
    "58c3f1": State(why="Too little of the history is known to tell what moves together."),
}


class FakeOutbox:
    """Keeps how notices leave the computer."""

    def __init__(self) -> None:
        self.kept = Delivery()
        self.fault: CounterfoilError | None = None

    async def delivery(self) -> Delivery:
        return self.kept

    async def set_delivery(self, delivery: Delivery) -> None:
        if self.fault is not None:
            raise self.fault
        self.kept = delivery


class FakeAlerts:
    """Rules that are changed in memory."""

    def __init__(self, answers: Answers, events: Events, *, empty: bool = False) -> None:
        self._answers, self._events = answers, events
        self.currency, self.outbox, self.fault = "usd", FakeOutbox(), ""
        self.is_live = False
        self.tried: list[Channel] = []
        self.shown: list[Notice] = []
        made = () if empty else SENTENCES
        self.rules = {key: self._rule(key, text) for key, text in made}
        self.states = dict(STATES)
        self.happened_ = [] if empty else self._happened()
        self.trial_ = Trial(
            tuple(Firing((books.NOW // DAY - day) * DAY, None, D("0.06")) for day in (210, 96, 11)),
            books.NOW - 365 * DAY, books.NOW, 365, 0, "daily closes",
        )  # fmt: skip

    def _rule(self, key: str, text: str) -> AlertRule:
        return replace(parse(text, self.currency, self._names(), key), record=key * 10 + "abcd")

    def _happened(self) -> list[Happening]:
        var, share = self.rules["7c1d02"], self.rules["a40f9b"]
        failed = {Channel.MAIL: Attempt(4, "mail.example.org: The mail server cannot be reached: timeout.")}
        return [
            replace(
                self._event(var, Happened.FIRED, books.NOW - 52 * 60 * SECOND, "0.0534", failed),
                seen_ns=books.NOW - 40 * 60 * SECOND,
            ),
            self._event(share, Happened.CLEARED, books.NOW - 3 * DAY, "0.3791"),
            replace(
                self._event(share, Happened.FIRED, books.NOW - 5 * DAY, "0.4071"),
                seen_ns=books.NOW - 4 * DAY, over_ns=books.NOW - 3 * DAY,
            ),
        ]  # fmt: skip

    def forget_seen(self) -> None:
        """Let nobody have seen what fires."""
        self.happened_[0] = replace(self.happened_[0], seen_ns=None)
        self._events.publish(AlertsChanged())

    def _event(
        self, rule: AlertRule, what: Happened, at: int, value: str, attempts: dict[Channel, Attempt] | None = None
    ) -> Happening:
        record = books.identity(f"{rule.rule_id}{at}")
        event = AlertEvent(rule.rule_id, rule.record, what, at, D(value), rule.channels, record=record)
        return Happening(event, rule, condition(rule, self.currency, self._names()), None, None, attempts or {})

    def _names(self) -> BookNames:
        sources = ("binance-desk", "coinbase-fund", "kraken-main")
        return names_of(fake_runtime().assets, books.ACCOUNTS, sources, books.VENUE_NAMES, HELD)

    def start_live(self) -> None:
        self.is_live = True

    async def names(self) -> BookNames:
        return self._names()

    async def standings(self) -> tuple[Standing, ...]:
        await self._answers.wait("alerts")
        return self.headroom()

    def headroom(self) -> tuple[Standing, ...]:
        return tuple(self._standing(rule) for rule in self.rules.values())

    def _standing(self, rule: AlertRule) -> Standing:
        names, state = self._names(), self.states.get(rule.rule_id, State())
        fired = next((one for one in self.happened_ if one.event.rule_id == rule.rule_id), None)
        firing = fired if state.phase is Phase.FIRING else None
        return Standing(
            rule, sentence(rule, self.currency, names), condition(rule, self.currency, names), state,
            firing.event if firing else None, firing is not None and firing.seen_ns is not None,
        )  # fmt: skip

    async def happened(self) -> tuple[Happening, ...]:
        await self._answers.wait("alerts")
        return tuple(self.happened_)

    async def rule(self, rule_id: str) -> AlertRule:
        if rule_id not in self.rules:
            raise InputError(f"{rule_id!r} is the id of no alert.")
        return self.rules[rule_id]

    async def words(self, rule: AlertRule) -> str:
        return sentence(rule, self.currency, self._names())

    async def add(self, text: str, rule_id: str = "") -> AlertRule:
        await self._answers.wait("add_alert")
        return await self.record(self._rule(rule_id or "0f0f0f", text))

    async def record(self, rule: AlertRule) -> AlertRule:
        self.rules[rule.rule_id] = replace(rule, record=rule.record or rule.rule_id * 10 + "abcd")
        self._events.publish(AlertsChanged())
        return self.rules[rule.rule_id]

    async def remove(self, rule_id: str) -> AlertRule:
        gone = self.rules.pop(rule_id)
        self._events.publish(AlertsChanged())
        return gone

    async def trial(self, rule: AlertRule) -> Trial:
        await self._answers.wait("trial")
        return self.trial_

    async def acknowledge(self, record: str) -> None:
        self.happened_ = [
            replace(one, seen_ns=books.NOW) if one.event.record == record else one for one in self.happened_
        ]
        self._events.publish(AlertsChanged())

    async def try_channel(self, channel: Channel) -> None:
        if self.outbox.fault is not None:
            raise self.outbox.fault
        self.tried.append(channel)

    async def show(self, _event: AlertEvent, notice: Notice, _by_tray: Callable[[Notice], bool]) -> None:
        self.shown.append(notice)

    @property
    def unseen(self) -> int:
        return sum(one.firing is not None and not one.is_acknowledged for one in self.headroom())
