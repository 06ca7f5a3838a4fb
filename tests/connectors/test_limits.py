"""Budgets and the scheduler, under a clock that only moves when somebody sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import pytest

from app.connectors.limits import BudgetSpec, Scheduler

COUNTER = BudgetSpec("calls", 20, 20)
WINDOW = BudgetSpec("weight", 100, 60, is_window=True)


class Clock:
    """Seconds that pass by sleeping."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.seconds += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def scheduler(clock: Clock, *specs: BudgetSpec) -> Scheduler:
    made = Scheduler(now=clock.now, sleep=clock.sleep, wall=clock.now)
    for spec in specs:
        made.add(spec.name, spec)
    return made


async def passed(clock: Clock, wait: Awaitable[None]) -> float:
    before = clock.seconds
    await wait
    return round(clock.seconds - before, 6)


async def test_a_counter_lets_a_burst_through_and_then_one_call_as_it_decays(clock: Clock) -> None:
    made = scheduler(clock, COUNTER)
    waits = [await passed(clock, made.acquire({"calls": 2})) for _ in range(13)]

    assert waits == [0.0] * 10 + [2.0] * 3


async def test_a_window_is_free_again_at_its_edge_by_the_venues_clock(clock: Clock) -> None:
    made = scheduler(clock, WINDOW)
    clock.seconds = 1030.0
    waits = [await passed(clock, made.acquire({"weight": 60})) for _ in range(3)]

    assert waits == [0.0, 50.0, 60.0]


async def test_prices_go_before_history_though_they_ask_later(clock: Clock) -> None:
    made = scheduler(clock, COUNTER)
    made.observe("calls", 20)
    order: list[str] = []

    async def call(name: str, rank: int) -> None:
        await made.acquire({"calls": 2}, rank)
        order.append(name)

    await asyncio.gather(call("history 1", 2), call("history 2", 2), call("price", 1), call("person", 0))

    assert order == ["person", "price", "history 1", "history 2"]


async def test_a_heavy_call_is_not_starved_by_light_ones(clock: Clock) -> None:
    made = scheduler(clock, COUNTER)
    made.observe("calls", 15)
    order: list[str] = []

    async def call(name: str, weight: float) -> None:
        await made.acquire({"calls": weight}, 2)
        order.append(name)

    await asyncio.gather(call("heavy", 10), call("light", 1), call("light", 1))

    assert order == ["heavy", "light", "light"]


async def test_other_budgets_pass_who_waits(clock: Clock) -> None:
    made = scheduler(clock, COUNTER, WINDOW)
    made.observe("calls", 20)
    order: list[str] = []

    async def call(name: str) -> None:
        await made.acquire({name: 2}, 2)
        order.append(name)

    await asyncio.gather(call("calls"), call("weight"))

    assert order == ["weight", "calls"]


async def test_both_budgets_must_have_room(clock: Clock) -> None:
    made = scheduler(clock, COUNTER, WINDOW)
    made.observe("calls", 20)

    assert await passed(clock, made.acquire({"calls": 5, "weight": 1})) == 5.0


async def test_a_pause_that_the_venue_asked_for_is_kept_exactly(clock: Clock) -> None:
    made = scheduler(clock, COUNTER)
    made.pause(["calls"], 7.5)

    assert await passed(clock, made.acquire({"calls": 1})) == 7.5


async def test_who_is_cancelled_while_waiting_leaves_no_trace(clock: Clock) -> None:
    made = scheduler(clock, COUNTER)
    made.observe("calls", 20)
    waiting = [asyncio.ensure_future(made.acquire({"calls": 20}, 0)), asyncio.ensure_future(made.acquire({"calls": 2}))]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.gather(*waiting, return_exceptions=True)

    assert clock.seconds - 1000.0 == pytest.approx(2.0)


async def test_who_is_cancelled_in_the_moment_of_being_let_through_gives_it_back(clock: Clock) -> None:
    made = scheduler(clock, COUNTER)
    made.observe("calls", 19.5)

    task = asyncio.ensure_future(made.acquire({"calls": 18}))
    await asyncio.sleep(0)
    clock.seconds += 18.0
    made._grant()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert made.used(["calls"]) < 0.2


async def test_what_is_heavier_than_the_whole_budget_goes_out_alone(clock: Clock) -> None:
    made = scheduler(clock, COUNTER)
    made.observe("calls", 4)

    assert await passed(clock, made.acquire({"calls": 50})) == 4.0


async def test_the_venues_own_count_is_believed_where_it_is_higher(clock: Clock) -> None:
    made = scheduler(clock, WINDOW)
    made.observe("weight", 80)
    made.observe("weight", 10)

    assert made.used(["weight"]) == 0.8


async def test_an_overdrawn_budget_is_full_and_goes_on_with_the_next_lower_limit(clock: Clock) -> None:
    made = scheduler(clock, BudgetSpec("calls", 20, 20, lower=((20, 40), (15, 45))))
    waits = []
    for _ in range(3):
        made.exceeded(["calls"])
        waits.append(await passed(clock, made.acquire({"calls": 2})))

    assert waits == [pytest.approx(4.0), pytest.approx(6.0), pytest.approx(6.0)]


async def test_closing_lets_nobody_wait_for_ever(clock: Clock) -> None:
    made = Scheduler()
    made.add("calls", COUNTER)
    made.pause(["calls"], 3600)
    waiting = asyncio.ensure_future(made.acquire({"calls": 1}))
    await asyncio.sleep(0)
    made.close()

    with pytest.raises(asyncio.CancelledError):
        await waiting
