"""Any course of a limit: readings, unknown ones, sleep, a clock that is set back, restarts, changes of the rule.

What the machine does step by step is held against what the whole course of readings says at once.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.core.alerts.machine import LONGEST_GAP, Phase, Reading, State, firings, restored, step
from app.core.alerts.sentence import parse
from app.core.clock import SECOND
from app.core.model.alert_rules import AlertEvent, AlertRule, Happened
from tests.core.alerts.as_written import AsWritten

LIMITS = (
    "VaR 99 % 1 d is above 5 % of the book for 2 min",
    "ES 97.5 % 10 d is above 20000 USD for 30 s and re-arm at 15000 USD",
    "exposure to BTC is above 40 % for 1 min",
    "gross exposure is above 90 %",
    "share of asset BTC is above 35 % for 90 s and re-arm at 35 %",
    "largest counterparty share is above 60 % and re-arm at 50 %",
    "share of chain ethereum is below 10 % for 1 min",
    "drawdown is above 20 % and re-arm at 15 %",
    "correlation of BTC and ETH is above 0.9 for 3 min and re-arm at 0.8",
    "average correlation is below -0.1 for 1 min",
    "price of BTC is below 50000 USD for 2 min",
    "change of BTC over 1 d is below -10 % and re-arm at -8 %",
    "age of kraken is above 10 min for 1 min",
)
"""One of each measure, on both sides, with and without a time, with and without a band."""

PLACES = ("beyond", "beyond", "beyond", "limit", "band", "rearm", "back")


class Course(RuleBasedStateMachine):
    """One rule, and everything that can happen to whoever looks at it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000 * SECOND
        self.version = 0
        self.limit = self.recorded(LIMITS[0])
        self.state = State()
        self.events: list[AlertEvent] = []
        self.seen: list[Reading] = []
        """Known readings since the start, the last firing's end, or the last change of the rule."""

    @initialize(text=st.sampled_from(LIMITS))
    def begin(self, text: str) -> None:
        self.limit = self.recorded(text)

    def recorded(self, text: str) -> AlertRule:
        self.version += 1
        return replace(parse(text, "usd", AsWritten(), "a"), record=f"{self.version}")

    # what happens ------------------------------------------------------------------------------------------------
    @rule(looks=st.integers(1, 4))
    def stays_beyond(self, looks: int) -> None:
        for _ in range(looks):
            self.now += 50 * SECOND
            self.reads(self.value("beyond", Decimal("0.002")))

    @rule(seconds=st.integers(0, 60), place=st.sampled_from(PLACES), much=st.integers(1, 9))
    def looks(self, seconds: int, place: str, much: int) -> None:
        self.now += seconds * SECOND
        self.reads(self.value(place, Decimal(much) / 1000))

    @rule(minutes=st.integers(2, 3_000), place=st.sampled_from(PLACES))
    def sleeps(self, minutes: int, place: str) -> None:
        self.now += minutes * 60 * SECOND
        self.reads(self.value(place, Decimal("0.001")))

    @rule(seconds=st.sampled_from((1, 20, 40, 100_000)))
    def has_its_clock_set_back_while_it_is_met(self, seconds: int) -> None:
        self.reads(self.value("beyond", Decimal("0.001")))
        self.now = max(0, self.now - seconds * SECOND)
        self.reads(self.value("beyond", Decimal("0.001")))

    @rule(seconds=st.integers(0, 200))
    def cannot_measure(self, seconds: int) -> None:
        self.now += seconds * SECOND
        before = self.state
        self.state, happened = step(self.limit, before, Reading(self.now, None, "It is not known."))

        assert happened is None
        assert (self.state.phase, self.state.since, self.state.value) == (before.phase, before.since, None)
        assert self.state.why == "It is not known."

    @rule()
    def starts_again(self) -> None:
        self.state = restored(firings(self.events).get(self.limit.record))
        self.seen = []

    @precondition(lambda self: bool(self.events))
    @rule()
    def is_acknowledged(self) -> None:
        about = self.events[-1]
        seen = AlertEvent("a", about.rule_record, Happened.ACKNOWLEDGED, self.now, None, about=about.record)
        self.events.append(seen)

    @rule(text=st.sampled_from(LIMITS))
    def is_changed(self, text: str) -> None:
        self.limit = self.recorded(text)
        self.starts_again()

    # what must come of it ----------------------------------------------------------------------------------------
    def value(self, place: str, much: Decimal) -> Decimal:
        """Return a value at a place of the limit, `much` of it away."""
        away = (abs(self.limit.threshold) or Decimal(1)) * much * (1 if self.limit.is_above else -1)
        limit, rearm = self.limit.threshold, self.limit.rearm
        return {
            "beyond": limit + away, "limit": limit, "band": (limit + rearm) / 2, "rearm": rearm, "back": rearm - away,
        }[place]  # fmt: skip

    def reads(self, value: Decimal) -> None:
        was_firing = self.is_firing()
        self.seen.append(Reading(self.now, value))
        expected = self.clears(value) if was_firing else self.fires()
        self.state, happened = step(self.limit, self.state, self.seen[-1])

        assert expected is happened
        assert (value, self.now, "") == (self.state.value, self.state.seen, self.state.why)
        if happened is not None:
            record = f"{len(self.events)}"
            self.events.append(AlertEvent("a", self.limit.record, happened, self.now, value, record=record))
            self.seen = []

    def is_firing(self) -> bool:
        mine = [one.what for one in self.events if one.rule_record == self.limit.record]
        told = [what for what in mine if what is not Happened.ACKNOWLEDGED]
        return bool(told) and told[-1] is Happened.FIRED

    def clears(self, value: Decimal) -> Happened | None:
        level = self.limit.rearm
        return Happened.CLEARED if (value <= level if self.limit.is_above else value >= level) else None

    def fires(self) -> Happened | None:
        """Fire where the newest readings in a row were beyond the limit, watched without a gap, for long enough."""
        run: list[int] = []
        for one in reversed(self.seen):
            value, limit = one.value or Decimal(0), self.limit.threshold
            is_beyond = value > limit if self.limit.is_above else value < limit
            if not is_beyond or (run and not 0 <= run[-1] - one.at <= LONGEST_GAP):
                break
            run.append(one.at)
        return Happened.FIRED if run and run[0] - run[-1] >= self.limit.hold_ns else None

    @invariant()
    def it_fires_where_its_records_say_so(self) -> None:
        assert self.is_firing() is (self.state.phase is Phase.FIRING)
        assert (self.state.since is None) is (self.state.phase is Phase.ARMED)

    @invariant()
    def firings_and_ends_take_turns(self) -> None:
        for version in {one.rule_record for one in self.events}:
            told = [one.what for one in self.events if one.rule_record == version]
            told = [what for what in told if what is not Happened.ACKNOWLEDGED]
            assert told[::2] == [Happened.FIRED] * len(told[::2])
            assert told[1::2] == [Happened.CLEARED] * len(told[1::2])


TestCourse = Course.TestCase
TestCourse.settings = settings(
    max_examples=300, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
