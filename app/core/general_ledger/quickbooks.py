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
                ":".join(line.account),
                f"{line.amount:.2f}" if line.amount > 0 else "",
                f"{-line.amount:.2f}" if line.amount < 0 else "",
                line.memo,
            )
            for month in together
            for line in month.lines
        ]
        for together in files(months(books), ROWS)
    ]
