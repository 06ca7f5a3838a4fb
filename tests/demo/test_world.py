"""A person's three years: complete, exact, and the same whenever they are asked for."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal

import pytest

from app.core.clock import DAY, from_datetime
from app.demo.events import Event, Kind
from app.demo.market import START_NS
from app.demo.world import VENUES, World

NOW = from_datetime(dt.datetime(2026, 11, 24, 12, 34, 56, tzinfo=dt.UTC))
COMMON = {Kind.TRADE, Kind.FIAT_DEPOSIT, Kind.FIAT_WITHDRAWAL, Kind.DEPOSIT, Kind.WITHDRAWAL, Kind.CONVERT, Kind.REWARD}
KINDS = {
    "binance": COMMON | {Kind.DUST, Kind.DIVIDEND, Kind.SUBSCRIBE, Kind.REDEEM},
    "coinbase": COMMON,
    "kraken": COMMON | {Kind.DUST, Kind.STAKE, Kind.UNSTAKE},
}


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=7, now=lambda: NOW)


def facts(events: Sequence[Event]) -> list[tuple[object, ...]]:
    return [(event.at, event.kind, event.native_id, event.moves) for event in events]


def test_three_years_hold_more_than_twenty_thousand_events(world: World) -> None:
    counts = {venue: Counter(event.kind for event in world.events(venue)) for venue in VENUES}

    assert sum(found.total() for found in counts.values()) > 20_000
    assert 13_000 < counts["binance"][Kind.TRADE] < 16_000
    assert 5_000 < counts["coinbase"][Kind.TRADE] < 7_000
    assert 600 < counts["kraken"].total() < 1_000
    assert {venue: set(found) for venue, found in counts.items()} == KINDS


@pytest.mark.parametrize("scale", [1.0, 0.02])
def test_no_balance_is_ever_negative_and_moves_add_up_to_balances(
    world: World, small_world: World, scale: float
) -> None:
    lived = world if scale == 1.0 else small_world
    for venue in VENUES:
        held: dict[tuple[str, str], Decimal] = {}
        for event in lived.events(venue):
            for move in event.moves:
                key = move.place, move.asset
                held[key] = held.get(key, Decimal(0)) + move.quantity
            assert all(held[move.place, move.asset] >= 0 for move in event.moves), event

        assert lived.balances(venue) == {key: quantity for key, quantity in held.items() if quantity}


def test_balances_are_known_at_any_moment(world: World) -> None:
    for venue in VENUES:
        middle = world.events(venue)[len(world.events(venue)) // 3].at
        held: dict[tuple[str, str], Decimal] = {}
        for event in world.events(venue, until=middle):
            for move in event.moves:
                held[move.place, move.asset] = held.get((move.place, move.asset), Decimal(0)) + move.quantity

        assert world.balances(venue, middle) == {key: quantity for key, quantity in held.items() if quantity}


@pytest.mark.parametrize("venue", VENUES)
def test_events_come_in_the_order_of_time_with_ids_of_their_own(world: World, venue: str) -> None:
    events = world.events(venue)
    names = Counter((event.kind, event.native_id, event.base, event.quote) for event in events)

    assert [event.number for event in events] == list(range(len(events)))
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert names.most_common(1)[0][1] == 1


def test_what_lies_after_now_has_not_happened() -> None:
    clock = [START_NS + 200 * DAY]
    growing = World(seed=7, scale=0.05, now=lambda: clock[0])
    early = {venue: facts(growing.events(venue)) for venue in VENUES}
    clock[0] += 40 * DAY
    whole = World(seed=7, scale=0.05, now=lambda: clock[0])

    for venue in VENUES:
        assert early[venue] == facts(whole.events(venue, until=START_NS + 200 * DAY))
        assert facts(growing.events(venue)) == facts(whole.events(venue))
        assert len(growing.events(venue)) > len(early[venue])
        assert whole.events(venue, until=clock[0] + 999 * DAY) == whole.events(venue)


def test_every_kind_happens_in_a_small_world_too(small_world: World) -> None:
    assert {venue: {event.kind for event in small_world.events(venue)} for venue in VENUES} == KINDS
    assert sum(len(small_world.events(venue)) for venue in VENUES) < 1_200


def test_what_is_sent_arrives_later_with_the_same_hash(world: World) -> None:
    arrivals = {event.tx_hash: event for venue in VENUES for event in world.events(venue, kinds={Kind.DEPOSIT})}
    sent = [event for venue in VENUES for event in world.events(venue, kinds={Kind.WITHDRAWAL}) if event.other]
    arrived = [event for event in sent if event.tx_hash in arrivals]

    assert len(arrived) > 120
    assert len(sent) - len(arrived) < 3
    assert len(arrived) == len(arrivals)
    for event in arrived:
        other = arrivals[event.tx_hash]
        assert (event.other, event.venue, event.base, event.quantity) == (
            other.venue,
            other.other,
            other.base,
            other.quantity,
        )
        assert event.at < other.at < event.at + DAY
        assert event.fee > 0


def test_fees_are_paid_in_quote_base_and_bnb(world: World) -> None:
    paid = Counter(
        "quote" if event.fee_asset == event.quote else "base" if event.fee_asset == event.base else event.fee_asset
        for venue in VENUES
        for event in world.events(venue, kinds={Kind.TRADE})
    )

    assert set(paid) == {"quote", "base", "bnb"}
    assert min(paid.values()) > 50


@pytest.mark.parametrize("seed", [7, 1])
def test_the_portfolio_is_plausible(world: World, seed: int) -> None:
    lived = world if seed == 7 else World(seed, now=lambda: NOW)
    worth: dict[str, float] = defaultdict(float)
    for venue in VENUES:
        for (_, asset), held in lived.balances(venue).items():
            worth[asset] += float(held) * (1.0 if asset == "usd" else lived.market.rate(asset, "usd", NOW))
    total = sum(worth.values())

    assert 1_000_000 < total < 2_600_000
    assert worth["bitcoin"] + worth["ethereum"] > total / 2
    assert 0.02 < sum(worth[asset] for asset in ("usd", "eur", "tether", "usd-coin")) / total < 0.3
