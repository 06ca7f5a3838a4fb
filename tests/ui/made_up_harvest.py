"""Losses of the made-up tax years, at prices that have fallen."""

from __future__ import annotations

from decimal import Decimal

from app.core.money import multiply
from app.core.tax.harvest import harvest
from app.core.tax.profile import profile
from app.core.tax.transactions import read
from app.core.tax.valuations import UNKNOWN, Valuation
from app.services.harvest import Harvested
from app.services.tax_years import Asked
from tests.ui import made_up_books as books
from tests.ui.fake_services import HEAD, Answers
from tests.ui.made_up_tax import _ROWS, table

PRICES = {"bitcoin": Decimal(60_000), "ethereum": Decimal(1_500), "solana": Decimal(90)}


class FakeHarvests:
    """Finds the losses that really follow from the made-up transactions."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.prices = dict(PRICES)

    async def losses(self, asked: Asked) -> Harvested:
        await self._answers.wait("harvest")
        found = read(table(_ROWS), currency="USD").transactions
        chosen = profile(asked.jurisdiction, method=asked.method, scope=asked.scope, options=asked.options)

        def value(asset: str, quantity: Decimal) -> Valuation:
            price = self.prices.get(asset)
            return UNKNOWN if price is None else Valuation(multiply(quantity, price), f"at {price} by a made-up venue")

        return Harvested(harvest(found, chosen, books.NOW, value), "USD", HEAD)
