"""How much may be asked of the simulated Binance: weights of its endpoints, counted in the venue's fixed intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.demo.binance_access import BinanceError, whole

IP_PER_MINUTE = 6_000
"""Weight of all /api endpoints together, per address."""

FUTURES_PER_MINUTE = 2_400
"""Weight of all /fapi endpoints together, per address."""

SAPI_IP_PER_MINUTE = 12_000
"""Weight of each /sapi endpoint that is counted by address."""

SAPI_UID_PER_MINUTE = 180_000
"""Weight of each /sapi endpoint that is counted by user: two calls a minute of fiat/orders."""

EASED_UID_PER_MINUTE = 20 * SAPI_UID_PER_MINUTE
"""What the demo grants unless told otherwise, so that nobody has to watch a minute pass between two readings."""

MINUTE_MS = 60_000
SECOND_MS = 1_000
_PATIENCE = 20
"""Requests after a 429 that are still only refused; more of them are answered with a ban."""
_BAN_MS = 120_000

_API = {
    "/api/v3/ping": 1,
    "/api/v3/time": 1,
    "/api/v3/exchangeInfo": 20,
    "/api/v3/account": 20,
    "/api/v3/klines": 2,
}
_FUTURES = {"/fapi/v2/account": 5, "/fapi/v1/depth": 20, "/fapi/v1/klines": 1}
_SAPI_IP = {
    "/sapi/v1/account/apiRestrictions": 1,
    "/sapi/v1/capital/config/getall": 10,
    "/sapi/v1/capital/deposit/hisrec": 1,
    "/sapi/v1/asset/dribblet": 1,
    "/sapi/v1/asset/assetDividend": 10,
    "/sapi/v1/asset/transfer": 1,
    "/sapi/v1/fiat/payments": 1,
    "/sapi/v1/margin/account": 10,
    "/sapi/v1/margin/isolated/account": 10,
    "/sapi/v1/margin/allPairs": 1,
    "/sapi/v1/margin/isolated/allPairs": 10,
    "/sapi/v3/asset/getUserAsset": 5,
}
_SAPI_UID = {"/sapi/v1/convert/tradeFlow": 3_000, "/sapi/v1/fiat/orders": 90_000}
_SAPI_UID_SECOND = {"/sapi/v1/capital/withdraw/history": 18_000}
_EARN = "/sapi/v1/simple-earn/"
_EARN_WEIGHT = 150
_DEPTH = ((100, 5), (500, 25), (1_000, 50))
_SYMBOLS = ((20, 2), (100, 40))


def api_weight(path: str, asked: Mapping[str, str]) -> int:
    """Return what a call of /api costs."""
    if path == "/api/v3/myTrades":
        return 5 if "orderId" in asked else 20
    if path == "/api/v3/depth":
        limit = whole(asked, "limit") or 100
        return next((weight for most, weight in _DEPTH if limit <= most), 250)
    if path == "/api/v3/ticker/price":
        return 2 if "symbol" in asked else 4
    if path == "/api/v3/ticker/24hr":
        if "symbol" in asked:
            return 2
        named = asked.get("symbols", "")
        count = named.count(",") + 1
        return next((weight for most, weight in _SYMBOLS if named and count <= most), 80)
    return _API.get(path, 1)


@dataclass(frozen=True, slots=True)
class Meter:
    """One counter: what it counts by, how long its interval is, and the header that tells it."""

    name: str
    limit: int
    interval_ms: int
    header: str


@dataclass(slots=True)
class _Count:
    interval: int = -1
    used: int = 0


@dataclass(slots=True)
class _Ban:
    minute: int = -1
    refused: int = 0
    until_ms: int = 0
    times: int = 0


@dataclass(slots=True)
class BinanceLimits:
    """Counts every request of every address and user, refuses with 429, and bans whoever goes on."""

    ip_per_minute: int = IP_PER_MINUTE
    uid_per_minute: int = EASED_UID_PER_MINUTE
    _counts: dict[str, _Count] = field(default_factory=dict)
    _bans: dict[str, _Ban] = field(default_factory=dict)

    def charge(self, path: str, asked: Mapping[str, str], address: str, key: str, now_ms: int) -> dict[str, str]:
        """Count a request and return the headers that tell how much is used; BinanceError where it is too much."""
        ban = self._bans.setdefault(address, _Ban())
        if now_ms < ban.until_ms:
            raise _banned(ban.until_ms, now_ms)
        meter, weight = self._meter(path, asked, address, key)
        count = self._counts.setdefault(meter.name, _Count())
        interval = now_ms // meter.interval_ms
        if count.interval != interval:
            count.interval, count.used = interval, 0
        count.used += weight
        headers = {meter.header: str(count.used)}
        if meter.header == "X-MBX-USED-WEIGHT-1M":
            headers["X-MBX-USED-WEIGHT"] = str(count.used)
        if count.used <= meter.limit:
            return headers
        if ban.minute != now_ms // MINUTE_MS:
            ban.minute, ban.refused = now_ms // MINUTE_MS, 0
        ban.refused += 1
        if ban.refused > _PATIENCE:
            ban.until_ms = now_ms + _BAN_MS * 2**ban.times
            ban.refused, ban.times = 0, ban.times + 1
            raise _banned(ban.until_ms, now_ms)
        rest_ms = meter.interval_ms - now_ms % meter.interval_ms
        raise _too_much(meter, rest_ms, headers)

    def _meter(self, path: str, asked: Mapping[str, str], address: str, key: str) -> tuple[Meter, int]:
        if path.startswith("/fapi/"):
            meter = Meter(f"futures {address}", FUTURES_PER_MINUTE, MINUTE_MS, "X-MBX-USED-WEIGHT-1M")
            return meter, _FUTURES.get(path, 1)
        if not path.startswith("/sapi/"):
            meter = Meter(f"ip {address}", self.ip_per_minute, MINUTE_MS, "X-MBX-USED-WEIGHT-1M")
            return meter, api_weight(path, asked)
        if path in _SAPI_UID_SECOND:
            meter = Meter(f"uid {path} {key}", SAPI_UID_PER_MINUTE, SECOND_MS, "X-SAPI-USED-UID-WEIGHT-1S")
            return meter, _SAPI_UID_SECOND[path]
        if path in _SAPI_UID:
            meter = Meter(f"uid {path} {key}", self.uid_per_minute, MINUTE_MS, "X-SAPI-USED-UID-WEIGHT-1M")
            return meter, _SAPI_UID[path]
        meter = Meter(f"ip {path} {address}", SAPI_IP_PER_MINUTE, MINUTE_MS, "X-SAPI-USED-IP-WEIGHT-1M")
        return meter, _EARN_WEIGHT if path.startswith(_EARN) else _SAPI_IP.get(path, 1)


def _too_much(meter: Meter, rest_ms: int, headers: Mapping[str, str]) -> BinanceError:
    span = "MINUTE" if meter.interval_ms == MINUTE_MS else "SECOND"
    message = (
        f"Too much request weight used; current limit is {meter.limit} request weight per 1 {span}. "
        "Please use WebSocket Streams for live updates to avoid polling the API."
    )
    return BinanceError(429, -1003, message, {**headers, "Retry-After": str(-(-rest_ms // 1_000))})


def _banned(until_ms: int, now_ms: int) -> BinanceError:
    message = (
        f"Way too much request weight used; IP banned until {until_ms}. "
        "Please use WebSocket Streams for live updates to avoid bans."
    )
    return BinanceError(418, -1003, message, {"Retry-After": str(-(-(until_ms - now_ms) // 1_000))})
