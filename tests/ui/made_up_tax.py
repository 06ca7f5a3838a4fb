"""Made-up transactions of a few years, and the tax years that really follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.core.clock import to_datetime
from app.core.errors import RefusedError
from app.core.model.lot_selections import LotSelection
from app.core.model.standing_orders import StandingOrder
from app.core.money import plain
from app.core.tax.compute import compute
from app.core.tax.events import Transaction
from app.core.tax.income import IncomeKind
from app.core.tax.profile import profile
from app.core.tax.selections import followed
from app.core.tax.transactions import read
from app.core.tax.valuations import UNKNOWN, Valuation
from app.services.events import Events, RecordsAppended
from app.services.tax_years import Asked, TaxYear
from tests.ui import made_up_books as books
from tests.ui.fake_services import HEAD, Answers

_ROWS = """
2023-02-06T10:00:00Z|buy|kraken-main|bitcoin|10|229000.00
2023-05-03T09:30:00Z|buy|coinbase-prime|ethereum|400|748000.00
2024-01-16T15:00:00Z|buy|kraken-main|bitcoin|6.5|279500.00
2024-06-10T12:00:00Z|sell|kraken-main|bitcoin|2.25|156600.00
2025-03-04T08:15:00Z|buy|kraken-main|bitcoin|4|348000.00
2025-04-20T16:40:00Z|income|coinbase-prime|ethereum|1.20573381|1911.40
2025-09-01T11:05:00Z|sell|coinbase-prime|ethereum|120.5|528990.00
2026-02-02T07:45:00Z|buy|binance-main|solana|640|67200.00
2026-02-20T18:20:00Z|sell|kraken-main|bitcoin|8.12345678|771700.00
2026-03-11T14:10:00Z|income|coinbase-prime|ethereum|0.85|1734.00
2026-05-05T13:30:00Z|sell|binance-main|solana|140.25|23842.50
2026-06-19T10:00:00Z|sell|coinbase-prime|ethereum|40|101360.00
2026-07-07T09:09:09Z|buy|binance-main|solana|20|3380.00
2026-08-12T20:00:00Z|sell|binance-main|solana|60|8880.00
2026-10-30T16:00:00Z|sell|kraken-main|bitcoin|0.5|56250.00
"""
"""time | type | wallet | asset | quantity | value"""

_HEADING = "id,timestamp,type,wallet,asset,quantity,to_wallet,value,value_currency,lots,note"
BEYOND = "2026-09-09T09:00:00Z|sell|kraken-desk|chainlink|12|210.00"
"""A sale of what was never acquired: it blocks its year."""
DROPPED = """2026-04-01T06:00:00Z|income|kraken-main|chainlink|25.5|344.25
2026-05-01T06:00:00Z|income|kraken-main|ethereum|0.01|31.5
2026-06-01T06:00:00Z|income|kraken-main|chainlink|4|
"""
"""An airdrop of which the value is known, a reward, and an airdrop without a value."""
_INCOME_KINDS = {"ethereum": IncomeKind.REWARD, "chainlink": IncomeKind.AIRDROP}


def table(rows: str) -> str:
    """Return rows as a CSV text; each has the id of an entry of the made-up books."""
    entries = books.entries()
    lines = [_HEADING]
    for number, row in enumerate(rows.strip().splitlines()):
        at, kind, wallet, asset, quantity, value = row.split("|")
        lines.append(f"{entries[number].entry_id}/1,{at},{kind},{wallet},{asset},{quantity},,{value},USD,,")
    return "\n".join(lines) + "\n"


def _valued(one: Transaction) -> Valuation:
    """Return the value of a transaction, in the words of a real one."""
    if one.value is None or not one.quantity:
        return Valuation(one.value, UNKNOWN.source)
    close = plain((one.value / one.quantity).quantize(Decimal("0.01")))
    day = to_datetime(one.at).date()
    return Valuation(one.value, f"{plain(one.quantity)} {one.asset} at the close of {day}, {close} usd")


def tax_year(
    asked: Asked,
    *,
    is_blocked: bool = False,
    head: str = HEAD,
    selections: Sequence[LotSelection] = (),
    more: str = "",
) -> TaxYear:
    """Return the figures of a question, which follow the selections of lots."""
    found = read(table(_ROWS + more + (BEYOND if is_blocked else "")), currency="USD")
    chosen = profile(asked.jurisdiction, method=asked.method, scope=asked.scope, options=asked.options)
    selected = followed(found.transactions, selections, chosen)
    rows = tuple(selected.transactions)
    figures = compute(rows, chosen, currency="USD", year=asked.year, refuses_choices=False)
    findings = (*figures.findings, *selected.findings)
    valued = {one.row: _valued(one) for one in found.transactions}
    blocked = not figures.totals.are_known
    kinds = {one.row: _INCOME_KINDS[one.asset] for one in figures.income}
    return TaxYear(figures, chosen, findings, valued, blocked, head, rows, selected.identified, income_kinds=kinds)


class FakeTax:
    """Tax years of the made-up transactions."""

    def __init__(self, answers: Answers, events: Events) -> None:
        self._answers, self._events = answers, events
        self.is_blocked, self.more = False, ""
        self.asked: list[Asked] = []
        self.given: list[StandingOrder] = []
        self.selections: list[LotSelection] = []

    async def compute(self, asked: Asked) -> TaxYear:
        self.asked.append(asked)
        await self._answers.wait("tax")
        return tax_year(asked, is_blocked=self.is_blocked, selections=self.selections, more=self.more)

    async def recompute(self, asked: Asked) -> TaxYear:
        return await self.compute(asked)

    async def country(self) -> str:
        await self._answers.wait("country")
        return "us"

    async def orders(self) -> tuple[StandingOrder, ...]:
        await self._answers.wait("orders")
        return tuple(self.given)

    async def order(self, order: StandingOrder) -> str:
        await self._answers.wait("order")
        if order.year < 2009:
            message = "the year lies too far back"
            raise RefusedError(message, hint="Check it.")
        self.given.append(order)
        self._events.publish(RecordsAppended(()))
        return books.identity("order", order.year)
