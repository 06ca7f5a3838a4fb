"""The simulated Binance counts the weight of every request, refuses what is too much and bans who goes on."""

from __future__ import annotations

from typing import Any

import pytest

from app.demo.binance_access import BinanceError
from app.demo.binance_limits import SAPI_UID_PER_MINUTE, BinanceLimits, api_weight

MINUTE_START = 60_000 * 28_000_000


def charge(
    limits: Any,
    path: Any = "/api/v3/account",
    now_ms: Any = MINUTE_START,
    address: Any = "127.0.0.1",
    key: Any = "k",
    **asked: Any,
) -> Any:
    return limits.charge(path, asked, address, key, now_ms)


@pytest.mark.parametrize(
    ("path", "asked", "weight"),
    [
        ("/api/v3/ping", {}, 1),
        ("/api/v3/exchangeInfo", {}, 20),
        ("/api/v3/account", {}, 20),
        ("/api/v3/myTrades", {}, 20),
        ("/api/v3/myTrades", {"orderId": "1"}, 5),
        ("/api/v3/ticker/24hr", {"symbol": "BTCUSDT"}, 2),
        ("/api/v3/ticker/24hr", {"symbols": '["A","B"]'}, 2),
        ("/api/v3/ticker/24hr", {"symbols": ",".join(["A"] * 21)}, 40),
        ("/api/v3/ticker/24hr", {}, 80),
        ("/api/v3/ticker/price", {}, 4),
        ("/api/v3/depth", {}, 5),
        ("/api/v3/depth", {"limit": "1000"}, 50),
        ("/api/v3/depth", {"limit": "5000"}, 250),
        ("/api/v3/klines", {}, 2),
    ],
)
def test_endpoints_weigh_what_the_venue_documents(path: Any, asked: Any, weight: Any) -> None:
    assert weight == api_weight(path, asked)


def test_the_used_weight_is_told_and_starts_anew_with_the_minute() -> None:
    limits = BinanceLimits()

    told = [
        charge(limits)["X-MBX-USED-WEIGHT-1M"],
        charge(limits, now_ms=MINUTE_START + 59_999)["X-MBX-USED-WEIGHT-1M"],
        charge(limits, now_ms=MINUTE_START + 60_000)["X-MBX-USED-WEIGHT-1M"],
    ]

    assert told == ["20", "40", "20"]


def test_weight_is_counted_by_address_not_by_key() -> None:
    limits = BinanceLimits()
    charge(limits, key="one")

    assert charge(limits, key="two")["X-MBX-USED-WEIGHT-1M"] == "40"
    assert charge(limits, address="127.0.0.2")["X-MBX-USED-WEIGHT-1M"] == "20"


def test_more_than_six_thousand_in_a_minute_is_refused_until_the_minute_ends() -> None:
    limits = BinanceLimits()
    for _ in range(300):
        charge(limits, now_ms=MINUTE_START + 10_000)

    with pytest.raises(BinanceError) as refused:
        charge(limits, now_ms=MINUTE_START + 12_500)

    assert (refused.value.status, refused.value.code) == (429, -1003)
    assert refused.value.headers["Retry-After"] == "48"
    assert charge(limits, now_ms=MINUTE_START + 60_000)["X-MBX-USED-WEIGHT-1M"] == "20"


def test_who_goes_on_after_being_refused_is_banned_and_the_next_ban_is_longer() -> None:
    limits = BinanceLimits()
    spans = []
    moment = MINUTE_START
    for _ in range(2):
        refusals: list[BinanceError] = []
        for _ in range(330):
            try:
                charge(limits, now_ms=moment)
            except BinanceError as refused:
                refusals.append(refused)
        assert [refused.status for refused in refusals] == [429] * 20 + [418] * 10
        spans.append(int(refusals[-1].headers["Retry-After"]))
        moment += 60_000 * 10

    assert spans == [120, 240]
    assert charge(limits, now_ms=moment)["X-MBX-USED-WEIGHT-1M"] == "20"


def test_each_wallet_endpoint_has_a_budget_of_its_own() -> None:
    limits = BinanceLimits()
    for _ in range(80):
        charge(limits, "/sapi/v1/simple-earn/flexible/position")

    with pytest.raises(BinanceError):
        charge(limits, "/sapi/v1/simple-earn/flexible/position")

    assert charge(limits, "/sapi/v1/asset/dribblet")["X-SAPI-USED-IP-WEIGHT-1M"] == "1"


def test_withdrawals_may_be_read_ten_times_a_second() -> None:
    limits = BinanceLimits()
    told = [charge(limits, "/sapi/v1/capital/withdraw/history") for _ in range(10)]

    with pytest.raises(BinanceError) as refused:
        charge(limits, "/sapi/v1/capital/withdraw/history")

    assert told[-1] == {"X-SAPI-USED-UID-WEIGHT-1S": "180000"}
    assert refused.value.headers["Retry-After"] == "1"


def test_bank_transfers_may_be_read_twice_a_minute_where_nothing_is_eased() -> None:
    limits = BinanceLimits(uid_per_minute=SAPI_UID_PER_MINUTE)
    charge(limits, "/sapi/v1/fiat/orders")
    charge(limits, "/sapi/v1/fiat/orders")

    with pytest.raises(BinanceError) as refused:
        charge(limits, "/sapi/v1/fiat/orders")

    assert refused.value.status == 429
