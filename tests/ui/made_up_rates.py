"""Made-up official rates: off at first, read at once when they are wanted."""

from __future__ import annotations

from dataclasses import replace

from app.core.clock import DAY
from app.services.rates import RatesState
from tests.ui import made_up_books as books
from tests.ui.fake_services import Answers

LAST = books.NOW // DAY - 1


class FakeRates:
    """One authority."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.now = RatesState("ECB", is_on=False, endpoint="", first=None, last=None, newest=None, fault="")

    async def state(self) -> RatesState:
        await self._answers.wait("rates")
        return self.now

    async def use(self, endpoint: str = "") -> None:
        self.now = replace(self.now, is_on=True, endpoint=endpoint)

    async def stop(self) -> None:
        self.now = replace(self.now, is_on=False, fault="")

    async def read(self) -> None:
        if self.now.fault or not self.now.is_on:
            return
        self.now = replace(self.now, first=LAST - 400, last=LAST, newest=LAST)
