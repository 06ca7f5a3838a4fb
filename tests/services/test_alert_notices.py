"""Notices of alerts: what they say, tried until they arrive, once each over restarts and locking."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from app.core.clock import SECOND
from app.core.errors import RateLimitedError, RetryableError
from app.core.model.alert_rules import Channel
from app.core.model.notices import Hook, MailRoute, Notice
from app.services.alert_outbox import Delivery
from app.services.workspace import Workspace
from tests.services.alert_books import at_price, started_again
from tests.services.alert_posts import MAIL, posted
from tests.services.books import Clock

BELOW = "If price of BTC is below 40 USD then notify by e-mail and webhook, and re-arm at 45 USD"


async def test_notices_say_neither_figures_nor_names_before_a_person_wants_them_there(watched: Workspace) -> None:
    taken = posted(watched)
    await watched.alerts.outbox.set_delivery(Delivery(MAIL, Hook("https://example.org/hook", "canary-secret")))
    rule = await watched.alerts.add(BELOW)
    at_price(watched, "39", 1)
    await watched.alerts.look(record=True)
    await watched.alerts.send_due()
    said = " ".join((taken.mails[0].title, taken.mails[0].text, str(taken.hooks[0].fields)))

    assert rule.rule_id in said
    assert not [word for word in ("39", "40", "BTC", "USD") if word in said.replace(rule.rule_id, "")]


async def test_with_details_notices_say_what_was_so(watched: Workspace) -> None:
    taken = posted(watched)
    await watched.alerts.outbox.set_delivery(Delivery(MAIL, None, details=True))
    await watched.alerts.add("price of BTC is below 40 USD then notify by e-mail")
    at_price(watched, "39", 1)
    await watched.alerts.look(record=True)
    await watched.alerts.send_due()

    assert "price of BTC is below 40 USD" in taken.mails[0].title
    assert "at 39 USD" in taken.mails[0].text


async def test_what_did_not_arrive_is_seen_and_tried_again_later_each_time_until_it_arrives(watched: Workspace) -> None:
    taken, clock = posted(watched), cast("Clock", watched.runtime.clock)
    await watched.alerts.outbox.set_delivery(Delivery(MAIL))
    await watched.alerts.add("price of BTC is below 60 USD then notify by e-mail")
    await watched.alerts.look(record=True)
    taken.faults = [RetryableError("No network."), RateLimitedError("Wait.", retry_after=90), RetryableError("Again.")]
    waits: list[int] = []
    for _ in range(3):
        await watched.alerts.send_due()
        (found,) = await watched.alerts.happened()
        attempt = found.attempts[Channel.MAIL]
        waits.append((attempt.next_ns - clock.now) // SECOND)
        await watched.alerts.send_due()
        assert taken.mails == []
        clock.now = attempt.next_ns
    await watched.alerts.send_due()
    (found,) = await watched.alerts.happened()

    assert waits == [5, 90, 20]
    assert (len(taken.mails), found.attempts[Channel.MAIL].done_ns) == (1, clock.now)
    assert taken.mails[0].key == found.event.record


async def test_what_was_not_sent_before_a_restart_is_sent_after_it_and_nothing_twice(watched: Workspace) -> None:
    taken = posted(watched)
    await watched.alerts.outbox.set_delivery(Delivery(MAIL))
    await watched.alerts.add("price of BTC is below 60 USD then notify by e-mail")
    await watched.alerts.look(record=True)
    started_again(watched)
    await watched.alerts.load()
    await watched.alerts.send_due()
    started_again(watched)
    await watched.alerts.send_due()

    assert len(taken.mails) == 1


async def test_without_a_way_the_notice_waits_and_says_what_is_missing(watched: Workspace) -> None:
    taken = posted(watched)
    await watched.alerts.add("price of BTC is below 60 USD then notify by e-mail")
    await watched.alerts.look(record=True)
    await watched.alerts.send_due()
    (found,) = await watched.alerts.happened()
    await watched.alerts.outbox.set_delivery(Delivery(MAIL))
    await watched.alerts.send_due()

    assert "No mail server is set." in found.attempts[Channel.MAIL].error
    assert len(taken.mails) == 1


async def test_secrets_of_delivery_are_sealed_and_never_printed(watched: Workspace) -> None:
    posted(watched)
    made = Delivery(MAIL, Hook("https://example.org/hook", "canary-secret"))
    await watched.alerts.outbox.set_delivery(made)
    watched.alerts.outbox._delivery = None
    settings = [
        watched._vault.setting(name) or "" for name in ("alerts/mail", "alerts/hook", "sealed/alerts/hook-secret")
    ]

    assert await watched.alerts.outbox.delivery() == made
    assert "canary" not in repr(made) + "".join(settings)


async def test_where_it_is_no_longer_kept_how_notices_went_the_inbox_says_so(
    watched: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.alert_outbox._KEPT", 0)
    posted(watched)
    await watched.alerts.outbox.set_delivery(Delivery(MAIL))
    await watched.alerts.add("price of BTC is below 60 USD then notify by e-mail")
    await watched.alerts.look(record=True)
    before = await watched.alerts.happened()
    await watched.alerts.send_due()
    after = await watched.alerts.happened()

    assert [(one.are_forgotten, one.attempts) for one in (*before, *after)] == [(False, {}), (True, {})]


async def test_a_notice_that_is_under_way_while_the_vault_is_locked_does_not_come_again(
    watched: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.alerts._EVERY", 0.01)
    taken, started, may_end = posted(watched), asyncio.Event(), asyncio.Event()
    at_once = taken.mail

    async def slow(route: MailRoute, notice: Notice) -> None:
        started.set()
        await may_end.wait()
        await at_once(route, notice)

    monkeypatch.setattr(taken, "mail", slow)
    await watched.alerts.outbox.set_delivery(Delivery(MAIL))
    for _ in range(2):
        await watched.alerts.add("price of BTC is below 60 USD then notify by e-mail")
    await watched.alerts.look(record=True)
    watched.alerts.start_live()
    await asyncio.wait_for(started.wait(), 20)
    stopping = asyncio.create_task(watched.alerts.stop())
    await asyncio.sleep(0)
    may_end.set()
    await stopping
    before = len(taken.mails)
    started_again(watched)
    await watched.alerts.send_due()

    assert (before, len(taken.mails)) == (1, 2)
    assert len({one.key for one in taken.mails}) == 2
