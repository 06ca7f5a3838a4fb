"""counterfoil tax report: forms, workbooks and summaries of a tax year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.session import Session, run, session
from app.cli.tax_words import Country, options, text
from app.cli.words import date_of
from app.core.clock import to_datetime
from app.core.errors import InputError, UsageError
from app.core.lots.methods import Method, Scope
from app.core.lots.undisturbed import undisturbed
from app.core.reports.broker import read_lines
from app.core.reports.catalog import FORMS, Form
from app.core.reports.catalog import form as named
from app.core.reports.catalog import report as made
from app.core.reports.source import ReportSource, Wanted, from_transactions
from app.core.reports.table import Report
from app.core.tax.profile import Profile, profile
from app.core.tax.transactions import read
from app.services import broker_forms
from app.services.tax_reports import source_of
from app.services.tax_years import Asked


class Format(StrEnum):
    """How a report is written."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    TXF = "txf"


@dataclass(frozen=True, slots=True)
class _Words:
    """What was asked for."""

    form: Form
    asked: Asked
    year: int
    broker: Path | None
    as_of: date | None


def report(
    context: typer.Context,
    year: Annotated[int, typer.Option(min=1970, max=2200, help="The tax year, as the country names it.")],
    form: Annotated[str, typer.Option(metavar="NAME", help=f"One of {', '.join(FORMS)}.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where it goes; it is not encrypted.")],
    output_format: Annotated[
        Format | None, typer.Option("--format", help="How it is written (default: by the ending of FILE, else csv).")
    ] = None,
    transactions: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Of these, without a vault (default: of the vault).")
    ] = None,
    jurisdiction: Annotated[
        Country | None, typer.Option(help="Whose rules apply (default: those of the form).")
    ] = None,
    method: Annotated[Method | None, typer.Option(help="How cost is found (default: the jurisdiction's).")] = None,
    scope: Annotated[Scope | None, typer.Option(help="Where lots are looked for (default: likewise).")] = None,
    currency: Annotated[
        str, typer.Option(metavar="CCY", help="Of all values (default: the file's or country's).")
    ] = "",
    option: Annotated[
        list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="A jurisdiction's option; repeatable.")
    ] = None,
    broker: Annotated[
        Path | None,
        typer.Option("--form-1099-da", metavar="FILE.csv", help="What brokers reported, for us-8949 and its kin."),
    ] = None,
    at: Annotated[str, typer.Option(metavar="DATE", help="Of the end of this day, for holdings and unrealised.")] = "",
) -> None:
    """Write a report of a tax year into a file."""
    here, wanted = session(context), named(form)
    code = jurisdiction.value if jurisdiction else wanted.jurisdiction or "generic"
    asked = Asked(code, method, scope, currency.upper(), year, options(option or []))
    words = _Words(wanted, asked, year, _of_form(broker, wanted), _day(at, wanted))
    how = output_format or by_ending(out)
    if transactions is None:
        undisturbed(run)(_of_vault(here, words, out, how))
    else:
        run(_told(here, made(form, _of_file(transactions, words)), out, how))


def _of_form(broker: Path | None, form: Form) -> Path | None:
    if broker is not None and form.jurisdiction != "us":
        raise UsageError(
            "--form-1099-da belongs to the forms us-8949 and us-schedule-d.",
            hint="Leave it out, or choose one of them.",
        )
    return broker


def by_ending(out: Path) -> Format:
    """Return the format that the ending of a name says; CSV where it says none."""
    ending = out.suffix.removeprefix(".").lower()
    return Format(ending) if ending in list(Format) else Format.CSV


def _day(words: str, form: Form) -> date | None:
    if not words:
        return None
    if form.name not in ("holdings", "unrealised"):
        raise UsageError("--at belongs to the forms holdings and unrealised.", hint="Leave it out: end of the year.")
    return date_of(words)


def _of_file(transactions: Path, words: _Words) -> ReportSource:
    asked = words.asked
    chosen = profile(asked.jurisdiction, method=asked.method, scope=asked.scope, options=asked.options)
    found = read(text(transactions), currency=asked.currency, with_lots=chosen.method is Method.SPEC_ID)
    _check_day(words, chosen)
    lines = read_lines(text(words.broker)) if words.broker else None
    wanted = Wanted(words.year, found.currency, tuple(found.findings), lines, words.as_of)
    return from_transactions(found.transactions, chosen, wanted)


def _check_day(words: _Words, chosen: Profile) -> None:
    first, last = chosen.calendar.bounds(words.year)
    if words.as_of is not None and not first <= words.as_of <= last:
        raise InputError(
            f"{words.as_of} does not lie in the tax year {words.year}, {first} to {last}.",
            hint="Choose the year of that day.",
        )


async def _of_vault(here: Session, words: _Words, out: Path, how: Format) -> int:
    async with here.unlocked() as workspace:
        found = await workspace.tax.compute(words.asked)
        kept = await broker_forms.kept(workspace, words.year) if words.form.jurisdiction == "us" else None
        _check_day(words, found.profile)
        # What was chosen in the window counts here too, so that both give the same forms.
        reported = text(words.broker) if words.broker else kept.text if kept else ""
        lines = read_lines(reported) if reported else None
        # Prices of earlier days are read as they are asked for, while the vault is open.
        report_ = made(words.form.name, source_of(found, words.year, here.runtime.assets, lines, words.as_of))
    return await _told(here, report_, out, how)


async def _told(here: Session, report: Report, out: Path, how: Format) -> int:
    """Write the report and say so; the status is 1 where a figure in it is not known."""
    on = to_datetime(here.runtime.clock.now_ns()).date()
    here.runtime.reports[how.value].write(out, report, on)
    if here.output.is_json:
        here.output.document(
            {
                "file": out,
                "form": report.form,
                "format": how,
                "title": report.title,
                "edition": report.edition or None,
                "is_verified": report.is_verified,
                "is_blocked": report.is_blocked,
                "rows": sum(len(table.rows) for table in report.tables),
                "notes": report.notes,
            }
        )
    else:
        here.output.line(f"Wrote {report.title} into {out}: {report.verification}.")
        for note in report.notes:
            here.output.line(f"Note: {note}")
    return int(report.is_blocked)
