"""How rules, what came of them, and how notices leave the computer are told on the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.cli.output import Output, moment, share
from app.core.alerts.history import Trial
from app.core.alerts.sentence import short_amount
from app.core.clock import iso
from app.core.model.alert_rules import AlertRule, Channel, Happened
from app.core.names import counted
from app.services.alert_outbox import Attempt, Delivery, failing
from app.services.alert_views import Happening, Standing


def tell_standings(output: Output, standings: Sequence[Standing], currency: str) -> None:
    """Tell the rules and where they stand."""
    if output.is_json:
        output.document([_standing(one) for one in standings])
        return
    if not standings:
        output.line('There are no alerts yet. Add one: counterfoil alerts add "If drawdown is above 20 %"')
        return
    rows = [
        (
            one.rule.rule_id,
            one.state.phase.value + (", acknowledged" if one.is_acknowledged else ""),
            "unknown" if one.state.value is None else short_amount(one.state.value, one.rule.unit, currency),
            share(one.used) or "–",
            one.words,
            one.state.why,
        )
        for one in standings
    ]
    output.table(("id", "state", "now", "of limit", "rule", "unknown because"), rows, right=("now", "of limit"))


def _standing(one: Standing) -> dict[str, Any]:
    rule, state = one.rule, one.state
    return {
        "id": rule.rule_id,
        "sentence": one.words,
        "state": state.phase.value,
        "value": state.value,
        "unit": rule.unit.value,
        "threshold": rule.threshold,
        "rearm": rule.rearm,
        "used": one.used,
        "unknown": state.why,
        "firing_since": None if one.firing is None else iso(one.firing.at_ns),
        "acknowledged": one.is_acknowledged,
        "channels": [channel.value for channel in rule.channels],
        "record": rule.record,
    }


def tell_happened(output: Output, found: Sequence[Happening], currency: str) -> None:
    """Tell what came of rules, the newest first."""
    if output.is_json:
        output.document([_happening(one) for one in found])
        return
    rows = [
        (
            moment(one.event.at_ns),
            one.event.rule_id,
            one.event.what.value,
            None if one.event.value is None else short_amount(one.event.value, one.rule.unit, currency),
            one.words,
            _since(one),
            "; ".join(map(_failed, failing(one.attempts.values()))),
        )
        for one in found
    ]
    output.table(("at", "id", "what", "value", "rule", "since then", "not delivered"), rows, right=("value",))


def _failed(attempt: Attempt) -> str:
    return f"given up: {attempt.error}" if attempt.is_given_up else attempt.error


def _since(one: Happening) -> str:
    if one.event.what is not Happened.FIRED:
        return ""
    seen = "" if one.seen_ns is None else f"acknowledged {moment(one.seen_ns)}"
    over = "" if one.over_ns is None else f"over {moment(one.over_ns)}"
    return ", ".join(word for word in (seen, over) if word) or "fires"


def _happening(one: Happening) -> dict[str, Any]:
    event = one.event
    return {
        "id": event.rule_id,
        "what": event.what.value,
        "at": iso(event.at_ns),
        "value": event.value,
        "unit": one.rule.unit.value,
        "condition": one.words,
        "acknowledged_at": None if one.seen_ns is None else iso(one.seen_ns),
        "cleared_at": None if one.over_ns is None else iso(one.over_ns),
        "record": event.record,
        "deliveries": [
            {"channel": channel.value, "tries": attempt.tries, "error": attempt.error,
             "is_given_up": attempt.is_given_up,
             "delivered_at": None if attempt.done_ns is None else iso(attempt.done_ns)}
            for channel, attempt in one.attempts.items()
        ],
    }  # fmt: skip


def tell_trial(output: Output, text: str, rule: AlertRule, found: Trial, currency: str) -> None:
    """Tell how often a rule would have fired."""
    if output.is_json:
        output.document(_trial(text, found))
        return
    output.line(text)
    if found.why_not:
        output.line(f"How often it would have fired cannot be told: {found.why_not}")
        return
    count = len(found.firings)
    times = "have fired once" if count == 1 else f"have fired {count} times" if count else "never have fired"
    days = f"{counted(found.known, 'day')} from {_day(found.first)} to {_day(found.last)}"
    output.line(f"It would {times} in {days}, by {found.how}.")
    if found.unknown:
        are = "is" if found.unknown == 1 else "are"
        output.line(f"{counted(found.unknown, 'day')} {are} not known and left out.")
    rows = [
        (_day(one.fired), _day(one.cleared) or "fires still", short_amount(one.worst, rule.unit, currency))
        for one in found.firings
    ]
    if rows:
        output.table(("fired", "over", "worst"), rows, right=("worst",))


def _trial(text: str, found: Trial) -> dict[str, Any]:
    return {
        "sentence": text,
        "count": None if found.why_not else len(found.firings),
        "from": _day(found.first),
        "to": _day(found.last),
        "days": found.known,
        "unknown_days": found.unknown,
        "by": found.how,
        "why_not": found.why_not,
        "firings": [
            {"fired": _day(one.fired), "cleared": _day(one.cleared), "worst": one.worst} for one in found.firings
        ],
    }


def _day(at: int | None) -> str | None:
    return None if at is None else iso(at)[:10]


def delivery_document(delivery: Delivery) -> dict[str, Any]:
    """Return how notices leave the computer, without secrets."""
    mail, hook = delivery.mail, delivery.hook
    return {
        "mail": None
        if mail is None
        else {"host": mail.host, "port": mail.port, "security": mail.security.value, "user": mail.user,
              "from": mail.sender, "to": list(mail.recipients), "has_password": bool(mail.password)},
        "webhook": None if hook is None else {"url": hook.url, "is_signed": bool(hook.secret)},
        "details": delivery.details,
    }  # fmt: skip


def unset(rule: AlertRule, delivery: Delivery) -> list[str]:
    """Return the ways out of a rule that lead nowhere yet."""
    is_missing = {Channel.MAIL: delivery.mail is None, Channel.WEBHOOK: delivery.hook is None}
    return [one.value for one in rule.channels if is_missing.get(one, False)]


def delivery_lines(delivery: Delivery) -> Iterator[str]:
    """Yield how notices leave the computer, a line each."""
    mail, hook = delivery.mail, delivery.hook
    if mail is None:
        yield "e-mail: no server is set."
    else:
        to = ", ".join(mail.recipients)
        yield f"e-mail: {mail.host}:{mail.port} by {mail.security.value}, from {mail.sender} to {to}."
    if hook is None:
        yield "webhook: no address is set."
    else:
        yield f"webhook: {hook.url}, {'signed' if hook.secret else 'not signed'}."
    said = "Figures and names are said" if delivery.details else "Figures and names are left out"
    yield f"{said} in what leaves this computer."
