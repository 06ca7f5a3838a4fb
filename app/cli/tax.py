"""counterfoil tax …: lots and tax years."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.lots import identified
from app.cli.output import as_json, moment, number
from app.cli.session import run, session
from app.cli.tax_harvest import harvest
from app.cli.tax_match import match
from app.cli.tax_report import report
from app.cli.tax_seal import seal, seals, verify
from app.cli.tax_words import Country, options, text
from app.core.findings import Finding
from app.core.lots.methods import Method, Scope
from app.core.tax.compute import compute as computed
from app.core.tax.figures import (
    AllowanceFigures,
    DepartureFigures,
    DisposalFigures,
    IncomeFigures,
    MatchFigures,
    TaxFigures,
)
from app.core.tax.profile import Profile, profile
from app.core.tax.selections import Identified
from app.core.tax.transactions import read
from app.services.tax_answers import Asked, Standing

app = typer.Typer(help="Lots and tax years.", no_args_is_help=True)
app.command("report")(report)
app.command("harvest")(harvest)
for command in (seal, seals, verify, match):
    app.command()(command)

_NO_COUNTRY = Country("generic")


@app.callback()
def tax() -> None:
    """Lots and tax years."""


@app.command()
def compute(
    context: typer.Context,
    transactions: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Of these, without a vault (default: of the vault).")
    ] = None,
    jurisdiction: Annotated[Country, typer.Option(help="Whose rules apply.")] = _NO_COUNTRY,
    method: Annotated[Method | None, typer.Option(help="How cost is found (default: the jurisdiction's).")] = None,
    scope: Annotated[Scope | None, typer.Option(help="Where lots are looked for (default: likewise).")] = None,
    currency: Annotated[
        str, typer.Option(metavar="CCY", help="Of all values (default: the file's or country's).")
    ] = "",
    year: Annotated[int | None, typer.Option(min=1970, max=2200, help="Only this tax year (default: all).")] = None,
    option: Annotated[
        list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="A jurisdiction's option; repeatable.")
    ] = None,
) -> None:
    """Compute gains, income and holdings of the books, or of a file of transactions."""
    here = session(context)
    if transactions is None:
        run(_of_vault(context, Asked(jurisdiction.value, method, scope, currency, year, options(option or []))))
        return
    chosen = profile(jurisdiction.value, method=method, scope=scope, options=options(option or []))
    found = read(text(transactions), currency=currency.upper(), with_lots=chosen.method is Method.SPEC_ID)
    figures = computed(found.transactions, chosen, currency=found.currency, year=year)
    findings = (*found.findings, *figures.findings)
    if here.output.is_json:
        here.output.document(document(figures, chosen, findings, year))
    else:
        _show(context, figures, chosen, findings)
    # A figure that is not known is blocked, and the status says so.
    raise typer.Exit(int(not figures.totals.are_known))


async def _of_vault(context: typer.Context, asked: Asked) -> int:
    here = session(context)
    async with here.unlocked() as workspace:
        found = await workspace.tax.compute(asked)
    if here.output.is_json:
        told = document(found.figures, found.profile, found.findings, asked.year, found.identified)
        sealed = _sealed(found.standing)
        here.output.document({**told, "valuations": found.valuations, "head": found.head, "sealed": sealed})
    else:
        _show(context, found.figures, found.profile, found.findings)
    return int(found.is_blocked)


def _sealed(standing: Standing | None) -> dict[str, Any] | None:
    """Return how the figures stand to the seal of their year; None where it is open."""
    if standing is None:
        return None
    seal, is_asked = standing.seal, standing.is_asked
    # Of another question nobody compares.
    is_same = standing.is_same if is_asked else None
    return {"seal": seal.seal, "version": seal.version, "is_asked": is_asked, "is_same": is_same}


def document(
    figures: TaxFigures,
    chosen: Profile,
    findings: tuple[Finding, ...],
    year: int | None,
    selected: Mapping[str, Identified] | None = None,
) -> dict[str, Any]:
    """Return the shape that `--json` prints; what was selected for a sale stands beside it, by its row."""
    totals: dict[str, Any] = as_json(figures.totals)
    if figures.portfolio_cost is not None:
        totals["portfolio_cost"] = as_json(figures.portfolio_cost)
    return {
        "profile": {
            "jurisdiction": chosen.jurisdiction.code,
            "method": chosen.method,
            "scope": chosen.scope,
            "currency": figures.currency,
            "year": year,
            "options": chosen.options,
            "sources": chosen.jurisdiction.sources,
            "rules": {name: rule for name, rule in chosen.jurisdiction.rules.items() if chosen.has(name, rule.value)},
            "official_example": chosen.jurisdiction.official_example or None,
            "official_examples": chosen.jurisdiction.official_examples,
        },
        "disposals": [_disposal(one, selected) for one in figures.disposals],
        "income": [{**_event(one), "value": one.value} for one in figures.income],
        "holdings": figures.holdings,
        "totals": totals,
        "allowances": figures.allowances,
        "departures": [{**_event(one), "cost": one.cost} for one in figures.departures],
        "findings": findings,
    }


def _event(one: IncomeFigures | DepartureFigures) -> dict[str, Any]:
    return {
        "id": one.row,
        "asset": one.asset,
        "wallet": one.wallet,
        "timestamp": moment(one.at, one.resolution),
        "quantity": one.quantity,
    }


def _disposal(one: DisposalFigures, selected: Mapping[str, Identified] | None) -> dict[str, Any]:
    # Of a file, whose rows name their lots themselves, there is nothing to tell beside them.
    evidence = {} if selected is None else {"identified": identified(selected.get(one.row))}
    return {
        "id": one.row,
        "ids": one.rows,
        "asset": one.asset,
        "wallet": one.wallet,
        "timestamp": moment(one.at, one.resolution),
        "quantity": one.quantity,
        "proceeds": one.proceeds,
        "cost": one.cost,
        "gain": one.gain,
        "denied": one.denied,
        "term": one.term,
        "matches": [_match(match) for match in one.matches],
        **evidence,
    }


def _match(match: MatchFigures) -> dict[str, Any]:
    return {
        "lot": match.lot,
        "rule": match.rule,
        "quantity": match.quantity,
        "cost": match.cost,
        "acquired_at": moment(match.acquired_ns, match.acquired_resolution),
        "term": match.term,
    }


def _show(context: typer.Context, figures: TaxFigures, chosen: Profile, findings: tuple[Finding, ...]) -> None:
    output = session(context).output
    output.line(
        f"{chosen.jurisdiction.name}, {chosen.method.value}, {chosen.scope.value}, {figures.currency or 'no values'}"
    )
    if chosen.jurisdiction.checked:
        output.line(chosen.jurisdiction.checked)
    columns = ("sold", "at", "asset", "quantity", "proceeds", "cost", "gain", "term")
    rows = [
        (
            one.row,
            moment(one.at, one.resolution),
            one.asset,
            number(one.quantity),
            number(one.proceeds),
            number(one.cost),
            number(one.gain),
            one.term.value if one.term else None,
        )
        for one in figures.disposals
    ]
    output.table(columns, rows, right=columns[3:7])
    held = [(one.asset, one.wallet, number(one.quantity), number(one.cost)) for one in figures.holdings]
    output.table(("held", "wallet", "quantity", "cost"), held, right=("quantity", "cost"))
    totals = figures.totals
    for name, value in (("gain", totals.gain), ("income", totals.income)):
        output.line(f"Total {name}: {number(value) or 'unknown'} {figures.currency}".rstrip())
    for allowance in figures.allowances:
        output.line(f"{allowance.name}: {_allowed(allowance, figures.currency)}")
    output.findings(findings)


def _allowed(one: AllowanceFigures, currency: str) -> str:
    """Return what an allowance leaves to be taxed, in words."""
    parts = [f"{number(one.amount)}{'' if one.kind in ('share', 'discount') else f' {currency}'}"]
    if one.left is not None:
        distance = number(abs(one.left))
        parts.append(f"{distance} {currency} {'left' if one.left >= 0 else 'beyond'}")
    parts.append(f"taxable {number(one.taxable) or 'unknown'} {currency}")
    parts.append(one.law if one.is_verified else f"{one.law}, not verified")
    return "; ".join(parts)
