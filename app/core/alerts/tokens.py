"""Words of a sentence, one after the other, with what was expected where one does not fit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from app.core.errors import InputError
from app.core.money import EXACT, exact, plain

T = TypeVar("T")

_TOKEN = re.compile(r"\"[^\"]*\"|“[^”]*”|[+\-−]?\d+(?:,\d+)+(?:\.\d+)?(?![\w,])|%|,|[^\s,%\"“”]+|\S")
_NUMBER = re.compile(r"[+\-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_PARTED = re.compile(r"[+\-−]?\d+(?:,\d+)+(?:\.\d+)?")
"""Digits with commas, wherever those stand: a decimal comma would be one too."""
_MEASURE = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>[a-z]+)", re.IGNORECASE)
_SIMPLE = re.compile(r"[^\s,%\"“”]+")
_RESERVED = frozenset(("in", "is", "and", "over", "prices", "share"))
_EXAMPLE = "Example: If VaR 99 % 1 d is above 5 % of the book for 10 min then notify by desktop"
_LONGEST_NUMBER = 40
_QUOTES = '"“'
_HUNDRED = Decimal(100)


class Words:
    """A sentence that is read word by word."""

    def __init__(self, text: str) -> None:
        """Take the sentence."""
        self._words: list[str] = _TOKEN.findall(text.strip().removesuffix("."))
        self._at = 0

    def _now(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""

    def is_at(self, *words: str) -> bool:
        """Tell whether one of these words comes next."""
        return self._now().casefold() in words

    def is_number(self) -> bool:
        """Tell whether a number comes next, alone or with its unit."""
        return bool(_NUMBER.fullmatch(self._now()) or _MEASURE.fullmatch(self._now()))

    def skip(self, word: str) -> bool:
        """Go past a word where it comes next, and tell whether it did."""
        if self._now().casefold() != word:
            return False
        self._at += 1
        return True

    def take(self, word: str, *, fits: str = "") -> None:
        """Go past a word that must come next."""
        if not self.skip(word):
            self._refuse(fits or f'"{word}"')

    def next_word(self, fits: str) -> str:
        """Return the next word."""
        if not self._now():
            self._refuse(fits)
        self._at += 1
        return self._words[self._at - 1]

    def choice(self, known: Mapping[str, T], fits: str) -> T:
        """Return what the next word stands for."""
        found = self._now().casefold()
        if found not in known:
            self._refuse(fits)
        self._at += 1
        return known[found]

    def number(self) -> Decimal:
        """Return the next number."""
        found = self._now()
        if _PARTED.fullmatch(found) and not _NUMBER.fullmatch(found):
            raise InputError(f'"{found}" is no number.', hint="A comma groups thousands, a point begins decimals: 1.5")
        if not _NUMBER.fullmatch(found) or len(found.replace(",", "")) > _LONGEST_NUMBER:
            self._refuse("a number")
        self._at += 1
        return exact(found.replace(",", "").replace("−", "-"))

    def measure(self) -> tuple[Decimal, str]:
        """Return the next number with its unit, written together or apart."""
        joined = _MEASURE.fullmatch(self._now())
        if joined is not None and len(joined["number"]) <= _LONGEST_NUMBER:
            self._at += 1
            return exact(joined["number"]), joined["unit"]
        return self.number(), self.next_word("s, min, h or d")

    def days(self) -> int:
        """Return the next span of whole days."""
        value, word = self.measure()
        if word.casefold() not in ("d", "day", "days") or value != int(value) or not value:
            raise InputError(f"{plain(value)} {word} are no days.", hint="Such as 1 d or 10 d.")
        return int(value)

    def name(self) -> str:
        """Return the next name, without its quotes."""
        found = self.next_word("a name")
        if found in (",", "%"):
            self._at -= 1
            self._refuse("a name")
        return found.strip('"“”') if found[0] in '"“' else found

    def listed(self) -> list[str]:
        """Return names with commas or "and" between them."""
        found = [self.name()]
        while self.skip(",") or self.skip("and"):
            found.append(self.name())
        return found

    def end(self) -> None:
        """Refuse what is left over."""
        if self._now():
            self._refuse("the end")

    def _refuse(self, fits: str) -> None:
        before = " ".join(self._words[max(0, self._at - 3) : self._at])
        after = f'after "{before}"' if before else "at the start"
        found = f'"{self._now()}"' if self._now() else "nothing"
        raise InputError(f"The sentence cannot be understood {after}: there is {found}, and {fits} was expected.",
                         hint=_EXAMPLE)  # fmt: skip


def name_text(name: str) -> str:
    """Return a name as it stands in a sentence: in quotes where it is more than one word, or could be another."""
    if _SIMPLE.fullmatch(name) and name.casefold() not in _RESERVED and not name.endswith("."):
        return name
    return f"“{name}”" if '"' in name else f'"{name}"'


def percent(value: Decimal) -> str:
    """Return a share in percent, digit for digit."""
    return f"{plain(EXACT.multiply(value, _HUNDRED))} %"
