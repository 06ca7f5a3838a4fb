"""Histories of the simulated Binance: the windows, pages and defaults that the venue's endpoints really have."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.demo import binance_wire as wire
from app.demo.binance_access import BinanceError, missing, whole, word
from app.demo.binance_books import LOCKED, BinanceBooks
from app.demo.binance_markets import listings
from app.demo.binance_wire import DAY_MS, Row
from app.demo.events import Event, Kind
from app.demo.instruments import symbol

FLEXIBLE = "/sapi/v1/simple-earn/flexible"
BOUND = "/sapi/v1/simple-earn/locked"
_WALLET_DAYS, _CONVERT_DAYS, _EARN_DAYS, _DIVIDEND_DAYS, _USUAL_DAYS = 90, 30, 90, 180, 30
_REWARD_DAYS = 89
"""Of rewardsRecord the venue documents three months, yet it refuses ninety days less a millisecond."""
_MOST_TRADES, _USUAL_TRADES = 1_000, 500
_MOST_SWEEPS = 100
_TRADE_COMBINATIONS: tuple[set[str], ...] = (
    set(),
    {"orderId"},
    {"startTime"},
    {"endTime"},
    {"fromId"},
    {"startTime", "endTime"},
)
_DONE = {Kind.DEPOSIT: 1, Kind.WITHDRAWAL: 6}
_REWARD_TYPES = ("BONUS", "REALTIME", "REWARDS", "ALL")

Asked = Mapping[str, str]
Cut = Callable[[Sequence[Event]], Sequence[Event]]
Pager = Callable[[str, Sequence[Event], Callable[[Event], str], Cut], tuple[Sequence[Event], Sequence[Event]]]
"""Takes an endpoint, its rows, their names and how a page is cut; returns the rows that it shows, and the page."""


@dataclass(frozen=True, slots=True)
class Window:
    """Both ends of a window, inclusive, in milliseconds."""

    start: int
    end: int


def _window(asked: Asked, now_ms: int, most_days: int, refusal: BinanceError) -> Window:
    """Return the window of endpoints whose start is as far back as the longest window, unless it is given."""
    end = whole(asked, "endTime")
    end = now_ms if end is None else end
    start = whole(asked, "startTime")
    start = end - most_days * DAY_MS if start is None else start
    if start > end or end - start > most_days * DAY_MS:
        raise refusal
    return Window(start, end)


def _earn_window(asked: Asked, now_ms: int, most_days: int) -> Window:
    """Return the window of Simple Earn: thirty days from the one end that is given, or until now."""
    start, end = whole(asked, "startTime"), whole(asked, "endTime")
    if start is None:
        end = now_ms if end is None else end
        start = end - _USUAL_DAYS * DAY_MS
    elif end is None:
        end = start + _USUAL_DAYS * DAY_MS
    if start > end or end - start > most_days * DAY_MS:
        raise BinanceError(400, -6021, "Query time range too large")
    return Window(start, end)


def _limit(asked: Asked, name: str, usual: int, most: int) -> int:
    limit = whole(asked, name)
    if limit is None:
        return usual
    if not 1 <= limit <= most:
        raise BinanceError(400, -1130, f"Data sent for parameter '{name}' is not valid.")
    return limit


class Histories:
    """Answers of the endpoints that tell what happened."""

    def __init__(self, books: BinanceBooks, seed: int, pager: Pager) -> None:
        """Take the account's books, the seed for ids that no event carries, and what may lose a page."""
        self._books = books
        self._seed = seed
        self._pager = pager

    def _page(self, path: str, rows: Sequence[Event], cut: Cut) -> Sequence[Event]:
        return self._pager(path, rows, _name, cut)[1]

    def my_trades(self, asked: Asked, now_ms: int) -> list[Row]:
        """Return /api/v3/myTrades: one market, oldest first."""
        del now_ms
        market = word(asked, "symbol")
        if market not in listings():
            raise BinanceError(400, -1121, "Invalid symbol.")
        limit = _limit(asked, "limit", _USUAL_TRADES, _MOST_TRADES)
        given = {name for name in ("orderId", "startTime", "endTime", "fromId") if asked.get(name)}
        if given == {"orderId", "fromId"}:
            given.discard("fromId")
        if given not in _TRADE_COMBINATIONS:
            raise BinanceError(400, -1128, "Combination of optional parameters invalid.")
        known = self._books.trades[market]
        page = self._page("/api/v3/myTrades", known.events, lambda rows: _chosen(rows, asked, given, limit))
        return [wire.trade_row(event) for event in page]

    def deposits(self, asked: Asked, now_ms: int) -> list[Row]:
        """Return /sapi/v1/capital/deposit/hisrec: newest first."""
        page = self._coins("/sapi/v1/capital/deposit/hisrec", Kind.DEPOSIT, asked, now_ms)
        return [wire.deposit_row(event) for event in page]

    def withdrawals(self, asked: Asked, now_ms: int) -> list[Row]:
        """Return /sapi/v1/capital/withdraw/history: newest first."""
        page = self._coins("/sapi/v1/capital/withdraw/history", Kind.WITHDRAWAL, asked, now_ms)
        return [wire.withdrawal_row(event) for event in page]

    def _coins(self, path: str, kind: Kind, asked: Asked, now_ms: int) -> Sequence[Event]:
        refusal = BinanceError(400, -4047, "Time interval must be within 0-90 days")
        window = _window(asked, now_ms, _WALLET_DAYS, refusal)
        limit, offset = _limit(asked, "limit", 1_000, 1_000), whole(asked, "offset") or 0
        status, coin = whole(asked, "status"), asked.get("coin", "")
        rows = [
            event
            for event in reversed(self._books.by_kind[kind].between(window.start, window.end))
            if (not coin or symbol(event.base) == coin) and status in {None, _DONE[kind]}
        ]
        return self._page(path, rows, lambda shown: shown[offset : offset + limit])

    def fiat_orders(self, asked: Asked, now_ms: int) -> Row:
        """Return /sapi/v1/fiat/orders: transfers from and to a bank, newest first."""
        kind = {"0": Kind.FIAT_DEPOSIT, "1": Kind.FIAT_WITHDRAWAL}[self._fiat_type(asked)]
        end = whole(asked, "endTime")
        end = now_ms if end is None else end
        start = whole(asked, "beginTime")
        start = end - _USUAL_DAYS * DAY_MS if start is None else start
        events = list(reversed(self._books.by_kind[kind].between(start, end)))
        page, rows = max(whole(asked, "page") or 1, 1), _limit(asked, "rows", 100, 500)
        shown, found = self._pager("/sapi/v1/fiat/orders", events, _name, _slice((page - 1) * rows, rows))
        data = [wire.fiat_row(event) for event in found]
        return {"code": "000000", "message": "success", "data": data, "total": len(shown), "success": True}

    def fiat_payments(self, asked: Asked, now_ms: int) -> Row:
        """Return /sapi/v1/fiat/payments: nobody bought with a card."""
        del now_ms
        self._fiat_type(asked)
        return {"code": "000000", "message": "success", "data": [], "total": 0, "success": True}

    @staticmethod
    def _fiat_type(asked: Asked) -> str:
        if asked.get("transactionType", "") not in {"0", "1"}:
            raise missing("transactionType")
        return asked["transactionType"]

    def conversions(self, asked: Asked, now_ms: int) -> Row:
        """Return /sapi/v1/convert/tradeFlow: both ends must be given, newest first."""
        for name in ("startTime", "endTime"):
            word(asked, name)
        refusal = BinanceError(400, -9000, "The max interval between startTime and endTime is 30 days.")
        window = _window(asked, now_ms, _CONVERT_DAYS, refusal)
        limit = _limit(asked, "limit", 100, 1_000)
        events = list(reversed(self._books.by_kind[Kind.CONVERT].between(window.start, window.end)))
        shown, page = self._pager("/sapi/v1/convert/tradeFlow", events, _name, _slice(0, limit))
        return {
            "list": [wire.convert_row(event, self._seed) for event in page],
            "startTime": window.start,
            "endTime": window.end,
            "limit": limit,
            "moreData": len(shown) > limit,
        }

    def dribblets(self, asked: Asked, now_ms: int) -> Row:
        """Return /sapi/v1/asset/dribblet: the newest hundred sweeps of a time."""
        end = whole(asked, "endTime")
        sweeps = self._books.sweeps(whole(asked, "startTime") or 0, now_ms if end is None else end)[:_MOST_SWEEPS]
        return {"total": len(sweeps), "userAssetDribblets": [wire.dribblet_row(sweep) for sweep in sweeps]}

    def dividends(self, asked: Asked, now_ms: int) -> Row:
        """Return /sapi/v1/asset/assetDividend: newest first; there is no second page, only shorter windows."""
        refusal = BinanceError(400, -1127, "More than 180 days between startTime and endTime.")
        window = _window(asked, now_ms, _DIVIDEND_DAYS, refusal)
        asset = asked.get("asset", "")
        events = [
            event
            for event in reversed(self._books.by_kind[Kind.DIVIDEND].between(window.start, window.end))
            if not asset or symbol(event.base) == asset
        ]
        limit = _limit(asked, "limit", 20, 500)
        shown, page = self._pager("/sapi/v1/asset/assetDividend", events, _name, _slice(0, limit))
        return {"rows": [wire.dividend_row(event, self._seed) for event in page], "total": len(shown)}

    def transfers(self, asked: Asked, now_ms: int) -> Row:
        """Return GET /sapi/v1/asset/transfer: everything lies in one wallet, so nothing was moved between two."""
        del now_ms
        word(asked, "type")
        return {"total": 0, "rows": []}

    def subscriptions(self, asked: Asked, now_ms: int) -> Row:
        """Return what was put into flexible products."""
        events = _flexible(self._earn(Kind.SUBSCRIBE, asked, now_ms, _EARN_DAYS))
        return self._earn_page(f"{FLEXIBLE}/history/subscriptionRecord", asked, events, wire.subscription_row)

    def redemptions(self, asked: Asked, now_ms: int) -> Row:
        """Return what was taken out of flexible products."""
        events = _flexible(self._earn(Kind.REDEEM, asked, now_ms, _EARN_DAYS))
        return self._earn_page(f"{FLEXIBLE}/history/redemptionRecord", asked, events, wire.redemption_row)

    def rewards(self, asked: Asked, now_ms: int) -> Row:
        """Return interest of flexible products; its type must be named."""
        named = word(asked, "type")
        if named not in _REWARD_TYPES:
            raise BinanceError(400, -1130, "Data sent for parameter 'type' is not valid.")
        events = self._earn(Kind.REWARD, asked, now_ms, _REWARD_DAYS)
        chosen = [event for event in _flexible(events) if named in {"ALL", wire.reward_type(event)}]
        return self._earn_page(f"{FLEXIBLE}/history/rewardsRecord", asked, chosen, wire.reward_row)

    def locked_subscriptions(self, asked: Asked, now_ms: int) -> Row:
        """Return what was put into locked products."""
        return self._locked(Kind.SUBSCRIBE, "subscriptionRecord", asked, now_ms, wire.locked_subscription_row)

    def locked_redemptions(self, asked: Asked, now_ms: int) -> Row:
        """Return what was handed out of locked products."""
        return self._locked(Kind.REDEEM, "redemptionRecord", asked, now_ms, wire.locked_redemption_row)

    def locked_rewards(self, asked: Asked, now_ms: int) -> Row:
        """Return interest of locked products."""
        return self._locked(Kind.REWARD, "rewardsRecord", asked, now_ms, wire.locked_reward_row)

    def _locked(self, kind: Kind, path: str, asked: Asked, now_ms: int, row: Callable[[Event], Row]) -> Row:
        events = [one for one in self._earn(kind, asked, now_ms, _REWARD_DAYS) if one.detail == LOCKED]
        return self._earn_page(f"{BOUND}/history/{path}", asked, events, row)

    def _earn_page(self, path: str, asked: Asked, events: Sequence[Event], row: Callable[[Event], Row]) -> Row:
        shown, page = self._pager(path, events, _name, _slice(*page_of(asked)))
        return {"rows": [row(event) for event in page], "total": len(shown)}

    def _earn(self, kind: Kind, asked: Asked, now_ms: int, most_days: int) -> list[Event]:
        window = _earn_window(asked, now_ms, most_days)
        asset, product = asked.get("asset", ""), asked.get("productId", "")
        return [
            event
            for event in reversed(self._books.by_kind[kind].between(window.start, window.end))
            if (not asset or symbol(event.base) == asset) and product in {"", wire.product_id(event.base)}
        ]


