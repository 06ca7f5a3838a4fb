"""Alerts of a real vault: measured from marks and books, recorded once, told until they arrive, kept over a restart."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import cast

import pytest

from app.core.alerts.machine import Phase
from app.core.clock import SECOND
from app.core.errors import InputError, RateLimitedError, RetryableError
from app.core.model.alert_rules import AlertEvent, AlertRule, Channel, Happened
from app.core.model.futures import FuturesPosition, FuturesWallet
from app.core.model.notices import Hook, MailRoute, Notice
from app.core.model.pages import BalancePage
from app.core.risk.exposures import Places, holding
from app.services.alert_outbox import Delivery, Outbox
from app.services.alert_readings import of_exposures
from app.services.alert_records import AlertRecords
from app.services.events import AlertsChanged, MarksChanged
from app.services.workspace import Workspace
from tests.services.alert_posts import MAIL, posted
from tests.services.books import KEY, NOW, Clock, Script, candles, deposit, no_progress, page, tick

BELOW = "If price of BTC is below 40 USD then notify by e-mail and webhook, and re-arm at 45 USD"


@pytest.fixture
async def books(workspace: Workspace, script: Script) -> Workspace:
    """Return books of 2 BTC at 50 USD and 100 USD at one venue."""
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    script.pages = [page(deposit("a", "2"), deposit("b", "100", "usd"), cursor="1")]
    script.held = {"bitcoin": "2", "usd": "100"}
    script.ticks = [tick("bitcoin", "50")]
    script.candles = {"bitcoin": candles("30", "38", "50")}
    await workspace.ingest.sync([], no_progress)
    await workspace.market_data.refresh()
    return workspace


def at_price(workspace: Workspace, price: str, seconds: int) -> None:
    """Let a price come so many seconds after the start."""
    cast("Clock", workspace.runtime.clock).now = NOW + seconds * SECOND
    workspace.market_data.board.take(replace(tick("bitcoin", price), at=NOW + seconds * SECOND))
    workspace.market_data.board.settle()


async def value(workspace: Workspace, text: str) -> Decimal | str:
    """Return what a sentence measures, or why that is unknown."""
    rule = await workspace.alerts.add(text)
    await workspace.alerts.look()
    state = next(one for one in await workspace.alerts.standings() if one.rule.rule_id == rule.rule_id).state
    return state.why if state.value is None else state.value


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("price of BTC is below 40 USD", Decimal(50)),
        ("change of BTC over 3 d is above 10 %", Decimal(50) / 30 - 1),
        ("exposure to BTC is above 10 USD", Decimal(100)),
        ("exposure to BTC is above 10 %", Decimal("0.5")),
        ("gross exposure is above 10 %", Decimal("0.5")),
        ("net exposure in main is above 10 USD", Decimal(100)),
        ("largest asset share is above 10 %", Decimal("0.5")),
        ("share of venue Kraken is above 10 %", Decimal(1)),
        ("share of counterparty kraken is above 10 %", Decimal(1)),
        ("share of chain Bitcoin is above 10 %", Decimal(1)),
        ("largest issuer share is above 1 %", Decimal(0)),
        ("drawdown is above 10 %", Decimal(0)),
        ("age of prices is above 10 min", Decimal(0)),
        ("age of main is above 10 min", Decimal(0)),
    ],
)
async def test_each_measure_is_that_of_the_books(books: Workspace, text: str, measured: Decimal) -> None:
    found = await value(books, text)

    assert isinstance(found, Decimal), found
    assert found == pytest.approx(measured)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("price of ETH is below 40 USD", "ETH has no price now."),
        ("change of BTC over 300 d is above 10 %", "The close of 300 d ago of BTC is not known."),
        ("correlation of BTC and ETH is above 0.9", "Too little of the history is known to tell what moves together."),
    ],
)
async def test_what_cannot_be_measured_says_why(books: Workspace, text: str, why: str) -> None:
    assert await value(books, text) == why


async def test_a_largest_share_of_what_is_not_known_is_unknown(books: Workspace) -> None:
    rule = await books.alerts.add("largest issuer share is above 1 %")
    nameless = [holding("odd", 5.0, Places("kraken"))]

    with pytest.raises(InputError, match="The issuer of what is held is not known"):
        of_exposures(rule, nameless, "usd")


async def test_a_perpetual_that_a_reading_told_moves_the_exposure_and_its_wallet_is_owed_by_the_venue(
    books: Workspace,
) -> None:
    short = FuturesPosition("BTCUSD", "bitcoin", Decimal("-1.5"), "usd", Decimal(60))
    wallet = FuturesWallet((("usd", Decimal(85)),), (short,))
    reading = BalancePage(b"{}", "application/json", NOW + 1, (), futures=wallet)
    await books._threads.write(books._vault.writer.append_balances, "main", "main", reading)
    found = await books.risk.book()

    # 2 BTC and 100 USD are held; the wallet has 85 USD and a gain of 1.5 × (60 − 50).
    assert await value(books, "exposure to BTC is above 10 USD") == pytest.approx(Decimal(25))
    assert await value(books, "gross exposure is above 10 %") == pytest.approx(Decimal(25) / 300)
    assert found.value == pytest.approx(300)
    assert [one.code for one in found.findings] == ["futures-beside-books"]


async def test_old_prices_make_figures_unknown_and_fire_nothing(books: Workspace) -> None:
    await books.alerts.add("price of BTC is below 60 USD")
    await books.alerts.add("gross exposure is above 10 %")
    cast("Clock", books.runtime.clock).now = NOW + 700 * SECOND
    fired = await books.alerts.look(record=True)
    whys = [one.state.why for one in await books.alerts.standings()]

    assert fired == ()
    assert whys == ["The price of BTC is 11 min old.", "The prices of BTC are old."]


async def test_the_fall_below_the_highest_value_is_the_drawdown_at_the_newest_price(books: Workspace) -> None:
    at_price(books, "25", 1)

    assert await value(books, "drawdown is above 10 %") == pytest.approx(Decimal("0.25"))


async def test_it_fires_once_and_clears_past_the_level_that_re_arms_as_records(books: Workspace) -> None:
    rule = await books.alerts.add("If price of BTC is below 40 USD and re-arm at 45 USD")
    for second, price in enumerate(("50", "39", "35", "41", "39", "45", "44")):
        at_price(books, price, second)
        await books.alerts.look(record=True)
    events = await books._threads.read(books._vault.reader.decisions, AlertEvent)

    assert [(one.what, one.at_ns, one.value) for one in events] == [
        (Happened.FIRED, NOW + SECOND, Decimal(39)),
        (Happened.CLEARED, NOW + 5 * SECOND, Decimal(45)),
    ]
    assert [(one.rule_record, one.about) for one in events] == [(rule.record, ""), (rule.record, events[0].record)]


async def test_whoever_only_looks_records_nothing(books: Workspace) -> None:
    await books.alerts.add("price of BTC is below 60 USD")
    await books.alerts.look()

    assert await books.alerts.happened() == ()
    assert [one.state.phase for one in await books.alerts.standings()] == [Phase.ARMED]


async def test_a_record_that_could_not_be_written_is_tried_at_the_next_look(
    books: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    await books.alerts.add("price of BTC is below 60 USD")

    def full(_decision: object) -> str:
        raise InputError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(books._vault.writer, "append_decision", full)
        with pytest.raises(InputError):
            await books.alerts.look(record=True)
    fired = await books.alerts.look(record=True)

    assert [one.what for one in fired] == [Happened.FIRED]


async def test_what_fires_goes_on_firing_after_a_restart_and_a_changed_rule_begins_anew(books: Workspace) -> None:
    rule = await books.alerts.add("price of BTC is below 60 USD")
    await books.alerts.look(record=True)
    started_again(books)
    again = await books.alerts.look(record=True)
    phases = [one.state.phase for one in await books.alerts.standings()]
    await books.alerts.add("price of BTC is below 55 USD", rule.rule_id)
    changed = [(one.state.phase, one.words) for one in await books.alerts.standings()]

    assert (again, phases) == ((), [Phase.FIRING])
    assert changed == [(Phase.ARMED, "If price of BTC is below 55 USD then notify by window")]


async def test_a_person_acknowledges_once_and_the_inbox_tells_it(books: Workspace) -> None:
    await books.alerts.add("price of BTC is below 60 USD")
    (fired,) = await books.alerts.look(record=True)
    before = books.alerts.unseen
    listed = [one for one in await books.findings.all() if one.code == "alert-fires"]
    await books.alerts.acknowledge(fired.record)
    await books.alerts.acknowledge(fired.record)
    (found,) = await books.alerts.happened()

    assert [(one.message, one.place) for one in listed] == [("The price of BTC is below its limit.", "alerts/happened")]
    assert await books.alerts.findings() == ()
    assert (before, books.alerts.unseen) == (1, 0)
    assert (found.words, found.seen_ns, found.over_ns) == ("price of BTC is below 60 USD", NOW, None)
    assert len(await books._threads.read(books._vault.reader.decisions, AlertEvent)) == 2
    with pytest.raises(InputError, match="record of no alert"):
        await books.alerts.acknowledge("ab")


async def test_a_removed_rule_is_looked_at_no_longer_and_stays_in_the_journal(books: Workspace) -> None:
    rule = await books.alerts.add("price of BTC is below 60 USD")
    await books.alerts.remove(rule.rule_id)

    assert await books.alerts.standings() == ()
    assert [one.is_removed for one in await books._threads.read(books._vault.reader.decisions, AlertRule)] == [
        False,
        True,
    ]
    with pytest.raises(InputError, match="is the id of no alert"):
        await books.alerts.rule(rule.rule_id)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("price of NOBODY is below 4 USD", "'NOBODY' names no asset"),
        ("drawdown in elsewhere is above 4 %", "'elsewhere' names no account"),
        ("age of elsewhere is above 4 h", "'elsewhere' is no source of these books"),
        ("share of venue Binance is above 4 %", "'Binance' is no venue of these books"),
        ("share of chain nowhere is above 4 %", "'nowhere' is no chain of these books"),
    ],
)
async def test_a_name_that_the_books_do_not_know_is_refused(books: Workspace, text: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        await books.alerts.add(text)

    assert said in refused.value.line()


async def test_headroom_is_how_much_of_a_limit_is_used(books: Workspace) -> None:
    await books.alerts.add("exposure to BTC is above 400 USD")
    await books.alerts.add("price of BTC is below 40 USD")
    await books.alerts.add("change of BTC over 1 d is below -10 %")
    await books.alerts.look()

    assert [one.used for one in books.alerts.headroom()] == [Decimal("0.25"), Decimal("0.8"), None]


async def test_notices_say_neither_figures_nor_names_before_a_person_wants_them_there(books: Workspace) -> None:
    taken = posted(books)
    await books.alerts.outbox.set_delivery(Delivery(MAIL, Hook("https://example.org/hook", "canary-secret")))
    rule = await books.alerts.add(BELOW)
    at_price(books, "39", 1)
    await books.alerts.look(record=True)
    await send(books)
    said = " ".join((taken.mails[0].title, taken.mails[0].text, str(taken.hooks[0].fields)))

    assert rule.rule_id in said
    assert not [word for word in ("39", "40", "BTC", "USD") if word in said.replace(rule.rule_id, "")]


async def test_with_details_notices_say_what_was_so(books: Workspace) -> None:
    taken = posted(books)
    await books.alerts.outbox.set_delivery(Delivery(MAIL, None, details=True))
    await books.alerts.add("price of BTC is below 40 USD then notify by e-mail")
    at_price(books, "39", 1)
    await books.alerts.look(record=True)
    await send(books)

    assert "price of BTC is below 40 USD" in taken.mails[0].title
    assert "at 39 USD" in taken.mails[0].text


def started_again(workspace: Workspace) -> None:
    """Forget everything that is not in the vault."""
    alerts, vault, threads = workspace.alerts, workspace._vault, workspace._threads
    alerts._records, alerts._states, alerts._versions = AlertRecords(vault, threads), {}, {}
    alerts.outbox = Outbox(alerts.outbox._runtime, vault, threads)


async def send(workspace: Workspace) -> None:
    """Send what is due."""
    await workspace.alerts.send_due()


async def test_what_did_not_arrive_is_seen_and_tried_again_later_each_time_until_it_arrives(books: Workspace) -> None:
    taken, clock = posted(books), cast("Clock", books.runtime.clock)
    await books.alerts.outbox.set_delivery(Delivery(MAIL))
    await books.alerts.add("price of BTC is below 60 USD then notify by e-mail")
    await books.alerts.look(record=True)
    taken.faults = [RetryableError("No network."), RateLimitedError("Wait.", retry_after=90), RetryableError("Again.")]
    waits: list[int] = []
    for _ in range(3):
        await send(books)
        (found,) = await books.alerts.happened()
        attempt = found.attempts[Channel.MAIL]
        waits.append((attempt.next_ns - clock.now) // SECOND)
        await send(books)
        assert taken.mails == []
        clock.now = attempt.next_ns
    await send(books)
    (found,) = await books.alerts.happened()

    assert waits == [5, 90, 20]
    assert (len(taken.mails), found.attempts[Channel.MAIL].done_ns) == (1, clock.now)
    assert taken.mails[0].key == found.event.record


async def test_what_was_not_sent_before_a_restart_is_sent_after_it_and_nothing_twice(books: Workspace) -> None:
    taken = posted(books)
    await books.alerts.outbox.set_delivery(Delivery(MAIL))
    await books.alerts.add("price of BTC is below 60 USD then notify by e-mail")
    await books.alerts.look(record=True)
    started_again(books)
    await books.alerts.load()
    await send(books)
    started_again(books)
    await send(books)

    assert len(taken.mails) == 1


async def test_without_a_way_the_notice_waits_and_says_what_is_missing(books: Workspace) -> None:
    taken = posted(books)
    await books.alerts.add("price of BTC is below 60 USD then notify by e-mail")
    await books.alerts.look(record=True)
    await send(books)
    (found,) = await books.alerts.happened()
    await books.alerts.outbox.set_delivery(Delivery(MAIL))
    await send(books)

    assert "No mail server is set." in found.attempts[Channel.MAIL].error
    assert len(taken.mails) == 1


async def test_secrets_of_delivery_are_sealed_and_never_printed(books: Workspace) -> None:
    posted(books)
    made = Delivery(MAIL, Hook("https://example.org/hook", "canary-secret"))
    await books.alerts.outbox.set_delivery(made)
    books.alerts.outbox._delivery = None
    settings = [
        books._vault.setting(name) or "" for name in ("alerts/mail", "alerts/hook", "sealed/alerts/hook-secret")
    ]

    assert await books.alerts.outbox.delivery() == made
    assert "canary" not in repr(made) + "".join(settings)


async def test_of_two_that_have_the_vault_open_one_records(books: Workspace) -> None:
    first = await books._threads.read(books._vault.connections.claim, "alerts\n")
    assert first is not None
    held = await books.alerts._is_ours()
    first.close()

    assert (held, await books.alerts._is_ours()) == (False, True)
    await books.alerts.stop()


async def test_a_trial_tells_how_often_a_price_was_below_a_limit(books: Workspace) -> None:
    found = await books.alerts.trial(await books.alerts.parse("price of BTC is below 40 USD and re-arm at 45 USD"))

    assert [(one.cleared is not None, one.worst) for one in found.firings] == [(True, Decimal(30))]
    assert (found.known, found.why_not) == (3, "")


async def test_a_trial_of_shares_follows_what_was_held_on_each_day(books: Workspace) -> None:
    found = await books.alerts.trial(await books.alerts.parse("share of asset BTC is above 40 % and re-arm at 40 %"))

    # 60 of 160, 76 of 176, 100 of 200
    assert [one.worst for one in found.firings] == [pytest.approx(Decimal("0.5"))]
    assert found.known == 3


async def test_a_trial_of_a_source_counts_how_often_it_was_silent_for_too_long(
    books: Workspace, script: Script
) -> None:
    clock = cast("Clock", books.runtime.clock)
    for hours in (2, 3, 30):
        # The script reads a moment later each time.
        script.readings += hours * 3_600 * SECOND
        await books.ingest.sync([], no_progress)
    clock.now = NOW + 36 * 3_600 * SECOND
    found = await books.alerts.trial(await books.alerts.parse("age of main is above 2 h for 30 min"))

    assert [(one.cleared is None, int(one.worst) // 3_600) for one in found.firings] == [(False, 3), (False, 30)]
    assert (found.known, found.why_not) == (2, "")


async def test_what_history_cannot_tell_says_so(books: Workspace) -> None:
    age = await books.alerts.trial(await books.alerts.parse("age of prices is above 1 h"))
    below = await books.alerts.trial(await books.alerts.parse("age of main is below 1 h"))
    tails = await books.alerts.trial(await books.alerts.parse("VaR 99 % 1 d is above 1 %"))

    assert age.why_not == "How old prices were in the past is not kept."
    assert below.why_not == "A source is fresh after each reading: only how long it was silent is counted."
    assert tails.why_not.startswith("The daily history has 2 days")


async def test_while_the_vault_is_open_marks_that_move_are_looked_at_and_what_fires_is_told(
    books: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.alerts._EVERY", 0.01)
    taken, told = posted(books), asyncio.Event()
    fired: list[Happened] = []

    def hear(event: AlertsChanged) -> None:
        fired.extend(one.what for one in event.fired)
        if event.fired:
            told.set()

    await books.alerts.outbox.set_delivery(Delivery(MAIL))
    await books.alerts.add("price of BTC is below 40 USD then notify by e-mail")
    books.events.subscribe(AlertsChanged, hear)
    books.alerts.start_live()
    at_price(books, "39", 1)
    books.events.publish(MarksChanged(frozenset(("bitcoin",))))
    await asyncio.wait_for(told.wait(), 20)
    await asyncio.wait_for(taken.arrived.wait(), 20)
    await books.alerts.stop()

    assert (fired, books.alerts.fault) == ([Happened.FIRED], "")


async def test_a_fault_of_the_program_while_looking_is_told(books: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.alerts._EVERY", 0.01)
    told = asyncio.Event()
    await books.alerts.add("price of BTC is below 40 USD")

    async def broken(*, record: bool = False) -> tuple[AlertEvent, ...]:
        raise ZeroDivisionError

    monkeypatch.setattr(books.alerts, "look", broken)
    books.events.subscribe(AlertsChanged, lambda _event: told.set())
    books.alerts.start_live()
    await asyncio.wait_for(told.wait(), 20)
    await books.alerts.stop()

    assert books.alerts.fault == "Alerts stopped: ZeroDivisionError(). Lock the vault and open it again."


async def test_a_rule_that_another_process_recorded_is_looked_at(books: Workspace) -> None:
    await books.alerts.load()
    rule = await books.alerts.parse("price of BTC is below 60 USD", "0a0b0c")
    await books._threads.write(books._vault.writer.append_decision, rule)
    fired = await books.alerts.look(record=True)

    assert [(one.rule_id, one.what) for one in fired] == [("0a0b0c", Happened.FIRED)]


async def test_a_firing_of_a_rule_that_was_removed_is_over(books: Workspace) -> None:
    rule = await books.alerts.add("price of BTC is below 60 USD")
    await books.alerts.look(record=True)
    cast("Clock", books.runtime.clock).now = NOW + 60 * SECOND
    await books.alerts.remove(rule.rule_id)
    (found,) = await books.alerts.happened()

    assert (found.over_ns, books.alerts.unseen) == (NOW + 60 * SECOND, 0)


async def test_what_another_process_let_fire_goes_on_firing_and_is_not_recorded_twice(books: Workspace) -> None:
    await books.alerts.add("price of BTC is below 60 USD and re-arm at 65 USD")
    (rule,) = [one.rule for one in await books.alerts.standings()]
    elsewhere = AlertEvent(rule.rule_id, rule.record, Happened.FIRED, NOW, Decimal(50))
    await books._threads.write(books._vault.writer.append_decision, elsewhere)
    again = await books.alerts.look(record=True)
    at_price(books, "66", 1)
    cleared = await books.alerts.look(record=True)

    assert (again, [one.what for one in cleared]) == ((), [Happened.CLEARED])
    assert [one.event.what for one in await books.alerts.happened()] == [Happened.CLEARED, Happened.FIRED]


async def test_what_another_process_cleared_can_fire_again(books: Workspace) -> None:
    rule = await books.alerts.add("price of BTC is below 60 USD")
    (fired,) = await books.alerts.look(record=True)
    over = AlertEvent(rule.rule_id, rule.record, Happened.CLEARED, NOW, Decimal(70), about=fired.record)
    await books._threads.write(books._vault.writer.append_decision, over)

    assert [one.what for one in await books.alerts.look(record=True)] == [Happened.FIRED]


async def test_where_it_is_no_longer_kept_how_notices_went_the_inbox_says_so(
    books: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.alert_outbox._KEPT", 0)
    posted(books)
    await books.alerts.outbox.set_delivery(Delivery(MAIL))
    await books.alerts.add("price of BTC is below 60 USD then notify by e-mail")
    await books.alerts.look(record=True)
    before = await books.alerts.happened()
    await send(books)
    after = await books.alerts.happened()

    assert [(one.are_forgotten, one.attempts) for one in (*before, *after)] == [(False, {}), (True, {})]


async def test_a_notice_that_is_under_way_while_the_vault_is_locked_does_not_come_again(
    books: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.alerts._EVERY", 0.01)
    taken, started, may_end = posted(books), asyncio.Event(), asyncio.Event()
    at_once = taken.mail

    async def slow(route: MailRoute, notice: Notice) -> None:
        started.set()
        await may_end.wait()
        await at_once(route, notice)

    monkeypatch.setattr(taken, "mail", slow)
    await books.alerts.outbox.set_delivery(Delivery(MAIL))
    for _ in range(2):
        await books.alerts.add("price of BTC is below 60 USD then notify by e-mail")
    await books.alerts.look(record=True)
    books.alerts.start_live()
    await asyncio.wait_for(started.wait(), 20)
    stopping = asyncio.create_task(books.alerts.stop())
    await asyncio.sleep(0)
    may_end.set()
    await stopping
    before = len(taken.mails)
    started_again(books)
    await send(books)

    assert (before, len(taken.mails)) == (1, 2)
    assert len({one.key for one in taken.mails}) == 2
