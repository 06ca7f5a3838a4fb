"""What the commands of risk do: ask the desk, of the books or of two files, and print the answer."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from app.cli import risk_card_words as card_words
from app.cli import risk_words as words
from app.cli import track_words
from app.cli.session import Session, run
from app.cli.track_words import Wanted
from app.core.errors import InputError, UsageError
from app.core.risk.study import Question
from app.services import risk
from app.services.risk_books import Book
from app.services.track_record import Record, of_files


class Sources(NamedTuple):
    """Where the book comes from: two files, or neither for the vault."""

    holdings: Path | None
    history: Path | None
    currency: str
    books: float = 0.0
    """Seconds for which order books are watched before anything is computed."""


def question(
    as_of: str, confidence: float = 0.99, horizon: str = "1d", window: int = 500, *, seed: int = 1, proxy: str = ""
) -> Question:
    """Return what the words of a command ask for; UsageError where one means nothing."""
    day = risk.moment(as_of) if as_of else None
    return Question(confidence, words.days(horizon), window, day, seed, proxy=proxy)


def report(here: Session, sources: Sources, asked: Question, wanted: Wanted) -> None:
    """Print every figure, of what may happen and of what came about."""
    run(_report(here, sources, asked, wanted))


async def _report(here: Session, sources: Sources, asked: Question, wanted: Wanted) -> None:
    past: Record | InputError
    book = book_of_files(here, sources, asked)
    if book is not None:
        found = risk.report(book, asked)
        try:
            past = of_files(here.runtime.assets, book, asked, track_words.asked(wanted, asked, wanted.benchmark))
        except InputError as fault:
            past = fault
    else:
        async with here.unlocked() as workspace:
            question = track_words.asked(wanted, asked, workspace.track_record.named(wanted.benchmark))
            if sources.books:
                await workspace.risk.watch(sources.books)
            found = await workspace.risk.report(asked)
            try:
                past = await workspace.track_record.record(question)
            except InputError as fault:
                past = fault
    if here.output.is_json:
        here.output.document(words.report_document(found) | {"performance": track_words.document(past)})
    else:
        words.show_report(here.output, found)
        track_words.show(here.output, past)


def backtest(here: Session, sources: Sources, asked: Question, first: str) -> None:
    """Print the report card."""
    run(_backtest(here, sources, asked, risk.moment(first, "--from") if first else None))


async def _backtest(here: Session, sources: Sources, asked: Question, since: int | None) -> None:
    book = book_of_files(here, sources, asked)
    if book is not None:
        found = risk.backtest(book, asked, since)
    else:
        async with here.unlocked() as workspace:
            found = await workspace.risk.card(asked, since)
    if here.output.is_json:
        here.output.document(card_words.card_document(found))
    else:
        card_words.show_card(here.output, found)


def book_of_files(here: Session, sources: Sources, asked: Question) -> Book | None:
    """Return the book of two files; None where neither is named: then the vault is meant."""
    holdings, history, currency, books = sources
    if holdings is None and history is None:
        return None
    if holdings is None or history is None:
        missing = "--holdings" if holdings is None else "--prices"
        raise UsageError(f"{missing} is missing.", hint="Without a vault both are needed: --holdings and --prices.")
    if books:
        raise UsageError("--books reads the venues of a vault.", hint="Leave it out where files are given.")
    return risk.of_files(here.runtime, holdings, history, currency, asked.as_of)
