"""counterfoil risk …: what the books may lose, how the models did, and what a stress would do.

What computes is loaded by the commands themselves: no other command waits for the numeric libraries.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.session import session

app = typer.Typer(help="Risk of the books, or of a file of holdings.", no_args_is_help=True)

Holdings = Annotated[
    Path | None,
    typer.Option(
        "--holdings",
        "--positions",
        metavar="FILE.csv",
        help="Of these, without a vault: asset, quantity; also kind, venue, chain, entry, margin (default: books).",
    ),
]
History = Annotated[Path | None, typer.Option("--prices", metavar="FILE", help="With closes: CSV, packed, Parquet.")]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help="The last day that counts (default: the newest).")]
Confidence = Annotated[float, typer.Option(min=0.51, max=0.9999, help="Of value at risk and shortfall.")]
Window = Annotated[int, typer.Option(min=30, max=10_000, help="Days of history.")]
Proxy = Annotated[
    str, typer.Option(metavar="NAME", help="Whose history stands in for new assets; none (default in books: BTC).")
]
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
    proxy: Proxy = "",
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First day of performance (window).")] = "",
    benchmark: Annotated[str, typer.Option(metavar="NAME", help="An asset, equal or none (default: BTC).")] = "",
    riskless: Annotated[str, typer.Option(metavar="RATE", help="What is without risk, a year, such as 4%.")] = "0",
    books: Annotated[float, typer.Option(metavar="SECONDS", min=0, max=3_600, help="Watch order books before.")] = 0,
) -> None:
    """Tell value at risk, expected shortfall, their parts, correlation, concentration, drawdown, stresses, ratios."""
    from app.cli import risk_desk, track_words

    asked = risk_desk.question(as_of, confidence, horizon, window, seed=seed, proxy=proxy)
    wanted = track_words.Wanted(first, benchmark, riskless)
    risk_desk.report(session(context), risk_desk.Sources(holdings, history, currency, books), asked, wanted)


@app.command("backtest")
def backtest(
    context: typer.Context,
    holdings: Holdings = None,
    history: History = None,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First day that is forecast.")] = "",
    as_of: AsOf = "",
    confidence: Confidence = 0.99,
    window: Window = 500,
    currency: Currency = "USD",
    proxy: Proxy = "",
) -> None:
    """Tell how each model would have done on this book, day by day, and which of them fail."""
    from app.cli import risk_desk

    asked = risk_desk.question(as_of, confidence, window=window, proxy=proxy)
    risk_desk.backtest(session(context), risk_desk.Sources(holdings, history, currency), asked, first)


@app.command("stress")
def stress(
    context: typer.Context,
    holdings: Holdings = None,
    history: History = None,
    as_of: AsOf = "",
    scenario: Annotated[str, typer.Option(metavar="NAME", help="Only those whose name has this word.")] = "",
    shock: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=PERCENT", help="A price that moves: BTC=-30%, crypto=-50%; several."),
    ] = None,
    beta: Annotated[str, typer.Option(metavar="ASSET", help="All others follow its shock by their beta.")] = "",
    save: Annotated[str, typer.Option(metavar="NAME", help="Keep the shock in the vault under this name.")] = "",
    delete: Annotated[str, typer.Option(metavar="NAME", help="Forget the own scenario of this name.")] = "",
    window: Window = 500,
    currency: Currency = "USD",
    proxy: Proxy = "",
) -> None:
    """Tell what days that happened, failures that might, and shocks of your own would do to the book as it is."""
    from app.cli import risk_desk, risk_stress

    asked = risk_desk.question(as_of, window=window, proxy=proxy)
    wish = risk_stress.Wish(scenario, tuple(shock or ()), beta, save, delete)
    risk_stress.stress(session(context), risk_desk.Sources(holdings, history, currency), asked, wish)
