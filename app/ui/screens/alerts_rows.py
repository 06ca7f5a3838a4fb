"""What the place of alerts shows: a row for each rule, a row for each thing that came of one, and trials in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.core.alerts.history import Trial
from app.core.alerts.machine import Phase
from app.core.alerts.sentence import amount, short_amount
from app.core.clock import DAY
from app.core.model.alert_rules import AlertRule, Happened, Measure, Unit
from app.services.alert_outbox import failing
from app.services.alert_views import Happening, Standing
from app.ui import format as fmt
from app.ui.models.cells import NOTHING, Cell, Figure, Share, Status, Words
from app.ui.models.columns import RIGHT, Column
from app.ui.models.rows import Branch
from app.ui.words import tr

_NEAR = 0.9
"""From such a share of a limit on it is near."""
_PUBLIC = frozenset((Measure.PRICE, Measure.CHANGE, Measure.CORRELATION, Measure.AVERAGE_CORRELATION, Measure.AGE))
"""Measures that say nothing of the book: their figures are never hidden as amounts."""


def rule_branches(standings: Iterable[Standing]) -> tuple[Branch, ...]:
    """Return a row for each rule."""
    return tuple(Branch(one.rule.rule_id, one) for one in standings)


def event_branches(happened: Iterable[Happening]) -> tuple[Branch, ...]:
    """Return a row for each thing that came of a rule."""
    return tuple(Branch(one.event.record, one) for one in happened)


def rule_name(one: Standing, currency: str) -> str:
    """Return how the row of a rule is called."""
    return titled(one.short, one.rule, currency)


def event_name(one: Happening, currency: str) -> str:
    """Return how the row of an event is called."""
    return f"{titled(one.words, one.rule, currency)}, {fmt.date(one.event.at_ns)}"


def titled(text: str, rule: AlertRule, currency: str) -> str:
    """Return a sentence as it stands alone: beginning with a capital."""
    said = shown(text, rule, currency)
    return said[:1].upper() + said[1:]


def marked(text: str, rule: AlertRule, currency: str) -> str:
    """Return a sentence in which amounts of the book stand in [[…]]."""
    if rule.unit is not Unit.MONEY or rule.of.measure in _PUBLIC:
        return text
    for value in {rule.threshold, rule.rearm}:
        said = amount(value, rule.unit, currency)
        text = text.replace(f" {said}", f" [[{said}]]")
    return text


def shown(text: str, rule: AlertRule, currency: str) -> str:
    """Return a sentence with amounts of the book hidden where they must be."""
    said = marked(text, rule, currency)
    return fmt.typeset(said) if said == text and fmt.mask() < fmt.Mask.EVERYTHING else fmt.prose(said)


def value_text(value: Decimal | None, rule: AlertRule, currency: str) -> str:
    """Return a reading, hidden where it must be; what is unknown is shown as such."""
    if value is None:
        return fmt.UNKNOWN
    if rule.unit is Unit.MONEY:
        is_public = rule.of.measure in _PUBLIC
        return f"{fmt.price(value)} {currency.upper()}" if is_public else fmt.amount(value, currency)
    said = short_amount(value, rule.unit, currency).removesuffix(" of the book")
    return fmt.typeset(said) if fmt.mask() < fmt.Mask.EVERYTHING else fmt.prose(said)


# rules ---------------------------------------------------------------------------------------------------------------
def _fires(*, is_seen: bool) -> Cell:
    word = tr("fires, seen") if is_seen else tr("fires")
    return Status(word, "text_3" if is_seen else "warn", "bell-ring", is_quiet=is_seen)


def _state(one: Standing) -> Cell:
    if one.state.phase is Phase.FIRING:
        return _fires(is_seen=one.is_acknowledged)
    if one.state.why:
        return Status(tr("unknown"), "text_3", "circle-dashed", is_quiet=True)
    if one.state.phase is Phase.PENDING:
        return Status(tr("pending"), "info", "hourglass")
    return Status(tr("armed"), "text_3", "bell", is_quiet=True)


def _used(one: Standing) -> Cell:
    used = one.used
    if used is None:
        return Figure(fmt.UNKNOWN, "text_3") if one.state.value is None else NOTHING
    tone = "warn" if float(used) >= _NEAR else "accent"
    return Share(min(1.0, float(used)), fmt.percent(used, places=0), tone)


def rule_columns(currency: str) -> Sequence[Column]:
    """Return the columns of the rules."""

    def now(one: Standing) -> Cell:
        return Figure(value_text(one.state.value, one.rule, currency), "text" if not one.state.why else "text_3")

    def limit(one: Standing) -> Cell:
        return Figure(value_text(one.rule.threshold, one.rule, currency), "text_2")

    return (
        Column("state", tr("State"), lambda one: one.state.phase.value, _state, priority=100, width=96, can_hide=False,
               tooltip=lambda one: fmt.prose(one.state.why)),
        Column("rule", tr("Alert"), lambda one: one.words, lambda one: Words(titled(one.short, one.rule, currency)),
               priority=100, width=220, gives_way=True, can_hide=False,
               tooltip=lambda one: shown(one.words, one.rule, currency)),
        Column("now", tr("Now"), lambda one: one.state.value, now, RIGHT, priority=95, can_sort=False,
               about=tr("What is measured now; a dash is unknown, and the reason stands at its state")),
        Column("limit", tr("Limit"), lambda one: one.rule.threshold, limit, RIGHT, priority=80, can_sort=False),
        Column("used", tr("Of limit"), lambda one: one.used, _used, RIGHT, priority=90, width=110,
               about=tr("How much of the limit is used: 100 % is at the limit")),
        Column("since", tr("Since"), lambda one: _moment(one.state.since), _since, RIGHT, priority=60, width=110,
               sort_key=lambda one: one.state.since or 0),
        Column("told", tr("Told by"), lambda one: ", ".join(one.rule.channels),
               lambda one: Words(", ".join(tr(channel.value) for channel in one.rule.channels), "text_2"),
               priority=50, width=110),
    )  # fmt: skip


def _moment(at: int | None) -> str | None:
    return None if at is None else fmt.moment(at)


def _since(one: Standing) -> Cell:
    since = one.state.since
    return NOTHING if since is None else Figure(f"{fmt.date(since)} {fmt.time(since)}", "text_2")


# what happened -------------------------------------------------------------------------------------------------------
def _what(one: Happening) -> Cell:
    if one.event.what is Happened.CLEARED:
        return Status(tr("over"), "ok", "check", is_quiet=True)
    if one.over_ns is None:
        return _fires(is_seen=one.seen_ns is not None)
    return Status(tr("fired"), "text_3", "bell-ring", is_quiet=True)


def _seen(one: Happening) -> Cell:
    if one.event.what is not Happened.FIRED:
        return NOTHING
    if one.seen_ns is None:
        return Words(tr("nobody yet"), "warn" if one.over_ns is None else "text_2")
    return Words(fmt.moment(one.seen_ns), "text_2")


def delivery_words(one: Happening) -> str:
    """Return how far its notices are."""
    failed = failing(one.attempts.values())
    if failed:
        given_up = tr("given up: %s") if failed[0].is_given_up else "%s"
        return given_up.replace("%s", failed[0].error)
    if one.are_forgotten:
        return tr("no longer kept")
    arrived = [channel.value for channel, attempt in one.attempts.items() if attempt.done_ns is not None]
    return tr("delivered by %s").replace("%s", ", ".join(arrived)) if arrived else ""


def _delivered(one: Happening) -> Cell:
    is_failing = bool(failing(one.attempts.values()))
    return Words(fmt.prose(delivery_words(one)), "warn" if is_failing else "text_2")


def event_columns(currency: str) -> Sequence[Column]:
    """Return the columns of what happened."""

    def value(one: Happening) -> Cell:
        return Figure(value_text(one.event.value, one.rule, currency))

    return (
        Column("at", tr("When, UTC"), lambda one: fmt.moment(one.event.at_ns),
               lambda one: Words(f"{fmt.date(one.event.at_ns)} {fmt.time(one.event.at_ns)}", "text_2"),
               sort_key=lambda one: one.event.at_ns, priority=100, width=140, can_hide=False,
               tooltip=lambda one: fmt.local(one.event.at_ns)),
        Column("what", tr("What"), lambda one: one.event.what.value, _what, priority=100, width=96, can_hide=False),
        Column("rule", tr("Alert"), lambda one: one.words,
               lambda one: Words(titled(one.words, one.rule, currency)),
               priority=100, width=220, gives_way=True, can_hide=False,
               tooltip=lambda one: titled(one.words, one.rule, currency)),
        Column("value", tr("Value"), lambda one: one.event.value, value, RIGHT, priority=95, can_sort=False),
        Column("seen", tr("Acknowledged"), lambda one: _moment(one.seen_ns), _seen, priority=90, width=110,
               sort_key=lambda one: one.seen_ns or 0),
        Column("delivery", tr("Notices"), delivery_words, _delivered, priority=80, width=150, gives_way=True,
               tooltip=lambda one: fmt.prose(delivery_words(one))),
        Column("record", tr("Record"), lambda one: one.event.record,
               lambda one: Words(fmt.grouped_hash(one.event.record, short=True), "text_3", "mono_small"),
               can_sort=False, priority=40, width=90),
    )  # fmt: skip


# trials --------------------------------------------------------------------------------------------------------------
def trial_words(found: Trial) -> str:
    """Return how often a rule would have fired, with the last days on which it did."""
    if found.why_not:
        return fmt.prose(tr("How often it would have fired cannot be told: %s").replace("%s", found.why_not))
    count, days = len(found.firings), found.known
    last = [fmt.day(one.fired // DAY * DAY) for one in found.firings[-3:]]
    times = tr("would never have fired") if not count else fmt.counted(
        count, tr("would have fired once"), tr("would have fired %s times")
    )  # fmt: skip
    text = tr("It %t in the last %d days").replace("%t", times).replace("%d", fmt.count(days))
    if last:
        text += tr(" (last: %s)").replace("%s", ", ".join(last))
        text += tr(" and would still fire") if found.firings[-1].cleared is None else ""
    return f"{text}, {tr('by')} {found.how}."
