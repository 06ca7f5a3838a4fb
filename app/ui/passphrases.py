"""How strong a passphrase is, in words. An estimate against guessing, never a promise."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from app.ui.words import tr

LEAST = 12
_USUAL = (
    "password",
    "passphrase",
    "qwerty",
    "letmein",
    "bitcoin",
    "counterfoil",
    "admin",
    "welcome",
    "123456",
    "abc123",
)
_CLASSES = ((r"[a-z]", 26), (r"[A-Z]", 26), (r"\d", 10), (r"[^\w\s]", 30), (r"\s", 2))
_WORD_BITS = 11.0
_WEAK, _FAIR, _STRONG = 42.0, 60.0, 85.0


@dataclass(frozen=True, slots=True)
class Strength:
    """What is thought of a passphrase; `share` fills the bar."""

    words: str
    tone: str
    share: float
    is_enough: bool


def _bits(passphrase: str) -> float:
    pool = sum(size for pattern, size in _CLASSES if re.search(pattern, passphrase))
    distinct = len(set(passphrase.casefold()))
    by_signs = min(len(passphrase), distinct * 2) * math.log2(max(pool, 2))
    parts = {word for word in re.split(r"[\s\-_.,]+", passphrase.casefold()) if len(word) > 2}  # noqa: PLR2004
    if len(parts) < 3:  # noqa: PLR2004
        return by_signs
    return min(by_signs, len(parts) * _WORD_BITS + 8)


def strength(passphrase: str) -> Strength:
    """Return the strength of a passphrase in words, with what would make it better."""
    if not passphrase:
        return Strength(tr("At least 12 characters; five unrelated words are strong"), "text_3", 0.0, is_enough=False)
    if len(passphrase) < LEAST:
        missing = LEAST - len(passphrase)
        words = tr("Too short: %s more characters").replace("%s", str(missing))
        return Strength(words, "danger", 0.1, is_enough=False)
    if any(usual in passphrase.casefold() for usual in _USUAL) and len(passphrase) < 2 * LEAST:
        return Strength(tr("Weak: it is built on a word that is tried first"), "danger", 0.2, is_enough=True)
    bits = _bits(passphrase)
    if bits < _WEAK:
        return Strength(tr("Weak: add unrelated words"), "danger", 0.3, is_enough=True)
    if bits < _FAIR:
        return Strength(tr("Fair: one or two more words make it strong"), "warn", 0.55, is_enough=True)
    if bits < _STRONG:
        return Strength(tr("Strong"), "ok", 0.8, is_enough=True)
    return Strength(tr("Very strong"), "ok", 1.0, is_enough=True)
