"""The books as a journal of hledger, with everything declared that its strict mode asks for."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.clock import iso
from app.core.general_ledger.journal import Books, Journal, Path
from app.core.general_ledger.names import account_names, commodity_names
from app.core.money import plain

_TYPES = {"Assets": "A", "Equity": "E", "Income": "R", "Expenses": "X"}


def text(books: Books) -> str:
    """Return the whole file."""
    return "".join(f"{line}\n" for line in _lines(books))


def _lines(books: Books) -> Iterator[str]:
    accounts, commodities = account_names(books), commodity_names(books)
    yield f"; Books of {_one_line(books.owner)}, cost by {books.method}, state {books.head}"
    # Without it a quantity such as 1.000 could be read as a thousand.
    yield "decimal-mark ."
    for asset, name in commodities.items():
        yield f'commodity "{name}"  ; asset: {asset}'
    for account, name in accounts.items():
        yield f"account {name}  ; type: {_TYPES[account[0]]}"
    for tag in ("asset", "entry", "record", "at", "unknown"):
        yield f"tag {tag}"
    for one in books.journals:
        yield from _transaction(one, accounts, commodities)


def _transaction(one: Journal, accounts: dict[Path, str], commodities: dict[str, str]) -> Iterator[str]:
    yield ""
    # A semicolon would begin a comment.
    yield f"{one.day} {'!' if one.unknown else '*'} {_one_line(one.narration).replace(';', ',')}"
    if one.entry_id:
        yield f"    ; entry: {one.entry_id}"
    if one.record:
        yield f"    ; record: {one.record}"
    yield f"    ; at: {iso(one.at)}"
    if one.unknown:
        # A comma would end the value of a tag.
        yield f"    ; unknown: {_one_line(one.unknown).replace(',', '')}"
    for posting in one.postings:
        yield f'    {accounts[posting.account]}  {plain(posting.quantity)} "{commodities[posting.commodity]}"'


def _one_line(text: str) -> str:
    return " ".join(text.split())
