"""Rules of alerts and what came of them, as they are sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.journal.bodies import read_decimal
from app.core.model.alert_rules import AlertEvent, AlertRule, Channel, Happened, Measure, Measured, Unit


def rule_fields(rule: AlertRule) -> dict[str, Any]:
    """Return what is sealed of a rule."""
    of = rule.of
    return {
        "above": rule.is_above,
        "accounts": list(rule.accounts),
        "channels": [one.value for one in rule.channels],
        "hold": rule.hold_ns,
        "id": rule.rule_id,
        "of": {
            "confidence": of.confidence,
            "days": of.days,
            "group": of.group,
            "measure": of.measure.value,
            "name": of.name,
            "other": of.other,
        },
        "rearm": rule.rearm,
        "removed": rule.is_removed,
        "threshold": rule.threshold,
        "unit": rule.unit.value,
    }


def read_rule(fields: Mapping[str, Any], recorded_ns: int, record: str) -> AlertRule:
    """Return the rule of a sealed body."""
    of = fields["of"]
    confidence = None if of["confidence"] is None else read_decimal(of["confidence"])
    return AlertRule(
        fields["id"],
        Measured(Measure(of["measure"]), of["group"], of["name"], of["other"], confidence, of["days"]),
        fields["above"],
        read_decimal(fields["threshold"]),
        Unit(fields["unit"]),
        read_decimal(fields["rearm"]),
        fields["hold"],
        tuple(fields["accounts"]),
        tuple(Channel(one) for one in fields["channels"]),
        fields["removed"],
        recorded_ns,
        record,
    )


def event_fields(event: AlertEvent) -> dict[str, Any]:
    """Return what is sealed of something that came of a rule."""
    return {
        "about": event.about,
        "at": event.at_ns,
        "channels": [one.value for one in event.channels],
        "rule": event.rule_id,
        "rule_record": event.rule_record,
        "value": event.value,
        "what": event.what.value,
    }


def read_event(fields: Mapping[str, Any], recorded_ns: int, record: str) -> AlertEvent:
    """Return what came of a rule, of a sealed body."""
    return AlertEvent(
        fields["rule"],
        fields["rule_record"],
        Happened(fields["what"]),
        fields["at"],
        None if fields["value"] is None else read_decimal(fields["value"]),
        tuple(Channel(one) for one in fields["channels"]),
        fields["about"],
        recorded_ns,
        record,
    )
