"""counterfoil tax match: what brokers and providers reported, line by line beside the own books."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.output import number
from app.cli.session import Session, run, session
from app.cli.tax_words import text
from app.core.statements.lines import Matched, Status, Value, counts
from app.services.statements_match import SALES, Answer

_SHOWN = 100
_FIELDS = {True: ("quantity", "proceeds", "basis"), False: ("units", "amount", "transactions")}


def match(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Form 1099-DA as CSV; DAC8 or CARF as XML or CSV.")],
    year: Annotated[
        int | None, typer.Option(min=1970, max=2200, help="The year (default: the one that the statement is about).")
    ] = None,
    account: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="The own account it is about; repeatable (default: where its lines lead, or all)."
        ),
    ] = None,
) -> None:
    """Match a statement line by line with the own books: matched, differs, only theirs, only ours, ambiguous."""
    run(_match(session(context), text(file), year, account or []))


async def _match(here: Session, content: str, year: int | None, accounts: list[str]) -> None:
    async with here.unlocked() as workspace:
        answer = await workspace.statements.match(content, year, accounts)
    if here.output.is_json:
        here.output.document([_document(one) for one in answer.lines])
    else:
        _show(here, answer)


def _document(one: Matched) -> dict[str, Any]:
    return {
        "line": one.line or None,
        "status": one.status,
        "own": one.own,
        "theirs": one.theirs,
        "difference": None if one.own is None or one.theirs is None else one.difference,
        "evidence": {
            "entries": one.evidence.entries,
            "rule": one.evidence.rule or None,
            "why": one.evidence.why or None,
        },
    }


def _show(here: Session, answer: Answer) -> None:
    fields = _FIELDS[answer.form == SALES]
    columns = ("line", "status", "asset", *(f"{side} {name}" for name in fields for side in ("their", "own")), "why")
    rows = [
        (
            one.line or "own books",
            one.status.value,
            _what(one),
            *(_cell(side, name) for name in fields for side in (one.theirs, one.own)),
            one.evidence.why,
        )
        for one in answer.lines
        if one.status is not Status.MATCHED
    ]
    found = counts(answer.lines)
    told = ", ".join(f"{count:,} {status.value.replace('-', ' ')}" for status, count in found.items())
    here.output.line(f"{answer.year}, {'Form 1099-DA' if answer.form == SALES else 'DAC8/CARF'}: {told}.")
    if answer.form != SALES:
        here.output.line("The shape of these files is from memory, not checked against the published schema.")
    if rows:
        here.output.table(columns, rows[:_SHOWN], right=columns[3:-1])
    if len(rows) > _SHOWN:
        here.output.line(f"And {len(rows) - _SHOWN:,} more: --json has all of them.")


def _what(one: Matched) -> str:
    told = one.theirs or one.own or {}
    return " ".join(str(told[name]) for name in ("asset", "sold", "kind") if told.get(name))


def _cell(side: Mapping[str, Value] | None, name: str) -> str | None:
    value = None if side is None else side.get(name)
    return number(value) if isinstance(value, Decimal) else value
