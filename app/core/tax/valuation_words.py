"""How people read where a value comes from: the words of valuations name assets by their ids, these by their symbols.

A year is sealed with the words as they are, ids and all: they name an asset beyond doubt, and the seal binds each
letter. So symbols are put in where the words are shown, in those of today and in those of a seal alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_NUMBER = r"-?\d+(?:\.\d+)?"
_DAY = r"\d{4}-\d\d-\d\d"
_ID = r"[^\s,;()=]+"
_ASSETS = re.compile(
    rf"\([^()]*\)"  # who told a close, or why a person set it: words of others, which stay as they are
    rf"|(?P<before>\b{_NUMBER} |, )(?P<valued>{_ID})(?= at (?:the |1 ))"
    rf"|(?P<price>(?:close of|price of) {_DAY}(?: by [^,;]+)?, {_NUMBER} |\bat 1 |rates of {_DAY}, 1 |= {_NUMBER} )"
    rf"(?P<money>{_ID})"
)


def in_words(source: str, symbol: Callable[[str], str]) -> str:
    """Return where a value comes from with symbols of assets in the place of their ids."""

    def named(found: re.Match[str]) -> str:
        if found["valued"]:
            return f"{found['before']}{symbol(found['valued'])}"
        return f"{found['price']}{symbol(found['money'])}" if found["money"] else found[0]

    return _ASSETS.sub(named, source)
