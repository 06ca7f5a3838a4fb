"""counterfoil vault …: the encrypted file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from app.cli.arguments import HIGHEST_FD
from app.cli.audit import Rebuild, verify_vault
from app.cli.interrupts import asking
from app.cli.progress import Acknowledgements, bar
from app.cli.session import Session, run, session
from app.core.errors import InputError, UsageError
from app.core.model.accounts import Book
from app.core.model.assets import AssetKind
from app.core.model.views import VaultInfo

app = typer.Typer(help="The encrypted vault.", no_args_is_help=True)

ProgressFd = Annotated[
    int | None,
    typer.Option("--progress-fd", metavar="N", min=0, max=HIGHEST_FD, help="One JSON line per commit, after it."),
]


@app.command()
def init(
    context: typer.Context,
    currency: Annotated[str, typer.Option(help="Base currency of the book.")] = "USD",
    remember: Annotated[bool, typer.Option("--remember", help="Let this computer's keyring open it too.")] = False,
) -> None:
    """Make a new vault with one book (--book NAME; default: Main)."""
    run(_init(session(context), currency, remember=remember))


async def _init(here: Session, currency: str, *, remember: bool) -> None:
    asset = here.runtime.assets.resolve("", currency.upper())
    if asset.kind is not AssetKind.FIAT:
        message = f"{currency!r} is not a currency that books can be kept in."
        raise InputError(message, hint="Use a code such as USD, EUR, GBP, CHF or JPY.")
    name = here.words.book or "Main"
    book = Book(book_id=_slug(name), name=name, base_currency=asset.asset_id)
    workspace = await here.vaults.create(here.path, here.new_passphrase(), book)
    try:
        if remember:
            await workspace.remember(remembered=True)
        _show(here, await workspace.info(), "Made")
    finally:
        await workspace.lock()


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not slug:
        message = f"{name!r} has no letter or digit to make an id from."
        raise InputError(message, hint="Use a name such as Main.")
    return slug


@app.command()
def info(context: typer.Context) -> None:
    """Say what is known of the vault: without a passphrase what its header says, with one everything."""
    run(_info(session(context)))


async def _info(here: Session) -> None:
    if here.vaults.exists(here.path) and not here.has_passphrase and not here.vaults.has_keyring_slot(here.path):
        _show(here, here.vaults.describe(here.path))
        return
    async with here.unlocked() as workspace:
        _show(here, await workspace.info())


def _show(here: Session, known: VaultInfo, done: str = "") -> None:
    if here.output.is_json:
        here.output.document(known)
        return
    if done:
        here.output.line(f"{done} {known.path}")
    state = "locked" if known.is_locked else "open"
    counts = (None, None) if known.is_locked else (f"{known.records:,}", f"{known.entries:,}")
    rows = (
        ("path", known.path),
        ("vault", known.vault_id),
        ("state", state),
        ("version", str(known.version)),
        ("records", counts[0]),
        ("entries", counts[1]),
        ("books", ", ".join(known.books) or None),
        ("devices", ", ".join(known.devices) or None),
        ("head", known.head or None),
        ("key slots", ", ".join(known.key_slots) or None),
        ("anchor", known.anchor or None),
        ("bytes", f"{known.size_bytes:,}"),
    )
    here.output.table(("what", "is"), rows)


@app.command()
def verify(context: typer.Context, rebuild: Rebuild = False) -> None:
    """Check every record, chain and signature again; status 1 and the first break where one fails."""
    run(verify_vault(session(context), rebuild=rebuild))


@app.command()
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the encrypted copy goes.")],
    progress_fd: ProgressFd = None,
) -> None:
    """Write an encrypted, verified copy while others may go on writing."""
    run(_backup(session(context), file, Acknowledgements(progress_fd)))


async def _backup(here: Session, file: Path, told: Acknowledgements) -> None:
    async with here.unlocked() as workspace:
        with bar(is_json=here.output.is_json) as progress:
            await workspace.backup(file, progress)
        known = await workspace.info()
    told.write({"backup": str(file), "records": known.records, "head": known.head})
    if here.output.is_json:
        here.output.document({"backup": file, "bytes": file.stat().st_size, "head": known.head})
    else:
        here.output.line(f"Wrote {file}: {file.stat().st_size:,} bytes, verified.")


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")],
    to: Annotated[
        Path | None, typer.Option("--to", metavar="PATH", help="Where the vault goes (default: --vault).")
    ] = None,
) -> None:
    """Check a backup and put it in place as a vault that does not exist yet."""
    run(_restore(session(context), file, to))


async def _restore(here: Session, file: Path, to: Path | None) -> None:
    known = await here.vaults.restore(file, to or here.path, here.passphrase("Passphrase of the backup"))
    _show(here, known, "Restored")


@app.command(name="change-passphrase")
def change_passphrase(context: typer.Context) -> None:
    """Wrap the vault's key anew; with a file or open file: the old one in line 1, the new one in line 2."""
    run(_change_passphrase(session(context)))


async def _change_passphrase(here: Session) -> None:
    old = here.passphrase("Present passphrase")
    new = here.new_passphrase(line=1)
    workspace = await here.opened(old)
    try:
        await workspace.change_passphrase(old, new)
    finally:
        await workspace.lock()
    _done(here, "changed", here.path, "The passphrase was changed.")


@app.command(name="export-all")
def export_all(context: typer.Context, folder: Annotated[Path, typer.Argument(metavar="DIR")]) -> None:
    """Write everything as CSV into a folder: ledger, positions, reconciliation."""
    run(_export_all(session(context), folder))


async def _export_all(here: Session, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"The folder cannot be made: {error.strerror}."
        raise InputError(message, hint="Choose another place.", where=str(folder)) from error
    async with here.unlocked() as workspace:
        exports = workspace.exports
        written = {
            "ledger.csv": await exports.ledger_csv(folder / "ledger.csv"),
            "positions.csv": await exports.positions_csv(folder / "positions.csv"),
            "reconciliation.csv": await exports.reconciliation_csv(folder / "reconciliation.csv"),
        }
    if here.output.is_json:
        here.output.document(
            {"folder": folder, "files": [{"file": name, "rows": rows} for name, rows in written.items()]}
        )
    else:
        here.output.line(f"Wrote into {folder}; these files are not encrypted.")
        here.output.table(("file", "rows"), [(name, str(rows)) for name, rows in written.items()], right=("rows",))


@app.command()
def destroy(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase the vault's keys, then its files. Without a backup everything in it is gone."""
    run(_destroy(session(context), yes=yes))


async def _destroy(here: Session, *, yes: bool) -> None:
    if not here.vaults.exists(here.path):
        message = f"There is no vault at {here.path}."
        raise InputError(message, hint="Name it with --vault.")
    if not yes:
        confirm(f"Type the file's name ({here.path.name}) to erase it", here.path.name)
    await here.vaults.destroy(here.path)
    _done(here, "destroyed", here.path, f"{here.path} was erased.")


def confirm(question: str, answer: str) -> None:
    """Ask for a word; UsageError where it is another or there is no terminal."""
    if not typer.get_text_stream("stdin").isatty():
        message = "This needs to be confirmed and there is no terminal to ask on."
        raise UsageError(message, hint="Repeat with --yes.")
    with asking():
        given = typer.prompt(question, err=True)
    if given != answer:
        message = "The answer was another word."
        raise UsageError(message, hint="Nothing was changed.")


def _done(here: Session, word: str, path: Path, line: str) -> None:
    if here.output.is_json:
        here.output.document({word: path})
    else:
        here.output.line(line)
