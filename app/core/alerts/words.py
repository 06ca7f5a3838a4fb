"""The words that sentences about alerts are made of: the parser, the printer and the window's pickers share them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Protocol

from app.core.clock import DAY, SECOND
from app.core.errors import InputError
from app.core.model.alert_rules import Channel, Measure, Unit

GROUPS = ("asset", "venue", "chain", "issuer", "counterparty")
MARKS = "prices"
"""Stands in the place of a source: the oldest mark of what is held."""

UNITS: Mapping[Measure, tuple[Unit, ...]] = {
    Measure.VALUE_AT_RISK: (Unit.OF_BOOK, Unit.MONEY),
    Measure.SHORTFALL: (Unit.OF_BOOK, Unit.MONEY),
    Measure.EXPOSURE: (Unit.OF_BOOK, Unit.MONEY),
    Measure.GROSS: (Unit.OF_BOOK, Unit.MONEY),
    Measure.NET: (Unit.OF_BOOK, Unit.MONEY),
    Measure.SHARE: (Unit.SHARE,),
    Measure.DRAWDOWN: (Unit.SHARE,),
    Measure.CORRELATION: (Unit.NUMBER,),
    Measure.AVERAGE_CORRELATION: (Unit.NUMBER,),
    Measure.PRICE: (Unit.MONEY,),
    Measure.CHANGE: (Unit.SHARE,),
    Measure.AGE: (Unit.SECONDS,),
}
"""What a threshold of each measure can be in, the usual one first."""

SPANS: Mapping[str, int] = {"d": DAY, "h": 3_600 * SECOND, "min": 60 * SECOND, "s": SECOND}
"""Spans of time as they are printed, the longest first."""

SPELLED: Mapping[str, str] = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), "s"),
    **dict.fromkeys(("min", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
}
CHANNELS: Mapping[str, Channel] = {
    "window": Channel.WINDOW,
    "desktop": Channel.DESKTOP,
    "e-mail": Channel.MAIL,
    "email": Channel.MAIL,
    "mail": Channel.MAIL,
    "webhook": Channel.WEBHOOK,
}


class Lexicon(Protocol):
    """What names stand for: ids in rules, words in sentences."""

    def id_of(self, kind: str, word: str) -> str:
        """Return the id of a word; `kind` is a group, "account" or "source". InputError where it names nothing."""

    def word_of(self, kind: str, known: str) -> str:
        """Return the word of an id."""


def span_of(seconds: Decimal) -> tuple[Decimal, str]:
    """Return a span in the longest word that divides it: 5400 s are 90 min."""
    for word, length in SPANS.items():
        whole = Decimal(length // SECOND)
        if seconds and not seconds % whole:
            return seconds // whole, word
    return seconds, "s"


def rearm_of(threshold: Decimal, unit: Unit, *, is_above: bool) -> Decimal:
    """Return the usual level at which a rule is armed again: a twentieth of the threshold away from it."""
    band = abs(threshold) / 20
    if unit is Unit.SECONDS:
        band = Decimal(int(band))
    return threshold - band if is_above else threshold + band


Check = Callable[[Decimal], bool]
BOUNDS: Mapping[Measure, tuple[Check, str]] = {
    Measure.SHARE: (lambda value: 0 <= value <= 1, "A share is between 0 % and 100 %."),
    Measure.DRAWDOWN: (lambda value: 0 <= value <= 1, "A drawdown is between 0 % and 100 %."),
    Measure.CORRELATION: (lambda value: -1 <= value <= 1, "A correlation is between -1 and 1."),
    Measure.AVERAGE_CORRELATION: (lambda value: -1 <= value <= 1, "A correlation is between -1 and 1."),
    Measure.PRICE: (lambda value: value >= 0, "A price is not negative."),
    Measure.CHANGE: (lambda value: value >= -1, "Nothing can fall by more than 100 %."),
    Measure.AGE: (lambda value: value >= 0, "An age is not negative."),
    Measure.VALUE_AT_RISK: (lambda value: value >= 0, "Value at risk is not negative."),
    Measure.SHORTFALL: (lambda value: value >= 0, "A shortfall is not negative."),
    Measure.GROSS: (lambda value: value >= 0, "Gross exposure is not negative."),
}


def check_bounds(measure: Measure, value: Decimal, told: str) -> None:
    """Refuse a threshold, as it is `told`, that the measure can never reach; InputError says what it can."""
    known = BOUNDS.get(measure)
    if known is not None and not known[0](value):
        raise InputError(f"A limit of {told} can never be reached.", hint=known[1])
