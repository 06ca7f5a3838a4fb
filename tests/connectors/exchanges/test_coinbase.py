"""Coinbase over a socket: the contract of all venues, and what is Coinbase's own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from app.core.errors import BadResponseError
from app.core.model.pages import Page
from tests.connectors.exchanges.coinbase_case import (
    PEM,
    SmallCoinbase,
    coinbase_case,
    fill,
    transaction,
)
from tests.connectors.exchanges.contract import Case, ExchangeContract, cursors_of, events, read
from tests.connectors.exchanges.reading import shown
from tests.connectors.exchanges.scripted import Reply

VENUE = SmallCoinbase

LATE = 300_000
"""Seconds after the start, about a day before now."""


class TestContract(ExchangeContract):
    """Every venue's contract."""


def texts(pages: list[Page], *kinds: str) -> list[str]:
    """Return the entries of some kinds."""
    entries = [one.entry for page in pages for one in page.candidates]
    return [shown(one) for one in entries if one.kind.value in kinds]


def sums(pages: list[Page]) -> dict[tuple[str, str], Decimal]:
    """Return what all entries add up to by place."""
    found: dict[tuple[str, str], Decimal] = {}
    for entry in events(pages).values():
        for leg in entry.legs:
            key = leg.sub_place, leg.asset
            found[key] = found.get(key, Decimal(0)) + leg.quantity
    return {key: quantity for key, quantity in found.items() if quantity}


async def test_the_history_adds_up_to_the_balances(case: Case) -> None:
    held = {(one.sub_place, one.asset): one.quantity for one in (await case.open().balances()).balances}

    assert held == sums(await read(case.open()))


async def test_each_kind_of_transaction_becomes_its_entry(case: Case) -> None:
    pages = await read(case.open())

    assert texts(pages, "deposit", "withdrawal", "conversion", "move") == [
        "deposit transaction:usd-1: 1000 usd",
        "deposit transaction:btc-1: 0.5 bitcoin",
        "withdrawal transaction:eth-9: -0.2 ethereum",
        "move transaction:eth-2: -0.5 ethereum",
        "conversion conversion:conversion-1: -0.1 bitcoin, 1.5 ethereum",
        "move transaction:eth2-1: staked/0.5 ethereum",
    ]


async def test_the_page_that_ends_a_conversion_has_both_of_its_halves(case: Case) -> None:
    pages = await read(case.open())
    (page,) = [page for page in pages if any(one.entry.kind == "conversion" for one in page.candidates)]
    content = json.loads(page.content)

    assert [row["id"] for row in content["held"]] == ["btc-3"]
    assert [row["id"] for row in content["page"]["data"] if row["type"] == "trade"] == ["eth-1"]


async def test_a_conversion_whose_halves_lie_in_two_readings_is_one_entry(case: Case, server: SmallCoinbase) -> None:
    taken = server.wallets["ETH"].pop(0)
    exchange = case.open()
    first = await read(exchange)
    server.wallets["ETH"].append(taken)
    again = await read(exchange, cursors_of(first))
    expected = "conversion conversion:conversion-1: -0.1 bitcoin, 1.5 ethereum"

    assert texts(again, "conversion") == [expected]
    assert [one.code for page in first for one in page.findings] == ["one-sided-conversion"]


async def test_a_young_half_of_a_conversion_waits_for_the_other(case: Case, server: SmallCoinbase) -> None:
    server.wallets["BTC"].append(transaction("btc-9", 399_000, "trade", "-0.01 BTC", trade={"id": "conversion-2"}))
    pages = await read(case.open())

    assert [text for text in texts(pages, "conversion") if "conversion-2" in text] == []
    assert [one.code for page in pages for one in page.findings] == []


async def test_a_reading_goes_down_to_the_newest_row_that_is_known(case: Case, server: SmallCoinbase) -> None:
    exchange = case.open()
    first = await read(exchange)
    server.asked.clear()
    server.wallets["ETH"].append(transaction("eth-10", LATE, "send", "-0.01 ETH"))
    again = await read(exchange, cursors_of(first))

    assert texts(again, "withdrawal") == ["withdrawal transaction:eth-10: -0.01 ethereum"]
    assert server.count("id-ETH/transactions") == 1


async def test_new_fills_are_asked_since_the_newest_and_no_more(case: Case, server: SmallCoinbase) -> None:
    exchange = case.open()
    first = await read(exchange)
    server.fills.append(fill(999, LATE, "SELL 0.001 BTC-USD at 200 fee 0"))
    server.asked.clear()
    again = await read(exchange, cursors_of(first))
    (asked,) = [one.fields for one in server.asked if "fills" in one.path][:1]

    assert "trade fill:t-999/o-999: -0.001 bitcoin, 0.2 usd" in texts(again, "trade")
    assert asked["start_sequence_timestamp"] == "2023-11-14T21:34:09.123Z"


