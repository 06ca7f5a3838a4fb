"""counterfoil tax harvest: what a sale would lose now, and what the law makes of buying again."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import typer

from app.cli.lots import CountryName, Options, at_home
from app.cli.output import moment, number
from app.cli.session import Session, run, session
from app.cli.tax_words import options
from app.core.lots.methods import Method, Scope
from app.core.money import plain
from app.core.names import counted
from app.core.tax.harvest import Loss
from app.core.tax.repurchase import Repurchase
from app.services.harvest import Harvested
from app.services.tax_years import Asked

_COLUMNS = (
    "lot", "asset", "wallet", "acquired", "quantity", "cost", "value", "loss", "term", "sold before it", "bought",
)  # fmt: skip


def harvest(
    context: typer.Context,
    jurisdiction: CountryName = None,
    method: Annotated[Method | None, typer.Option(help="How cost is found (default: the jurisdiction's).")] = None,
    scope: Annotated[Scope | None, typer.Option(help="Where lots are looked for (default: likewise).")] = None,
    currency: Annotated[str, typer.Option(metavar="CCY", help="Of all values (default: the country's).")] = "",
    option: Options = None,
) -> None:
    """List what could be sold at a loss now, and when it may be bought again."""
    code = jurisdiction.value if jurisdiction else ""
    asked = Asked(code, method, scope, currency, options=options(option or []))
    run(_harvest(session(context), asked))


async def _harvest(here: Session, asked: Asked) -> None:
    async with here.unlocked() as workspace:
        made = await workspace.harvests.losses(await at_home(workspace, asked))
    if here.output.is_json:
        here.output.document(document(made))
    else:
        _show(here, made)


def document(made: Harvested) -> dict[str, Any]:
    """Return the shape that `--json` prints."""
    found = made.found
    return {
        "jurisdiction": found.profile.jurisdiction.code,
        "method": found.profile.method,
        "scope": found.profile.scope,
        "currency": made.currency,
        "at": moment(found.at),
        "sale_day": found.sale_day.isoformat(),
        "rule": None if found.rule is None else _rule(found.rule),
        "not_before": None if found.not_before is None else found.not_before.isoformat(),
        "losses": [_loss(one) for one in found.losses],
        "totals": {"loss": found.total, "short": found.short, "long": found.long},
        "unknown": found.unknown,
        "head": made.head,
    }


def _rule(rule: Repurchase) -> dict[str, Any]:
    return {
        "text": rule.says,
        "source": {"title": rule.source.title, "url": rule.source.url},
        "is_verified": rule.is_verified,
        "days_before": rule.before,
        "days_after": rule.after,
    }


def _loss(one: Loss) -> dict[str, Any]:
    return {
        "lot": one.lot,
        "asset": one.asset,
        "wallet": one.wallet,
        "acquired_at": None if one.acquired_ns is None else moment(one.acquired_ns, one.resolution),
        "quantity": one.quantity,
        "cost": one.cost,
        "value": one.value.amount,
        "valuation": one.value.source,
        "loss": one.loss,
        "term": None if one.is_long is None else "long" if one.is_long else "short",
        "days_to_long": one.days_to_long,
        "counts": one.counts,
        "sold_before": one.sold_before,
        "recent": [
            {"id": each.row, "timestamp": moment(each.at, each.resolution), "quantity": each.quantity}
            for each in one.recent
        ],
    }


def _show(here: Session, made: Harvested) -> None:
    found, output = made.found, here.output
    rules = found.profile
    output.line(f"{rules.jurisdiction.name}, {rules.method.value}, {rules.scope.value}, {made.currency}")
    output.table(_COLUMNS, [_cells(one) for one in found.losses], right=("quantity", "cost", "value", "loss"))
    output.line(f"Losses that count: {_money(found.total)} {made.currency}")
    if found.profile.method is Method.PMP:
        output.line(f"No part of the portfolio has a cost of its own: {rules.jurisdiction.law}.")
    elif found.unknown:
        output.line(f"Left out, since cost or value is not known: {', '.join(found.unknown)}")
    if found.rule is not None:
        doubt = "" if found.rule.is_verified else " Not checked against the law: ask an adviser."
        output.line(f"{found.rule.says} ({found.rule.source.title}.){doubt}")
    for asset, quantity in dict.fromkeys((one.asset, one.recent_quantity) for one in found.losses if one.recent):
        recent = "" if found.rule is None else found.rule.recent
        output.line(f"{plain(quantity)} {asset} of the last days {recent}.")
    if found.not_before is not None:
        output.line(f"After a sale on {found.sale_day}, do not buy the same asset before {found.not_before}.")


def _cells(one: Loss) -> tuple[str | None, ...]:
    return (
        one.lot or "pool",
        one.asset,
        one.wallet,
        None if one.acquired_ns is None else moment(one.acquired_ns, one.resolution),
        number(one.quantity),
        _money(one.cost),
        _money(one.value.amount),
        _money(one.loss),
        _term(one),
        number(one.sold_before) if one.sold_before else None,
        number(one.recent_quantity) if one.recent else None,
    )


def _money(value: Decimal | None) -> str | None:
    """Return an amount as tables show it; the document has all its digits."""
    return None if value is None else f"{value:,.2f}"


def _term(one: Loss) -> str | None:
    if one.is_long is None:
        return None
    told = "long" if one.is_long else "short"
    if one.days_to_long:
        told += f", long in {counted(one.days_to_long, 'day')}"
    return told if one.counts else f"{told}: no loss that counts"
