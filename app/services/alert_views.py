"""Rules and what came of them, as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.core.alerts.machine import State
from app.core.model.alert_rules import AlertEvent, AlertRule, Channel
from app.core.money import ratio
from app.services.alert_outbox import Attempt


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule and where it stands.

    Attributes:
        words: Its sentence.
        short: What must be so, without what follows.
        firing: What it fires with; None while it does not.
        is_acknowledged: A person saw that it fires.
    """

    rule: AlertRule
    words: str
    short: str
    state: State
    firing: AlertEvent | None
    is_acknowledged: bool

    @property
    def used(self) -> Decimal | None:
        """Return how much of the limit is used: 1 is at the limit; None where that is unknown or has no meaning."""
        value, limit = self.state.value, self.rule.threshold
        if value is None:
            return None
        part, whole = (value, limit) if self.rule.is_above else (limit, value)
        return ratio(part, whole) if part >= 0 and whole > 0 else None


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as a person reads it.

    Attributes:
        rule: As it was then.
        words: What was so: its condition.
        seen_ns: When a person acknowledged it; None while nobody did.
        over_ns: When it was cleared; None while it was not, or where it is no firing.
        attempts: How far notices of it are.
        are_forgotten: How its notices went is no longer kept; they are tried no more.
    """

    event: AlertEvent
    rule: AlertRule
    words: str
    seen_ns: int | None
    over_ns: int | None
    attempts: Mapping[Channel, Attempt]
    are_forgotten: bool = False
