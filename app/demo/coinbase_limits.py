"""How often the simulated Coinbase may be asked: per second in the trading interface, per hour in the older one."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import web

from app.core.clock import SECOND
from app.demo.coinbase_access import CoinbaseKey

KEY = web.RequestKey("key", CoinbaseKey)
"""The key whose token came with a request."""

LEFT = web.RequestKey("left", dict[str, str])
"""The headers that tell how much may still be asked."""

PRIVATE_PER_SECOND = 30
PUBLIC_PER_SECOND = 10
OLDER_PER_HOUR = 10_000
_HOUR = 3_600 * SECOND


@dataclass(slots=True)
class _Count:
    interval: int = -1
    used: int = 0


@dataclass(slots=True)
class CoinbaseLimits:
    """Counts requests by user, or by address where there is no key."""

    private_per_second: int = PRIVATE_PER_SECOND
    public_per_second: int = PUBLIC_PER_SECOND
    older_per_hour: int = OLDER_PER_HOUR
    _counts: dict[tuple[str, str], _Count] = field(default_factory=dict)

    def charge(self, path: str, who: str, now_ns: int, *, is_public: bool) -> tuple[bool, dict[str, str]]:
        """Count a request; return whether it is too many, and the headers that tell what is left."""
        if path.startswith("/v2/"):
            group, limit, length = "older", self.older_per_hour, _HOUR
        elif is_public:
            group, limit, length = "public", self.public_per_second, SECOND
        else:
            group, limit, length = "private", self.private_per_second, SECOND
        count = self._counts.setdefault((group, who), _Count())
        if count.interval != now_ns // length:
            count.interval, count.used = now_ns // length, 0
        count.used += 1
        rest = -(-(length - now_ns % length) // SECOND)
        headers = {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(max(0, limit - count.used)),
            "x-ratelimit-reset": str(rest),
        }
        return count.used > limit, headers
