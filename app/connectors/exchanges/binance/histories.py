"""Binance's histories beside trades: where each is asked, in spans of what length, and since when there can be rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from app.connectors.exchanges.base import Endpoint
from app.connectors.exchanges.binance import calls, earn_rows, fiat_rows, rows
from app.connectors.exchanges.binance.seen import Universe
from app.connectors.exchanges.binance.windows import Era, Normaliser, Span, Windows
from app.connectors.exchanges.rows import Row
from app.core.clock import DAY, SECOND

FOUNDED = 1_499_990_400 * SECOND
"""2017-07-14, when Binance opened."""
_FIRST_EARN = 1_564_617_600 * SECOND
"""2019-08-01, when Binance first lent out coins of its users."""
_FIRST_CONVERT = 1_575_158_400 * SECOND
"""2019-12-01, before conversions began."""
_NEWER_CONVERT = 1_672_531_200 * SECOND
"""2023-01-01: what is older is read last, because the venue grants sixty calls a minute of thirty days each."""
_CONVERT_PAUSE = 60 * SECOND
_FIRST_DUST = 1_606_780_800 * SECOND
"""2020-12-01: the interface gives no older dust."""

_QUARTER = 90 * DAY
_EARN_SPAN = 89 * DAY
"""Three months is the limit, and the shortest three months have 89 days."""
_WHOLE = 36_500 * DAY
_FIAT_PAUSE = 600 * SECOND
"""The venue grants two calls a minute for bank transfers: one of each direction."""


def _at(key: str) -> Callable[[Row], int]:
    return lambda row: row.milliseconds(key)


def _whole(data: Any) -> Sequence[Any]:
    return data  # type: ignore[no-any-return]  # the endpoint's check saw that it is a list


def _under(key: str) -> Callable[[Any], Sequence[Any]]:
    return lambda data: data.get(key) or ()


def histories(universe: Universe) -> list[Windows]:
    """Return all streams but trades."""
    return [
        Windows(
            "deposits",
            Span(calls.DEPOSITS, _whole, _QUARTER, 1_000, _at("insertTime"), extra={"limit": 1_000}),
            rows.deposits,
            era=Era(FOUNDED),
            universe=universe,
            call="fetchDeposits",
        ),
        Windows(
            "withdrawals",
            Span(calls.WITHDRAWALS, _whole, _QUARTER, 1_000, rows.apply_time, extra={"limit": 1_000}),
            rows.withdrawals,
            era=Era(FOUNDED),
            universe=universe,
            call="fetchWithdrawals",
        ),
        _conversions(universe, "conversions", Era(_NEWER_CONVERT, pause=_CONVERT_PAUSE)),
        Windows(
            "dust",
            Span(calls.DRIBBLET, _under("userAssetDribblets"), _QUARTER, 100, _at("operateTime")),
            rows.dust,
            era=Era(_FIRST_DUST),
            universe=universe,
            call="fetchMyDustTrades",
        ),
        Windows(
            "dividends",
            Span(calls.DIVIDENDS, _under("rows"), 180 * DAY, 500, _at("divTime"), extra={"limit": 500}),
            rows.dividends,
            era=Era(FOUNDED),
            universe=universe,
            call="assetDividend",
        ),
        *_fiat(universe),
        *_earn(universe),
    ]


def older_conversions(universe: Universe) -> Windows:
    """Return the stream of old conversions, which is read once and only for accounts as old."""
    return _conversions(universe, "conversions-before-2023", Era(_FIRST_CONVERT, until=_NEWER_CONVERT))


def _conversions(universe: Universe, name: str, era: Era) -> Windows:
    return Windows(
        name,
        Span(calls.CONVERT, _under("list"), 30 * DAY, 1_000, _at("createTime"), extra={"limit": 1_000}),
        rows.conversions,
        era=era,
        universe=universe,
        call="fetchConvertTradeHistory",
    )


def _fiat(universe: Universe) -> list[Windows]:
    """Return bank and card money: the venue gives all of it at once, in pages."""

    def stream(name: str, endpoint: Endpoint, kind: int, normalise: Normaliser) -> Windows:
        span = Span(
            endpoint,
            _under("data"),
            _WHOLE,
            500,
            _at("createTime"),
            pages_by="page",
            begin="beginTime",
            extra={"transactionType": kind, "rows": 500},
        )
        return Windows(name, span, normalise, era=Era(FOUNDED, pause=_FIAT_PAUSE), universe=universe, call=name)

    return [
        stream("fiat-deposits", calls.FIAT_ORDERS, 0, partial(fiat_rows.orders, is_deposit=True)),
        stream("fiat-withdrawals", calls.FIAT_ORDERS, 1, partial(fiat_rows.orders, is_deposit=False)),
        stream("fiat-purchases", calls.FIAT_PAYMENTS, 0, partial(fiat_rows.payments, is_purchase=True)),
        stream("fiat-sales", calls.FIAT_PAYMENTS, 1, partial(fiat_rows.payments, is_purchase=False)),
    ]


def _earn(universe: Universe) -> list[Windows]:
    """Return moves into and out of earn products, and their rewards of every kind."""

    def stream(name: str, endpoint: Endpoint, normalise: Normaliser, **extra: str) -> Windows:
        asked = {"size": 100, **extra}
        span = Span(endpoint, _under("rows"), _EARN_SPAN, 100, _at("time"), pages_by="current", extra=asked)
        return Windows(name, span, normalise, era=Era(_FIRST_EARN), universe=universe, call=name)

    return [
        stream("earn-subscriptions", calls.SUBSCRIPTIONS, earn_rows.subscriptions),
        stream("earn-redemptions", calls.REDEMPTIONS, earn_rows.redemptions),
        stream("earn-rewards", calls.REWARDS, earn_rows.rewards, type="ALL"),
        stream("earn-locked-subscriptions", calls.LOCKED_SUBSCRIPTIONS, earn_rows.locked_subscriptions),
        stream("earn-locked-redemptions", calls.LOCKED_REDEMPTIONS, earn_rows.locked_redemptions),
        stream("earn-locked-rewards", calls.LOCKED_REWARDS, earn_rows.locked_rewards),
    ]
