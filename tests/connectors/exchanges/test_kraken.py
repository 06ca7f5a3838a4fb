"""Kraken over a socket: the contract of all venues, and what is Kraken's own."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from app.core.errors import CredentialsError
from app.core.model.venues import CallCount
from tests.connectors.exchanges.contract import Case, ExchangeContract, cursors_of, events, read
from tests.connectors.exchanges.kraken_case import (
    BALANCES,
    NOW_NS,
    START,
    TICKER,
    SmallKraken,
    row,
    trades,
)
from tests.connectors.exchanges.reading import moment, shown
from tests.connectors.exchanges.scripted import Reply

VENUE = SmallKraken


class TestContract(ExchangeContract):
    """Every venue's contract."""


def by_id(pages: list[Any], native_id: str) -> Any:
    return {one.identity.native_id: one for one in events(pages).values()}[native_id]


async def test_every_kind_of_row_becomes_its_entry(case: Case) -> None:
    pages = await read(case.open())
    wanted = ("D1", "D2", "T0000", "S1", "E1", "E2", "K1", "W1")

    assert [_sorted_move(shown(by_id(pages, one))) for one in wanted] == [
        "deposit ledger:D1: 50000 usd",
        "deposit ledger:D2: 2.5 ethereum, -0.001 ethereum fee",
        "trade ledger:T0000: 0.0025 bitcoin, -100 usd, -0.26 usd fee",
        "conversion ledger:S1: -10 usd, -0.05 usd fee, 1.5 polkadot",
        "move ledger:E1: earn/1 polkadot, -1 polkadot",
        "reward ledger:E2: earn/0.01 polkadot interest, earn/-0.001 polkadot fee",
        "reward ledger:K1: staked/0.0005 ethereum interest",
        "withdrawal ledger:W1: -0.1 bitcoin, -0.00002 bitcoin fee",
    ]


def _sorted_move(text: str) -> str:
    """Rows of one moment come in any order."""
    head, _, legs = text.rpartition(": ")
    parts = legs.split(", ")
    if head.startswith(("trade", "move")):
        place = {"0.0025 bitcoin": 0, "earn/1 polkadot": 0}
        parts.sort(key=lambda part: place.get(part, 1))
    return f"{head}: {', '.join(parts)}"


async def test_the_history_adds_up_to_the_balances(case: Case) -> None:
    sums: dict[tuple[str, str], Decimal] = {}
    for entry in events(await read(case.open())).values():
        for leg in entry.legs:
            key = (leg.sub_place, leg.asset)
            sums[key] = sums.get(key, Decimal(0)) + leg.quantity
    held = {(one.sub_place, one.asset): one.quantity for one in (await case.open().balances()).balances if one.quantity}

    assert held == sums


async def test_moments_keep_the_digits_of_the_wire(case: Case) -> None:
    pages = await read(case.open())

    assert [
        moment(by_id(pages, "T0000")),
        moment(by_id(pages, "D1")),
    ] == ["2023-11-14T22:30:00.0123Z", "2023-11-14T22:13:20.25Z"]


