"""The money of the books by month and account, for programs that keep no quantities.

Assets stand there at cost, one account for each commodity. Running sums are rounded, and a month posts how they change,
so that each account is never further off than half a cent; what rounding leaves over has an account of its own.
"""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby

from app.core.clock import iso
from app.core.errors import RefusedError
from app.core.general_ledger.journal import ASSETS, AT_COST, EQUITY, Books, Journal, Path
from app.core.general_ledger.names import commodity_names
from app.core.general_ledger.posting import ROUNDING
from app.core.money import EXACT, ZERO, add, plain
from app.core.names import counted

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Source:
    """What one entry moved in one account, exactly."""

    at: int
    entry_id: str
    record: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """What a month changes of one account.

    Attributes:
        amount: Whole cents; debits are positive.
        sources: What it comes of. Their exact sum is the amount, but for what rounding carries between months.
    """

    account: Path
    amount: Decimal
    sources: tuple[Source, ...] = ()

    @property
    def memo(self) -> str:
        """Return what leads back to the journal: the record of one entry, or a hash over those of several."""
        if not self.sources:
            return "What rounding leaves over"
        records = [one.record for one in self.sources if one.record]
        if len(self.sources) == 1:
            return f"Record {records[0]}" if records else "Opening balance"
        return f"{len(self.sources)} records, SHA-256 of their hashes {digest(records)}"


def digest(records: Sequence[str]) -> str:
    """Return SHA-256 over the hashes of records: in hexadecimal, in their order, a line feed after each."""
    return hashlib.sha256("".join(f"{record}\n" for record in records).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Month:
    """One journal; its amounts sum to zero."""

    number: str
    day: str
    memo: str
    lines: tuple[Line, ...]


TRAIL_COLUMNS = ("journal", "account", "at", "entry", "record", "amount", "currency")


def trail(books: Books) -> list[tuple[str, ...]]:
    """Return what each line of the journals comes of, entry by entry: the way from a figure to the record behind it."""
    currency = commodity_names(books)[books.currency]
    return [
        (month.number, ":".join(line.account), iso(one.at), one.entry_id, one.record, plain(one.amount), currency)
        for month in months(books)
        for line in month.lines
        for one in line.sources
    ]


def months(books: Books) -> tuple[Month, ...]:
    """Return the months in which money moved, in the order of time; opening balances stand alone."""
    running = _Running(books)
    found = []
    for (_, month), together in groupby(books.journals, key=lambda one: (not one.entry_id, str(one.day)[:7])):
        journals = list(together)
        lines = running.lines(journals)
        if lines:
            found.append(_month(month, journals, lines))
    return tuple(found)


def _month(month: str, journals: list[Journal], lines: tuple[Line, ...]) -> Month:
    unknown = sum(1 for one in journals if one.unknown)
    warning = f"; {unknown} of them with money that is not known, in Not-Valued" if unknown else ""
    if not journals[0].entry_id:
        return Month(f"CF-{month}-OPEN", str(journals[0].day), f"Opening balances{warning}", lines)
    day = journals[-1].day
    last = f"{month}-{calendar.monthrange(day.year, day.month)[1]:02d}"
    count = counted(len(journals), "entry", "entries")
    return Month(f"CF-{month}", last, f"Digital assets {month}: {count}{warning}", lines)


class _Running:
    """Sums of each account since the beginning, and what of them is in no journal yet."""

    def __init__(self, books: Books) -> None:
        self._currency = books.currency
        self._names = commodity_names(books)
        self._sums: dict[Path, Decimal] = {}
        self._posted: dict[Path, Decimal] = {}
        self._waiting: dict[Path, list[Source]] = {}

    def lines(self, journals: Iterable[Journal]) -> tuple[Line, ...]:
        touched: set[Path] = set()
        for one in journals:
            for account, amount in self._moved(one).items():
                touched.add(account)
                self._sums[account] = add(self._sums.get(account, ZERO), amount)
                self._waiting.setdefault(account, []).append(Source(one.at, one.entry_id, one.record, amount))
        found = [self._line(account, amount) for account in sorted(touched) if (amount := self._newly(account))]
        left = add(ZERO, *(line.amount for line in found)).copy_negate()
        return (*found, Line(ROUNDING, left)) if left else tuple(found)

    def _moved(self, journal: Journal) -> dict[Path, Decimal]:
        found: dict[Path, Decimal] = {}
        for posting in journal.postings:
            if posting.commodity == self._currency:
                account = self._account(posting.account)
                found[account] = add(found.get(account, ZERO), posting.quantity)
        return {account: amount for account, amount in found.items() if amount}

    def _line(self, account: Path, amount: Decimal) -> Line:
        """Return a line with all that was in none before: what is less than half a cent waits for a later month."""
        return Line(account, amount, tuple(self._waiting.pop(account, ())))

    def _newly(self, account: Path) -> Decimal:
        rounded = self._sums[account].quantize(_CENT, ROUND_HALF_EVEN)
        amount = EXACT.subtract(rounded, self._posted.get(account, ZERO))
        self._posted[account] = rounded
        return amount

    def _account(self, account: Path) -> Path:
        if account[:2] == (EQUITY, AT_COST):
            return (ASSETS, "At cost", self._names[account[2]])
        return account


def files(months_: Iterable[Month], limit: int) -> Iterator[list[Month]]:
    """Yield months so that each file has at most so many rows; a journal is never divided."""
    together: list[Month] = []
    rows = 0
    for one in months_:
        if len(one.lines) > limit:
            raise RefusedError(
                f"The journal {one.number} has {len(one.lines)} lines, and a file may have {limit}.",
                hint="Export a shorter period, or as beancount or hledger, which know no limit.",
            )
        if rows + len(one.lines) > limit:
            yield together
            together, rows = [], 0
        together.append(one)
        rows += len(one.lines)
    if together:
        yield together
