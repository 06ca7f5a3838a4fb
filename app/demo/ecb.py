"""The simulated European Central Bank: its one file of reference rates, as it publishes it on working days.

The dollar follows the simulated market; the other currencies walk by a random stream of their own, so that they move
no price of the market. Nothing of it is real, and every answer says so.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import zipfile
from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from aiohttp import web

from app.core.clock import DAY, EPOCH, SECOND
from app.demo.instruments import USD
from app.demo.market import START_DAY
from app.demo.server import VenueServer
from app.demo.world import World

PATH = "/stats/eurofxref/eurofxref-hist.zip"
_INSIDE = "eurofxref-hist.csv"

_FIRST: Mapping[str, tuple[float, float, int]] = {
    "JPY": (158.0, 0.005, 2),
    "GBP": (0.8660, 0.003, 5),
    "CHF": (0.9690, 0.003, 4),
    "PLN": (4.6300, 0.004, 4),
    "TRY": (29.000, 0.006, 4),
    "AUD": (1.6450, 0.005, 4),
    "BRL": (5.3000, 0.008, 4),
    "CAD": (1.4370, 0.004, 4),
}
"""Units for one euro on the first day, the standard deviation of a day's move, and the decimal places."""

_CURRENCIES = ("USD", "JPY", "CYP", *(code for code in _FIRST if code != "JPY"))
"""Columns of the file; the Cyprus pound is long gone, and its column says so."""

_PULL = 0.004
_AT = 14 * 3600 * SECOND + 15 * 60 * SECOND
"""The moment of a day at which the rates are taken, in UTC."""

_PUBLISHED = 15 * 3600 * SECOND
_HOLIDAYS = {(1, 1), (5, 1), (12, 25), (12, 26)}
_SATURDAY = 5
_STREAM = 4


class EcbServer(VenueServer):
    """Serves the file to anybody, as the bank does."""

    venue: ClassVar[str] = "ecb"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._walked: list[Mapping[str, float]] = []

    @property
    def credentials(self) -> Mapping[str, Mapping[str, str]]:
        """Return none: the bank asks for no key."""
        return {}

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the one file."""
        return [web.get(PATH, self._file)]

    async def _file(self, _request: web.Request) -> web.Response:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_INSIDE, self.table())
        return web.Response(body=packed.getvalue(), content_type="application/zip")

    def table(self) -> str:
        """Return the table: the newest day first, every line ending in a comma as the bank's do."""
        now = self.now_ns()
        last = now // DAY if now % DAY >= _PUBLISHED else now // DAY - 1
        days = [day for day in range(last, START_DAY - 1, -1) if _is_working(day)]
        lines = [",".join(("Date", *_CURRENCIES, ""))]
        return "\n".join([*lines, *(self._line(day) for day in days), ""])

    def _line(self, day: int) -> str:
        walked = self._day(day)
        dollars = self.market.rate("eur", USD, day * DAY + _AT)
        told = {"USD": f"{dollars:.4f}", "CYP": "N/A"}
        told |= {code: f"{walked[code]:.{places}f}" for code, (_, _, places) in _FIRST.items()}
        on = dt.date.fromordinal(EPOCH + day)
        return ",".join((on.isoformat(), *(told[code] for code in _CURRENCIES), ""))

    def _day(self, day: int) -> Mapping[str, float]:
        while len(self._walked) <= day - START_DAY:
            number = len(self._walked)
            draws = np.random.default_rng([self.market.seed, START_DAY + number, _STREAM]).standard_normal(len(_FIRST))
            before = self._walked[-1] if self._walked else {code: first for code, (first, _, _) in _FIRST.items()}
            self._walked.append(
                {
                    code: before[code] * math.exp(sigma * draw + _PULL * math.log(first / before[code]))
                    for (code, (first, sigma, _)), draw in zip(_FIRST.items(), draws, strict=True)
                }
            )
        return self._walked[day - START_DAY]


def _is_working(day: int) -> bool:
    on = dt.date.fromordinal(EPOCH + day)
    return on.weekday() < _SATURDAY and (on.month, on.day) not in _HOLIDAYS
