"""The books in double entry, written for beancount, hledger, QuickBooks or Xero."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from app.core.errors import InputError, RefusedError
from app.core.general_ledger import beancount, hledger, monthly, quickbooks, xero
from app.core.general_ledger.journal import Books, Journal, between
from app.core.general_ledger.posting import Figured, journals
from app.core.model.transfer_links import TransferLink
from app.core.ports import OpenVault, Progress, Runtime
from app.core.stopping import Alive, while_alive
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is exported: under whose rules, of which days; None is from the start, or until now."""

    asked: Asked
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class _Table:
    """A file of rows."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


_TEXTS: Mapping[Format, Callable[[Books], str]] = {Format.BEANCOUNT: beancount.text, Format.HLEDGER: hledger.text}
_COMPUTED = 0.8
"""How far an export is once costs and gains are computed."""


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
        return await self._threads.work(self._books, year, first, last)

    async def write(self, books: Books, how: Format, path: Path) -> Written:
        """Write a general ledger; what a program does not take in one file goes into several, numbered.

        Journals by month come with a trail: each line by its entries, with the hash of the record of each.

        Raises:
            RefusedError: A file that goes with it is there, and `path` itself is not: nobody said it may be replaced.
        """
        return await self._threads.read(self._write, books, how, path)

    async def export(self, wanted: Wanted, how: Format, path: Path, progress: Progress) -> Written:
        """Compute the books and write them; whoever stops waiting before they are written gets no file."""
        progress(None, "costs, gains and income of all entries")
        books = await self.books(wanted.asked, wanted.first, wanted.last)
        progress(_COMPUTED, f"writing for {how.value}")
        return await self.write(books, how, path)

    def _books(self, alive: Alive, year: TaxYear, first: date | None, last: date | None) -> Books:
        if year.prices is None:
            raise InputError("The figures have no prices.", hint="Compute them from a vault.")
        reader, assets = self._vault.reader, self._runtime.assets
        names = {account.account_id: account.name for account in reader.accounts()}
        calendar = year.profile.calendar
        entries = reader.export_entries(alive)
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
            reader.record_hashes(),
        )
        all_of_them = journals(while_alive(entries, alive), figured)
        wanted = between(all_of_them, first or date.min, last or date.max)
        used = {posting.commodity for one in wanted for posting in one.postings} | {year.prices.currency}
        symbols = {asset: assets.asset(asset).symbol for asset in used}
        method = f"{year.profile.method.value} ({year.profile.jurisdiction.code})"
        return Books(year.prices.currency, symbols, wanted, year.head, method, self._vault.book.name)

    def _write(self, books: Books, how: Format, path: Path) -> Written:
        if how in _TEXTS:
            self._runtime.files.whole(path, _TEXTS[how](books).encode())
            files: tuple[Path, ...] = (path,)
        else:
            files = self._written(path, _tables(books, how, path))
        symbol = books.commodities[books.currency]
        return Written(files, len(books.journals), books.unknown, symbol, books.method)

    def _written(self, path: Path, tables: Mapping[Path, _Table]) -> tuple[Path, ...]:
        there = [one for one in tables if one.exists()]
        if there and not path.exists():
            raise RefusedError(
                f"{there[0].name} is there already and would be replaced: it goes with {path.name}.",
                hint="Choose another name or folder, or move that file away.",
                where=str(there[0]),
            )
        for one, table in tables.items():
            self._runtime.csv.write(one, table.columns, table.rows)
        return tuple(tables)


def _tables(books: Books, how: Format, path: Path) -> dict[Path, _Table]:
    """Return the tables of a program that takes journals by month, with where each goes."""
    is_xero = how is Format.XERO
    columns = xero.COLUMNS if is_xero else quickbooks.COLUMNS
    parts = (xero.tables(books) if is_xero else quickbooks.tables(books)) or [[]]
    names = [f"{path.stem}-{number}" for number in range(1, len(parts) + 1)] if len(parts) > 1 else [path.stem]
    found = {name: _Table(columns, rows) for name, rows in zip(names, parts, strict=True)}
    if is_xero:
        found[f"{path.stem}-accounts"] = _Table(xero.ACCOUNT_COLUMNS, xero.accounts(books))
    found[f"{path.stem}-trail"] = _Table(monthly.TRAIL_COLUMNS, monthly.trail(books))
    return {path.with_name(f"{name}{path.suffix}"): table for name, table in found.items()}
