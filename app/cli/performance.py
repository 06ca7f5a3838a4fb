"""counterfoil performance: what a period brought, deposits set apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import typer

from app.cli.output import moment, number, share
from app.cli.session import Session, account_ids, run, session
from app.cli.views import Accounts
from app.core.clock import DAY, iso
from app.core.errors import UsageError
from app.core.model.views import Return, Scope
from app.core.valuation.performance import Performance


class Length(StrEnum):
    """How long the parts of a period are."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {Length.MONTH: 1, Length.QUARTER: 3, Length.YEAR: 12}


def performance(
    context: typer.Context,
    account: Accounts = None,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First day (default: of the books).")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day (default: today).")] = "",
    by: Annotated[Length | None, typer.Option(help="In parts of this length (default: as one).")] = None,
    work: Annotated[bool, typer.Option("--work", help="Show the chain of days behind the figures.")] = False,
) -> None:
    """Tell the time-weighted, the money-weighted and the simple return, with flows apart from gains."""
    run(_performance(session(context), account or [], (_day(first), _day(last)), by, has_work=work))


async def _performance(
    here: Session, accounts: list[str], days: tuple[date | None, date | None], by: Length | None, *, has_work: bool
) -> int:
    async with here.unlocked() as workspace:
        scope = Scope(accounts=await account_ids(workspace, accounts))
        whole = await workspace.portfolio.performance(scope, *days)
        found = [whole]
        if by is not None and whole.since is not None and whole.until is not None:
            first = days[0] or date.fromisoformat(iso(whole.since - DAY)[:10])
            last = date.fromisoformat(iso(whole.until - DAY)[:10])
            found = [await workspace.portfolio.performance(scope, *part) for part in _parts(first, last, by)]
    if here.output.is_json:
        here.output.document([one if has_work else replace(one, steps=()) for one in found])
    else:
        _show(here, found, has_work=has_work)
    return int(any(one.gain is None for one in found))


def _parts(first: date, last: date, by: Length) -> list[tuple[date, date]]:
    """Return months, quarters or years, as the calendar has them; the first and the last may be shorter."""
    found = []
    while first <= last:
        months = first.year * 12 + (first.month - 1) // _MONTHS[by] * _MONTHS[by] + _MONTHS[by]
        following = date(months // 12, months % 12 + 1, 1)
        found.append((first, min(last, following - timedelta(days=1))))
        first = following
    return found


def _show(here: Session, found: list[Performance], *, has_work: bool) -> None:
    columns = ("since", "until", "before", "in", "out", "gain", "after", "TWR", "MWR a year", "simple", "priced days")
    rows = [
        (
            moment(one.since), moment(one.until), *map(_money, _amounts(one)), *map(share, _returns(one)),
            f"{one.priced_days} of {one.days}",
        )
        for one in found
    ]  # fmt: skip
    here.output.table(columns, rows, right=columns[2:])
    here.output.line(f"In {found[0].currency.upper()}; closes are of the end of a day in UTC.")
    for why in dict.fromkeys(_reason(part) for one in found for part in (one.time_weighted, one.annual, one.simple)):
        if why:
            here.output.line(why)
    if found[0].left_out:
        here.output.line(f"Without a price and therefore left out: {', '.join(found[0].left_out)}")
    if has_work:
        steps = [step for one in found for step in one.steps]
        here.output.table(
            ("until", "before", "flow", "after", "growth"),
            [(moment(one.at), *map(_money, (one.before, one.flow, one.after)), number(one.growth)) for one in steps],
            right=("before", "flow", "after", "growth"),
        )


def _amounts(one: Performance) -> tuple[Decimal | None, ...]:
    return one.before, one.flowed_in, one.flowed_out, one.gain, one.after


def _returns(one: Performance) -> tuple[Decimal | None, ...]:
    return one.time_weighted.value, one.annual.value, one.simple.value


def _money(value: Decimal | None) -> str | None:
    """Return an amount for the terminal; the JSON document has all of its digits."""
    return None if value is None else f"{value:,.2f}"


def _reason(one: Return) -> str:
    return f"{one.method}: {one.why}" if one.value is None and one.why else ""


def _day(words: str) -> date | None:
    if not words:
        return None
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise UsageError(f"{words!r} is no date.", hint="Example: 2025-06-30.") from error
