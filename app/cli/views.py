"""counterfoil positions, activity, reconcile: the read models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from shlex import quote
from typing import Annotated, Any

import typer

from app.cli.output import as_json, moment, number, share
from app.cli.session import Session, account_ids, run, session
from app.cli.words import bound
from app.core.findings import Severity
from app.core.ledger.entries import EntryKind, Leg
from app.core.model.breaks import Action
from app.core.model.views import ActivityFilter, EntryView, Position, Positions, Reconciliation, Scope
from app.core.money import plain
from app.core.names import counted
from app.core.reconciliation import finding
from app.services.asset_words import asset_id

Sources = Mapping[str, Sequence[str]]
"""Names of the connections that read an account, by account."""

Accounts = Annotated[list[str] | None, typer.Option("--account", metavar="NAME", help="Only this account; repeatable.")]


def positions(
    context: typer.Context,
    account: Accounts = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask for fresh prices first.")] = False,
) -> None:
    """List what is held and what it is worth at the last known prices."""
    run(_positions(session(context), account or [], refresh=refresh))


async def _positions(here: Session, accounts: list[str], *, refresh: bool) -> None:
    async with here.unlocked() as workspace:
        if refresh:
            await workspace.market_data.refresh()
        scope = Scope(accounts=await account_ids(workspace, accounts))
        found = await workspace.portfolio.positions(scope)
    if here.output.is_json:
        here.output.document(_positions_json(found))
    else:
        _show_positions(here, found)


def _positions_json(found: Positions) -> dict[str, Any]:
    document: dict[str, Any] = as_json(found)
    for shown in document["positions"]:
        del shown["sparkline"]
    return document


def _show_positions(here: Session, found: Positions) -> None:
    currency = found.currency.upper()
    columns = ("asset", "quantity", "price", f"value {currency}", "weight", "24 h", "price from")
    rows = [_position_row(position) for position in found.positions]
    here.output.table(columns, rows, right=columns[1:6])
    here.output.line(f"Value {number(found.value) or 'unknown'} {currency} at {moment(found.as_of_ns)}")
    if found.unpriced:
        here.output.line(f"Without a price and therefore left out: {', '.join(found.unpriced)}")
        here.output.line("Ask the connected venues for prices with: counterfoil positions --refresh")


def _position_row(position: Position) -> tuple[str | None, ...]:
    mark = position.mark
    return (
        position.asset.symbol,
        number(position.quantity),
        number(mark.price) if mark else None,
        number(position.value),
        share(position.weight),
        share(position.change_24h),
        f"{mark.source}, {moment(mark.at)}" if mark else None,
    )


def activity(
    context: typer.Context,
    account: Accounts = None,
    asset: Annotated[
        list[str] | None, typer.Option("--asset", metavar="ASSET", help="Only this asset; repeatable.")
    ] = None,
    kind: Annotated[list[EntryKind] | None, typer.Option("--kind", help="Only this kind; repeatable.")] = None,
    since: Annotated[str, typer.Option(metavar="TIME", help="Date or moment, included.")] = "",
    until: Annotated[str, typer.Option(metavar="TIME", help="Date or moment, included.")] = "",
    text: Annotated[str, typer.Option(help="In asset, account, references or id.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000)] = 200,
    offset: Annotated[int, typer.Option(min=0, max=2**53)] = 0,
) -> None:
    """List entries, newest first."""
    here = session(context)
    assets = tuple(asset_id(here.runtime.assets, name) for name in asset or [])
    asked = ActivityFilter(
        text=text, kinds=tuple(kind or ()), assets=assets, since_ns=bound(since), until_ns=bound(until, is_end=True)
    )
    run(_activity(here, asked, account or [], (offset, limit)))


async def _activity(here: Session, asked: ActivityFilter, accounts: list[str], part: tuple[int, int]) -> None:
    async with here.unlocked() as workspace:
        ids = await account_ids(workspace, accounts)
        found = await workspace.portfolio.activity(
            ActivityFilter(asked.text, asked.kinds, ids, asked.assets, asked.since_ns, asked.until_ns), *part
        )
    if here.output.is_json:
        here.output.document(found)
        return
    rows = [_entry_row(entry) for entry in found.entries]
    here.output.table(("at", "kind", "account", "legs", "state", "entry"), rows)
    last = found.offset + len(found.entries)
    here.output.line(f"{found.offset + 1 if found.entries else 0}–{last} of {found.total}")


def _entry_row(entry: EntryView) -> tuple[str | None, ...]:
    legs = " ".join(
        f"{number(leg.quantity)} {leg.asset.symbol}{'' if leg.role.value == 'principal' else f' ({leg.role.value})'}"
        for leg in entry.legs
    )
    return moment(entry.at, entry.resolution), entry.kind.value, entry.account_name, legs, entry.state, entry.entry_id


def reconcile(
    context: typer.Context,
    account: Accounts = None,
    breaks: Annotated[bool, typer.Option("--breaks", help="Only where there is a difference.")] = False,
) -> None:
    """Compare the ledger with the balances that the sources reported, each at its own moment."""
    run(_reconcile(session(context), account or [], breaks=breaks))


async def _reconcile(here: Session, accounts: list[str], *, breaks: bool) -> None:
    async with here.unlocked() as workspace:
        found = await workspace.reconciliation.reconcile(await account_ids(workspace, accounts))
        sources = await workspace.connections.of_accounts()
    rows = [row for row in found if row.is_break or not breaks]
    if here.output.is_json:
        here.output.document([_reconciliation(row, sources) for row in rows])
        return
    here.output.table(
        ("account", "place", "asset", "ledger", "reported", "difference", "read at", "since", "likely cause"),
        [_reconciliation_row(row) for row in rows],
        right=("ledger", "reported", "difference"),
    )
    waived, told = sum(bool(row.waived) for row in found), counted(sum(row.is_break for row in found), "break")
    here.output.line(f"{told} in {counted(len(found), 'place')}, {waived} of them waived.")
    for done, places in _commands((row for row in rows if row.is_break and not row.waived), sources).items():
        here.output.line(f"{'; '.join(places)}: {done}")


def _commands(rows: Iterable[Reconciliation], sources: Sources) -> dict[str, list[str]]:
    """Return what is proposed, each command once, with the places that it is for."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(command(row, sources.get(row.account_id, ())), []).append(
            f"{row.account_name}, {row.sub_place}, {row.asset.symbol}"
        )
    return found