async def test_a_token_that_the_venue_forgot_means_to_begin_again(case: Case, server: SmallCoinbase) -> None:
    exchange = case.open()
    (first,) = [page async for page in _first(exchange, 1)]
    server.next("fills", Reply({"error": "INVALID_ARGUMENT", "message": "cursor is invalid"}, 400))
    rest = await read(exchange, {"fills": first.cursor})

    assert len(events([first, *rest])) == case.entries


async def _first(exchange: Any, count: int) -> AsyncIterator[Page]:
    async for page in exchange.history({}):
        yield page
        count -= 1
        if not count:
            return


async def test_an_open_transaction_is_read_once_it_is_completed(case: Case, server: SmallCoinbase) -> None:
    server.wallets["BTC"].append(transaction("btc-7", LATE, "send", "-0.1 BTC", status="pending"))
    server.wallets["BTC"].append(transaction("btc-8", LATE + 5, "receive", "0.2 BTC"))
    exchange = case.open()
    first = await read(exchange)
    server.wallets["BTC"][-2]["status"] = "completed"
    again = await read(exchange, cursors_of(first))

    assert "withdrawal transaction:btc-7: -0.1 bitcoin" not in texts(first, "withdrawal")
    assert "deposit transaction:btc-8: 0.2 bitcoin" in texts(first, "deposit")
    assert texts(again, "withdrawal") == ["withdrawal transaction:btc-7: -0.1 bitcoin"]


async def test_an_unknown_type_is_told_with_its_text_and_leaves_the_others(case: Case, server: SmallCoinbase) -> None:
    server.wallets["BTC"].append(transaction("btc-7", LATE, "moon_landing", "1 BTC"))
    pages = await read(case.open())
    (told,) = [one for page in pages for one in page.findings]

    assert len(events(pages)) == case.entries
    assert (told.code, told.subject) == ("quarantined-row", "main/transactions:BTC/btc-7")
    assert told.message == "Row 0 of transactions:BTC cannot become an entry: its type 'moon_landing' is unknown."


async def test_wallets_that_were_never_used_are_not_asked(case: Case, server: SmallCoinbase) -> None:
    exchange = case.open()
    await read(exchange)

    assert (server.count("XLM"), server.count("ADA")) == (0, 0)
    assert exchange.calls().naive >= 6


async def test_a_wallet_that_the_key_may_not_see_is_told_and_the_rest_is_read(
    case: Case, server: SmallCoinbase
) -> None:
    server.next("id-USD/transactions", Reply({"errors": [{"id": "not_found", "message": "Not found"}]}, 404))
    pages = await read(case.open())

    assert [one.subject for page in pages for one in page.findings] == ["main/transactions:USD"]
    assert len(events(pages)) == case.entries - 1


async def test_a_listing_that_goes_in_circles_is_no_answer(case: Case, server: SmallCoinbase) -> None:
    same = {"fills": [fill(1, 1, "BUY 1 BTC-USD at 1 fee 0")], "cursor": "again"}
    server.next("fills", Reply(same), Reply(same))

    with pytest.raises(BadResponseError):
        await read(case.open())


async def test_hold_is_part_of_a_balance_and_a_vault_counts_too(case: Case, server: SmallCoinbase) -> None:
    server.wallets["SOL"] = []
    whole = server._wallet("SOL") | {"type": "vault", "balance": {"amount": "7", "currency": "SOL"}}
    server._wallet = lambda code: whole if code == "SOL" else SmallCoinbase._wallet(server, code)  # type: ignore[method-assign]
    held = {f"{one.sub_place} {one.asset} {one.quantity}" for one in (await case.open().balances()).balances}

    assert held - case.held == {"spot solana 7"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [({}, "read only"), ({"can_trade": True}, "read · trade"), ({"can_transfer": True}, "can withdraw")],
)
async def test_rights_are_what_the_venue_says(
    case: Case, server: SmallCoinbase, changes: dict[str, Any], words: str
) -> None:
    server.permissions |= changes
    scope = await case.open().probe()

    assert (scope.words, scope.detail) == (words, "portfolio: default")


async def test_a_private_key_copied_out_of_json_signs_as_well(server: SmallCoinbase) -> None:
    made = coinbase_case(server)
    made.credentials = {**made.credentials, "secret": PEM.replace("\n", "\\n")}
    scope = await made.open().probe()
    await made.close()

    assert scope.may_read
