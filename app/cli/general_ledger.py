"""counterfoil export gl: the books in double entry."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from app.cli.session import Session, run, session
from app.cli.tax_words import Country
from app.cli.words import date_of
from app.core.errors import UsageError
from app.core.lots.methods import Method
from app.core.lots.undisturbed import undisturbed
from app.core.tax.profile import profile
from app.services.general_ledger import Format
from app.services.tax_years import Asked

_NAMED = 5
"""Transactions without a figure that are named one by one on a terminal."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What was asked for."""

    output_format: Format
    out: Path
    country: Country | None
    method: Method | None
    currency: str
    year: int | None
    first: str
    last: str


def write_gl(
    context: typer.Context,
    output_format: Annotated[Format, typer.Option("--format", help="The program that will read it.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where it goes; it is not encrypted.")],
    jurisdiction: Annotated[
        Country | None, typer.Option(help="Whose rules cost follows (default: the one chosen in the vault).")
    ] = None,
    method: Annotated[Method | None, typer.Option(help="How cost is found (default: the jurisdiction's).")] = None,
    currency: Annotated[str, typer.Option(metavar="CCY", help="Of costs and gains (default: the country's).")] = "",
    year: Annotated[int | None, typer.Option(min=1970, max=2200, help="Only this tax year (default: all).")] = None,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="From this day on.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Until the end of this day.")] = "",
) -> None:
    """Write the books in double entry, assets at cost, gains and income by account."""
    words = _Words(output_format, out, jurisdiction, method, currency, year, first, last)
    if year is not None and (first or last):
        raise UsageError("--year and --from or --to exclude each other.", hint="Give a year, or two days.")
    undisturbed(run)(_write(session(context), words))


async def _write(here: Session, words: _Words) -> int:
    begin, end = date_of(words.first), date_of(words.last)
    async with here.unlocked() as workspace:
        code = words.country.value if words.country else await workspace.tax.country()
        if words.year is not None:
            begin, end = profile(code).calendar.bounds(words.year)
        books = await workspace.general_ledger.books(
            Asked(code, words.method, currency=words.currency.upper()), begin, end
        )
        written = await workspace.general_ledger.write(books, words.output_format, words.out)
    unknown = written.unknown
    if here.output.is_json:
        here.output.document(
            {
                "files": [str(file) for file in written.files],
                "format": words.output_format,
                "transactions": written.transactions,
                "currency": written.currency,
                "method": written.method,
                "unknown": [{"entry": one.entry_id or None, "why": one.unknown} for one in unknown],
            }
        )
    else:
        files = ", ".join(map(str, written.files))
        here.output.line(f"Wrote {written.transactions:,} transactions into {files}, cost by {written.method}.")
        if unknown:
            here.output.line(f"Of {len(unknown):,} of them some money is not known; it stands in Equity:Not-Valued:")
        for one in unknown[:_NAMED]:
            here.output.line(f"  {one.entry_id or one.narration}: {one.unknown}")
        if len(unknown) > _NAMED:
            here.output.line(f"  and {len(unknown) - _NAMED:,} more, marked in the file.")
    # A figure that is not known is blocked, and the status says so.
    return int(bool(unknown))
