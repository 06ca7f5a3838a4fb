"""counterfoil entry …: what a person adds, corrects, voids or notes; each is a record with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated

import typer

from app.cli.session import Session, account_ids, run, session
from app.cli.words import require_text
from app.core.clock import parse_iso
from app.core.errors import InputError, UsageError
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role, Stated
from app.core.money import exact
from app.core.ports import AssetRegistry
from app.services.asset_words import asset_id
from app.services.entries import entry_of

app = typer.Typer(
    help="Entries made by a person: manual entries, opening balances, corrections, notes.", no_args_is_help=True
)

_LEG = "ASSET=QUANTITY[,ROLE[,SUB_PLACE]]"
_LONGEST_LEG = 3

_Words = tuple[list[str], EntryKind | None, str, str]
"""Legs, kind, moment and stated value, as they were given."""

EntryId = Annotated[str, typer.Argument(metavar="ENTRY", help="Id of the entry, as activity lists it.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the record.")]
At = Annotated[str, typer.Option(metavar="TIME", help="ISO 8601 with zone, such as 2026-01-31T12:00:00Z.")]
Legs = Annotated[list[str] | None, typer.Option("--leg", metavar=_LEG, help="Repeatable; what leaves is negative.")]
KindName = Annotated[EntryKind | None, typer.Option(help="Kind of event.")]
Value = Annotated[str, typer.Option(metavar="AMOUNT=CURRENCY", help="Value stated by the source, such as 100.50=USD.")]
TxHash = Annotated[str, typer.Option("--tx-hash", help="Hash of the transaction.")]
Counterparty = Annotated[str, typer.Option(help="The other side.")]
NoteText = Annotated[str, typer.Option(help="A note.")]
Acquired = Annotated[
    str,
    typer.Option(metavar="DATE", help="From when it counts as held: the giver's day, or that of an opening balance."),
]


@app.command()
def add(
    context: typer.Context,
    account: Annotated[str, typer.Option(help="Account.")],
    new_account: Annotated[bool, typer.Option("--new-account", help="Make the account if there is none.")] = False,
    leg: Legs = None,
    kind: KindName = EntryKind.ADJUSTMENT,
    at: At = "",
    value: Value = "",
    tx_hash: TxHash = "",
    counterparty: Counterparty = "",
    note: NoteText = "",
    acquired: Acquired = "",
    reason: Reason = "",
) -> None:
    """Record an entry by hand."""
    here = session(context)
    references = _references(tx_hash, counterparty, note, acquired)
    run(_add(here, account, (leg or [], kind, at, value), references, reason, is_new=new_account))


async def _add(
    here: Session, account: str, words: _Words, references: dict[str, str], reason: str, *, is_new: bool
) -> None:
    _require(reason, "--reason")
    if not words[0]:
        message = "An entry needs at least one --leg."
        raise UsageError(message, hint=f"Form: --leg {_LEG}")
    async with here.unlocked() as workspace:
        # What is wrong with the entry is told before an account is made for it.
        entry = _manual(here, account, words, references)
        if is_new:
            account_id = await workspace.entries.open_account(account)
        else:
            (account_id,) = await account_ids(workspace, [account])
        legs = tuple(replace(leg, account=account_id) for leg in entry.legs)
        entry_id = await workspace.entries.add(replace(entry, account=account_id, legs=legs), reason)
    _told(here, {"entry_id": entry_id}, f"Recorded entry {entry_id}.")


def _manual(here: Session, account: str, words: _Words, references: dict[str, str]) -> Entry:
    legs, kind, at, value = words
    moment, resolution = _moment(at) if at else (here.runtime.clock.now_ns(), 1)
    return Entry(
        account=account,
        at=moment,
        kind=kind or EntryKind.ADJUSTMENT,
        legs=legs_of(here.runtime.assets, account, legs),
        identity=Identity("manual", ""),
        resolution=resolution,
        references=references,
        stated=_stated(here.runtime.assets, value),
    )


@app.command()
def correct(
    context: typer.Context,
    entry_id: EntryId,
    leg: Legs = None,
    kind: KindName = None,
    at: At = "",
    value: Value = "",
    tx_hash: TxHash = "",
    counterparty: Counterparty = "",
    note: NoteText = "",
    acquired: Acquired = "",
    reason: Reason = "",
) -> None:
    """Supersede an entry; what is not given stays, given legs replace all legs."""
    here = session(context)
    references = _references(tx_hash, counterparty, note, acquired)
    run(_correct(here, entry_id, (leg or [], kind, at, value), references, reason))


async def _correct(
    here: Session,
    entry_id: str,
    words: _Words,
    references: dict[str, str],
    reason: str,
) -> None:
    legs, kind, at, value = words
    _require(reason, "--reason")
    if not any((legs, kind, at, value, references)):
        message = "Nothing to correct was given."
        raise UsageError(
            message, hint="Give --leg, --kind, --at, --value, --tx-hash, --counterparty, --acquired or --note."
        )
    async with here.unlocked() as workspace:
        detail = await workspace.portfolio.entry(entry_id)
        entry = entry_of(detail.entry)
        moment, resolution = _moment(at) if at else (entry.at, entry.resolution)
        revised = replace(
            entry,
            at=moment,
            resolution=resolution,
            kind=kind or entry.kind,
            legs=legs_of(here.runtime.assets, entry.account, legs) or entry.legs,
            references={**entry.references, **references},
            stated=_stated(here.runtime.assets, value) or entry.stated,
        )
        record = await workspace.entries.correct(entry_id, revised, reason)
    _told(here, {"entry_id": entry_id, "record": record}, f"Entry {entry_id} was corrected.")


@app.command()
def void(context: typer.Context, entry_id: EntryId, reason: Reason = "") -> None:
    """Take an entry out of the books; it stays in the journal."""
    run(_void(session(context), entry_id, reason))


async def _void(here: Session, entry_id: str, reason: str) -> None:
    _require(reason, "--reason")
    async with here.unlocked() as workspace:
        record = await workspace.entries.void(entry_id, reason)
    _told(here, {"entry_id": entry_id, "record": record}, f"Entry {entry_id} counts no more.")


@app.command()
def note(context: typer.Context, entry_id: EntryId, text: Annotated[str, typer.Argument(metavar="TEXT")]) -> None:
    """Attach a note to an entry."""
    run(_note(session(context), entry_id, text))


async def _note(here: Session, entry_id: str, text: str) -> None:
    _require(text.strip(), "TEXT")
    async with here.unlocked() as workspace:
        record = await workspace.entries.note(entry_id, text)
    _told(here, {"entry_id": entry_id, "record": record}, f"Noted at entry {entry_id}.")


def _told(here: Session, document: dict[str, str], line: str) -> None:
    if here.output.is_json:
        here.output.document(document)
    else:
        here.output.line(line)


def _require(text: str, option: str) -> None:
    if not text:
        message = f"{option} is missing."
        raise UsageError(message, hint="Decisions of a person are recorded with their reason.")
    require_text(text)


def _references(tx_hash: str, counterparty: str, note_text: str, acquired: str) -> dict[str, str]:
    try:
        day = date.fromisoformat(acquired).isoformat() if acquired else ""
    except ValueError as error:
        message = f"--acquired {acquired!r} is no date."
        raise InputError(message, hint="Example: 2020-01-31") from error
    named = {"tx_hash": tx_hash, "counterparty": counterparty, "note": note_text, "acquired": day}
    return {name: text for name, text in named.items() if text}


def _moment(text: str) -> tuple[int, int]:
    try:
        return parse_iso(text)
    except ValueError as error:
        message = f"--at {text!r} is not a moment with its zone."
        raise InputError(message, hint="Example: 2026-01-31T12:00:00Z") from error


def _leg(assets: AssetRegistry, account: str, text: str) -> Leg:
    """Return the leg of `ASSET=QUANTITY[,ROLE[,SUB_PLACE]]`."""
    name, equals, rest = text.rpartition("=")
    quantity, *words = rest.split(",")
    if not equals or len(words) >= _LONGEST_LEG:
        message = f"--leg {text!r} is not of the form {_LEG}."
        raise InputError(message, hint="Example: --leg BTC=0.5 --leg USD=-10,fee")
    role = _role(words[0]) if words else Role.PRINCIPAL
    return Leg(
        account, (words[1] if len(words) > 1 else "") or "spot", asset_id(assets, name), _quantity(quantity), role
    )


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as error:
        message = f"{text!r} is no role of a leg."
        raise InputError(message, hint=f"Roles: {', '.join(Role)}.") from error


def _quantity(text: str) -> Decimal:
    try:
        quantity = exact(text)
    except ValueError as error:
        message = f"{text!r} is not a decimal number."
        raise InputError(message, hint="Example: 0.5 or -10") from error
    if not quantity:
        message = "A leg of 0 changes nothing."
        raise InputError(message, hint="Leave it out.")
    return quantity


def _stated(assets: AssetRegistry, text: str) -> Stated | None:
    if not text:
        return None
    amount, equals, currency = text.partition("=")
    if not equals:
        message = f"--value {text!r} names no currency."
        raise InputError(message, hint="Example: --value 100.50=USD")
    return Stated(_quantity(amount), asset_id(assets, currency))


def legs_of(assets: AssetRegistry, account: str, texts: Sequence[str]) -> tuple[Leg, ...]:
    """Return legs of their texts."""
    return tuple(_leg(assets, account, text) for text in texts)
