"""Kraken Futures: wallets with the positions that each answers for, and nothing that would be in books."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import BadResponseError, ClockSkewError, CredentialsError, RateLimitedError, RetryableError
from app.core.model.accounts import KeyScope
from app.core.model.futures import FuturesPosition, MarginWallet, Part, Told
from app.core.model.pages import BalancePage
from tests.connectors.exchanges.contract import GARBAGE, Case, read
from tests.connectors.exchanges.krakenfutures_case import SmallKrakenFutures
from tests.connectors.exchanges.reading import in_json, recorded
from tests.connectors.exchanges.scripted import Reply

VENUE = SmallKrakenFutures
CASH = MarginWallet((("bitcoin", Decimal("0.25")),), name="cash")


def position(symbol: str, size: str, price: str, side: str = "long") -> dict[str, str]:
    return {"symbol": symbol, "side": side, "size": size, "price": price, "fillTime": "2023-04-05T12:31:21.410Z"}


def wallet(page: BalancePage, name: str) -> MarginWallet:
    ((told,),) = (page.beside,)
    (found,) = (one for one in told.wallets if one.name == name)
    return found


async def test_each_wallet_has_its_collateral(case: Case) -> None:
    page = await case.open().balances()

    assert page.balances == ()
    assert page.beside == (Told(Part.FUTURES, (
        CASH,
        MarginWallet((("bitcoin", Decimal("0.5")),), name="fi_xbtusd"),
        MarginWallet((("usd", Decimal("2500.5")),), name="flex"),
    )),)  # fmt: skip


async def test_recorded_positions_pay_in_their_base_and_are_as_many_units_as_gain_the_same_dollars(
    case: Case, server: SmallKrakenFutures, data_folder: Path
) -> None:
    answer = in_json(recorded(data_folder, "kraken", "http_futures_open_positions.json"))
    server.positions = answer["openPositions"]
    page = await case.open().balances()
    (short,), (long,) = wallet(page, "fi_xbtusd").positions, wallet(page, "fi_ethusd").positions

    assert (short.symbol, short.asset, short.currency) == ("PI_XBTUSD", "bitcoin", "usd")
    assert (long.symbol, long.asset, long.entry) == ("PI_ETHUSD", "ethereum", Decimal("1750.25"))
    for one, dollars, mark in ((short, Decimal(-8000), Decimal(30_000)), (long, Decimal(12_000), Decimal(1_500))):
        in_base = dollars / one.entry - dollars / mark
        assert one.quantity * (mark - one.entry) == pytest.approx(in_base * mark)


async def test_linear_contracts_are_in_units_of_their_base_and_the_common_wallet_answers(
    case: Case, server: SmallKrakenFutures
) -> None:
    server.positions = [
        position("PF_XBTUSD", "0.25", "60000.5"),
        position("FF_ETHUSD_240628", "3", "3000", "short"),
        position("FI_XBTUSD_240628", "1000", "50000"),
    ]
    page = await case.open().balances()

    assert wallet(page, "flex").positions == (
        FuturesPosition("PF_XBTUSD", "bitcoin", Decimal("0.25"), "usd", Decimal("60000.5")),
        FuturesPosition("FF_ETHUSD_240628", "ethereum", Decimal(-3), "usd", Decimal(3000)),
    )
    assert wallet(page, "fi_xbtusd").positions == (
        FuturesPosition("FI_XBTUSD_240628", "bitcoin", Decimal("0.02"), "usd", Decimal(50_000)),
    )


@pytest.mark.parametrize(
    "odd",
    [
        position("PV_XRPXBT", "5", "1"),
        position("PF_XBTUSD", "0", "60000"),
        position("PF_XBTUSD", "NaN", "60000"),
        position("PI_XBTUSD", "1E+99", "60000"),
        position("PF_XBTUSD", "1", "-1"),
        position("PF_XBTUSD", "1", "60000", "sideways"),
    ],
)
async def test_a_position_that_cannot_be_read_is_told_and_the_others_are_read(
    case: Case, server: SmallKrakenFutures, odd: dict[str, str]
) -> None:
    server.positions = [odd, position("PF_ETHUSD", "2", "3000")]
    page = await case.open().balances()

    assert [one.symbol for one in wallet(page, "flex").positions] == ["PF_ETHUSD"]
    assert [(one.code, one.subject) for one in page.findings] == [("futures-unread", odd["symbol"])]


async def test_a_wallet_of_a_kind_that_is_not_known_is_told_and_the_others_are_read(
    case: Case, server: SmallKrakenFutures
) -> None:
    server.accounts = {"cash": server.accounts["cash"], "new": {"type": "stakeAccount"}}
    page = await case.open().balances()

    assert page.beside == (Told(Part.FUTURES, (CASH,)),)
    assert [one.subject for one in page.findings] == ["new"]


@pytest.mark.parametrize("figure", ["much", "NaN", "1E+99", None])
async def test_a_wallet_with_a_figure_that_is_none_is_no_answer(
    case: Case, server: SmallKrakenFutures, figure: Any
) -> None:
    server.accounts["cash"]["balances"]["xbt"] = figure
    with pytest.raises(BadResponseError, match="a wallet that cannot be read, cash"):
        await case.open().balances()


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (Reply({"result": "error", "error": "authenticationError"}), CredentialsError),
        (Reply({"result": "error", "error": "apiLimitExceeded"}, 429, {"Retry-After": "900"}), RateLimitedError),
        (Reply({"result": "error", "error": "nonceBelowThreshold"}), ClockSkewError),
        (Reply({"result": "error", "error": "Unavailable"}, 503), RetryableError),
        (Reply({"result": "success"}), BadResponseError),
        *((Reply(text), BadResponseError) for text in GARBAGE),
    ],
)
async def test_what_goes_wrong_is_told_by_what_the_venue_says(
    case: Case, server: SmallKrakenFutures, reply: Reply, fault: type[Exception]
) -> None:
    server.next("/openpositions", *([reply] * 6))
    with pytest.raises(fault):
        await case.open().balances()


async def test_a_key_is_tried_since_nobody_tells_what_it_may_do(case: Case, server: SmallKrakenFutures) -> None:
    exchange = case.open()
    scope = KeyScope(may_read=True, may_trade=None, may_withdraw=None, detail="Kraken Futures tells no rights.")
    assert await exchange.probe() == scope

    server.next("/accounts", case.wrong_key)
    with pytest.raises(CredentialsError) as refused:
        await exchange.probe()

    assert "keys of Kraken's spot market are others" in refused.value.line()


async def test_it_has_no_history_and_is_asked_for_no_price(case: Case, server: SmallKrakenFutures) -> None:
    exchange = case.open()

    assert await read(exchange) == []
    assert await exchange.tickers(["bitcoin"], "usd") == []
    assert await exchange.candles("bitcoin", "usd", 0) == []
    assert [tick async for tick in exchange.watch(["bitcoin"], "usd")] == []
    assert server.asked == []
