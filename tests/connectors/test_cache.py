"""Shared answers and kept values."""

from __future__ import annotations

import asyncio

import pytest

from app.connectors.cache import Kept, SingleFlight


class Work:
    """Counts how often it is done, and ends when told."""

    def __init__(self) -> None:
        self.begun = 0
        self.cancelled = 0
        self.go_on = asyncio.Event()
        self.fault: Exception | None = None

    async def __call__(self) -> int:
        self.begun += 1
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.fault is not None:
            raise self.fault
        return self.begun


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_equal_questions_share_one_answer() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    work = Work()
    asked = [asyncio.ensure_future(flights.run("a", work)) for _ in range(3)]
    await settle()
    work.go_on.set()

    assert await asyncio.gather(*asked) == [(1, False), (1, True), (1, True)]
    assert flights.saved == 2


async def test_different_questions_do_not() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    work = Work()
    work.go_on.set()

    first, second = await asyncio.gather(flights.run("a", work), flights.run("b", work))

    assert [first, second] == [(1, False), (2, False)]


async def test_one_that_leaves_does_not_take_the_answer_from_the_others() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    work = Work()
    first, second = (asyncio.ensure_future(flights.run("a", work)) for _ in range(2))
    await settle()
    first.cancel()
    await settle()
    work.go_on.set()

    assert await second == (1, True)
    assert work.cancelled == 0


async def test_when_nobody_waits_the_work_is_cancelled_and_done_anew() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    work = Work()
    only = asyncio.ensure_future(flights.run("a", work))
    await settle()
    only.cancel()
    await settle()
    work.go_on.set()

    assert work.cancelled == 1
    assert await flights.run("a", work) == (2, False)


async def test_a_fault_is_everybodys_and_is_not_kept() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    work = Work()
    work.fault = ValueError("no")
    work.go_on.set()
    faults = await asyncio.gather(flights.run("a", work), flights.run("a", work), return_exceptions=True)
    work.fault = None

    assert [str(fault) for fault in faults] == ["no", "no"]
    assert await flights.run("a", work) == (2, False)


async def test_a_kept_value_is_loaded_once() -> None:
    work = Work()
    work.go_on.set()
    kept = Kept(work, 60.0, now=lambda: 0.0)

    assert [await kept.get() for _ in range(3)] == [1, 1, 1]
    assert kept.saved == 2


async def test_an_old_value_is_handed_out_while_the_new_one_is_fetched() -> None:
    seconds = [0.0]
    work = Work()
    work.go_on.set()
    kept = Kept(work, 60.0, now=lambda: seconds[0])
    got = [await kept.get()]
    seconds[0] = 61.0
    got.append(await kept.get())
    await settle()
    got.append(await kept.get())
    await kept.close()

    assert got == [1, 1, 2]


async def test_a_renewal_that_fails_keeps_the_old_value() -> None:
    seconds = [0.0]
    work = Work()
    work.go_on.set()
    kept = Kept(work, 60.0, now=lambda: seconds[0])
    await kept.get()
    seconds[0], work.fault = 61.0, ValueError("no")
    await kept.get()
    await settle()

    assert await kept.get() == 1
    assert work.begun == 2


async def test_the_first_loading_raises_to_who_asked() -> None:
    work = Work()
    work.fault = ValueError("no")
    work.go_on.set()

    with pytest.raises(ValueError, match="no"):
        await Kept(work, 60.0).get()
