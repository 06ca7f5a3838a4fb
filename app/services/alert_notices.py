"""What is said of an alert in the worklist and outside; outside, figures only where a person wants them there."""

from __future__ import annotations

from collections.abc import Callable

from app.core.alerts.measures import written
from app.core.alerts.sentence import amount, condition
from app.core.alerts.words import Lexicon
from app.core.clock import SECOND, iso
from app.core.findings import Finding, Severity
from app.core.model.alert_rules import AlertEvent, AlertRule
from app.core.model.notices import Notice

_OPEN = "Open Counterfoil to see it."


def notice_of(
    event: AlertEvent,
    details: bool,  # noqa: FBT001 - handed through
    *,
    version: Callable[[str], AlertRule],
    currency: str,
    names: Lexicon,
) -> Notice:
    """Return what is said of an event; `version` tells the rule of a record."""
    rule = version(event.rule_record)
    at = iso(event.at_ns, SECOND)
    fields = {"rule": event.rule_id, "happened": event.what.value, "at": at}
    if not details:
        title = f"Counterfoil: alert {event.rule_id} {event.what.value}"
        text = f"Alert {event.rule_id} {event.what.value} at {at}.\n\n{_OPEN} Figures and names are left out.\n"
        return Notice(event.record, title, text, fields)
    words = condition(rule, currency, names)
    value = "" if event.value is None else amount(event.value, rule.unit, currency)
    text = f"{words}\n\nIt {event.what.value} at {at}, at {value}.\n\n{_OPEN}\n"
    return Notice(event.record, f"Counterfoil: {words} ({event.what.value})", text,
                  fields | {"condition": words, "value": value})  # fmt: skip


def trial_notice(now_ns: int) -> Notice:
    """Return a notice that says it is a trial."""
    at = iso(now_ns, SECOND)
    text = f"This is a trial, sent at {at}. Alerts will arrive in the same way.\n"
    return Notice(f"trial-{now_ns}", "Counterfoil: a trial", text, {"happened": "trial", "at": at})


def alert_finding(rule: AlertRule, fired: AlertEvent, names: Lexicon) -> Finding:
    """Return that an alert fires which nobody acknowledged."""
    side = "above" if rule.is_above else "below"
    return Finding(
        Severity.WARNING,
        "alert-fires",
        f"The {written(rule.of, names)} is {side} its limit.",
        subject=rule.rule_id,
        detail=f"It fired at {iso(fired.at_ns, SECOND)}.",
        fix="Acknowledge the alert",
        place="alerts/happened",
        seen=fired.record,
    )
