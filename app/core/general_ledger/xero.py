"""The money of the books as manual journals that Xero imports, and the accounts that they need."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from app.core.general_ledger.journal import Books, Path
from app.core.general_ledger.monthly import files, months

COLUMNS = ("*Narration", "*Date", "Description", "*AccountCode", "*TaxRate", "*Amount")
ACCOUNT_COLUMNS = ("*Code", "*Name", "*Type", "*Tax Code")
ROWS = 500
"""Lines that one import should have at most."""
TAX_RATE = "Tax Exempt"

_TYPES = {"Assets": ("1", "Current Asset"), "Equity": ("3", "Equity"), "Income": ("4", "Other Income"),
          "Expenses": ("6", "Expense")}  # fmt: skip
_CODES = 10**6


def tables(books: Books) -> list[list[tuple[str, ...]]]:
    """Return the rows of each file; debits are positive and credits negative."""
    found = months(books)
    codes = _codes(line.account for month in found for line in month.lines)
    return [
        [
            (
                f"{month.number} {month.memo}",
                month.day,
                f"{':'.join(line.account)}; {line.memo}",
                codes[line.account],
                TAX_RATE,
                f"{line.amount:.2f}",
            )
            for month in together
            for line in month.lines
        ]
        for together in files(found, ROWS)
    ]


def accounts(books: Books) -> list[tuple[str, ...]]:
    """Return the accounts that the journals name, to be imported before them."""
    codes = _codes(line.account for month in months(books) for line in month.lines)
    return [(code, ": ".join(account), _TYPES[account[0]][1], TAX_RATE) for account, code in codes.items()]


def _codes(accounts_: Iterable[Path]) -> dict[Path, str]:
    """Return a code for each account, the same in every export: Xero knows accounts by codes of ten characters."""
    found: dict[Path, str] = {}
    taken: set[str] = set()
    for account in sorted(set(accounts_)):
        number = int.from_bytes(hashlib.sha256("\0".join(account).encode()).digest()[:8], "big")
        code = _code(account, number)
        while code in taken:
            number += 1
            code = _code(account, number)
        taken.add(code)
        found[account] = code
    return found


def _code(account: Path, number: int) -> str:
    return f"{_TYPES[account[0]][0]}{number % _CODES:06d}"
