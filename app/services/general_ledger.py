"""The books in double entry, written for beancount, hledger, QuickBooks or Xero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from app.core.errors import InputError
from app.core.general_ledger import beancount, hledger, quickbooks, xero
from app.core.general_ledger.journal import Books, Journal, between
from app.core.general_ledger.posting import Figured, journals
from app.core.model.transfer_links import TransferLink
from app.core.ports import OpenVault, Runtime
from app.core.tax.transfers import of_entries
from app.core.transfers import money_by
from app.services.tax_years import Asked, TaxYear, TaxYears
from app.services.threads import Threads


class Format(StrEnum):
    """A program that takes general ledgers."""

    BEANCOUNT = "beancount"
    HLEDGER = "hledger"
    QUICKBOOKS = "quickbooks"
    XERO = "xero"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        unknown: The transactions of which some money is not known.
    """

    files: tuple[Path, ...]
    transactions: int
    unknown: tuple[Journal, ...]
    currency: str
    method: str


class GeneralLedger:
    """Writes general ledgers of one vault."""

    def __init__(self, runtime: Runtime, vault: OpenVault, threads: Threads, tax: TaxYears) -> None:
        """Take the books, and what computes costs and gains."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._tax = tax

    async def books(self, asked: Asked, first: date | None = None, last: date | None = None) -> Books:
        """Return the books in double entry, of the days from `first` to `last`, both included.

        Raises:
            InputError: The period ends before it begins.
        """
        if first is not None and last is not None and last < first:
            raise InputError(f"The period ends on {last}, before it begins on {first}.", hint="Exchange the two days.")
        # Postings follow from entries one by one, so all of them are of the books of now.
        year = await self._tax.recompute(asked)
        return await self._threads.read(self._books, year, first, last)

    async def write(self, books: Books, how: Format, path: Path) -> Written:
        """Write a general ledger; what a program does not take in one file goes into several, numbered."""
        return await self._threads.read(self._write, books, how, path)

    def _books(self, year: TaxYear, first: date | None, last: date | None) -> Books:
        if year.prices is None:
            raise InputError("The figures have no prices.", hint="Compute them from a vault.")
        reader, assets = self._vault.reader, self._runtime.assets
        names = {account.account_id: account.name for account in reader.accounts()}
        calendar = year.profile.calendar
        entries = reader.export_entries()
        is_money = money_by(lambda asset: assets.asset(asset).kind)
        figured = Figured(
            year.transactions,
            year.figures,
            year.prices,
            year.income_kinds,
            of_entries(entries, reader.decisions(TransferLink), is_money),
            names,
            is_money,
            lambda at: date.fromordinal(calendar.day(at)),
        )
        all_of_them = journals(entries, figured)
        wanted = between(all_of_them, first or date.min, last or date.max)
        used = {posting.commodity for one in wanted for posting in one.postings} | {year.prices.currency}
        symbols = {asset: assets.asset(asset).symbol for asset in used}
        method = f"{year.profile.method.value} ({year.profile.jurisdiction.code})"
        return Books(year.prices.currency, symbols, wanted, year.head, method, self._vault.book.name)

    def _write(self, books: Books, how: Format, path: Path) -> Written:
        if how is Format.BEANCOUNT:
            files = self._text(path, beancount.text(books))
        elif how is Format.HLEDGER:
            files = self._text(path, hledger.text(books))
        elif how is Format.QUICKBOOKS:
            files = self._tables(path, quickbooks.COLUMNS, quickbooks.tables(books))
        else:
            files = self._tables(path, xero.COLUMNS, xero.tables(books))
            chart = path.with_name(f"{path.stem}-accounts{path.suffix}")
            self._runtime.csv.write(chart, xero.ACCOUNT_COLUMNS, xero.accounts(books))
            files = (*files, chart)
        symbol = books.commodities[books.currency]
        return Written(files, len(books.journals), books.unknown, symbol, books.method)

    def _text(self, path: Path, text: str) -> tuple[Path, ...]:
        self._runtime.files.whole(path, text.encode())
        return (path,)

    def _tables(
        self, path: Path, columns: Sequence[str], tables: Sequence[Sequence[Sequence[str]]]
    ) -> tuple[Path, ...]:
        several = len(tables) > 1
        paths = [
            path.with_name(f"{path.stem}-{number}{path.suffix}") if several else path
            for number in range(1, max(1, len(tables)) + 1)
        ]
        for one, rows in zip(paths, tables or [[]], strict=True):
            self._runtime.csv.write(one, columns, rows)
        return tuple(paths)
