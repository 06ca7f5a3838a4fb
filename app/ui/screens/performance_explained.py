"""How each figure of a period is computed, in words, with its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.core.model.performance import Performance, Step, Study
from app.core.model.views import Return
from app.ui import format as fmt
from app.ui.screens.base import HowComputed
from app.ui.words import tr

_SHOWN = 6


def explained(kind: str, study: Study) -> HowComputed:
    """Return how "gain", "twr", "mwr", "simple", "flows" or "income" is computed."""
    made = {"gain": _gain, "twr": _twr, "mwr": _mwr, "simple": _simple, "flows": _flows, "income": _income}[kind]
    return made(study)


def coverage(found: Performance) -> str:
    """Return what a figure rests on, and what it leaves out."""
    words = tr("%p of %d days have a price").replace("%p", f"[[{fmt.count(found.priced_days)}]]")
    parts = [words.replace("%d", f"[[{fmt.count(found.days)}]]")]
    if found.left_out:
        parts.append(tr("without any price: %s").replace("%s", ", ".join(found.left_out)))
    return " · ".join(parts)


def closed(at: int) -> str:
    """Return the day whose close a moment is."""
    return fmt.date(at - 1)


def _how(
    study: Study, title: str, formula: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]
) -> HowComputed:
    return HowComputed(title, formula, tuple(columns), tuple(rows), coverage(study.whole), study.head, "activity")


def _money(study: Study, value: Decimal | None, *, sign: bool = False) -> str:
    return fmt.amount(value, study.whole.currency, sign=sign)


def _with_why(formula: str, found: Return) -> str:
    return f"{formula} {found.why}".strip() if found.value is None else formula


def _gain(study: Study) -> HowComputed:
    whole = study.whole
    rows = [
        (tr("Value at the start"), _money(study, whole.before)),
        (tr("Put in"), _money(study, whole.flowed_in)),
        (tr("Taken out"), _money(study, whole.flowed_out)),
        (tr("Value at the end"), _money(study, whole.after)),
        (tr("Gain"), _money(study, whole.gain, sign=True)),
        (tr("of it income"), _money(study, whole.income, sign=True)),
        (tr("of it fees"), _money(study, whole.fees and whole.fees.copy_negate(), sign=True)),
        (tr("of it by prices"), _money(study, whole.by_prices, sign=True)),
    ]
    formula = tr(
        "Value at the end, less value at the start, less what was put in, plus what was taken out. Values are at the"
        " close of a day in UTC, that of today at the marks."
    )
    return _how(study, tr("Gain"), " ".join((formula, *whole.unknown)), (tr("Part"), tr("Amount")), rows)


def _twr(study: Study) -> HowComputed:
    whole = study.whole
    formula = tr(
        "Each day's value at its close, less what flowed in or out that day, divided by the value at the close before;"
        " the days multiplied. When money came or went does not matter."
    )
    flowing = [step for step in whole.steps if step.flow is None or step.flow]
    title = tr("Time-weighted return") + " · TWR"
    columns = (tr("Newest days with flows"), tr("Before"), tr("Flow"), tr("After"), tr("Growth"))
    return _how(study, title, _with_why(formula, whole.time_weighted), columns, _steps(study, flowing or whole.steps))


def _steps(study: Study, steps: Sequence[Step]) -> list[tuple[str, ...]]:
    shown: list[tuple[str, ...]] = [
        (
            closed(step.at),
            _money(study, step.before),
            _money(study, step.flow, sign=True),
            _money(study, step.after),
            fmt.percent(None if step.growth is None else step.growth - 1, sign=True),
        )
        for step in reversed(steps[-_SHOWN:])
    ]
    rest = len(study.whole.steps) - len(shown)
    if rest > 0:
        more = fmt.counted(rest, tr("%s more day, in the report"), tr("%s more days, in the report"))
        shown.append((more, "", "", "", ""))
    return shown


def _mwr(study: Study) -> HowComputed:
    whole = study.whole
    formula = tr(
        "The one yearly rate at which the value at the start and every flow, from its day on, grow to the value at the"
        " end. Flows count from the end of their day; a year has 365 days. The time-weighted return leaves out when"
        " money came and went: where the money-weighted return of the period is above it, more was invested in the"
        " better days."
    )
    if whole.is_short:
        formula += " " + tr("The period is shorter than a year: shown is what the rate makes of its days.")
    rows = []
    if whole.since is not None and whole.until is not None:
        flows = [step for step in whole.steps if step.flow]
        rows.append((closed(whole.since), tr("value at the start"), _money(study, whole.before)))
        rows += [(closed(one.at), tr("flow"), _money(study, one.flow, sign=True)) for one in flows[-_SHOWN:]]
        if len(flows) > _SHOWN:
            further = fmt.counted(len(flows) - _SHOWN, tr("%s earlier flow"), tr("%s earlier flows"))
            rows.insert(1, (further, "", ""))
        rows.append((closed(whole.until), tr("value at the end"), _money(study, whole.after)))
        rows.append((tr("Rate"), tr("a year"), fmt.percent(whole.annual.value, sign=True)))
        rows.append((tr("Rate"), tr("of the period"), fmt.percent(whole.money_weighted.value, sign=True)))
    title = tr("Money-weighted return") + " · MWR (XIRR)"
    return _how(study, title, _with_why(formula, whole.annual), (tr("Day"), tr("What"), tr("Amount")), rows)


def _simple(study: Study) -> HowComputed:
    whole = study.whole
    rows = [
        (tr("Gain"), _money(study, whole.gain, sign=True)),
        (tr("Value at the start"), _money(study, whole.before)),
        (tr("Put in"), _money(study, whole.flowed_in)),
    ]
    formula = tr("Gain ÷ (value at the start + what was put in), without regard to when it was put in.")
    return _how(study, tr("Simple return"), _with_why(formula, whole.simple), (tr("Part"), tr("Amount")), rows)


def _flows(study: Study) -> HowComputed:
    whole = study.whole
    flowing = [step for step in whole.steps if step.flow is None or step.flow]
    rows = [(closed(step.at), _money(study, step.flow, sign=True)) for step in reversed(flowing[-_SHOWN:])]
    formula = tr(
        "What came in from outside these accounts less what left them, day by day, valued at the close of the day. They"
        " are no gains. A transfer that is under way over the end of a day leaves and comes back."
    )
    title = tr("Put in and taken out")
    return _how(study, title, " ".join((formula, *whole.unknown)), (tr("Newest days"), tr("Amount")), rows)


def _income(study: Study) -> HowComputed:
    whole = study.whole
    rows = [
        (tr("Income"), _money(study, whole.income, sign=True)),
        (tr("Fees"), _money(study, whole.fees and whole.fees.copy_negate(), sign=True)),
    ]
    formula = tr(
        "Income is what rewards, airdrops, forks and interest brought, less interest that was paid; fees are what was"
        " paid, less rebates. Each at the close of its day; both are parts of the gain."
    )
    title, columns = tr("Income and fees"), (tr("Part"), tr("Amount"))
    return _how(study, title, " ".join((formula, *whole.unknown)), columns, rows)


def gaps_note(found: Performance) -> tuple[str, str]:
    """Return what is missing and what follows from it; "" where nothing is."""
    missing = found.days - found.priced_days
    if found.since is None:
        return tr("No day of this period has a price for everything that was held."), ""
    if found.unknown:
        return found.unknown[0], tr("Figures that rest on it are not shown.")
    if missing:
        what = fmt.counted(missing, tr("%s day has no price."), tr("%s days have no price."))
        return what, tr("Such days are gaps in the chart; the chain goes on from the day before to the day after.")
    if found.left_out:
        return tr("Without any price: %s.").replace("%s", ", ".join(found.left_out)), tr(
            "It is left out of every figure."
        )
    return "", ""
