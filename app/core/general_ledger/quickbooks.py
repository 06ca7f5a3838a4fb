"""The money of the books as journal entries that QuickBooks Online imports: a CSV with debits and credits."""

from __future__ import annotations

from app.core.general_ledger.journal import Books
from app.core.general_ledger.monthly import files, months
from app.core.general_ledger.names import commodity_names

COLUMNS = ("*JournalNo", "*JournalDate", "*Currency", "Memo", "*AccountName", "Debits", "Credits", "Description")
ROWS = 1_000
"""What its import takes at once."""


def tables(books: Books) -> list[list[tuple[str, ...]]]:
    """Return the rows of each file; accounts are named with their parents, parts joined by colons."""
    currency = commodity_names(books)[books.currency]
    return [
        [
            (
                month.number,
                month.day,
                currency,
                month.memo,
                ":".join(account),
                f"{amount:.2f}" if amount > 0 else "",
                f"{-amount:.2f}" if amount < 0 else "",
                month.memo,
            )
            for month in together
            for account, amount in month.amounts
        ]
        for together in files(months(books), ROWS)
    ]
