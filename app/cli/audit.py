"""counterfoil audit …: proof of the books."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.progress import bar
from app.cli.session import Session, run, session
from app.core.names import counted

app = typer.Typer(help="Proof of the books.", no_args_is_help=True)

_FAILED = 1


Rebuild = Annotated[bool, typer.Option("--rebuild", help="Derive balances and lists anew from records that are sound.")]


@app.command()
def verify(context: typer.Context, rebuild: Rebuild = False) -> None:
    """Check every record, chain and signature again; status 1 and the first break where one fails."""
    run(verify_vault(session(context), rebuild=rebuild))


async def verify_vault(here: Session, *, rebuild: bool) -> int:
    """Run the check and print it."""
    async with here.unlocked() as workspace:
        with bar(is_json=here.output.is_json) as progress:
            found = await workspace.audit.verify(progress)
            if rebuild and (found.is_valid or _is_derived(found.first_break)):
                await workspace.audit.rebuild()
                found = await workspace.audit.verify(progress)
    if here.output.is_json:
        here.output.document(found)
    elif found.is_valid:
        counts = ", ".join(map(counted, (found.records, found.commits, found.devices), ("record", "commit", "device")))
        erased = counted(found.erased, "body", "bodies")
        here.output.line(f"Every record follows from the one before: {counts}, {erased} erased.")
        here.output.line(f"head {found.head}")
    else:
        here.output.line(f"First break: {found.first_break}. {_remedy(found.first_break)}")
    return 0 if found.is_valid else _FAILED


def _is_derived(first_break: str) -> bool:
    """Tell whether only what follows from the records differs from them."""
    return "rebuild the projections" in first_break


def _remedy(first_break: str) -> str:
    if _is_derived(first_break):
        return "The records are sound. Run: counterfoil vault verify --rebuild"
    return "Restore a backup made before it: counterfoil vault restore FILE"


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
