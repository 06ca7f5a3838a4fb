"""Names that other programs take: made one to one, so that each can be told back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

from app.core.general_ledger.journal import Books, Path

_Key = TypeVar("_Key", str, Path)

_LONGEST_COMMODITY = 22


def commodity_names(books: Books) -> dict[str, str]:
    """Return the name of each asset that was posted: its symbol, told apart by a number where several share one.

    Letters, digits, and in between dots, hyphens and underscores, beginning with a letter: what beancount takes, and
    in quotes every other program too.
    """
    used = {posting.commodity for one in books.journals for posting in one.postings} | {books.currency}
    wanted = {asset: _commodity(books.commodities.get(asset, asset)) for asset in used}
    return _distinct(wanted, ".")


def account_names(books: Books) -> dict[Path, str]:
    """Return the name of each account that was posted to, its parts joined by colons."""
    paths = {posting.account for one in books.journals for posting in one.postings}
    names = commodity_names(books)
    wanted = {path: ":".join(_part(names.get(part, part)) for part in path) for path in paths}
    return _distinct(wanted, "-")


def _distinct(wanted: Mapping[_Key, str], before: str) -> dict[_Key, str]:
    found: dict[_Key, str] = {}
    taken: set[str] = set()
    for key in sorted(wanted, key=str):
        name, number = wanted[key], 2
        while name in taken:
            name, number = f"{wanted[key]}{before}{number}", number + 1
        taken.add(name)
        found[key] = name
    return found


def _commodity(symbol: str) -> str:
    text = re.sub(r"[^A-Z0-9._-]", "-", _ascii(symbol).upper()).strip("._-")[:_LONGEST_COMMODITY].rstrip("._-")
    text = text if text[:1].isalpha() else f"X{text}"
    return text if len(text) > 1 else f"{text}X"


def _part(name: str) -> str:
    text = re.sub(r"[^A-Za-z0-9-]+", "-", _ascii(name)).strip("-") or "X"
    return text[0].upper() + text[1:]


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
