"""counterfoil findings and waive: the worklist, and what a person lets stand with a reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import typer

from app.cli.output import as_json, number
from app.cli.progress import bar
from app.cli.session import Session, run, session
from app.cli.words import require_text
from app.core.errors import UsageError
from app.core.findings import Finding
from app.core.worklist import FindingGroup, group_name
from app.services.workspace import Workspace

_CENT = Decimal("0.01")
_AMEND = "Amend a closed year: counterfoil tax seal --year YEAR --amend --reason WORDS"
_COMMANDS = {
    "break": "Commands that put breaks right: counterfoil reconcile --breaks",
    "transfer-proposals": "Transfers that wait, with their entries: counterfoil pair list",
    "late-entry-in-sealed-year": _AMEND,
    "changed-entry-in-sealed-year": _AMEND,
    "late-decision-in-sealed-year": _AMEND,
    "price-gap": "Days without a price: counterfoil price list --asset ASSET --gaps --from DATE --to DATE; "
    "then: counterfoil price set",
}


def findings(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Each finding on its own line, with its name.")] = False,
    waived: Annotated[bool, typer.Option("--waived", help="Also what is waived, with the reason.")] = False,
) -> None:
    """List what a person should look at, by its root cause, what may change most of the value first."""
    run(_findings(session(context), every=every, with_waived=waived))


async def _findings(here: Session, *, every: bool, with_waived: bool) -> None:
    async with here.unlocked() as workspace:
        await _settled(here, workspace)
        groups = await workspace.findings.groups(with_waived=with_waived)
        found = await (workspace.findings.everything() if with_waived else workspace.findings.all())
        documents = [_document(workspace, one) for one in found]
        currency = workspace.book.base_currency.upper()
    if here.output.is_json:
        here.output.document(documents)
    elif every:
        rows = [(one.severity.value, one.name, one.message, _what_to_do(one.fix, one.waived)) for one in found]
        here.output.table(("severity", "name", "what", "what to do"), rows)
    else:
        columns = ("severity", "count", "what", f"about {currency}", "what to do", "name")
        here.output.table(columns, [_group(one) for one in groups], right=("count", columns[3]))
    if not here.output.is_json:
        _hint(here, {one.code for one in found})


async def _settled(here: Session, workspace: Workspace) -> None:
    """Wait for what closed years come to by now, which the window is told later."""
    with bar(is_json=here.output.is_json) as progress:
        await workspace.closed_years.settle(progress)


def _hint(here: Session, codes: set[str]) -> None:
    """Say which commands do what is proposed."""
    for words in dict.fromkeys(words for code, words in _COMMANDS.items() if code in codes):
        here.output.line(words)
    if not codes:
        here.output.line("Nothing needs attention.")


def _group(one: FindingGroup) -> tuple[str | None, ...]:
    reason = one.members[0].waived
    count = str(len(one.members))
    return one.severity.value, count, one.title, _effect(one), _what_to_do(one.fix, reason), one.name


def _effect(one: FindingGroup) -> str | None:
    if one.amount is None:
        return "unknown" if one.unknown else None
    known = number(one.amount.quantize(_CENT))
    return f"{known} and {one.unknown} unknown" if one.unknown else known


def _what_to_do(fix: str, reason: str) -> str:
    return f"waived: {reason}" if reason else fix


def _document(workspace: Workspace, found: Finding) -> dict[str, Any]:
    """Return a finding with its names and what it is about in the base currency; null is unknown."""
    document: dict[str, Any] = as_json(found)
    effect = as_json(workspace.findings.effect(found))
    return {**document, "name": found.name, "group": group_name(found), "effect": effect}


def waive(
    context: typer.Context,
    finding: Annotated[
        str, typer.Argument(metavar="FINDING", help="Name of a finding or of a group, as findings lists it.")
    ],
    reason: Annotated[str, typer.Option(help="Why it may stand; kept in the record.")] = "",
    take_back: Annotated[bool, typer.Option("--take-back", help="Let the waiver hold no longer.")] = False,
) -> None:
    """Let a finding stand as it is seen now; where its figure changes, it needs a person again."""
    if not reason:
        raise UsageError("--reason is missing.", hint="Decisions of a person are recorded with their reason.")
    require_text(reason)
    run(_waive(session(context), finding, reason, take_back=take_back))


async def _waive(here: Session, name: str, reason: str, *, take_back: bool) -> None:
    async with here.unlocked() as workspace:
        await _settled(here, workspace)
        decide = workspace.findings.take_back if take_back else workspace.findings.waive
        found = await decide(name, reason)
    if here.output.is_json:
        here.output.document([{"finding": one.name, "seen": one.figure} for one in found])
        return
    what = "need attention again" if take_back else "waived"
    here.output.line(f"{len(found)} findings {what}." if len(found) > 1 else f"{found[0].name}: {what}.")
