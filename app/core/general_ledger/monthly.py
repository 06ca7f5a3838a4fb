"""The money of the books by month and account, for programs that keep no quantities.

Assets stand there at cost, one account for each commodity. Running sums are rounded, and a month posts how they change,
so that each account is never further off than half a cent; what rounding leaves over has an account of its own.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby

from app.core.errors import RefusedError
from app.core.general_ledger.journal import ASSETS, AT_COST, EQUITY, Books, Journal, Path
from app.core.general_ledger.names import commodity_names
from app.core.general_ledger.posting import ROUNDING
from app.core.money import EXACT, ZERO, add

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Month:
    """One journal; its amounts are whole cents and sum to zero, debits are positive."""

    number: str
    day: str
    memo: str
    amounts: tuple[tuple[Path, Decimal], ...]


def months(books: Books) -> tuple[Month, ...]:
    """Return the months in which money moved, in the order of time; opening balances stand alone."""
    running = _Running(books)
    found = []
    for (_, month), together in groupby(books.journals, key=lambda one: (not one.entry_id, str(one.day)[:7])):
        journals = list(together)
        amounts = running.amounts(journals)
        if amounts:
            found.append(_month(month, journals, amounts))
    return tuple(found)


def _month(month: str, journals: list[Journal], amounts: tuple[tuple[Path, Decimal], ...]) -> Month:
    unknown = sum(1 for one in journals if one.unknown)
    warning = f"; {unknown} of them with money that is not known, in Not-Valued" if unknown else ""
    if not journals[0].entry_id:
        return Month(f"CF-{month}-OPEN", str(journals[0].day), f"Opening balances{warning}", amounts)
    day = journals[-1].day
    last = f"{month}-{calendar.monthrange(day.year, day.month)[1]:02d}"
    count = f"{len(journals)} entries" if len(journals) > 1 else "1 entry"
    return Month(f"CF-{month}", last, f"Digital assets {month}: {count}{warning}", amounts)


class _Running:
    """Sums of each account since the beginning."""

    def __init__(self, books: Books) -> None:
        self._currency = books.currency
        self._names = commodity_names(books)
        self._sums: dict[Path, Decimal] = {}
        self._posted: dict[Path, Decimal] = {}

    def amounts(self, journals: Iterable[Journal]) -> tuple[tuple[Path, Decimal], ...]:
        touched: set[Path] = set()
        for posting in (posting for one in journals for posting in one.postings):
            if posting.commodity == self._currency:
                account = self._account(posting.account)
                touched.add(account)
                self._sums[account] = add(self._sums.get(account, ZERO), posting.quantity)
        found = [(account, amount) for account in sorted(touched) if (amount := self._newly(account))]
        left = add(ZERO, *(amount for _, amount in found)).copy_negate()
        return (*found, (ROUNDING, left)) if left else tuple(found)

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
        if len(one.amounts) > limit:
            raise RefusedError(
                f"The journal {one.number} has {len(one.amounts)} lines, and a file may have {limit}.",
                hint="Export a shorter period, or as beancount or hledger, which know no limit.",
            )
        if rows + len(one.amounts) > limit:
            yield together
            together, rows = [], 0
        together.append(one)
        rows += len(one.amounts)
    if together:
        yield together
