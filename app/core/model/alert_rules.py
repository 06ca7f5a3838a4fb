"""Alerts: rules that a person sets, and what came of them. Both are records of the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Measure(StrEnum):
    """What a rule looks at."""

    VALUE_AT_RISK = "var"
    SHORTFALL = "es"
    EXPOSURE = "exposure"
    GROSS = "gross_exposure"
    NET = "net_exposure"
    SHARE = "share"
    DRAWDOWN = "drawdown"
    CORRELATION = "correlation"
    AVERAGE_CORRELATION = "average_correlation"
    PRICE = "price"
    CHANGE = "change"
    AGE = "age"


class Unit(StrEnum):
    """What a threshold is in: shares are 0 to 1, spans are seconds."""

    OF_BOOK = "of_book"
    SHARE = "share"
    MONEY = "money"
    NUMBER = "number"
    SECONDS = "seconds"


class Channel(StrEnum):
    """How a person is told. The inbox of the window has every alert, whatever else is chosen."""

    WINDOW = "window"
    DESKTOP = "desktop"
    MAIL = "e-mail"
    WEBHOOK = "webhook"


class Happened(StrEnum):
    """What came of a rule."""

    FIRED = "fired"
    CLEARED = "cleared"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class Measured:
    """What is measured, of what.

    Attributes:
        group: Of a share: "asset", "venue", "chain", "issuer" or "counterparty".
        name: Id of the asset, venue …, or the name of a source; "" is the largest share, or the marks themselves.
        other: The second asset of a correlation.
        confidence: Of value at risk and shortfall, 0 to 1.
        days: The horizon of value at risk, or over how long a change is measured.
    """

    measure: Measure
    group: str = ""
    name: str = ""
    other: str = ""
    confidence: Decimal | None = None
    days: int = 0


@dataclass(frozen=True, slots=True)
class AlertRule:
    """A limit; a later one with the same id replaces it.

    Attributes:
        threshold: In its unit; beyond it, on the side that `is_above` says, the condition is met.
        rearm: Back at or past this level a firing alert is over; between the two nothing changes.
        hold_ns: How long the condition must have been seen to be met.
        accounts: Whose figures are looked at; none are the whole book.
        is_removed: It is looked at no longer.
        recorded_ns: When the journal sealed it; 0 before.
        record: The hash of its record; "" before.
    """

    rule_id: str
    of: Measured
    is_above: bool
    threshold: Decimal
    unit: Unit
    rearm: Decimal
    hold_ns: int = 0
    accounts: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = (Channel.WINDOW,)
    is_removed: bool = False
    recorded_ns: int = 0
    record: str = ""


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """Something that came of a rule.

    Attributes:
        rule_record: Hash of the record of the rule as it was then.
        at_ns: When it was seen.
        value: What was measured; None where a person acknowledged.
        channels: By which it is told, as the rule said then.
        about: The record of the firing that was cleared or acknowledged; "" for a firing itself.
        recorded_ns: When the journal sealed it; 0 before.
        record: The hash of its record; "" before.
    """

    rule_id: str
    rule_record: str
    what: Happened
    at_ns: int
    value: Decimal | None
    channels: tuple[Channel, ...] = ()
    about: str = ""
    recorded_ns: int = 0
    record: str = ""


def in_force(recorded: Sequence[AlertRule]) -> tuple[AlertRule, ...]:
    """Return the rules that are looked at, by the newest word about each, in the order in which they were set."""
    newest: dict[str, AlertRule] = {}
    for rule in recorded:
        newest[rule.rule_id] = rule
    return tuple(rule for rule in newest.values() if not rule.is_removed)
