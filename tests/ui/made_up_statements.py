"""Statements beside made-up books: sales are those of the made-up year, sums are told here."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.core.statements.aggregates import Own, Sums, match_aggregates
from app.core.statements.crypto_assets import Kind, is_table, is_xml, read_statement
from app.core.statements.sales import match_sales, read_sales
from app.services.statements_match import AGGREGATES, SALES, Answer
from app.services.tax_reports import source_of
from app.services.tax_years import Asked
from tests.services.books import ASSETS
from tests.ui.fake_services import Answers
from tests.ui.made_up_tax import tax_year

SUMS: Sums = {
    ("bitcoin", Kind.BOUGHT_FOR_MONEY): Own(Decimal("1.25"), Decimal(112_500), ["b1".ljust(32, "0")]),
    ("ethereum", Kind.IN): Own(Decimal("0.5"), Decimal(1734), ["r1".ljust(32, "0")]),
    ("solana", Kind.OUT): Own(Decimal(12), None, ["w1".ljust(32, "0")]),
}
NAMES = {"bitcoin": ("bitcoin", "BTC"), "ethereum": ("ethereum", "ETH"), "solana": ("solana", "SOL")}
TABLE = """asset,kind,amount,currency,units,transactions
BTC,acquired-for-fiat,112500.00,USD,1.25,1
ETH,transfer-in,1000.00,USD,0.4,1
XRP,transfer-in,,USD,5,1
"""


class FakeStatements:
    """Matches as the service does, over made-up books."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.years: list[int | None] = []

    async def match(self, text: str, year: int | None = None, accounts: Sequence[str] = ()) -> Answer:
        self.years.append(year)
        await self._answers.wait("statements")
        if is_xml(text) or is_table(text):
            lines = match_aggregates(read_statement(text).lines, {"USD": SUMS, "": SUMS}, NAMES, "USD")
            return Answer(AGGREGATES, year or 2026, lines)
        source = source_of(tax_year(Asked("us", year=year)), year or 2026, ASSETS)
        return Answer(SALES, year or 2026, match_sales(read_sales(text), source))
