"""Moments as whole nanoseconds since 1970 in UTC, with the precision that their source gave."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import NewType

Nanoseconds = NewType("Nanoseconds", int)

SECOND = 1_000_000_000
MILLISECOND = 1_000_000
MICROSECOND = 1_000
DAY = 86_400 * SECOND
EPOCH = date(1970, 1, 1).toordinal()
"""The ordinal of the day that moments are counted from: a date's ordinal less this is its day number."""

_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?\s*(Z|UTC|[+-]\d{2}:?\d{2})",
)


def from_datetime(moment: datetime) -> int:
    """Return nanoseconds for an aware datetime; a naive one is a ValueError."""
    if moment.tzinfo is None:
        message = f"{moment.isoformat()} has no time zone"
        raise ValueError(message)
    delta = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds * MICROSECOND


def to_datetime(at: int) -> datetime:
    """Return an aware UTC datetime; what is finer than a microsecond is cut."""
    seconds, rest = divmod(at, SECOND)
    return datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=rest // MICROSECOND)


def parse_iso(text: str) -> tuple[int, int]:
    """Return (nanoseconds, resolution in nanoseconds) of an ISO 8601 text that names its zone."""
    match = _ISO.fullmatch(text.strip())
    if match is None:
        message = f"{text!r} is not a time with a zone, such as 2026-01-31T23:59:59Z"
        raise ValueError(message)
    *parts, fraction, zone = match.groups()
    offset = "+00:00" if zone in ("Z", "UTC") else zone
    digits = fraction or ""
    whole = f"{parts[0]}-{parts[1]}-{parts[2]}T{parts[3]}:{parts[4]}:{parts[5]}{offset}"
    try:
        seconds = from_datetime(datetime.fromisoformat(whole))
    except OverflowError as error:
        message = f"{text!r} lies outside of the years 1 to 9999"
        raise ValueError(message) from error
    return seconds + int(digits.ljust(9, "0")), 10 ** (9 - len(digits))


def day_or_iso(at: int) -> str:
    """Return the day alone of a moment at its start, as daily figures have it; else the moment."""
    return iso(at) if at % DAY else iso(at)[: len("2026-01-31")]


def iso(at: int, resolution: int = SECOND) -> str:
    """Return ISO 8601 in UTC with exactly the digits that the resolution carries."""
    text = to_datetime(at).isoformat(timespec="seconds")[: len("2026-01-31T23:59:59")]
    digits = 9 - (len(str(resolution)) - 1)
    fraction = f".{at % SECOND:09d}"[: digits + 1] if digits > 0 else ""
    return f"{text}{fraction}Z"
