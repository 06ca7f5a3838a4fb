"""Tasks of a window: begun on its loop, and not once that has ended."""

from __future__ import annotations

import asyncio
import inspect

from app.ui.aio import Tasks


def test_work_asked_for_once_the_loop_has_ended_is_let_go_without_a_fault() -> None:
    told: list[str] = []
    done: list[str] = []
    tasks = Tasks(lambda what, _fault: told.append(what))

    async def read() -> None:
        done.append("read")

    async def in_the_loop() -> None:
        tasks.run(read(), what="Reading")
        await tasks.settled()

    asyncio.run(in_the_loop())
    late = read()
    tasks.run(late, what="Reading again")

    assert done == ["read"]
    assert told == []
    assert tasks.count == 0
    assert inspect.getcoroutinestate(late) == inspect.CORO_CLOSED
