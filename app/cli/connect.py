"""counterfoil connect …: venues and the keys that read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli import rates_words, secrets
from app.cli.output import moment, share
from app.cli.session import Session, run, session
from app.cli.vault import confirm
from app.core.clock import DAY
from app.core.errors import InputError
from app.core.model.accounts import KeyScope
from app.core.model.venues import VenueInfo
from app.core.model.views import ConnectionView

app = typer.Typer(help="Venues and the keys that read them.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the connection.")]

PROOF = Path(__file__).parents[2] / "resources" / "data" / "proof.json"
"""Which tests proved which venue, written by the last full test run."""


def _venue(here: Session, venue_id: str) -> VenueInfo:
    venues = here.runtime.exchanges.venues()
    found = next((venue for venue in venues if venue.venue_id == venue_id.lower()), None)
    if found is None:
        message = f"{venue_id!r} is no venue that can be connected."
        raise InputError(message, hint=f"There are: {', '.join(sorted(venue.venue_id for venue in venues))}.")
    return found


@app.command()
def add(
    context: typer.Context,
    venue: Annotated[str, typer.Argument(metavar="VENUE", help="Id of the venue, such as kraken.")],
    name: Annotated[str, typer.Option(help="Name of the connection (default: the venue's id).")] = "",
    account: Annotated[str, typer.Option(help="Account that its records belong to.")] = "",
    endpoint: Annotated[str, typer.Option(metavar="URL", help="Another address; loopback only.")] = "",
    allow_withdraw: Annotated[
        bool, typer.Option("--allow-withdraw", help="Insist on a key that may withdraw; better make one that cannot.")
    ] = False,
) -> None:
    """Probe a key and keep it encrypted; the secrets come from prompts or --secrets-file."""
    here = session(context)
    run(_add(here, _venue(here, venue), name, account=account, endpoint=endpoint, allow_withdraw=allow_withdraw))


async def _add(
    here: Session, venue: VenueInfo, name: str, *, account: str, endpoint: str, allow_withdraw: bool
) -> None:
    async with here.unlocked() as workspace:
        words = secrets.credentials(here.words.secrets_file, venue.credential_fields)
        made = await workspace.connections.add(
            venue=venue.venue_id,
            name=name or venue.venue_id,
            credentials=words,
            account=account,
            endpoint=endpoint,
            allow_withdraw=allow_withdraw,
        )
    if here.output.is_json:
        here.output.document(_view(made))
    else:
        scope = made.connection.scope
        here.output.line(f"Connected {made.connection.name}: the key is {scope.words if scope else 'unknown'}.")
        here.output.line(f"Read it with: counterfoil sync --source {made.connection.name}")


@app.command(name="list")
def list_connections(context: typer.Context) -> None:
    """List connections with their state."""
    run(_list(session(context)))


async def _list(here: Session) -> None:
    async with here.unlocked() as workspace:
        views = await workspace.connections.all()
        rates = await workspace.rates.state()
    if here.output.is_json:
        here.output.document([_view(view) for view in views])
        return
    columns = (
        "name",
        "venue",
        "account",
        "key may",
        "state",
        "last read",
        "history from",
        "records",
        "budget",
        "breaks",
        "note",
    )
    here.output.table(columns, [_row(view) for view in views], right=("records", "budget", "breaks"))
    here.output.line(rates_words.line(rates, here.runtime.clock.now_ns() // DAY))


def _row(view: ConnectionView) -> tuple[str | None, ...]:
    connection = view.connection
    return (
        connection.name,
        f"{connection.venue} (at {connection.endpoint})" if connection.endpoint else connection.venue,
        view.account_name,
        connection.scope.words if connection.scope else None,
        view.state.value,
        moment(view.last_read_ns),
        moment(view.history_from_ns),
        f"{view.records:,}",
        share(view.budget_used),
        str(view.breaks),
        view.note,
    )


def _view(view: ConnectionView) -> dict[str, Any]:
    connection = view.connection
    return {
        "name": connection.name,
        "venue": connection.venue,
        "account": connection.account_id,
        "account_name": view.account_name,
        "endpoint": connection.endpoint or None,
        "key_hint": connection.key_hint,
        "key": _scope(connection.scope),
        "state": view.state,
        "last_read_at": moment(view.last_read_ns),
        "history_from_at": moment(view.history_from_ns),
        "records": view.records,
        "budget_used": view.budget_used,
        "breaks": view.breaks,
        "note": view.note,
        "streams": view.streams,
    }


def _scope(scope: KeyScope | None) -> dict[str, Any] | None:
    if scope is None:
        return None
    return {
        "may_read": scope.may_read,
        "may_trade": scope.may_trade,
        "may_withdraw": scope.may_withdraw,
        "words": scope.words,
        "detail": scope.detail,
    }


@app.command()
def probe(context: typer.Context, name: Name) -> None:
    """Ask the venue what the key may do."""
    run(_probe(session(context), name))


async def _probe(here: Session, name: str) -> None:
    async with here.unlocked() as workspace:
        scope = await workspace.connections.probe(name)
    _show_scope(here, name, scope)


def _show_scope(here: Session, name: str, scope: KeyScope) -> None:
    if here.output.is_json:
        here.output.document({"name": name, "key": _scope(scope)})
        return
    answers = {True: "yes", False: "no", None: "the venue does not say"}
    here.output.line(f"{name}: {scope.words}")
    rights = (("read", scope.may_read), ("trade", scope.may_trade), ("withdraw", scope.may_withdraw))
    here.output.table(("the key may", "answer"), [(right, answers[answer]) for right, answer in rights])
    if scope.detail:
        here.output.line(scope.detail)


@app.command()
def pause(
    context: typer.Context,
    name: Name,
    resume: Annotated[bool, typer.Option("--resume", help="Read it again.")] = False,
) -> None:
    """Stop reading a connection; --resume starts again."""
    run(_pause(session(context), name, paused=not resume))


async def _pause(here: Session, name: str, *, paused: bool) -> None:
    async with here.unlocked() as workspace:
        await workspace.connections.pause(name, paused=paused)
    if here.output.is_json:
        here.output.document({"name": name, "is_paused": paused})
    else:
        here.output.line(f"{name} is {'paused' if paused else 'read again'}.")


@app.command()
def rotate(context: typer.Context, name: Name) -> None:
    """Replace the key of a connection by a new one, after probing it."""
    run(_rotate(session(context), name))


async def _rotate(here: Session, name: str) -> None:
    async with here.unlocked() as workspace:
        views = await workspace.connections.all()
        venue_id = next((view.connection.venue for view in views if view.connection.name == name), None)
        if venue_id is None:
            message = f"There is no connection {name!r}."
            known = ", ".join(view.connection.name for view in views) or "none yet"
            raise InputError(message, hint=f"There are: {known}.")
        words = secrets.credentials(here.words.secrets_file, _venue(here, venue_id).credential_fields)
        scope = await workspace.connections.rotate(name, words)
    _show_scope(here, name, scope)


@app.command()
def remove(
    context: typer.Context,
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget a connection and its key; its records stay in the books."""
    run(_remove(session(context), name, yes=yes))


