"""The activity table's question as one statement over narrow rows."""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from typing import Any

from app.core.model.views import ActivityFilter
from app.storage.views import Found, Views
from app.storage.words import Words

_ID_DIGITS = 6
"""From so many hex digits on, a text may be the start of an entry's id."""


class Question:
    """Conditions and their parameters."""

    def __init__(self, book: int) -> None:
        """Ask for one book."""
        self._conditions = ["book = ?"]
        self._parameters: list[Any] = [book]

    def add(self, condition: str, *parameters: Any) -> None:
        """Ask for one thing more."""
        self._conditions.append(condition)
        self._parameters += parameters

    def total(self, connection: Any) -> int:
        """Return how many entries match."""
        asked = f"SELECT count(*) FROM entries WHERE {' AND '.join(self._conditions)}"  # noqa: S608 - our own words
        return int(connection.execute(asked, self._parameters).fetchone()[0])

    def slice(self, connection: Any, offset: int, limit: int) -> list[Found]:
        """Return a slice, newest first; entries of one moment in the order in which they were sealed."""
        asked = (
            f"SELECT n, id, state, current FROM entries WHERE {' AND '.join(self._conditions)}"  # noqa: S608
            " ORDER BY at DESC, n DESC LIMIT ? OFFSET ?"
        )
        return list(connection.execute(asked, (*self._parameters, limit, offset)).fetchall())


def question(asked: ActivityFilter, book: str, words: Words, views: Views) -> Question:
    """Return the question for a filter."""
    made = Question(words.find(book))
    if asked.since_ns is not None:
        made.add("at >= ?", asked.since_ns)
    if asked.until_ns is not None:
        made.add("at <= ?", asked.until_ns)
    if asked.kinds:
        numbers = [words.find(kind.value) for kind in asked.kinds]
        made.add(f"kind IN ({','.join('?' * len(numbers))})", *numbers)
    if asked.accounts:
        made.add(*_touching(f"a{words.find(account)}" for account in asked.accounts))
    if asked.assets:
        made.add(*_touching(f"s{words.find_asset(asset)}" for asset in asked.assets))
    for word in asked.text.casefold().split():
        made.add(*_text(word, words, views))
    return made


def _touching(names: Iterable[str]) -> Sequence[str]:
    marks = [f",{name}," for name in names]
    return f"({' OR '.join(['instr(touches, ?)'] * len(marks))})", *marks


def _text(word: str, words: Words, views: Views) -> Sequence[str]:
    """Ask for a word in the symbols of assets, the names of accounts, references and ids."""
    names = [
        f"s{number}"
        for number, (asset_id, _) in words.assets().items()
        if word in views.asset(asset_id).symbol.casefold() or word in views.asset(asset_id).name.casefold()
    ]
    names += [
        f"a{words.find(account.account_id)}"
        for account in views.accounts.values()
        if word in account.name.casefold() or word in account.account_id.casefold()
    ]
    conditions = ["n IN (SELECT n FROM texts WHERE instr(text, ?))"]
    parameters = [word]
    if len(word) >= _ID_DIGITS and set(word) <= set(string.hexdigits):
        conditions.append("hex(id) LIKE ?")
        parameters.append(f"{word}%")
    if names:
        condition, *marks = _touching(names)
        conditions.append(condition)
        parameters += marks
    return f"({' OR '.join(conditions)})", *parameters
