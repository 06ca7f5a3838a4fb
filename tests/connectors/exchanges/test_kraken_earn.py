"""Kraken's earn: the balances have it, and how long it is bound is told beside them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.core.clock import DAY, parse_iso
from app.core.model.futures import Lock, Part, Told
from app.core.model.pages import BalancePage
from tests.connectors.exchanges.contract import Case
from tests.connectors.exchanges.kraken_case import NOW_NS, SmallKraken
from tests.connectors.exchanges.scripted import Reply

VENUE = SmallKraken


def strategy(name: str, kind: str, **periods: int) -> dict[str, Any]:
    return {"id": name, "asset": "DOT", "lock_type": {"type": kind, "payout_frequency": 604_800, **periods}}


def allocated(total: str, asset: str = "DOT", strategy: str = "BOND", **stages: Any) -> dict[str, Any]:
    parts = {"total": {"native": total, "converted": "1"}, **stages}
    return {"strategy_id": strategy, "native_asset": asset, "amount_allocated": parts}


def stage(native: str, expires: str) -> dict[str, Any]:
    return {"native": native, "allocations": [{"created_at": expires, "expires": expires, "native": native}]}


def tell(server: SmallKraken, *items: dict[str, Any], cursor: str | None = None) -> None:
    server.results["Allocations"] = {"items": [*items], "next_cursor": cursor}
    server.results["Strategies"] = {"items": [
        strategy("BOND", "bonded", unbonding_period=2_419_200, exit_queue_period=86_400),
        strategy("FLEX", "flex"), strategy("NOW", "instant"), strategy("TIMED", "timed"),
    ]}  # fmt: skip


async def locked(case: Case) -> tuple[Told, BalancePage]:
    page = await case.open().balances()
    (told,) = (one for one in page.beside if one.part is Part.LOCKED)
    return told, page


async def test_what_is_bonded_is_free_so_long_after_asking(case: Case, server: SmallKraken) -> None:
    tell(server, allocated("12.5"), allocated("3", "ETH", "FLEX"), allocated("4", "ETH", "NOW"))
    told, page = await locked(case)

    assert told == Told(Part.LOCKED, (), (Lock("polkadot", Decimal("12.5"), None, 29 * DAY),))
    assert {(one.sub_place, one.asset, one.quantity) for one in page.balances} >= {
        ("earn", "polkadot", Decimal("1.0090000000"))
    }


async def test_what_is_on_its_way_in_or_out_has_a_day(case: Case, server: SmallKraken) -> None:
    soon, later = "2023-11-30T00:00:00Z", "2023-12-05T12:00:00Z"
    tell(server, allocated("10", bonding=stage("2", soon), unbonding=stage("3", later), exit_queue={"native": "1"}))
    told, _ = await locked(case)
    until, begun = parse_iso(later)[0], parse_iso(soon)[0]

    assert set(told.locks) == {
        Lock("polkadot", Decimal(3), until),
        Lock("polkadot", Decimal(2), None, begun - NOW_NS + 29 * DAY),
        Lock("polkadot", Decimal(1)),
        Lock("polkadot", Decimal(4), None, 29 * DAY),
    }


@pytest.mark.parametrize("strategy", ["TIMED", "UNHEARD-OF"])
async def test_where_no_time_is_told_the_day_is_not_known(case: Case, server: SmallKraken, strategy: str) -> None:
    tell(server, allocated("5", strategy=strategy))
    told, _ = await locked(case)

    assert told.locks == (Lock("polkadot", Decimal(5)),)


async def test_without_allocations_strategies_are_not_asked_for(case: Case, server: SmallKraken) -> None:
    tell(server)
    told, _ = await locked(case)

    assert told == Told(Part.LOCKED)
    assert server.count("Strategies") == 0


@pytest.mark.parametrize(
    "odd",
    [
        allocated("-1"),
        allocated("NaN"),
        allocated("1", unbonding=stage("2", "2023-12-05T12:00:00Z")),
        allocated("1", unbonding=stage("1", "soon")),
        allocated("1", bonding={"native": "1"}),
        {"strategy_id": "BOND", "native_asset": "DOT"},
    ],
)
async def test_an_allocation_that_cannot_be_read_is_told_and_the_others_are_read(
    case: Case, server: SmallKraken, odd: dict[str, Any]
) -> None:
    tell(server, odd, allocated("5", "SOL"))
    told, page = await locked(case)

    assert told.locks == (Lock("solana", Decimal(5), None, 29 * DAY),)
    assert [(one.code, one.subject) for one in page.findings] == [("futures-unread", "DOT")]


async def test_a_key_that_may_not_see_earn_reads_all_else(case: Case, server: SmallKraken) -> None:
    server.next("Earn/Allocations", Reply({"error": ["EGeneral:Permission denied"]}))
    told, page = await locked(case)

    assert told == Told(Part.LOCKED, is_read=False)
    assert page.balances
    assert not page.findings


async def test_pages_that_lead_to_themselves_are_no_answer(case: Case, server: SmallKraken) -> None:
    tell(server, allocated("5"), cursor="2")
    told, page = await locked(case)

    assert not told.is_read
    assert [one.subject for one in page.findings] == ["locked products"]