async def _remove(here: Session, name: str, *, yes: bool) -> None:
    if not yes:
        confirm(f"Type the connection's name ({name}) to forget its key", name)
    async with here.unlocked() as workspace:
        await workspace.connections.remove(name)
    if here.output.is_json:
        here.output.document({"removed": name})
    else:
        here.output.line(f"{name} was forgotten; its records stay in the books.")


@app.command()
def venues(context: typer.Context) -> None:
    """Print what can be connected, what is read there and which tests prove it. Needs no vault."""
    here = session(context)
    proof = json.loads(PROOF.read_text(encoding="utf-8")) if PROOF.exists() else {}
    known = [_capabilities(venue, proof) for venue in here.runtime.exchanges.venues()]
    if here.output.is_json:
        here.output.document(known)
        return
    reads = sorted({name for venue in known for name, able in venue["reads"].items() if able})
    rows = [
        (
            venue["id"],
            venue["name"],
            venue["tier"],
            *("yes" if venue["reads"].get(name) else "" for name in reads),
            str(len(venue["proven_by"])),
        )
        for venue in known
    ]
    here.output.table(("id", "name", "tier", *reads, "proofs"), rows, right=("proofs",))


def _capabilities(venue: VenueInfo, proof: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": venue.venue_id,
        "name": venue.name,
        "kind": venue.kind,
        "tier": venue.tier,
        "reads": dict(venue.reads),
        "history": venue.history,
        "importer": venue.importer,
        "proven_by": proof.get("venues", {}).get(venue.venue_id, []),
        "proven_at": proof.get("commit"),
    }
