"""What a person's words stand for: days, bounds of time, and text that can be sealed."""

from __future__ import annotations

from datetime import date

from app.core.clock import DAY, EPOCH, parse_iso
from app.core.errors import InputError, UsageError

_MOST = 2**63 - 1
_DATE = len("2026-01-31")


def bound(text: str, *, is_end: bool = False) -> int | None:
    """Return the moment of a date or a moment, the last one of the date for an end; None where nothing is given."""
    if not text:
        return None
    is_date = len(text) == _DATE
    try:
        at, _ = parse_iso(f"{text}T00:00:00Z" if is_date else text)
    except ValueError as error:
        message = f"{text!r} is neither a date nor a moment with its zone."
        raise InputError(message, hint="Examples: 2026-01-31, 2026-01-31T12:00:00Z") from error
    # Nothing lies beyond what can be kept, so a bound there bounds nothing.
    return max(-_MOST, min(_MOST, at + DAY - 1 if is_date and is_end else at))


def date_of(text: str) -> date | None:
    """Return a date, None where nothing is given; a word that is none cannot be understood (UsageError)."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no date.", hint="Example: 2026-01-31") from error


def day_of(text: str) -> int:
    """Return the number of a date, as days are counted; InputError where it is none."""
    try:
        return date.fromisoformat(text).toordinal() - EPOCH
    except ValueError as error:
        raise InputError(f"{text!r} is no date.", hint="Example: 2026-01-31") from error


def require_text(text: str) -> None:
    """Refuse words that were given in another encoding: they could not be sealed."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        message = f"{text!r} is not Unicode text."
        raise InputError(message, hint="Check the terminal's encoding.") from error


def unsigned(text: str) -> str:
    """Return a number as it is, but nothing below nothing: what rounds to zero has no sign."""
    return text if any(digit in text for digit in "123456789") else text.removeprefix("-")
