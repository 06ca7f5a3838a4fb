"""Notices on their way out: tried until they arrive or are too old, once each, and their history is bounded."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

import pytest

from app.core.clock import DAY, SECOND
from app.core.errors import BadResponseError, CounterfoilError, RetryableError
from app.core.model.alert_rules import AlertEvent, Channel, Happened
from app.core.model.notices import Hook, Notice
from app.services.alert_outbox import Delivery, Outbox
from app.services.workspace import Workspace
from tests.services.alert_posts import MAIL, Posted
from tests.services.books import NOW, Clock


def firing(number: int, channels: tuple[Channel, ...] = (Channel.MAIL,)) -> AlertEvent:
    """Return something that came of a rule, as the journal has it."""
    return AlertEvent("a", "", Happened.FIRED, NOW, Decimal(1), channels, record=f"{number:064x}")


def said(event: AlertEvent, _details: bool) -> Notice:  # noqa: FBT001 - as it is called
    return Notice(event.record, "", "", {})


@dataclass
class Kept:
    """An outbox of a vault, over many starts."""

    workspace: Workspace
    taken: Posted

    def outbox(self) -> Outbox:
        runtime = replace(self.workspace.runtime, notices=self.taken)
        return Outbox(runtime, self.workspace._vault, self.workspace._threads)


@pytest.fixture
async def kept(workspace: Workspace) -> Kept:
    """Return an outbox that knows a mail server and a webhook."""
    made = Kept(workspace, Posted())
    await made.outbox().set_delivery(Delivery(MAIL, Hook("https://example.org/hook")))
    return made


async def test_how_notices_went_is_kept_of_the_newest_and_none_is_sent_twice(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.alert_outbox._KEPT", 3)
    events = [firing(number) for number in range(10)]
    for until in (4, 10):
        await kept.outbox().send_due(events[:until], said)
    again = kept.outbox()
    await again.send_due(events, said)

    assert list(await again.attempts()) == [one.record for one in events[-3:]]
    assert [one.key for one in kept.taken.mails] == [one.record for one in events]


async def test_what_is_on_its_way_is_kept_whatever_came_after_it(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.alert_outbox._KEPT", 1)
    clock, events = cast("Clock", kept.workspace.runtime.clock), [firing(number) for number in range(6)]
    kept.taken.faults = [RetryableError("No network.")]
    first = kept.outbox()
    await first.send_due(events[:1], said)
    await first.send_due(events, said)
    known = await kept.outbox().attempts()
    clock.now += 5 * SECOND
    again = kept.outbox()
    await again.send_due(events, said)

    assert {one.record for one in events} == set(known)
    assert [one.key for one in kept.taken.mails] == [one.record for one in (*events[1:], events[0])]
    assert len(await again.attempts()) == 1


async def test_a_way_that_fails_holds_up_no_other_and_is_asked_once_at_a_time(kept: Kept) -> None:
    events = [firing(number, (Channel.MAIL, Channel.WEBHOOK)) for number in range(3)]
    kept.taken.faults = [RetryableError("No network."), RetryableError("No network.")]
    outbox = kept.outbox()
    sent = [await outbox.send_due(events, said) for _ in range(4)]

    assert len(kept.taken.hooks) == 3
    assert [one.key for one in kept.taken.mails] == [events[2].record]
    assert sent == [True, True, True, False]


async def test_what_was_tried_for_three_days_is_given_up_and_stays_seen(kept: Kept) -> None:
    clock, event = cast("Clock", kept.workspace.runtime.clock), firing(1)
    kept.taken.faults = [RetryableError("No network.")] * 200
    outbox = kept.outbox()
    while True:
        await outbox.send_due([event], said)
        attempt = (await outbox.attempts())[event.record][Channel.MAIL]
        if attempt.is_given_up:
            break
        clock.now = attempt.next_ns
    later = kept.outbox()
    await later.set_delivery(Delivery(MAIL))
    clock.now += 10 * DAY

    assert 3 * DAY < attempt.next_ns - event.at_ns < 3 * DAY + 2 * 3_600 * SECOND
    assert attempt.error == "No network."
    assert await later.send_due([event], said) is False


async def test_a_notice_of_long_ago_that_was_never_tried_is_still_tried_for_hours(kept: Kept) -> None:
    clock, event = cast("Clock", kept.workspace.runtime.clock), firing(1)
    clock.now += 30 * DAY
    kept.taken.faults = [RetryableError("No network.")] * 13
    outbox = kept.outbox()
    for _ in range(14):
        await outbox.send_due([event], said)
        clock.now = (await outbox.attempts())[event.record][Channel.MAIL].next_ns or clock.now

    assert [one.key for one in kept.taken.mails] == [event.record]


async def test_a_clock_that_is_set_back_makes_no_notice_wait_for_the_hour_that_was(kept: Kept) -> None:
    clock, event = cast("Clock", kept.workspace.runtime.clock), firing(1)
    clock.now += 365 * DAY
    kept.taken.faults = [RetryableError("No network.")]
    outbox = kept.outbox()
    await outbox.send_due([event], said)
    clock.now = NOW
    await outbox.send_due([event], said)

    assert [one.key for one in kept.taken.mails] == [event.record]


async def test_how_notices_went_before_there_was_a_mark_is_read_too(kept: Kept) -> None:
    done = {firing(1).record: {"e-mail": [1, "", 0, NOW]}}
    kept.workspace._vault.set_setting("alerts/attempts", json.dumps(done))

    assert await kept.outbox().send_due([firing(1)], said) is False


@pytest.mark.parametrize(
    ("faults", "trays", "kept_as"),
    [
        ([], 0, ("", NOW)),
        ([BadResponseError("No service.")], 1, ("", NOW)),
        ([BadResponseError("No service.")], 0, ("No service.", None)),
    ],
)
async def test_how_a_notification_of_this_computer_went_is_kept_and_it_is_tried_once(
    kept: Kept, faults: list[CounterfoilError], trays: int, kept_as: tuple[str, int | None]
) -> None:
    event = firing(1, (Channel.DESKTOP,))
    kept.taken.faults = list(faults)
    by_tray: list[Notice] = []

    def tray(notice: Notice) -> bool:
        by_tray.append(notice)
        return trays > 0

    await kept.outbox().show(event, said(event, False), tray)  # noqa: FBT003
    again = kept.outbox()
    attempt = (await again.attempts())[event.record][Channel.DESKTOP]

    assert (attempt.error, attempt.done_ns, attempt.is_over) == (*kept_as, True)
    assert (len(kept.taken.shown), len(by_tray)) == ((0, 1) if faults else (1, 0))
    assert await again.send_due([event], said) is False
