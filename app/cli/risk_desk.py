"""What the commands of risk do: ask the desk, of the books or of two files, and print the answer."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from app.cli import risk_words as words
from app.cli import track_words
from app.cli.session import Session, run
from app.cli.track_words import Wanted
from app.core.errors import InputError, UsageError
from app.core.risk.study import Question
from app.services import risk
from app.services.risk import Report
from app.services.risk_books import Book
from app.services.track_record import Record, of_files


class Sources(NamedTuple):
    """Where the book comes from: two files, or neither for the vault."""

    holdings: Path | None
    history: Path | None
    currency: str


def question(as_of: str, confidence: float = 0.99, horizon: str = "1d", window: int = 500, seed: int = 1) -> Question:
    """Return what the words of a command ask for; UsageError where one means nothing."""
    return Question(confidence, words.days(horizon), window, risk.moment(as_of) if as_of else None, seed)


def report(here: Session, sources: Sources, asked: Question, wanted: Wanted) -> None:
    """Print every figure, of what may happen and of what came about."""
    run(_report(here, sources, asked, wanted))


async def _report(here: Session, sources: Sources, asked: Question, wanted: Wanted) -> None:
    past: Record | InputError
    book = _of_files(here, sources, asked)
    if book is not None:
        found = risk.report(book, asked)
        try:
            past = of_files(here.runtime.assets, book, asked, track_words.asked(wanted, asked, wanted.benchmark))
        except InputError as fault:
            past = fault
    else:
        async with here.unlocked() as workspace:
            question = track_words.asked(wanted, asked, workspace.track_record.named(wanted.benchmark))
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


async def _reported(here: Session, sources: Sources, asked: Question) -> Report:
    book = _of_files(here, sources, asked)
    if book is not None:
        return risk.report(book, asked)
    async with here.unlocked() as workspace:
        return await workspace.risk.report(asked)


def backtest(here: Session, sources: Sources, asked: Question, first: str) -> None:
    """Print the report card."""
    run(_backtest(here, sources, asked, risk.moment(first, "--from") if first else None))


async def _backtest(here: Session, sources: Sources, asked: Question, since: int | None) -> None:
    book = _of_files(here, sources, asked)
    if book is not None:
        found = risk.backtest(book, asked, since)
    else:
        async with here.unlocked() as workspace:
            found = await workspace.risk.card(asked, since)
    if here.output.is_json:
        here.output.document(words.card_document(found))
    else:
        words.show_card(here.output, found)


def stress(here: Session, sources: Sources, asked: Question, scenario: str) -> None:
    """Print what stresses would do."""
    run(_stress(here, sources, asked, scenario))


async def _stress(here: Session, sources: Sources, asked: Question, scenario: str) -> None:
    found = await _reported(here, sources, asked)
    chosen = [one for one in found.stress if scenario.casefold() in one.name.casefold()]
    if not chosen:
        names = "; ".join(one.name for one in found.stress)
        raise UsageError(f"No stress is named {scenario!r}.", hint=f"There are: {names}.")
    if here.output.is_json:
        here.output.document([words.stress_document(one) for one in chosen])
    else:
        words.show_stress(here.output, chosen, found.book)


def _of_files(here: Session, sources: Sources, asked: Question) -> Book | None:
    holdings, history, currency = sources
    if holdings is None and history is None:
        return None
    if holdings is None or history is None:
        missing = "--holdings" if holdings is None else "--prices"
        raise UsageError(f"{missing} is missing.", hint="Without a vault both are needed: --holdings and --prices.")
    return risk.of_files(here.runtime, holdings, history, currency, asked.as_of)
