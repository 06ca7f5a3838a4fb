"""What Coinbase's rows become; recorded answers and the samples that ccxt keeps in its sources are the witnesses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from app.connectors.exchanges.coinbase import rows
from app.connectors.exchanges.coinbase.types import MEANINGS
from tests.connectors.exchanges.reading import Place, ccxt_comments, ccxt_samples, entries, faults, moment, recorded

PLACE = Place("coinbase")


def fill(**changes: Any) -> dict[str, Any]:
    """Return a fill of BTC-USD."""
    return {
        "entry_id": "e-1",
        "trade_id": "t-1",
        "order_id": "o-1",
        "trade_time": "2024-01-15T10:30:00.123456789Z",
        "trade_type": "FILL",
        "price": "45123.45",
        "size": "0.005",
        "commission": "1.14",
        "product_id": "BTC-USD",
        "size_in_quote": False,
        "side": "BUY",
    } | changes


def transaction(kind: str, amount: str, **changes: Any) -> dict[str, Any]:
    """Return a transaction of a wallet; amount is "-0.5 BTC"."""
    quantity, currency = amount.split()
    return {
        "id": f"id-{kind}",
        "type": kind,
        "status": "completed",
        "amount": {"amount": quantity, "currency": currency},
        "native_amount": {"amount": "12.00", "currency": "EUR"},
        "created_at": "2024-03-29T15:48:30Z",
    } | changes


def test_recorded_fills_have_asset_exact_cash_and_commission(data_folder: Path) -> None:
    answer = recorded(data_folder, "coinbase", "http_fills.json")
    read = rows.fills(answer["fills"], PLACE, "fills")

    assert entries(read) == [
        "trade fill:1111-11111-111111/0000-000000-000000: 0.005 bitcoin, -225.61725 usd, -1.14 usd fee",
        "trade fill:1111-11111-111112/0000-000000-000002: -0.0325 ethereum, 99.9999 usd, -0.5 usd fee",
    ]


def test_a_fill_keeps_the_nanoseconds_of_its_moment() -> None:
    (one,) = rows.fills([fill()], PLACE, "fills").candidates

    assert moment(one.entry) == "2024-01-15T10:30:00.123456789Z"


def test_a_size_in_quote_money_that_divides_is_exact() -> None:
    read = rows.fills([fill(size_in_quote=True, size="50", price="100")], PLACE, "fills")

    assert entries(read) == ["trade fill:t-1/o-1: 0.5 bitcoin, -50 usd, -1.14 usd fee"]
    assert not read.candidates[0].entry.is_provisional


def test_a_size_in_quote_money_that_does_not_divide_is_cut_at_the_venues_places_and_marked() -> None:
    samples = ccxt_samples("coinbase", "fetch_my_trades")
    (answer,) = [one for one in samples if isinstance(one, dict) and "fills" in one]
    read = rows.fills(answer["fills"], PLACE, "fills")

    assert entries(read) == [
        (
            "trade fill:cdc39e45-bbd3-44ec-bf02-61742dfb16a1/813a53c5-3e39-47bb-863d-2faf685d22d8: "
            "0.0000002206845049 bitcoin, -0.0046830664333996 tether, -0.0000280983986004 tether fee"
        )
    ]
    assert read.candidates[0].entry.is_provisional


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"trade_type": "REVERSAL"}, "its trade_type 'REVERSAL' is not FILL"),
        ({"product_id": "BIT-26APR24-CDE"}, "its product_id 'BIT-26APR24-CDE' is no spot pair"),
        ({"side": "UNKNOWN"}, "its side 'UNKNOWN' is unknown"),
        ({"size": 0.5}, "its size 0.5 is not an exact number"),
        ({"size_in_quote": None}, "its size_in_quote null is neither true nor false"),
        ({"trade_time": "soon"}, "its trade_time 'soon' is not a time with a zone, such as 2026-01-31T23:59:59Z"),
    ],
)
def test_a_fill_that_is_not_sound_is_quarantined(changes: dict[str, Any], why: str) -> None:
    read = rows.fills([fill(**changes)], PLACE, "fills")

    assert faults(read) == [f"Row 0 of fills cannot become an entry: {why}."]


@pytest.mark.parametrize(
    ("kind", "amount", "expected"),
    [
        ("send", "-0.5 BTC", "withdrawal transaction:id-send: -0.5 bitcoin"),
        ("send", "0.5 BTC", "deposit transaction:id-send: 0.5 bitcoin"),
        ("receive", "0.5 BTC", "deposit transaction:id-receive: 0.5 bitcoin"),
        ("fiat_deposit", "114.02 EUR", "deposit transaction:id-fiat_deposit: 114.02 eur"),
        ("fiat_withdrawal", "-9 EUR", "withdrawal transaction:id-fiat_withdrawal: -9 eur"),
        ("pro_deposit", "-1 BCH", "withdrawal transaction:id-pro_deposit: -1 bitcoin-cash"),
        ("buy", "2.4 ETH", "trade transaction:id-buy: 2.4 ethereum"),
        ("sell", "-2.4 ETH", "trade transaction:id-sell: -2.4 ethereum"),
        ("staking_reward", "0.01 SOL", "reward transaction:id-staking_reward: 0.01 solana interest"),
        ("interest", "0.000798 USDC", "reward transaction:id-interest: 0.000798 usd-coin interest"),
        ("subscription_rebate", "1 USD", "reward transaction:id-subscription_rebate: 1 usd rebate"),
        ("subscription", "-29.99 USD", "fee transaction:id-subscription: -29.99 usd fee"),
        ("staking_transfer", "-2 ETH", "move transaction:id-staking_transfer: -2 ethereum"),
        ("staking_transfer", "2 ETH2", "move transaction:id-staking_transfer: staked/2 ethereum"),
    ],
)
def test_each_type_has_its_kind_and_the_wallets_own_sign(kind: str, amount: str, expected: str) -> None:
    read, halves = rows.transactions([transaction(kind, amount)], PLACE, "transactions")

    assert (entries(read), halves) == ([expected], [])


def test_an_unknown_type_is_quarantined_with_its_text_and_never_guessed() -> None:
    read, _ = rows.transactions([transaction("tx", "1 BTC"), transaction("send", "1 BTC")], PLACE, "transactions:BTC")

    assert faults(read) == ["Row 0 of transactions:BTC cannot become an entry: its type 'tx' is unknown."]
    assert '"type":"tx"' in read.findings[0].detail
    assert len(read.candidates) == 1


def test_open_transactions_wait_and_void_ones_moved_nothing() -> None:
    statuses = ("pending", "failed", "mysterious")
    read, _ = rows.transactions([transaction("send", "1 BTC", status=one) for one in statuses], PLACE, "transactions")

    assert (read.candidates, len(read.pending)) == ([], 1)
    assert faults(read) == ["Row 2 of transactions cannot become an entry: its status 'mysterious' is unknown."]


def test_what_the_fills_tell_is_not_read_twice() -> None:
    read, halves = rows.transactions([transaction("advanced_trade_fill", "0.005 BTC")], PLACE, "transactions")

    assert (read.candidates, read.findings, halves) == ([], [], [])


def test_both_halves_of_a_conversion_are_one_entry_at_the_moment_of_the_giving_side() -> None:
    shared = {"trade": {"id": "trade-9"}}
    taken = transaction("trade", "0.05 BTC", id="b", created_at="2024-03-29T15:48:31Z", **shared)
    given = transaction("trade", "-1 ETH", id="a", **shared)
    read, halves = rows.transactions([taken, given], PLACE, "transactions")
    entry = rows.conversion(PLACE, "trade-9", [half.raw for half in halves])

    assert (read.candidates, [half.trade_id for half in halves]) == ([], ["trade-9", "trade-9"])
    assert ([(str(leg.quantity), leg.asset) for leg in entry.legs], moment(entry)) == (
        [("0.05", "bitcoin"), ("-1", "ethereum")],
        "2024-03-29T15:48:30Z",
    )


def test_a_send_refers_to_its_hash_address_and_network_fee() -> None:
    sent = transaction(
        "send",
        "-14.008308 USDC",
        network={
            "hash": "5jYuv",
            "network_name": "solana",
            "transaction_fee": {"amount": "4.008308", "currency": "USDC"},
        },
        to={"resource": "address", "address": "5HA12"},
        details={"title": "Sent USDC"},
    )
    (one,) = rows.transactions([sent], PLACE, "transactions")[0].candidates

    assert one.entry.references == {
        "tx_hash": "5jYuv",
        "network": "solana",
        "network_fee": "4.008308 USDC",
        "address": "5HA12",
        "note": "Sent USDC",
    }


def test_every_sample_of_the_ledger_in_ccxts_sources_is_read_or_told() -> None:
    samples = [one for one in ccxt_samples("coinbase", "parse_transaction") if isinstance(one, dict) and "type" in one]
    read, _ = rows.transactions(samples, PLACE, "transactions")

    assert samples
    assert (entries(read), len(read.pending), read.findings) == ([], len(samples), [])


def test_every_type_that_ccxts_sources_name_has_a_meaning() -> None:
    named = set(re.findall(r'"type": "(\w+)"', "\n".join(ccxt_comments("coinbase", "parse_ledger_entry"))))

    assert {"send", "pro_deposit", "exchange_withdrawal", "buy"} <= named
    assert named - MEANINGS.keys() == set()


def test_types_are_written_as_the_interface_writes_them() -> None:
    assert [word for word in MEANINGS if not re.fullmatch(r"[a-z0-9_]+", word)] == []