def _flexible(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if event.detail != LOCKED]


def page_of(asked: Asked) -> tuple[int, int]:
    """Return where a page of Simple Earn starts and how long it is: `current` counts from 1, `size` is usually ten."""
    current, size = max(whole(asked, "current") or 1, 1), _limit(asked, "size", 10, 100)
    return (current - 1) * size, size


def _slice(start: int, count: int) -> Cut:
    return lambda rows: rows[start : start + count]


def _name(event: Event) -> str:
    return event.native_id


def _chosen(events: Sequence[Event], asked: Asked, given: set[str], limit: int) -> Sequence[Event]:
    """Return the trades that a combination of parameters stands for."""
    if given == {"orderId"}:
        return [event for event in events if event.order_id == asked["orderId"]][:limit]
    if given == {"fromId"}:
        first = whole(asked, "fromId") or 0
        begin = bisect.bisect_left(events, first, key=lambda event: int(event.native_id))
        return events[begin : begin + limit]
    start, end = whole(asked, "startTime"), whole(asked, "endTime")
    if start is not None and end is not None and end - start > DAY_MS:
        raise BinanceError(400, -1127, "More than 24 hours between startTime and endTime.")
    begin = 0 if start is None else bisect.bisect_left(events, start, key=_moment)
    until = len(events) if end is None else bisect.bisect_right(events, end, key=_moment)
    return events[begin:until][:limit] if start is not None else events[max(0, until - limit) : until]


def _moment(event: Event) -> int:
    return wire.milliseconds(event.at)
