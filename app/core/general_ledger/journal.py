"""Double entry: postings of commodities to accounts, which sum to zero for each commodity in each transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.core.money import ZERO, add

Path = tuple[str, ...]
"""An account from its kind down: ("Assets", "Kraken", "spot"). Names are those of the books, not yet of a format."""

ASSETS, EQUITY, INCOME, EXPENSES = "Assets", "Equity", "Income", "Expenses"
AT_COST = "At-Cost"
"""Below it lies what assets had cost, a money account for each commodity; see `posting`."""


@dataclass(frozen=True, slots=True)
class Posting:
    """A signed quantity of one commodity to one account; debits are positive."""

    account: Path
    commodity: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Journal:
    """One transaction in double entry.

    Attributes:
        day: Of its moment where the books are kept.
        entry_id: The entry of the books that it tells; "" for opening balances.
        unknown: Why a part of its money is not known; "" where all is.
        record: The hash of the record that the entry stands in: it leads from any program back to the journal.
    """

    at: int
    day: date
    narration: str
    entry_id: str
    postings: tuple[Posting, ...]
    unknown: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class Books:
    """What a format writes.

    Attributes:
        currency: The money of costs, gains and income, as a commodity.
        commodities: The symbol of each commodity, by asset id.
        head: The state of the books that it was made of.
        method: How cost was found, in words.
    """

    currency: str
    commodities: dict[str, str]
    journals: tuple[Journal, ...]
    head: str = ""
    method: str = ""
    owner: str = field(default="")

    @property
    def unknown(self) -> tuple[Journal, ...]:
        """Return the transactions of which some money is not known."""
        return tuple(one for one in self.journals if one.unknown)


def sums(postings: Iterable[Posting]) -> dict[tuple[Path, str], Decimal]:
    """Return what postings leave in each account of each commodity, without zeros."""
    found: dict[tuple[Path, str], Decimal] = {}
    for one in postings:
        key = one.account, one.commodity
        found[key] = add(found.get(key, ZERO), one.quantity)
    return {key: quantity for key, quantity in found.items() if quantity}


def between(journals: Sequence[Journal], first: date = date.min, last: date = date.max) -> tuple[Journal, ...]:
    """Return a period, before it what was there as opening balances.

    Income and expenses of before are closed into retained earnings, so a period starts with none.
    """
    before = [one for one in journals if one.day < first]
    inside = tuple(one for one in journals if first <= one.day <= last)
    carried = sums(
        Posting(_closed(posting.account), posting.commodity, posting.quantity)
        for one in before
        for posting in one.postings
    )
    if not carried:
        return inside
    unknown = sum(1 for one in before if one.unknown)
    opening = Journal(
        before[-1].at,
        first,
        "Opening balances",
        "",
        tuple(Posting(account, commodity, quantity) for (account, commodity), quantity in sorted(carried.items())),
        f"{unknown} transactions before the period have money that is not known" if unknown else "",
    )
    return (opening, *inside)


def _closed(account: Path) -> Path:
    return (EQUITY, "Retained-Earnings") if account[0] in (INCOME, EXPENSES) else account
