"""counterfoil audit …: proof of the books."""

from __future__ import annotations

import typer

from app.cli.progress import bar
from app.cli.session import Session, run, session

app = typer.Typer(help="Proof of the books.", no_args_is_help=True)

_FAILED = 1


@app.command()
def verify(context: typer.Context) -> None:
    """Check every record, chain and signature again; status 1 and the first break where one fails."""
    run(verify_vault(session(context)))


async def verify_vault(here: Session) -> int:
    """Run the check and print it."""
    async with here.unlocked() as workspace:
        with bar(is_json=here.output.is_json) as progress:
            found = await workspace.audit.verify(progress)
    if here.output.is_json:
        here.output.document(found)
    elif found.is_valid:
        counts = f"{found.records:,} records, {found.commits:,} commits, {found.devices} devices"
        here.output.line(f"Every record follows from the one before: {counts}, {found.erased:,} bodies erased.")
        here.output.line(f"head {found.head}")
    else:
        here.output.line(
            f"First break: {found.first_break}. Restore a backup made before it: counterfoil vault restore FILE"
        )
    return 0 if found.is_valid else _FAILED


@app.command()
def root(context: typer.Context) -> None:
    """Print the hash of the newest record: written down elsewhere, it proves everything before it."""
    run(_root(session(context)))


async def _root(here: Session) -> None:
    async with here.unlocked() as workspace:
        known = await workspace.info()
    if here.output.is_json:
        here.output.document({"head": known.head, "records": known.records, "devices": known.devices})
    else:
        here.output.line(known.head)
