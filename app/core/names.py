"""How findings count, and what they call things: by the ids of a file, or by the labels that the books know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from app.core.clock import to_datetime
from app.core.money import plain

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called.

    Attributes:
        symbol: Of an asset by its id.
        account: The label of an account or wallet by its id.
        has_entries: Rows are entries of books, which a person knows by their day and account; the rows of a file have
            names of their own.
    """

    symbol: Callable[[str], str] = str
    account: Callable[[str], str] = str
    has_entries: bool = False

    def amount(self, quantity: Decimal, asset: str) -> str:
        """Return a quantity digit for digit, with its asset."""
        return f"{plain(quantity)} {self.symbol(asset)}"

    def on(self, at: int) -> str:
        """Return the day of a moment in words, in UTC, as lists of entries show it."""
        found = to_datetime(at)
        return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"

    def lot(self, row: str, at: int | None, account: str = "") -> str:
        """Return how the lot of a row is called."""
        return self.row(row, at, account, "lot") if self.has_entries else f"the lot {row!r}"

    def row(self, row: str, at: int | None, account: str = "", what: str = "entry") -> str:
        """Return how a row is called: by its name in a file, or as the entry of a day at an account."""
        if not self.has_entries:
            return repr(row)
        where = f" at {self.account(account)}" if account else ""
        return f"the {what} of {self.on(at)}{where}" if at is not None else f"an {what}{where}"


AS_TOLD = Names()
"""Everything is called by its id."""


def counted(number: int, one: str, many: str = "") -> str:
    """Return "1 day" or "2,048 days": a number with its word, in the plural where it is not one."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def sentence(text: str) -> str:
    """Return a text that begins as a sentence does."""
    return text[:1].upper() + text[1:]
