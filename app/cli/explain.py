"""counterfoil explain FIGURE: how a figure came to be, down to lots, prices, law and records."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.output import moment, number
from app.cli.session import Session, run, session
from app.cli.tax_words import options
from app.core.lots.methods import Method, Scope
from app.core.model.views import Proof
from app.services.explanations import Explanation
from app.services.explanations import explain as explained
from app.services.tax_years import Asked

FigureName = Annotated[
    str, typer.Argument(metavar="FIGURE", help="Such as tax/2025/us/gain or tax/2025/us/disposal/ENTRY.")
]


def explain(
    context: typer.Context,
    figure: FigureName,
    method: Annotated[Method | None, typer.Option(help="How cost is found (default: the jurisdiction's).")] = None,
    scope: Annotated[Scope | None, typer.Option(help="Where lots are looked for (default: likewise).")] = None,
    currency: Annotated[str, typer.Option(metavar="CCY", help="Of all values (default: the country's).")] = "",
    option: Annotated[
        list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="A jurisdiction's option; repeatable.")
    ] = None,
) -> None:
    """Tell how a figure of a tax year came to be; status 1 where it is not known."""
    run(_explain(session(context), figure, Asked("", method, scope, currency, options=options(option or []))))


async def _explain(here: Session, figure: str, asked: Asked) -> int:
    async with here.unlocked() as workspace:
        found = await explained(figure, asked, workspace.tax, workspace.portfolio)
    if here.output.is_json:
        here.output.document(document(found))
    else:
        _show(here, found)
    return int(found.is_blocked)


def document(found: Explanation) -> dict[str, Any]:
    """Return the shape that `--json` prints."""
    trail = found.trail
    return {
        "figure": trail.figure,
        "value": trail.value,
        "currency": trail.currency,
        "formula": trail.formula,
        "method": trail.method,
        "scope": trail.scope,
        "options": trail.options,
        "law": trail.law,
        "steps": [
            {"what": one.what, "value": one.value, "figure": one.figure or None, "source": one.source or None}
            for one in trail.steps
        ],
        "lots": [
            {
                "lot": one.lot,
                "entry": one.entry,
                "rule": one.rule,
                "quantity": one.quantity,
                "cost": one.cost,
                "source": one.source or None,
                "acquired_at": moment(one.acquired_ns, one.acquired_resolution),
            }
            for one in trail.lots
        ],
        "records": [_record(entry_id, proof) for entry_id, proof in found.proofs.items()],
        "findings": found.findings,
        "head": found.head,
    }


def _record(entry_id: str, proof: Proof) -> dict[str, Any]:
    return {
        "entry": entry_id,
        "record": proof.record,
        "hash": proof.record_hash,
        "recorded_at": moment(proof.recorded_at_ns),
        "observation": proof.observation_hash or None,
        "row": proof.observation_row,
        "is_verified": proof.is_verified,
    }


def _show(here: Session, found: Explanation) -> None:
    output, trail = here.output, found.trail
    output.line(f"{trail.figure} = {number(trail.value) or 'unknown'} {trail.currency}: {trail.formula}")
    output.line(f"Method {trail.method}, scope {trail.scope}")
    steps = [(one.what, number(one.value), one.source or one.figure) for one in trail.steps]
    output.table(("part", "value", "from"), steps, right=("value",))
    if trail.lots:
        lots = [
            (
                one.lot or "pool",
                one.rule,
                number(one.quantity),
                number(one.cost),
                moment(one.acquired_ns, one.acquired_resolution),
                one.source,
            )
            for one in trail.lots
        ]
        columns = ("lot", "rule", "quantity", "cost", "acquired", "from")
        output.table(columns, lots, right=("quantity", "cost"))
    if found.proofs:
        records = [(entry_id, str(proof.record), proof.record_hash) for entry_id, proof in found.proofs.items()]
        output.table(("entry", "record", "hash"), records, right=("record",))
    for source in trail.law:
        output.line(f"Law: {source.title}, {source.url}{'' if source.is_primary else ' (not the law itself)'}")
    output.findings(found.findings)
