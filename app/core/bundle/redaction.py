"""What is hidden from whoever gets a redacted bundle, and how: each name or text by a salted commitment.

A name (an account, the id of an entry, an asset that carries the name of its venue) becomes a short stand-in, the
same wherever it stands, so that lots can still be followed. A text that tells one of the hidden words is shown without
them and marked. Figures, moments, assets of the registry and words of the program stay.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.core.journal.commitments import commitment
from app.core.ledger.entries import Entry

GONE = "[hidden]"
_ENTRY = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_WORD = re.compile(r"[^\s,;()\[\]'\"]+")
_FIGURE = re.compile(r"[-+]?[0-9][0-9.,:TZ-]*")
_SHORT_NUMBER = 10
"""Digits up to which a number in a text is taken for a figure, even where some venue gave it as an id."""
_KEPT_REFERENCES = ("acquired", "network")


class Redaction:
    """Hides names and texts of one bundle, and remembers what each stand-in stands for."""

    def __init__(self, key: bytes, labels: Iterable[str], words: Iterable[str]) -> None:
        """Take the secret that salts every commitment.

        Args:
            key: A secret of the vault: the same bundle is made of the same books, and nobody else can make the salts.
            labels: How accounts are called.
            words: Ids, addresses, hashes and notes of the books.
        """
        self._key = hmac.digest(key, b"counterfoil/redaction/1", hashlib.sha256)
        self._labels = set(labels)
        told = "|".join(re.escape(one) for one in sorted(self._labels, key=len, reverse=True))
        self._label = re.compile(rf"(?<!\w)(?:{told})(?!\w)") if told else None
        self._words = {one for one in words if one}
        self._phrases = sorted((one for one in self._words if len(one.split()) > 1), key=len, reverse=True)
        self._names: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    @property
    def has_figures_for_names(self) -> bool:
        """Tell whether an account is called like a figure or a day."""
        return any(_FIGURE.fullmatch(one) for one in self._labels)

    def salt(self, kind: str, value: str) -> bytes:
        """Return the salt of a hidden value."""
        return hmac.digest(self._key, f"{kind}\0{value}".encode(), hashlib.sha256)

    def hidden(self) -> dict[str, str]:
        """Return the commitment of everything that is hidden, by its stand-in."""
        return {
            name: commitment(self.salt(kind, value), value.encode()).hex()
            for (kind, value), name in self._names.items()
        }

    def openings(self) -> dict[str, list[str]]:
        """Return salt and value of everything that is hidden, by its stand-in: for its owner only."""
        return {name: [self.salt(kind, value).hex(), value] for (kind, value), name in self._names.items()}

    def name(self, kind: str, value: str) -> str:
        """Return the stand-in of a value."""
        known = self._names.get((kind, value))
        if known is None:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            known = self._names[kind, value] = f"{kind}-{self._counts[kind]}"
        return known

    def account(self, value: str) -> str:
        """Return the stand-in of an account; "" names none."""
        return self.name("account", value) if value else ""

    def asset(self, value: str) -> str:
        """Return an asset; one whose id tells something hidden, such as its venue, by a stand-in."""
        return self.name("asset", value) if self.scrubbed(value) != value else value

    def row(self, value: str) -> str:
        """Return the id of an entry, or of a transaction of one: entry/kind/asset, by the stand-in of the entry."""
        entry, *rest = value.split("/", 2)
        if not _ENTRY.fullmatch(entry):
            return self.text(value)
        kept = [*rest[:1], *(self.asset(one) for one in rest[1:])]
        return "/".join((self.name("entry", entry), *kept))

    def text(self, value: str) -> str:
        """Return words for people; those that tell something hidden without it, and with a stand-in for the whole."""
        if value in self._labels:
            return self.account(value)
        if _FIGURE.fullmatch(value):
            return value
        shown = self.scrubbed(value)
        return value if shown == value else f"{shown} [{self.name('text', value)}]"

    def scrubbed(self, value: str) -> str:
        """Return words for people without what is hidden."""
        for phrase in self._phrases:
            value = value.replace(phrase, GONE)
        value = _ENTRY.sub(GONE, value)
        value = _WORD.sub(lambda found: GONE if self._is_hidden(found[0]) else found[0], value)
        return self._label.sub(GONE, value) if self._label else value

    def _is_hidden(self, word: str) -> bool:
        if _FIGURE.fullmatch(word) and not (word.isdigit() and len(word) > _SHORT_NUMBER):
            return False
        return not self._words.isdisjoint((word, word.rstrip(".:"), word.partition("=")[2]))


def words_of(entries: Iterable[Entry]) -> set[str]:
    """Return what entries tell that is to be hidden: ids of venues, hashes, addresses, counterparties, notes."""
    found: set[str] = set()
    for entry in entries:
        found.update(value for name, value in entry.references.items() if name not in _KEPT_REFERENCES)
        found.add(entry.identity.native_id)
    return found


def labels_of(sections: Mapping[str, Any]) -> set[str]:
    """Return how accounts are called in the canonical output of a year."""
    lines = sections["entries"]["listed"]
    places = {line[3] for line in lines}
    places |= {leg.rsplit(" ", 3)[0].rpartition("/")[0] for line in lines for leg in line[4].split("; ") if leg}
    for part in ("disposals", "income", "departures", "holdings"):
        places |= {one["wallet"] for one in sections[part]}
    places |= {order[1] for order in sections["rules"]["orders"]}
    return {one for one in places if one}