async def test_windows_are_fixed_so_that_new_rows_do_not_shift_the_pages(case: Case, server: SmallKraken) -> None:
    seen = []
    async for page in case.open().history({}):
        seen.append(page)
        if len(seen) == 1:
            late = str(NOW_NS // 10**9 + 5)
            server.rows.append(("LNEW", row("NEW", late, "deposit", "ZUSD", "1.0000")))

    assert len(events(seen)) == 87
    assert {str(NOW_NS // 10**9)} == {one.fields["end"] for one in server.asked if "Ledgers" in one.path}


async def test_both_rows_of_a_trade_at_the_edge_of_a_page_are_read_together(case: Case, server: SmallKraken) -> None:
    server.rows = [*trades(80)[1:], ("LX", row("X", START + 100_000, "deposit", "ZUSD", "1.0000"))]
    pages = await read(case.open())
    halves = [one for one in events(pages).values() if one.kind == "trade" and len(one.legs) != 3]

    assert [one.identity.native_id for one in halves] == ["T0000"]
    assert [page.is_complete for page in pages] == [False, False, False, True]


async def test_a_burst_that_fills_a_page_still_goes_on(case: Case, server: SmallKraken) -> None:
    server.rows = [(name, {**one, "time": Decimal("1700000001.5")}) for name, one in trades(120)]

    assert len(events(await read(case.open()))) == 120


async def test_a_withdrawal_that_was_taken_back_later_stays_one_event(case: Case, server: SmallKraken) -> None:
    server.rows = [
        ("L1", row("W9", START + 100.5, "withdrawal", "XXBT", "-0.5000000000", fee="0.0001000000")),
        *trades(60),
        ("L2", row("W9", START + 90_000.5, "withdrawal", "XXBT", "0.5000000000", fee="-0.0001000000")),
    ]
    pages = await read(case.open())

    assert (
        shown(by_id(pages, "W9"))
        == "withdrawal ledger:W9: -0.5 bitcoin, -0.0001 bitcoin fee, 0.5 bitcoin, 0.0001 bitcoin fee"
    )
    assert sum(len(page.candidates) for page in pages) == 61


async def test_what_is_taken_back_after_the_last_reading_is_joined_to_what_was_read(
    case: Case, server: SmallKraken
) -> None:
    later = ("L2", row("W1", NOW_NS // 10**9 - 50, "withdrawal", "XXBT", "0.1000000000", fee="-0.0000200000"))
    exchange = case.open()
    first = await read(exchange)
    server.rows.append(later)
    again = await read(exchange, {"ledger": cursors_of(first)["ledger"]})

    assert len(by_id([*first, *again], "W1").legs) == 4


async def test_transaction_hashes_come_from_the_status_of_transfers(case: Case, server: SmallKraken) -> None:
    server.results["DepositStatus"] = {
        "deposits": [
            {"refid": "D2", "asset": "XETH", "txid": "0xabc", "info": "0xaddress", "method": "Ether (Hex)"},
            {"refid": "D1", "asset": "ZUSD", "txid": "bank 7", "info": "iban", "method": "SWIFT"},
        ],
        "next_cursor": None,
    }
    pages = await read(case.open())

    assert [dict(by_id(pages, one).references) for one in ("D2", "D1")] == [
        {"tx_hash": "0xabc", "address": "0xaddress", "network": "Ether (Hex)"},
        {},
    ]


async def test_a_key_without_the_right_to_see_transfers_still_reads_the_ledger(case: Case, server: SmallKraken) -> None:
    server.next("Status", *[Reply({"error": ["EGeneral:Permission denied"]})] * 4)

    assert case.entries == len(events(await read(case.open())))


async def test_a_row_that_cannot_be_read_is_told_and_leaves_the_others(case: Case, server: SmallKraken) -> None:
    server.rows[0] = ("L1", row("D1", START + 0.25, "deposit", "ZUSD", "fifty"))
    pages = await read(case.open())

    assert len(events(pages)) == 86
    assert [(one.code, one.subject) for page in pages for one in page.findings] == [
        ("quarantined-row", "main/ledger/L1")
    ]


async def test_rights_are_what_kraken_names(case: Case, server: SmallKraken) -> None:
    exchange = case.open()
    said = [await exchange.probe()]
    server.results["GetApiKeyInfo"] = {"permissions": ["query-funds", "modify-trades", "withdraw-funds"]}
    said.append(await exchange.probe())

    assert [(one.may_read, one.may_trade, one.may_withdraw) for one in said] == [
        (True, False, False),
        (False, True, True),
    ]
    assert "It lacks query-ledger." in said[1].detail


async def test_where_kraken_does_not_name_rights_they_are_unknown(case: Case, server: SmallKraken) -> None:
    del server.results["GetApiKeyInfo"]
    scope = await case.open().probe()

    assert (scope.may_read, scope.may_trade, scope.may_withdraw, scope.words) == (True, None, None, "unknown")


async def test_a_wrong_key_has_no_rights_to_tell(case: Case, server: SmallKraken) -> None:
    server.next("GetApiKeyInfo", case.wrong_key)

    with pytest.raises(CredentialsError):
        await case.open().probe()


async def test_the_counter_is_taken_lower_after_each_refusal_without_a_time(case: Case, server: SmallKraken) -> None:
    exchange = case.open()
    server.next("Ledgers", *[Reply({"error": ["EAPI:Rate limit exceeded"]})] * 2)
    pages = await read(exchange)
    waited = sum(case.time.slept)

    assert case.entries == len(events(pages))
    # Two full counters of the lower tiers must have gone down by one call each, and the rest at 1/3 a second.
    assert 2 / 0.5 + 2 / (1 / 3) - 1 < waited < 60


async def test_several_names_of_one_asset_in_one_place_are_one_balance(case: Case, server: SmallKraken) -> None:
    server.results["BalanceEx"] = {**BALANCES, "ETH.S": {"balance": "1.0000000000", "hold_trade": "0"}}
    page = await case.open().balances()

    assert [Decimal("1.0005000000")] == [
        one.quantity for one in page.balances if (one.sub_place, one.asset) == ("staked", "ethereum")
    ]


async def test_prices_come_in_one_call_with_every_digit(case: Case, server: SmallKraken) -> None:
    exchange = case.open()
    ticks = await exchange.tickers(["bitcoin", "tether", "kraken:NOTHING", "usd"], "usd")

    assert [("bitcoin", "usd", Decimal("100000.12345678901"), None), ("tether", "usd", Decimal("0.99990"), None)] == [
        (one.base, one.quote, one.price, one.open_24h) for one in ticks
    ]
    assert tuple(server.count(name) for name in ("Ticker", "AssetPairs", "/Assets")) == (1, 1, 1)


async def test_a_price_that_is_no_number_is_left_out_and_hides_no_other(case: Case, server: SmallKraken) -> None:
    exchange = case.open()
    bad = TICKER["XXBTZUSD"] | {"c": ["n/a", "0.1"], "o": None, "p": None}
    server.results["Ticker"] = TICKER | {"XXBTZUSD": bad}
    ticks = await exchange.tickers(["bitcoin", "tether"], "usd")

    assert [one.base for one in ticks] == ["tether"]


async def test_markets_are_loaded_once_for_all_connections(case: Case, server: SmallKraken) -> None:
    one, other = case.open("one"), case.open("other")
    await asyncio.gather(one.tickers(["bitcoin"], "usd"), other.tickers(["bitcoin"], "usd"))

    assert (server.count("AssetPairs"), server.count("Ticker")) == (1, 1)
    assert CallCount() != one.calls()
    assert one.calls().saved + other.calls().saved >= 1


async def test_candles_are_whole_days_oldest_first(case: Case, server: SmallKraken) -> None:
    days = [START // 86_400 * 86_400 + day * 86_400 for day in range(3)]
    rows = [[day, "1.0", "2.0", "0.5", str(1.5 + place), "1.2", "10.5", 7] for place, day in enumerate(days)]
    server.results["OHLC"] = {"XXBTZUSD": rows, "last": days[1]}
    candles = await case.open().candles("bitcoin", "usd", START * 10**9)

    assert [(day * 10**9, Decimal(f"{1.5 + place}")) for place, day in enumerate(days)] == [
        (one.at, one.close) for one in candles
    ]
    assert await case.open().candles("polkadot", "usd", START * 10**9) == []
