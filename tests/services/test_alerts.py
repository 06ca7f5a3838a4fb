"""Alerts of a real vault: measured from marks and books, recorded once, kept over a restart, and of two processes."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import cast

import pytest

from app.core.alerts.machine import Phase
from app.core.clock import SECOND
from app.core.errors import InputError
from app.core.model.alert_rules import AlertEvent, AlertRule, Happened
from app.core.model.futures import FuturesPosition, MarginWallet, Part, Told
from app.core.model.pages import BalancePage
from app.core.risk.exposures import Places, holding
from app.services.alert_outbox import Delivery
from app.services.alert_readings import of_exposures
from app.services.events import AlertsChanged, MarksChanged
from app.services.workspace import Workspace
from tests.services.alert_books import at_price, started_again
from tests.services.alert_posts import MAIL, posted
from tests.services.books import NOW, Clock


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
async def test_each_measure_is_that_of_the_books(watched: Workspace, text: str, measured: Decimal) -> None:
    found = await value(watched, text)

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
async def test_what_cannot_be_measured_says_why(watched: Workspace, text: str, why: str) -> None:
    assert await value(watched, text) == why


async def test_a_largest_share_of_what_is_not_known_is_unknown(watched: Workspace) -> None:
    rule = await watched.alerts.add("largest issuer share is above 1 %")
    nameless = [holding("odd", 5.0, Places("kraken"))]

    with pytest.raises(InputError, match="The issuer of what is held is not known"):
        of_exposures(rule, nameless, "usd")


async def test_a_perpetual_that_a_reading_told_moves_the_exposure_and_its_wallet_is_owed_by_the_venue(
    watched: Workspace,
) -> None:
    short = FuturesPosition("BTCUSD", "bitcoin", Decimal("-1.5"), "usd", Decimal(60))
    wallet = MarginWallet((("usd", Decimal(85)),), (short,))
    reading = BalancePage(b"{}", "application/json", NOW + 1, (), beside=[Told(Part.FUTURES, (wallet,))])
    await watched._threads.write(watched._vault.writer.append_balances, "main", "main", reading)
    found = await watched.risk.book()

    # 2 BTC and 100 USD are held; the wallet has 85 USD and a gain of 1.5 × (60 − 50).
    assert await value(watched, "exposure to BTC is above 10 USD") == pytest.approx(Decimal(25))
    assert await value(watched, "gross exposure is above 10 %") == pytest.approx(Decimal(25) / 300)
    assert found.value == pytest.approx(300)
    assert [one.code for one in found.findings] == ["futures-beside-books"]


async def test_old_prices_make_figures_unknown_and_fire_nothing(watched: Workspace) -> None:
    await watched.alerts.add("price of BTC is below 60 USD")
    await watched.alerts.add("gross exposure is above 10 %")
    cast("Clock", watched.runtime.clock).now = NOW + 700 * SECOND
    fired = await watched.alerts.look(record=True)
    whys = [one.state.why for one in await watched.alerts.standings()]

    assert fired == ()
    assert whys == ["The price of BTC is 11 min old.", "The prices of BTC are old."]


async def test_the_fall_below_the_highest_value_is_the_drawdown_at_the_newest_price(watched: Workspace) -> None:
    at_price(watched, "25", 1)

    assert await value(watched, "drawdown is above 10 %") == pytest.approx(Decimal("0.25"))


async def test_it_fires_once_and_clears_past_the_level_that_re_arms_as_records(watched: Workspace) -> None:
    rule = await watched.alerts.add("If price of BTC is below 40 USD and re-arm at 45 USD")
    for second, price in enumerate(("50", "39", "35", "41", "39", "45", "44")):
        at_price(watched, price, second)
        await watched.alerts.look(record=True)
    events = await watched._threads.read(watched._vault.reader.decisions, AlertEvent)

    assert [(one.what, one.at_ns, one.value) for one in events] == [
        (Happened.FIRED, NOW + SECOND, Decimal(39)),
        (Happened.CLEARED, NOW + 5 * SECOND, Decimal(45)),
    ]
    assert [(one.rule_record, one.about) for one in events] == [(rule.record, ""), (rule.record, events[0].record)]


async def test_whoever_only_looks_records_nothing(watched: Workspace) -> None:
    await watched.alerts.add("price of BTC is below 60 USD")
    await watched.alerts.look()

    assert await watched.alerts.happened() == ()
    assert [one.state.phase for one in await watched.alerts.standings()] == [Phase.ARMED]


async def test_a_record_that_could_not_be_written_is_tried_at_the_next_look(
    watched: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    await watched.alerts.add("price of BTC is below 60 USD")

    def full(_decision: object) -> str:
        raise InputError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(watched._vault.writer, "append_decision", full)
        with pytest.raises(InputError):
            await watched.alerts.look(record=True)
    fired = await watched.alerts.look(record=True)

    assert [one.what for one in fired] == [Happened.FIRED]


async def test_what_fires_goes_on_firing_after_a_restart_and_a_changed_rule_begins_anew(watched: Workspace) -> None:
    rule = await watched.alerts.add("price of BTC is below 60 USD")
    await watched.alerts.look(record=True)
    started_again(watched)
    again = await watched.alerts.look(record=True)
    phases = [one.state.phase for one in await watched.alerts.standings()]
    await watched.alerts.add("price of BTC is below 55 USD", rule.rule_id)
    changed = [(one.state.phase, one.words) for one in await watched.alerts.standings()]

    assert (again, phases) == ((), [Phase.FIRING])
    assert changed == [(Phase.ARMED, "If price of BTC is below 55 USD then notify by window")]


async def test_a_person_acknowledges_once_and_the_inbox_tells_it(watched: Workspace) -> None:
    await watched.alerts.add("price of BTC is below 60 USD")
    (fired,) = await watched.alerts.look(record=True)
    before = watched.alerts.unseen
    listed = [one for one in await watched.findings.all() if one.code == "alert-fires"]
    await watched.alerts.acknowledge(fired.record)
    await watched.alerts.acknowledge(fired.record)
    (found,) = await watched.alerts.happened()

    assert [(one.message, one.place) for one in listed] == [("The price of BTC is below its limit.", "alerts/happened")]
    assert await watched.alerts.findings() == ()
    assert (before, watched.alerts.unseen) == (1, 0)
    assert (found.words, found.seen_ns, found.over_ns) == ("price of BTC is below 60 USD", NOW, None)
    assert len(await watched._threads.read(watched._vault.reader.decisions, AlertEvent)) == 2
    with pytest.raises(InputError, match="record of no alert"):
        await watched.alerts.acknowledge("ab")


async def test_a_removed_rule_is_looked_at_no_longer_and_stays_in_the_journal(watched: Workspace) -> None:
    rule = await watched.alerts.add("price of BTC is below 60 USD")
    await watched.alerts.remove(rule.rule_id)

    assert await watched.alerts.standings() == ()
    assert [one.is_removed for one in await watched._threads.read(watched._vault.reader.decisions, AlertRule)] == [
        False,
        True,
    ]
    with pytest.raises(InputError, match="is the id of no alert"):
        await watched.alerts.rule(rule.rule_id)


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
async def test_a_name_that_the_books_do_not_know_is_refused(watched: Workspace, text: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        await watched.alerts.add(text)

    assert said in refused.value.line()


async def test_headroom_is_how_much_of_a_limit_is_used(watched: Workspace) -> None:
    await watched.alerts.add("exposure to BTC is above 400 USD")
    await watched.alerts.add("price of BTC is below 40 USD")
    await watched.alerts.add("change of BTC over 1 d is below -10 %")
    await watched.alerts.look()

    assert [one.used for one in watched.alerts.headroom()] == [Decimal("0.25"), Decimal("0.8"), None]


async def test_of_two_that_have_the_vault_open_one_records(watched: Workspace) -> None:
    first = await watched._threads.read(watched._vault.connections.claim, "alerts\n")
    assert first is not None
    held = await watched.alerts._is_ours()
    first.close()

    assert (held, await watched.alerts._is_ours()) == (False, True)
    await watched.alerts.stop()


async def test_while_the_vault_is_open_marks_that_move_are_looked_at_and_what_fires_is_told(
    watched: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.alerts._EVERY", 0.01)
    taken, told = posted(watched), asyncio.Event()
    fired: list[Happened] = []

    def hear(event: AlertsChanged) -> None:
        fired.extend(one.what for one in event.fired)
        if event.fired:
            told.set()

    await watched.alerts.outbox.set_delivery(Delivery(MAIL))
    await watched.alerts.add("price of BTC is below 40 USD then notify by e-mail")
    watched.events.subscribe(AlertsChanged, hear)
    watched.alerts.start_live()
    at_price(watched, "39", 1)
    watched.events.publish(MarksChanged(frozenset(("bitcoin",))))
    await asyncio.wait_for(told.wait(), 20)
    await asyncio.wait_for(taken.arrived.wait(), 20)
    await watched.alerts.stop()

    assert (fired, watched.alerts.fault) == ([Happened.FIRED], "")


async def test_a_fault_of_the_program_while_looking_is_told(
    watched: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.alerts._EVERY", 0.01)
    told = asyncio.Event()
    await watched.alerts.add("price of BTC is below 40 USD")

    async def broken(*, record: bool = False) -> tuple[AlertEvent, ...]:
        raise ZeroDivisionError

    monkeypatch.setattr(watched.alerts, "look", broken)
    watched.events.subscribe(AlertsChanged, lambda _event: told.set())
    watched.alerts.start_live()
    await asyncio.wait_for(told.wait(), 20)
    await watched.alerts.stop()

    assert watched.alerts.fault == "Alerts stopped: ZeroDivisionError(). Lock the vault and open it again."


async def test_a_rule_that_another_process_recorded_is_looked_at(watched: Workspace) -> None:
    await watched.alerts.load()
    rule = await watched.alerts.parse("price of BTC is below 60 USD", "0a0b0c")
    await watched._threads.write(watched._vault.writer.append_decision, rule)
    fired = await watched.alerts.look(record=True)

    assert [(one.rule_id, one.what) for one in fired] == [("0a0b0c", Happened.FIRED)]


async def test_a_firing_of_a_rule_that_was_removed_is_over(watched: Workspace) -> None:
    rule = await watched.alerts.add("price of BTC is below 60 USD")
    await watched.alerts.look(record=True)
    cast("Clock", watched.runtime.clock).now = NOW + 60 * SECOND
    await watched.alerts.remove(rule.rule_id)
    (found,) = await watched.alerts.happened()

    assert (found.over_ns, watched.alerts.unseen) == (NOW + 60 * SECOND, 0)


async def test_what_another_process_let_fire_goes_on_firing_and_is_not_recorded_twice(watched: Workspace) -> None:
    await watched.alerts.add("price of BTC is below 60 USD and re-arm at 65 USD")
    (rule,) = [one.rule for one in await watched.alerts.standings()]
    elsewhere = AlertEvent(rule.rule_id, rule.record, Happened.FIRED, NOW, Decimal(50))
    await watched._threads.write(watched._vault.writer.append_decision, elsewhere)
    again = await watched.alerts.look(record=True)
    at_price(watched, "66", 1)
    cleared = await watched.alerts.look(record=True)

    assert (again, [one.what for one in cleared]) == ((), [Happened.CLEARED])
    assert [one.event.what for one in await watched.alerts.happened()] == [Happened.CLEARED, Happened.FIRED]


async def test_what_another_process_cleared_can_fire_again(watched: Workspace) -> None:
    rule = await watched.alerts.add("price of BTC is below 60 USD")
    (fired,) = await watched.alerts.look(record=True)
    over = AlertEvent(rule.rule_id, rule.record, Happened.CLEARED, NOW, Decimal(70), about=fired.record)
    await watched._threads.write(watched._vault.writer.append_decision, over)

    assert [one.what for one in await watched.alerts.look(record=True)] == [Happened.FIRED]
