"""counterfoil export bundle: a sealed year for an accountant, with proofs and a script that checks them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.progress import bar
from app.cli.session import Session, run, session
from app.cli.tax_words import Country
from app.services.bundle import Wanted


def write_bundle(
    context: typer.Context,
    year: Annotated[int, typer.Option(min=1970, max=2200, help="The sealed tax year, as the country names it.")],
    out: Annotated[Path, typer.Option(metavar="DIR|FILE.zip", help="Where it goes, new; it is not encrypted.")],
    jurisdiction: Annotated[
        Country | None, typer.Option(help="Under whose rules (default: the one it is sealed under).")
    ] = None,
    redact: Annotated[
        bool, typer.Option("--redact", help="Without names of accounts, ids, addresses, notes: by salted hashes.")
    ] = False,
    openings: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="With --redact: what opens each of them. Keep it yourself.")
    ] = None,
) -> None:
    """Write a sealed year for an accountant: figures, forms, proofs, and a short script that checks all of it."""
    wanted = Wanted(year, jurisdiction.value if jurisdiction else "", out, redact, openings)
    run(_write(session(context), wanted))


async def _write(here: Session, wanted: Wanted) -> None:
    async with here.unlocked() as workspace:
        with bar(is_json=here.output.is_json) as progress:
            written = await workspace.bundles.write(wanted, progress)
    seal, made = written.seal, written.made
    if here.output.is_json:
        here.output.document(
            {
                "out": written.out,
                "files": list(made.files),
                "jurisdiction": seal.jurisdiction,
                "year": seal.year,
                "version": seal.version,
                "seal": seal.seal,
                "redacted": wanted.is_redacted,
                "hidden": len(made.openings),
                "left_out": made.left_out,
                "openings": wanted.openings,
            }
        )
        return
    here.output.line(f"Wrote {len(made.files)} files of {seal.name} into {written.out}; they are not encrypted.")
    if wanted.is_redacted:
        here.output.line(f"{len(made.openings):,} names and texts are hidden; README.txt says which.")
    for name, why in made.left_out.items():
        here.output.line(f"Left out: {name}: {why}.")
    if wanted.openings is not None:
        here.output.line(f"{wanted.openings} opens what is hidden: keep it yourself, and disclose lines of it.")
    here.output.line("It is checked by: python3 verify.py")
