"""What a period of the books brought: returns by every method, flows apart from gains, and the chain of days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from app.core.clock import DAY, to_datetime
from app.core.model.performance import By, Performance, Study
from app.core.model.views import Return
from app.core.money import SHARES
from app.core.reports.rounding import nearest, places_of
from app.core.reports.table import Cell, Column, Kind, Report, Table

FORM = "performance"
TITLE = "Performance"

_PERCENT_PLACES = 4

HOW = {
    "TWR": (
        "Time-weighted: each day's value at its close, less what flowed in or out that day, divided by the value at "
        "the close before; the days multiplied. It does not depend on when money was put in or taken out."
    ),
    "MWR": (
        "Money-weighted (XIRR): the one yearly rate at which the value at the start and every flow from its day on "
        "grow to the value at the end; a year has 365 days."
    ),
    "simple": "Simple: gain divided by the value at the start plus what flowed in, without regard to when.",
}
"""How each return is computed, by its method."""


def report(study: Study) -> Report:
    """Return the report; a figure that is not known blocks it."""
    tables = [_amounts(study), _returns(study)]
    if study.parts:
        tables.append(_parts(study))
    tables.append(_days(study))
    whole = (study.whole, *(part.performance for part in study.parts))
    return Report(
        FORM,
        f"{TITLE} from {study.first.isoformat()} to {study.last.isoformat()}",
        _facts(study),
        tuple(tables),
        _notes(study),
        edition="",
        references=(),
        is_verified=None,
        is_blocked=any(one.gain is None for one in whole),
        records=None,
        no_records="TXF carries sales of Form 8949 only.",
    )


def _facts(study: Study) -> tuple[tuple[str, str], ...]:
    whole = study.whole
    simulated = (("Books", "simulated: nothing in them is real"),) if study.is_simulated else ()
    measured = "no day has a price for all that was held"
    if whole.since is not None and whole.until is not None:
        measured = f"close of {_closed(whole.since)} to close of {_closed(whole.until)}"
    return (
        *simulated,
        ("Accounts", ", ".join(study.accounts) or "the whole book"),
        ("Measured from", measured),
        ("Currency", whole.currency.upper()),
        ("Days with a price", f"{whole.priced_days} of {whole.days}"),
        ("Days in", "UTC"),
        ("State of the books", study.head),
    )


def _notes(study: Study) -> tuple[str, ...]:
    places = places_of(study.whole.currency.upper())
    told = [
        (
            f"Amounts are rounded to {places} decimal places and returns to {_PERCENT_PLACES} of a percent, a half up; "
            "each is computed from exact figures."
        ),
        (
            "Deposits and withdrawals are no gains: they are valued at the close of their day and taken as made at its "
            "end. A transfer that is under way over the end of a day counts as taken out and put in again."
        ),
        (
            "Income is what rewards, airdrops, forks and interest brought, and fees are what was paid, each at the "
            "close of its day. Both are parts of the gain; the rest came of prices."
        ),
    ]
    if study.whole.is_short:
        told.append("The period is shorter than a year: MWR a year is what a year like it would bring.")
    if study.by is By.ACCOUNT:
        told.append(
            "What moved between two accounts is a flow of each of them, so their flows exceed those of the book."
        )
    if study.whole.left_out:
        told.append(f"Without any price and therefore left out: {', '.join(study.whole.left_out)}.")
    if study.whole.priced_days < study.whole.days:
        told.append(
            "A day on which something that was held has no price is a gap, and the chain goes on from the day before "
            "it to the day after it. What is missing: counterfoil price list --gaps --asset NAME, or Books, Prices."
        )
    returns = (study.whole.time_weighted, study.whole.annual, study.whole.simple)
    told += study.whole.unknown
    told += [f"{one.method} is not known: {one.why}" for one in returns if one.value is None]
    return tuple(told)


def _amounts(study: Study) -> Table:
    whole, places = study.whole, places_of(study.whole.currency.upper())
    rows: list[tuple[Cell, ...]] = [
        (words, nearest(value, places))
        for words, value in (
            ("Value at the start", whole.before),
            ("Put in", whole.flowed_in),
            ("Taken out", whole.flowed_out),
            ("Income", whole.income),
            ("Fees", whole.fees),
            ("Gain by prices", whole.by_prices),
            ("Gain in all: income, less fees, and by prices", whole.gain),
            ("Value at the end: start, put in, less taken out, and gain", whole.after),
        )
    ]
    return Table("The period", (Column("What"), Column(whole.currency.upper(), Kind.MONEY)), tuple(rows))


def _returns(study: Study) -> Table:
    whole = study.whole
    of_days = "The same rate, for the days of the period."
    rows = (
        ("TWR of the period", _percent(whole.time_weighted), HOW["TWR"]),
        ("MWR a year", _percent(whole.annual), HOW["MWR"]),
        ("MWR of the period", _percent(whole.money_weighted), of_days),
        ("Simple return of the period", _percent(whole.simple), HOW["simple"]),
    )
    return Table("Returns", (Column("Return"), Column("%", Kind.MONEY), Column("How it is computed")), rows)


def _parts(study: Study) -> Table:
    title = "By account" if study.by is By.ACCOUNT else f"By {study.by}"
    columns = (
        Column("Account" if study.by is By.ACCOUNT else "Period"),
        *(Column(name, Kind.MONEY) for name in ("Start", "Put in", "Taken out", "Income", "Fees", "Gain", "End")),
        *(Column(name, Kind.MONEY) for name in ("TWR %", "MWR %", "Simple %")),
        Column("Priced days"),
    )
    rows = tuple((part.name, *_figures(part.performance)) for part in study.parts)
    return Table(title, columns, rows)


def _figures(one: Performance) -> Iterator[Cell]:
    places = places_of(one.currency.upper())
    amounts = (one.before, one.flowed_in, one.flowed_out, one.income, one.fees, one.gain, one.after)
    yield from (nearest(value, places) for value in amounts)
    yield from (_percent(found) for found in (one.time_weighted, one.money_weighted, one.simple))
    yield f"{one.priced_days} of {one.days}"


def _days(study: Study) -> Table:
    places = places_of(study.whole.currency.upper())
    columns = (
        Column("Close of", Kind.DATE),
        Column("Before", Kind.MONEY),
        Column("Flow", Kind.MONEY),
        Column("After", Kind.MONEY),
        Column("Growth", Kind.MONEY),
        Column("TWR % until here", Kind.MONEY),
    )
    until = {day.at: day.grown for day in study.days}
    rows = tuple(
        (
            _closed(step.at), nearest(step.before, places), nearest(step.flow, places), nearest(step.after, places),
            nearest(step.growth, 8), _hundredfold(until.get(step.at)),
        )
        for step in study.whole.steps
    )  # fmt: skip
    return Table("Day by day: growth = (after − flow) ÷ before", columns, rows)


def _percent(found: Return) -> Decimal | None:
    return _hundredfold(found.value)


def _hundredfold(value: Decimal | None) -> Decimal | None:
    return None if value is None else nearest(SHARES.multiply(value, Decimal(100)), _PERCENT_PLACES)


def _closed(at: int) -> date:
    """Return the day that ends at a moment."""
    return to_datetime(at).date() - timedelta(days=1) if not at % DAY else to_datetime(at).date()
