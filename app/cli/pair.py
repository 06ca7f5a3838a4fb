"""counterfoil pair …: transfers between a person's own accounts, and the person's word on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any

import typer

from app.cli.output import moment, number
from app.cli.session import Session, run, session
from app.cli.words import require_text
from app.core.errors import InputError, UsageError
from app.core.model.assets import Asset
from app.core.money import exact
from app.core.transfers import End, Link, Pairing
from app.services.transfers import SURE_ENOUGH
from app.services.workspace import Workspace

app = typer.Typer(help="Transfers: proposals, and your word on them.", no_args_is_help=True)

Ids = Annotated[list[str], typer.Argument(metavar="ENTRY…", help="Ids of the withdrawals and deposits.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the record.")]


@app.callback()
def pair() -> None:
    """Transfers between your own accounts: proposals, and your word on them."""


@app.command(name="list")
def show(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Also transfers that count, and what is unpaired.")] = False,
) -> None:
    """List proposals, the surest first, with what speaks for them."""
    run(_show(session(context), everything=everything))


async def _show(here: Session, *, everything: bool) -> None:
    async with here.unlocked() as workspace:
        found = await workspace.transfers.pairing()
        names = {one.account_id: one.name for one in await workspace.portfolio.accounts()}
    told = _rows(found, everything=everything)
    if here.output.is_json:
        here.output.document([_document(state, link, more) for state, link, more in told])
        return
    asset = workspace.runtime.assets.asset
    rows = [_line(state, link, asset, names) for state, link, _ in told]
    columns = ("state", "asset", "sent", "received", "from", "to", "on", "confidence", "why", "entries")
    here.output.table(columns, rows, right=("sent", "received", "confidence"))


Row = tuple[str, Link, Mapping[str, Any]]


def _rows(found: Pairing, *, everything: bool) -> list[Row]:
    rows: list[Row] = [
        ("proposed" if one.is_clear else "unclear", one.link, {"others": list(one.others)}) for one in found.proposals
    ]
    if everything:
        rows += [("accepted" if one.decided else "paired", one, {}) for one in found.links]
        rows += [("unpaired", _alone(end), {}) for end in found.unpaired]
    return rows


def _alone(end: End) -> Link:
    return Link((), (end,), Decimal(0), "") if end.is_deposit else Link((end,), (), Decimal(0), "")


def _line(state: str, link: Link, asset: Any, names: Mapping[str, str]) -> tuple[str | None, ...]:
    ends = (*link.withdrawals, *link.deposits)
    known: Asset = asset(ends[0].asset)
    return (
        state, known.symbol, number(link.sent) if link.withdrawals else None,
        number(link.arrived) if link.deposits else None, _places(link.withdrawals, names),
        _places(link.deposits, names), moment(min(end.at for end in ends)),
        str(link.confidence) if link.reason else None, link.reason, " ".join(end.entry_id for end in ends),
    )  # fmt: skip


def _places(ends: Iterable[End], names: Mapping[str, str]) -> str:
    return ", ".join(dict.fromkeys(names.get(end.account, end.account) for end in ends))


def _document(state: str, link: Link, more: Mapping[str, Any]) -> dict[str, Any]:
    ends = (*link.withdrawals, *link.deposits)
    return {
        "state": state,
        "asset": ends[0].asset,
        "withdrawals": [_end(end) for end in link.withdrawals],
        "deposits": [_end(end) for end in link.deposits],
        "confidence": link.confidence if link.reason else None,
        "reason": link.reason,
        "record": link.decided.record if link.decided else None,
        **more,
    }


def _end(end: End) -> dict[str, Any]:
    return {"entry": end.entry_id, "account": end.account, "at": moment(end.at), "quantity": end.quantity}


@app.command()
def accept(
    context: typer.Context,
    entries: Annotated[list[str] | None, typer.Argument(metavar="ENTRY…", help="Ids of both sides.")] = None,
    reason: Reason = "",
    sure: Annotated[bool, typer.Option("--sure", help="Every clear proposal of enough confidence instead.")] = False,
    confidence: Annotated[str, typer.Option(metavar="SHARE", help="What is enough for --sure.")] = str(SURE_ENOUGH),
) -> None:
    """Say that entries are one transfer; or accept all clear proposals at once."""
    if sure and entries:
        raise UsageError("--sure takes no ids.", hint="Give either ids or --sure.")
    if sure:
        run(_accept_sure(session(context), _share(confidence)))
        return
    run(_decide(session(context), "accept", entries or [], _required(reason)))


@app.command()
def reject(context: typer.Context, entries: Ids, reason: Reason = "") -> None:
    """Say that entries are no transfer, also where a hash says so."""
    run(_decide(session(context), "reject", entries, _required(reason)))


@app.command()
def undo(context: typer.Context, entries: Ids, reason: Reason = "") -> None:
    """Take back what you said of entries."""
    run(_decide(session(context), "undo", entries, _required(reason)))


def _required(reason: str) -> str:
    if not reason:
        raise UsageError("--reason is missing.", hint="Decisions of a person are recorded with their reason.")
    require_text(reason)
    return reason


def _share(text: str) -> Decimal:
    try:
        found = exact(text)
    except ValueError as error:
        raise InputError(f"{text!r} is no share.", hint="Example: 0.95") from error
    if not 0 <= found <= 1:
        raise InputError(f"{text} is no share.", hint="A confidence lies between 0 and 1.")
    return found


async def _accept_sure(here: Session, least: Decimal) -> None:
    async with here.unlocked() as workspace:
        found = await workspace.transfers.accept_clear(least)
    if here.output.is_json:
        here.output.document([_document("accepted", one.link, {}) for one in found])
    else:
        here.output.line(f"{len(found)} transfers were accepted.")


async def _decide(here: Session, what: str, entries: list[str], reason: str) -> None:
    async with here.unlocked() as workspace:
        record = await _word(workspace, what, entries, reason)
    if here.output.is_json:
        here.output.document({"record": record})
    else:
        here.output.line(f"Recorded: {record}.")


async def _word(workspace: Workspace, what: str, entries: list[str], reason: str) -> str:
    if what == "accept":
        return await workspace.transfers.accept(entries, reason)
    if what == "reject":
        return await workspace.transfers.reject(entries, reason)
    return await workspace.transfers.undo(entries, reason)
