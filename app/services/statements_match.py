"""What brokers and providers report of a year, matched line by line with the own books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

from app.core.clock import SECOND
from app.core.errors import InputError, UsageError
from app.core.ledger.entries import Entry
from app.core.lots.undisturbed import undisturbed
from app.core.model.assets import AssetKind
from app.core.ports import OpenVault, Runtime
from app.core.statements.aggregates import match_aggregates, own_sums
from app.core.statements.crypto_assets import Statement, is_table, is_xml, read_statement
from app.core.statements.lines import Matched
from app.core.statements.sales import SaleLine, match_sales, read_sales
from app.core.tax.from_entries import entry_of
from app.core.tax.valuations import Prices
from app.services.tax_reports import source_of
from app.services.tax_years import Asked, TaxYear, TaxYears
from app.services.threads import Threads

SALES, AGGREGATES = "1099-da", "carf"
_OF_SALES = "us"
"""Whose brokers file Form 1099-DA."""
_ID_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Answer:
    """A statement beside the own books.

    Attributes:
        form: "1099-da" or "carf".
        accounts: The own accounts that were compared; empty means all.
    """

    form: str
    year: int
    lines: tuple[Matched, ...]
    accounts: tuple[str, ...] = field(default=())


class Statements:
    """Matches statements with the books of one vault."""

    def __init__(self, runtime: Runtime, vault: OpenVault, threads: Threads, tax: TaxYears) -> None:
        """Take the books and what computes their years."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._tax = tax

    async def match(self, text: str, year: int | None = None, accounts: Sequence[str] = ()) -> Answer:
        """Return every line of a statement beside the own books, and what only these have.

        Args:
            text: Of the file.
            year: None takes the one that the statement is about.
            accounts: The own accounts that the statement is about; none means those that its lines lead to, or all.

        Raises:
            InputError: The file cannot be read, or an account is not known.
            UsageError: The statement does not say its year.
        """
        known = {one.account_id for one in await self._threads.read(self._vault.reader.accounts)}
        for name in accounts:
            if name not in known:
                raise InputError(f"There is no account {name!r}.", hint=f"Accounts: {', '.join(sorted(known))}.")
        if is_xml(text) or is_table(text):
            return await self._aggregates(await self._threads.read(read_statement, text), year, accounts)
        return await self._sales(await self._threads.read(read_sales, text), year, accounts)

    # sale by sale ---------------------------------------------------------------------------------------------------
    async def _sales(self, lines: Sequence[SaleLine], year: int | None, accounts: Sequence[str]) -> Answer:
        chosen = await self._threads.read(self._year_of, lines) if year is None else year
        found = await self._tax.compute(Asked(_OF_SALES, year=chosen))
        return await self._threads.read(self._sold, lines, found, chosen, tuple(accounts))

    def _year_of(self, lines: Sequence[SaleLine]) -> int:
        """Return the year that a line says, or in which the entry of its sale lies."""
        for one in lines:
            if one.sold is not None:
                return one.sold.year
        rows = [entry_of(one.told.row) for one in lines]
        views = self._vault.reader.entries([one for one in rows if len(one) == _ID_DIGITS])
        if not views:
            raise UsageError("The statement does not say its year.", hint="Name it: --year YYYY.")
        return datetime.fromtimestamp(views[0].at // SECOND, UTC).year

    @undisturbed
    def _sold(self, lines: Sequence[SaleLine], found: TaxYear, year: int, accounts: tuple[str, ...]) -> Answer:
        source = source_of(found, year, self._runtime.assets)
        return Answer(SALES, year, match_sales(lines, source, accounts), accounts)

    # asset by asset -------------------------------------------------------------------------------------------------
    async def _aggregates(self, statement: Statement, year: int | None, accounts: Sequence[str]) -> Answer:
        chosen = year or statement.year
        if chosen is None:
            raise UsageError("The statement does not say its year.", hint="Name it: --year YYYY.")
        base = self._vault.book.base_currency.upper()
        main = next((one.currency for one in statement.lines if one.currency), base)
        prices: dict[str, Prices] = {}
        code = await self._tax.country()
        for currency in {main, *(one.currency or main for one in statement.lines)}:
            prices[currency] = (await self._tax.history(Asked(code, currency=currency))).prices
        return await self._threads.read(self._summed, statement, chosen, tuple(accounts), prices, main)

    @undisturbed
    def _summed(
        self, statement: Statement, year: int, accounts: tuple[str, ...], prices: dict[str, Prices], main: str
    ) -> Answer:
        entries = self._vault.reader.export_entries()
        period = _start(year), _start(year + 1)
        sums = {
            currency: own_sums(entries, period, accounts, self._is_money, partial(_value, known))
            for currency, known in prices.items()
        }
        sums[""] = sums[main]
        names = {asset: self._names(asset) for asset in _assets(entries) if not self._is_money(asset)}
        return Answer(AGGREGATES, year, match_aggregates(statement.lines, sums, names, main), accounts)

    def _is_money(self, asset: str) -> bool:
        return self._runtime.assets.asset(asset).kind is AssetKind.FIAT

    def _names(self, asset: str) -> tuple[str, ...]:
        known = self._runtime.assets.asset(asset)
        return asset, known.symbol, known.name


def _assets(entries: Sequence[tuple[str, Entry]]) -> set[str]:
    return {leg.asset for _, entry in entries for leg in entry.legs}


def _value(prices: Prices, asset: str, quantity: Decimal, at: int) -> Decimal | None:
    return prices.value(asset, quantity, at).amount


def _start(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * SECOND
