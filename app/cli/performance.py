"""counterfoil performance: what a period brought, deposits set apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.output import moment, number, share
from app.cli.session import Session, account_ids, run, session
from app.cli.tax_report import Format, by_ending
from app.cli.views import Accounts
from app.cli.words import date_of
from app.core.clock import to_datetime
from app.core.errors import UsageError
from app.core.model.performance import By, Performance, Study
from app.core.model.views import Return
from app.core.reports import performance as report


@dataclass(frozen=True, slots=True)
class _Words:
    """What was asked for."""

    accounts: list[str]
    first: date | None
    last: date | None
    by: By | None
    has_work: bool
    out: Path | None
    how: Format | None


def performance(
    context: typer.Context,
    account: Accounts = None,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First day (default: of the books).")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day (default: today).")] = "",
    by: Annotated[By | None, typer.Option(help="In parts of this kind (default: as one).")] = None,
    work: Annotated[bool, typer.Option("--work", help="Show the chain of days behind the figures.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a report there; it is not encrypted.")] = None,
    output_format: Annotated[
        Format | None, typer.Option("--format", help="How the report is written (default: by the ending of FILE).")
    ] = None,
) -> None:
    """Tell the time-weighted, the money-weighted and the simple return, with flows apart from gains."""
    words = _Words(account or [], date_of(first), date_of(last), by, work, out, _format(out, output_format))
    run(_performance(session(context), words))


def _format(out: Path | None, chosen: Format | None) -> Format | None:
    if out is None and chosen is not None:
        raise UsageError("--format belongs to --out.", hint="Say where the report goes: --out performance.pdf")
    how = None if out is None else chosen or by_ending(out)
    if how is Format.TXF:
        raise UsageError("TXF carries sales of Form 8949 only.", hint="Choose csv, xlsx or pdf.")
    return how


async def _performance(here: Session, words: _Words) -> int:
    async with here.unlocked() as workspace:
        accounts = await account_ids(workspace, words.accounts)
        found = await workspace.performance.study(accounts, words.first, words.last, words.by)
    if words.out is not None and words.how is not None:
        return _write(here, found, words.out, words.how)
    shown = [(part.name, part.performance) for part in found.parts] if words.by else [("", found.whole)]
    if here.output.is_json:
        here.output.document([_document(name, one, words) for name, one in shown])
    else:
        _show(here, found, shown, has_work=words.has_work)
    return int(any(one.gain is None for _, one in shown))


def _write(here: Session, found: Study, out: Path, how: Format) -> int:
    made = report.report(found)
    here.runtime.reports[how.value].write(out, made, to_datetime(here.runtime.clock.now_ns()).date())
    if here.output.is_json:
        rows = sum(len(table.rows) for table in made.tables)
        here.output.document({"file": out, "format": how, "title": made.title, "is_blocked": made.is_blocked,
                              "rows": rows, "notes": made.notes})  # fmt: skip
    else:
        here.output.line(f"Wrote {made.title} into {out}.")
        for note in made.notes:
            here.output.line(f"Note: {note}")
    return int(made.is_blocked)


def _document(name: str, one: Performance, words: _Words) -> dict[str, Any]:
    found: dict[str, Any] = {field: getattr(one, field) for field in one.__slots__}
    found |= {
        "by_prices": one.by_prices,
        "money_weighted": one.money_weighted,
        "steps": one.steps if words.has_work else (),
    }
    return {"name": name, **found} if name else found


def _show(here: Session, study: Study, shown: list[tuple[str, Performance]], *, has_work: bool) -> None:
    named = () if study.by is None else ("account" if study.by is By.ACCOUNT else "period",)
    columns = (
        "since", "until", "before", "in", "out", "income", "fees", "by prices", "gain", "after",
        "TWR", "MWR", "MWR a year", "simple", "priced days",
    )  # fmt: skip
    rows = [
        (
            *((name,) if study.by else ()), moment(one.since), moment(one.until), *map(_money, _amounts(one)),
            *map(share, _returns(one)), f"{one.priced_days} of {one.days}",
        )
        for name, one in shown
    ]  # fmt: skip
    here.output.table((*named, *columns), rows, right=columns[2:])
    here.output.line(f"In {study.whole.currency.upper()}; closes are of the end of a day in UTC.")
    here.output.line(
        "TWR leaves out when money came and went, MWR counts it: where MWR is above TWR, more was invested in the "
        "better days."
    )
    reasons = [_reason(part) for _, one in shown for part in (one.time_weighted, one.annual, one.simple)]
    for why in dict.fromkeys((*(why for _, one in shown for why in one.unknown), *filter(None, reasons))):
        here.output.line(why)
    if any(one.is_short for _, one in shown):
        here.output.line("MWR a year of a shorter period is what a year like it would bring.")
    if study.whole.left_out:
        here.output.line(f"Without a price and therefore left out: {', '.join(study.whole.left_out)}")
    if has_work:
        here.output.table(
            ("until", "before", "flow", "after", "growth"),
            [
                (moment(one.at), *map(_money, (one.before, one.flow, one.after)), number(one.growth))
                for one in study.whole.steps
            ],
            right=("before", "flow", "after", "growth"),
        )


def _amounts(one: Performance) -> tuple[Decimal | None, ...]:
    return one.before, one.flowed_in, one.flowed_out, one.income, one.fees, one.by_prices, one.gain, one.after


def _returns(one: Performance) -> tuple[Decimal | None, ...]:
    return one.time_weighted.value, one.money_weighted.value, one.annual.value, one.simple.value


def _money(value: Decimal | None) -> str | None:
    """Return an amount for the terminal; the JSON document has all of its digits."""
    return None if value is None else f"{value:,.2f}"


def _reason(one: Return) -> str:
    return f"{one.method}: {one.why}" if one.value is None and one.why else ""
