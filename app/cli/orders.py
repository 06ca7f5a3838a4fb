"""counterfoil orders …: which method a person decided on, by country, year and wallet, as records."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.output import moment
from app.cli.session import Session, account_ids, run, session
from app.cli.words import require_text
from app.core.errors import UsageError
from app.core.lots.methods import Method, Scope
from app.core.model.standing_orders import StandingOrder

app = typer.Typer(help="Standing orders: method and scope by jurisdiction, year and wallet.", no_args_is_help=True)


@app.callback()
def orders() -> None:
    """Standing orders: method and scope by jurisdiction, year and wallet."""


@app.command(name="set")
def give(
    context: typer.Context,
    jurisdiction: Annotated[str, typer.Option(metavar="CODE", help="For whose figures, such as us.")],
    year: Annotated[int, typer.Option(help="From this tax year on, until another order replaces it.")],
    method: Annotated[Method, typer.Option(help="How lots are found.")],
    scope: Annotated[Scope | None, typer.Option(help="Where lots are looked for (default: the country's).")] = None,
    wallet: Annotated[str, typer.Option(metavar="ACCOUNT", help="Only for this account (default: for all).")] = "",
    reason: Annotated[str, typer.Option(help="Why; kept in the record.")] = "",
) -> None:
    """Record an order; tax compute follows it where no method is named."""
    if not reason:
        raise UsageError("--reason is missing.", hint="Decisions of a person are recorded with their reason.")
    require_text(reason)
    run(_give(session(context), StandingOrder(jurisdiction, year, method, reason, scope, wallet)))


async def _give(here: Session, asked: StandingOrder) -> None:
    async with here.unlocked() as workspace:
        ids = await account_ids(workspace, [asked.wallet] if asked.wallet else [])
        order = StandingOrder(
            asked.jurisdiction, asked.year, asked.method, asked.reason, asked.scope, ids[0] if ids else ""
        )
        record = await workspace.tax.order(order)
    if here.output.is_json:
        here.output.document({"record": record})
    else:
        here.output.line(f"From {order.year} on {order.method.value} is ordered: record {record}.")


@app.command(name="list")
def show(context: typer.Context) -> None:
    """List every order that was ever recorded, oldest first; of two for one year and wallet the later one counts."""
    run(_show(session(context)))


async def _show(here: Session) -> None:
    async with here.unlocked() as workspace:
        found = await workspace.tax.orders()
    if here.output.is_json:
        here.output.document(found)
        return
    rows = [
        (one.jurisdiction, str(one.year), one.wallet or "all", one.method.value, one.scope and one.scope.value,
         moment(one.recorded_ns), one.reason)
        for one in found
    ]  # fmt: skip
    here.output.table(("jurisdiction", "from", "wallet", "method", "scope", "recorded", "reason"), rows)
