"""The books as a beancount file, of version 2 or 3."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.clock import iso
from app.core.general_ledger.journal import Books, Journal, Path
from app.core.general_ledger.names import account_names, commodity_names
from app.core.money import plain


def text(books: Books) -> str:
    """Return the whole file."""
    return "".join(f"{line}\n" for line in _lines(books))


def _lines(books: Books) -> Iterator[str]:
    accounts, commodities = account_names(books), commodity_names(books)
    first = str(books.journals[0].day) if books.journals else "1970-01-01"
    yield f"; Books of {_one_line(books.owner)}, cost by {books.method}, state {books.head}"
    yield f'option "title" {_quoted(books.owner)}'
    yield f'option "operating_currency" "{commodities[books.currency]}"'
    for asset, name in commodities.items():
        yield f"{first} commodity {name}"
        yield f"  asset: {_quoted(asset)}"
    for account, name in accounts.items():
        yield f"{first} open {name}"
        yield f"  name: {_quoted(' / '.join(account))}"
    for one in books.journals:
        yield from _transaction(one, accounts, commodities)


def _transaction(one: Journal, accounts: dict[Path, str], commodities: dict[str, str]) -> Iterator[str]:
    yield ""
    yield f"{one.day} {'!' if one.unknown else '*'} {_quoted(one.narration)}"
    if one.entry_id:
        yield f'  entry: "{one.entry_id}"'
    if one.record:
        yield f'  record: "{one.record}"'
    yield f'  at: "{iso(one.at)}"'
    if one.unknown:
        yield f"  unknown: {_quoted(one.unknown)}"
    for posting in one.postings:
        yield f"  {accounts[posting.account]}  {plain(posting.quantity)} {commodities[posting.commodity]}"


def _quoted(text: str) -> str:
    return '"' + _one_line(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _one_line(text: str) -> str:
    return " ".join(text.split())
