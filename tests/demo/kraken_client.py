"""A client of Kraken that knows nothing but the venue's documented way to sign."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import aiohttp

NONCES = itertools.count(time.time_ns())


class Client:
    """Asks one server; numbers in answers are read exactly."""

    def __init__(self, endpoint: str, keys: Mapping[str, str], session: aiohttp.ClientSession) -> None:
        self.endpoint, self.keys, self.session = endpoint, keys, session

    async def private(self, name: str, **asked: object) -> Any:
        path = f"/0/private/{name}"
        asked.setdefault("nonce", next(NONCES))
        number, body = str(asked["nonce"]), urlencode(asked)
        message = path.encode() + hashlib.sha256((number + body).encode()).digest()
        signature = hmac.new(base64.b64decode(self.keys["secret"]), message, hashlib.sha512).digest()
        headers = {
            "API-Key": self.keys["apiKey"],
            "API-Sign": base64.b64encode(signature).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        async with self.session.post(self.endpoint + path, data=body, headers=headers) as response:
            return _exact(await response.read())

    async def result(self, name: str, **asked: object) -> Any:
        answer = await self.private(name, **asked)
        assert answer["error"] == [], answer
        return answer["result"]

    async def public(self, name: str, **asked: str) -> Any:
        async with self.session.get(f"{self.endpoint}/0/public/{name}", params=asked) as response:
            answer = _exact(await response.read())
        assert answer["error"] == [], answer
        return answer["result"]


def _exact(body: bytes) -> Any:

    return json.loads(body, parse_float=Decimal)
