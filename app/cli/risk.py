"""counterfoil risk …: what the books may lose, how the models did, and what a stress would do."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from app.cli import risk_words as words
from app.cli.session import Session, session
from app.core.errors import UsageError
from app.core.risk.backtest.card import Card
from app.core.risk.study import Question
from app.services.risk import Book, Report, backtest, moment, of_files
from app.services.risk import report as reported

app = typer.Typer(help="Risk of the books, or of a file of holdings.", no_args_is_help=True)

Holdings = Annotated[
    Path | None, typer.Option(metavar="FILE.csv", help="Of these, without a vault: asset, quantity (default: books).")
]
History = Annotated[Path | None, typer.Option("--prices", metavar="FILE", help="With closes: CSV, packed, Parquet.")]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help="The last day that counts (default: the newest).")]
Confidence = Annotated[float, typer.Option(min=0.51, max=0.9999, help="Of value at risk and shortfall.")]
Window = Annotated[int, typer.Option(min=30, max=10_000, help="Days of history.")]
Currency = Annotated[str, typer.Option(metavar="CCY", help="What prices of the file are in; it never moves.")]


@app.callback()
def risk() -> None:
    """Risk of the books, or of a file of holdings."""


@app.command("report")
def report(
    context: typer.Context,
    holdings: Holdings = None,
    history: History = None,
    as_of: AsOf = "",
    confidence: Confidence = 0.99,
    horizon: Annotated[str, typer.Option(metavar="DAYS", help="Such as 1d or 10d.")] = "1d",
    window: Window = 500,
    seed: Annotated[int, typer.Option(min=0, help="Of everything that is drawn.")] = 1,
    currency: Currency = "USD",
) -> None:
    """Tell value at risk, expected shortfall, their parts, correlation, concentration, drawdown and stresses."""
    here = session(context)
    asked = Question(confidence, words.days(horizon), window, moment(as_of) if as_of else None, seed)
    found = run_report(here, holdings, history, asked, currency)
    if here.output.is_json:
        here.output.document(words.report_document(found))
    else:
        words.show_report(here.output, found)


def run_report(here: Session, holdings: Path | None, history: Path | None, asked: Question, currency: str) -> Report:
    """Return the report of the books, or of two files."""
    book = _of_files(here, holdings, history, currency, asked.as_of)
    if book is not None:
        return reported(book, asked)

    async def of_books() -> Report:
        async with here.unlocked() as workspace:
            return await workspace.risk.report(asked)

    return asyncio.run(of_books())


@app.command("backtest")
def back(
    context: typer.Context,
    holdings: Holdings = None,
    history: History = None,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First day that is forecast.")] = "",
    as_of: AsOf = "",
    confidence: Confidence = 0.99,
    window: Window = 500,
    currency: Currency = "USD",
) -> None:
    """Tell how each model would have done on this book, day by day, and which of them fail."""
    here = session(context)
    asked = Question(confidence, window=window, as_of=moment(as_of) if as_of else None)
    since = moment(first) if first else None
    book = _of_files(here, holdings, history, currency, asked.as_of)

    async def of_books() -> Card:
        async with here.unlocked() as workspace:
            return await workspace.risk.card(asked, since)

    found = asyncio.run(of_books()) if book is None else backtest(book, asked, since)
    if here.output.is_json:
        here.output.document(words.card_document(found))
    else:
        words.show_card(here.output, found)


@app.command("stress")
def stress(
    context: typer.Context,
    holdings: Holdings = None,
    history: History = None,
    as_of: AsOf = "",
    scenario: Annotated[str, typer.Option(metavar="NAME", help="Only those whose name has this word.")] = "",
    window: Window = 500,
    currency: Currency = "USD",
) -> None:
    """Tell what days that happened, and failures that might, would do to the book as it is."""
    here = session(context)
    asked = Question(window=window, as_of=moment(as_of) if as_of else None)
    found = run_report(here, holdings, history, asked, currency)
    chosen = [one for one in found.stress if scenario.casefold() in one.name.casefold()]
    if not chosen:
        names = "; ".join(one.name for one in found.stress)
        raise UsageError(f"No stress is named {scenario!r}.", hint=f"There are: {names}.")
    if here.output.is_json:
        here.output.document([words.stress_document(one) for one in chosen])
    else:
        words.show_stress(here.output, chosen, found.book)


def _of_files(
    here: Session, holdings: Path | None, history: Path | None, currency: str, as_of: int | None
) -> Book | None:
    if holdings is None and history is None:
        return None
    if holdings is None or history is None:
        missing = "--holdings" if holdings is None else "--prices"
        raise UsageError(f"{missing} is missing.", hint="Without a vault both are needed: --holdings and --prices.")
    return of_files(here.runtime, holdings, history, currency, as_of)
