"""counterfoil pair …: transfers between a person's own accounts, and the person's word on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

import typer

from app.cli.output import moment, number, share
from app.cli.session import Session, run, session
from app.cli.words import require_text
from app.core.errors import InputError, UsageError
from app.core.model.transfer_links import TransferLink
from app.core.money import exact
from app.core.names import counted
from app.core.ports import AssetRegistry
from app.core.transfers import End, Link, Pairing
from app.core.transfers.links import summed
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
    everything: Annotated[
        bool,
        typer.Option("--all", help="Also what counts, what you rejected or took back, what is alone."),
    ] = False,
) -> None:
    """List proposals, the surest first, with what speaks for them."""
    run(_show(session(context), everything=everything))


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the list: ends with what is so of them."""

    state: str
    ends: tuple[End, ...]
    reason: str = ""
    confidence: Decimal | None = None
    word: TransferLink | None = None
    others: tuple[str, ...] | None = None

    def side(self, *, is_deposit: bool) -> tuple[End, ...]:
        return tuple(end for end in self.ends if end.is_deposit is is_deposit)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return all entries, also those of a word that are in the books no more."""
        if self.word is not None:
            return (*self.word.withdrawals, *self.word.deposits)
        return tuple(end.entry_id for end in self.ends)


async def _show(here: Session, *, everything: bool) -> None:
    async with here.unlocked() as workspace:
        found = await workspace.transfers.pairing()
        names = {one.account_id: one.name for one in await workspace.portfolio.accounts()}
    told = list(_rows(found, everything=everything))
    if here.output.is_json:
        here.output.document([_document(row) for row in told])
        return
    if not told:
        here.output.line("No proposal waits." if not everything else "There are no deposits or withdrawals of coins.")
        return
    rows = [_line(row, workspace.runtime.assets, names) for row in told]
    columns = (
        "state", "asset", "sent", "received", "from", "to", "on", "confidence", "why", "decided", "entries",
    )  # fmt: skip
    here.output.table(columns, rows, right=("sent", "received", "confidence"))


def _rows(found: Pairing, *, everything: bool) -> Iterator[_Row]:
    for one in found.proposals:
        yield _linked("proposed" if one.is_clear else "unclear", one.link, one.others)
    if not everything:
        return
    for link in found.links:
        yield _linked("accepted" if link.decided else "paired", link)
    for aside in found.aside:
        yield _Row(aside.standing.value, aside.ends, aside.word.reason, None, aside.word)
    for end in found.unpaired:
        yield _Row("unpaired", (end,))


def _linked(state: str, link: Link, others: tuple[str, ...] | None = None) -> _Row:
    return _Row(state, (*link.withdrawals, *link.deposits), link.reason, link.confidence, link.decided, others)


def _line(row: _Row, assets: AssetRegistry, names: Mapping[str, str]) -> tuple[str | None, ...]:
    outs, intos = row.side(is_deposit=False), row.side(is_deposit=True)
    return (
        row.state, assets.asset(row.ends[0].asset).symbol if row.ends else None,
        number(summed(outs)) if outs else None, number(summed(intos)) if intos else None,
        _places(outs, names), _places(intos, names), moment(min(end.at for end in row.ends)) if row.ends else None,
        None if row.confidence is None else share(row.confidence), row.reason or None,
        f"{moment(row.word.recorded_ns)} by {row.word.device[:8]}" if row.word else None, " ".join(row.ids),
    )  # fmt: skip


def _places(ends: Iterable[End], names: Mapping[str, str]) -> str | None:
    return ", ".join(dict.fromkeys(names.get(end.account, end.account) for end in ends)) or None


def _document(row: _Row) -> dict[str, Any]:
    return {
        "state": row.state,
        "asset": row.ends[0].asset if row.ends else None,
        "withdrawals": [_end(end) for end in row.side(is_deposit=False)],
        "deposits": [_end(end) for end in row.side(is_deposit=True)],
        "confidence": row.confidence,
        "reason": row.reason,
        "record": row.word.record if row.word else None,
        "recorded_at": moment(row.word.recorded_ns) if row.word else None,
        "device": row.word.device if row.word else None,
        "entries": list(row.ids),
        **({} if row.others is None else {"others": list(row.others)}),
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
        here.output.document([_document(_linked("accepted", one.link)) for one in found])
    else:
        here.output.line(f"{counted(len(found), 'transfer was', 'transfers were')} accepted.")


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