def _reconciliation_row(row: Reconciliation) -> tuple[str | None, ...]:
    return (
        row.account_name,
        row.sub_place,
        row.asset.symbol,
        number(row.ledger),
        number(row.reported),
        number(row.difference),
        moment(row.read_at_ns),
        _since(row),
        f"waived: {row.waived}" if row.waived else "; ".join(row.causes[:1]),
    )


def _since(row: Reconciliation) -> str | None:
    if row.broken is None:
        return None
    return "before the first reading" if row.broken.after_ns is None else moment(row.broken.after_ns)


def _code(row: Reconciliation) -> str:
    if row.difference is None:
        return "not-reported"
    return "break" if row.is_break else "agrees"


def _reconciliation(row: Reconciliation, sources: Sources) -> dict[str, Any]:
    """Return a row with its stable code, the entries concerned, the proposed fix and the command that does it."""
    document: dict[str, Any] = as_json(row)
    told = finding(row) if row.is_break else None
    return {
        "code": _code(row),
        "severity": Severity.WARNING.value if row.is_break else None,
        **document,
        "is_break": row.is_break,
        "entries": list(told.entries) if told else [],
        "fix": told.fix if told else "",
        "command": command(row, sources.get(row.account_id, ())) if row.is_break else None,
        "finding": told.name if told else None,
    }


def command(row: Reconciliation, sources: Sequence[str]) -> str:
    """Return the command that does exactly what the window would do for a break, to the nanosecond.

    Args:
        row: The break.
        sources: Names of the connections that read its account.
    """
    proposal = row.likely[0].proposal if row.likely else None
    kind = "" if proposal is None else f" --kind {proposal.kind.value}"
    at = "" if proposal is None else f" --at {moment(proposal.at, 1)}"
    legs = "" if proposal is None else "".join(f" --leg {_leg(leg)}" for leg in proposal.legs)
    match proposal.action if proposal is not None else Action.READ_AGAIN:
        case Action.VOID:
            more = len(proposal.further) if proposal else 0
            likewise = f" (likewise {more:,} more, named by reconcile --json)" if more else ""
            return f"counterfoil entry void {proposal.entry_id if proposal else ''} --reason WORDS{likewise}"
        case Action.CORRECT:
            return f"counterfoil entry correct {proposal.entry_id if proposal else ''}{kind}{legs} --reason WORDS"
        case Action.ADD:
            return f"counterfoil entry add --account {quote(row.account_name)}{kind}{at}{legs} --reason WORDS"
        case Action.SHOW:
            return "counterfoil findings --all"
        case _:
            statement = f"counterfoil import FILE --account {quote(row.account_name)}"
            named = "".join(f" --source {quote(one)}" for one in sources)
            return f"counterfoil sync{named} --from-start, or its statement: {statement}" if sources else statement


def _leg(leg: Leg) -> str:
    return f"{leg.asset}={plain(leg.quantity)},{leg.role.value},{leg.sub_place}"
