"""The state of a rule: no flapping, time that nobody saw does not count, unknown says so, a restart changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.core.alerts.history import Firing, over_history, over_silences
from app.core.alerts.machine import LONGEST_GAP, Phase, Reading, State, firings, restored, step
from app.core.alerts.sentence import parse
from app.core.clock import DAY, SECOND
from app.core.model.alert_rules import AlertEvent, AlertRule, Happened
from tests.core.alerts.as_written import AsWritten

AT_ONCE = parse("drawdown is above 20 % and re-arm at 15 %", "usd", AsWritten(), "a")
HELD = replace(AT_ONCE, hold_ns=120 * SECOND)
LOW = parse("price of BTC is below 100 USD and re-arm at 110 USD", "usd", AsWritten(), "b")
FIRED, CLEARED = Happened.FIRED, Happened.CLEARED


def run(rule: AlertRule, values: Sequence[str | None], every: int = 30 * SECOND) -> list[Happened | None]:
    """Return what came of each reading."""
    state, found = State(), list[Happened | None]()
    for number, value in enumerate(values):
        state, happened = step(rule, state, Reading(number * every, None if value is None else Decimal(value)))
        found.append(happened)
    return found


def test_it_fires_beyond_the_limit_and_clears_at_the_level_that_re_arms() -> None:
    assert run(AT_ONCE, ["0.1", "0.2", "0.21", "0.3", "0.16", "0.15", "0.2", "0.25"]) == [
        None,
        None,
        FIRED,
        None,
        None,
        CLEARED,
        None,
        FIRED,
    ]


def test_a_limit_below_works_the_other_way_round() -> None:
    assert run(LOW, ["100", "99", "109", "110", "105", "90"]) == [None, FIRED, None, CLEARED, None, FIRED]


def test_it_fires_once_the_condition_was_seen_to_be_met_for_as_long_as_is_asked() -> None:
    assert run(HELD, ["0.3"] * 5) == [None, None, None, None, FIRED]


def test_a_reading_that_is_not_beyond_the_limit_begins_the_time_anew() -> None:
    assert run(HELD, ["0.3", "0.3", "0.2", "0.3", "0.3", "0.3", "0.3", "0.3"]) == [*[None] * 7, FIRED]


def test_time_that_nobody_watched_does_not_count() -> None:
    state, _ = step(HELD, State(), Reading(0, Decimal("0.3")))
    state, happened = step(HELD, state, Reading(3_600 * SECOND, Decimal("0.3")))

    assert (state.phase, state.since, happened) == (Phase.PENDING, 3_600 * SECOND, None)


def test_a_clock_that_was_set_back_begins_the_time_anew() -> None:
    state, _ = step(HELD, State(), Reading(1_000 * SECOND, Decimal("0.3")))
    state, happened = step(HELD, state, Reading(500 * SECOND, Decimal("0.3")))

    assert (state.since, happened) == (500 * SECOND, None)


def test_what_is_unknown_neither_fires_nor_clears_and_says_why() -> None:
    state, _ = step(AT_ONCE, State(), Reading(0, Decimal("0.3")))
    state, happened = step(AT_ONCE, state, Reading(1, None, "BTC has no price."))

    assert (state.phase, state.value, state.why, happened) == (Phase.FIRING, None, "BTC has no price.", None)


VALUES = st.decimals(0, 1, places=3)
READINGS = st.lists(st.tuples(st.integers(0, 200), st.none() | VALUES), max_size=60)


def moments(steps: list[tuple[int, Decimal | None]]) -> list[Reading]:
    """Return readings with the seconds between them."""
    at, found = 0, []
    for seconds, value in steps:
        at += seconds * SECOND
        found.append(Reading(at, value, "unknown"))
    return found


@given(READINGS)
def test_firings_and_clearings_take_turns_and_each_crossed_the_whole_band(
    steps: list[tuple[int, Decimal | None]],
) -> None:
    state, last = State(), CLEARED
    for reading in moments(steps):
        state, happened = step(HELD, state, reading)
        if happened is None:
            continue
        assert happened is not last
        assert reading.value is not None
        assert reading.value > HELD.threshold if happened is FIRED else reading.value <= HELD.rearm
        last = happened


@given(st.lists(st.decimals("0.151", "0.2", places=3), max_size=40), st.sampled_from([Phase.FIRING, Phase.ARMED]))
def test_nothing_happens_inside_the_band(values: list[Decimal], phase: Phase) -> None:
    state = State(phase, 0)
    for number, value in enumerate(values):
        state, happened = step(AT_ONCE, state, Reading(number, value))
        assert happened is None

    assert state.phase is phase


@given(READINGS)
def test_it_never_fires_before_the_whole_time_was_watched_without_a_gap(
    steps: list[tuple[int, Decimal | None]],
) -> None:
    state, seen = State(), list[Reading]()
    for reading in moments(steps):
        state, happened = step(HELD, state, reading)
        if reading.value is not None:
            seen.append(reading)
        if happened is not FIRED:
            continue
        run_of = [seen[-1]]
        for earlier in reversed(seen[:-1]):
            is_met = earlier.value is not None and earlier.value > HELD.threshold
            if not is_met or run_of[-1].at - earlier.at > LONGEST_GAP:
                break
            run_of.append(earlier)
        assert run_of[0].at - run_of[-1].at >= HELD.hold_ns


@given(READINGS, st.integers(0, 60))
def test_a_restart_in_between_keeps_what_is_firing_and_fires_nothing_twice(
    steps: list[tuple[int, Decimal | None]], restart: int
) -> None:
    def course(*, with_restart: bool) -> list[tuple[int, Happened]]:
        state, events = State(), list[AlertEvent]()
        for number, reading in enumerate(moments(steps)):
            if with_restart and number == restart:
                state = restored(firings(events).get(""))
            state, happened = step(AT_ONCE, state, reading)
            if happened is not None:
                events.append(AlertEvent("a", "", happened, reading.at, reading.value))
        return [(one.at_ns, one.what) for one in events]

    assert course(with_restart=False) == course(with_restart=True)


def test_a_rule_that_was_changed_begins_anew() -> None:
    fired = AlertEvent("a", "11", FIRED, 0, Decimal(1))

    assert State(Phase.FIRING, 0) == restored(firings([fired]).get("11"))
    assert State() == restored(firings([fired]).get("22"))


def test_a_history_tells_each_firing_with_its_days_and_its_worst_value() -> None:
    values = ["0.1", "0.21", "0.3", "0.16", "0.1", None, "0.25"]
    days = [Reading(day * DAY, None if value is None else Decimal(value)) for day, value in enumerate(values)]
    found = over_history(replace(AT_ONCE, hold_ns=600 * SECOND), days, "closes")

    assert (Firing(DAY, 4 * DAY, Decimal("0.3")), Firing(6 * DAY, None, Decimal("0.25"))) == found.firings
    assert (found.first, found.last, found.known, found.unknown) == (0, 6 * DAY, 6, 1)


def test_a_condition_of_three_days_is_not_met_over_a_day_that_is_missing() -> None:
    rule = replace(AT_ONCE, hold_ns=2 * DAY)

    def days(*values: str | None) -> list[Reading]:
        return [Reading(day * DAY, None if one is None else Decimal(one)) for day, one in enumerate(values)]

    assert len(over_history(rule, days("0.3", "0.3", "0.3"), "").firings) == 1
    assert len(over_history(rule, days("0.3", None, "0.3", "0.3"), "").firings) == 0


def test_where_no_day_is_known_it_says_so() -> None:
    assert over_history(AT_ONCE, [Reading(0, None)], "").why_not == "No day of the past is known well enough to tell."


HOUR = 3_600 * SECOND
SILENT = parse("age of kraken is above 1 h for 30 min", "usd", AsWritten(), "c")


def test_silences_are_told_from_when_a_source_was_read_until_it_was_read_again() -> None:
    found = over_silences(SILENT, [0, HOUR, 3 * HOUR, 4 * HOUR], 0, 10 * HOUR, "readings")

    assert [
        Firing(HOUR + 90 * 60 * SECOND, 3 * HOUR, Decimal(7_200)),
        Firing(4 * HOUR + 90 * 60 * SECOND, None, Decimal(21_600)),
    ] == list(found.firings)
    assert (found.first, found.last, found.known, found.how) == (0, 10 * HOUR, 1, "readings")


def test_a_silence_of_just_the_limit_is_none_and_one_of_before_the_year_is_left_out() -> None:
    at_limit = [0, 90 * 60 * SECOND]

    assert over_silences(SILENT, at_limit, 0, at_limit[-1], "").firings == ()
    assert over_silences(SILENT, [0, 9 * HOUR], 9 * HOUR, 10 * HOUR, "").firings == ()


def test_of_a_source_that_was_never_read_nothing_can_be_told() -> None:
    assert over_silences(SILENT, [], 0, HOUR, "").why_not == "It was never read."
