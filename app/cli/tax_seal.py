"""counterfoil tax seal, seals and verify: years closed under one hash, and made again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.output import as_json, moment
from app.cli.progress import Acknowledgements, bar
from app.cli.session import Session, run, session
from app.cli.tax_words import Country, options
from app.cli.vault import ProgressFd
from app.cli.words import require_text
from app.core.errors import InputError
from app.core.findings import Severity
from app.core.lots.methods import Method, Scope
from app.core.model.period_seals import PeriodSeal
from app.core.names import counted
from app.core.reconciliation.told import BREAK
from app.core.seal.differences import totals_first
from app.services.seal_readiness import NotReadyError
from app.services.seals import Verified, told
from app.services.tax_years import Asked

_SHOWN = 20
_FAILED = 1

Year = Annotated[int, typer.Option(min=1970, max=2200, help="The tax year, as the country names it.")]


def seal(
    context: typer.Context,
    year: Year,
    jurisdiction: Annotated[Country | None, typer.Option(help="Whose rules apply (default: the book's).")] = None,
    amend: Annotated[bool, typer.Option("--amend", help="Make a new version of a year that is sealed.")] = False,
    reason: Annotated[str, typer.Option(help="Why it is amended, or closed over what was waived.")] = "",
    method: Annotated[Method | None, typer.Option(help="How cost is found (default: as ordered).")] = None,
    scope: Annotated[Scope | None, typer.Option(help="Where lots are looked for (default: likewise).")] = None,
    currency: Annotated[str, typer.Option(metavar="CCY", help="Of all values (default: the country's).")] = "",
    option: Annotated[
        list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="A jurisdiction's option; repeatable.")
    ] = None,
    progress_fd: ProgressFd = None,
) -> None:
    """Close a tax year under one hash, with figures, sources and forms; status 1 where it is not ready."""
    require_text(reason)
    asked = Asked(
        jurisdiction.value if jurisdiction else "", method, scope, currency.upper(), year, options(option or [])
    )
    run(_seal(session(context), asked, Acknowledgements(progress_fd), reason=reason, amends=amend))


async def _seal(here: Session, asked: Asked, acknowledged: Acknowledgements, *, reason: str, amends: bool) -> int:
    async with here.unlocked() as workspace:
        chosen = asked if asked.jurisdiction else replace(asked, jurisdiction=await workspace.tax.country())
        try:
            with bar(is_json=here.output.is_json) as progress:
                made = await workspace.seals.seal(chosen, progress, reason=reason, amends=amends)
        except NotReadyError as error:
            return _refused(here, error)
        acknowledged.write({"records": 0, "head": made.record})
    if here.output.is_json:
        here.output.document(_document(made))
    else:
        here.output.line(f"Sealed {made.name}: {made.seal}")
        here.output.line(f"output {made.output}, {counted(len(made.parts), 'file')}, record {made.record}")
    return 0


def _refused(here: Session, error: NotReadyError) -> int:
    if here.output.is_json:
        here.output.document({"error": error.as_json(), "blocking": error.findings})
    else:
        here.output.line_of_error(error)
        here.output.findings(error.findings)
        if any(one.severity is Severity.ERROR for one in error.findings):
            here.output.line("Unknown figures mostly want a price: counterfoil findings names the days without one.")
        if any(one.code == BREAK for one in error.findings):
            here.output.line("Commands that put breaks right: counterfoil reconcile --breaks")
    return error.exit_status


def _document(one: PeriodSeal) -> dict[str, Any]:
    found: dict[str, Any] = as_json(one)
    return {**found, "previous": one.previous or None, "parts": {part.name: part.hash for part in one.parts}}


def seals(
    context: typer.Context,
    year: Annotated[int | None, typer.Option(min=1970, max=2200, help="Only this tax year.")] = None,
    jurisdiction: Annotated[Country | None, typer.Option(help="Only under these rules.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the files of the newest version there; not encrypted.")
    ] = None,
    version: Annotated[int | None, typer.Option(min=1, help="Of this version, with --out.")] = None,
) -> None:
    """List every version of every sealed year; with --out, write what was sealed as it was sealed."""
    run(_seals(session(context), (year, jurisdiction.value if jurisdiction else ""), out, version))


async def _seals(here: Session, asked: tuple[int | None, str], out: Path | None, version: int | None) -> None:
    year, jurisdiction = asked
    async with here.unlocked() as workspace:
        found = [
            one
            for one in await workspace.seals.all()
            if year in (None, one.year) and jurisdiction in ("", one.jurisdiction) and version in (None, one.version)
        ]
        if out is not None:
            one = _only(found)
            written = await workspace.seals.write(one, out)
            here.output.line(f"Wrote {counted(len(written), 'file')} of {one.name} into {out}, not encrypted.")
            return
    if here.output.is_json:
        here.output.document([_document(one) for one in found])
        return
    rows = [
        (one.jurisdiction, str(one.year), str(one.version), moment(one.recorded_ns), one.seal, one.program, one.reason)
        for one in found
    ]
    here.output.table(("jurisdiction", "year", "version", "sealed", "seal", "program", "reason"), rows)


def _only(found: list[PeriodSeal]) -> PeriodSeal:
    years = {(one.jurisdiction, one.year) for one in found}
    if len(years) != 1:
        message = "No sealed year is meant." if not years else f"{len(years)} sealed years are meant."
        raise InputError(message, hint="Name one: --year and --jurisdiction; tax seals lists them.")
    return found[-1]


def verify(
    context: typer.Context,
    year: Annotated[int | None, typer.Option(min=1970, max=2200, help="Only this tax year (default: all).")] = None,
    jurisdiction: Annotated[Country | None, typer.Option(help="Only under these rules.")] = None,
) -> None:
    """Make sealed years again and compare them byte by byte; status 1 and what changed where one differs."""
    run(_verify(session(context), year, jurisdiction.value if jurisdiction else ""))


async def _verify(here: Session, year: int | None, jurisdiction: str) -> int:
    async with here.unlocked() as workspace:
        newest = {
            (one.jurisdiction, one.year): one
            for one in await workspace.seals.all()
            if year in (None, one.year) and jurisdiction in ("", one.jurisdiction)
        }
        if not newest:
            message = f"{year} is not sealed." if year else "No year is sealed."
            raise InputError(message, hint="Close one with: counterfoil tax seal --year YEAR.")
        with bar(is_json=here.output.is_json) as progress:
            found = [await workspace.seals.verify(one, progress) for one in newest.values()]
    if here.output.is_json:
        documents = [_outcome(one) for one in found]
        here.output.document(documents[0] if year is not None and len(documents) == 1 else documents)
    else:
        for one in found:
            _show(here, one)
    return 0 if all(one.is_reproduced for one in found) else _FAILED


def _outcome(one: Verified) -> dict[str, Any]:
    report = told(one)
    return {
        "year": one.seal.year,
        "jurisdiction": one.seal.jurisdiction,
        "version": one.seal.version,
        "seal": one.seal.seal,
        "reproduced": one.is_reproduced,
        "differences": report["differences"],
        "causes": report["causes"],
    }


def _show(here: Session, one: Verified) -> None:
    sealed = f"{one.seal.name}, sealed on {moment(one.seal.recorded_ns)}"
    if one.is_reproduced:
        here.output.line(f"{sealed}: reproduced, byte by byte. {one.seal.seal}")
        return
    here.output.line(f"{sealed}: comes out differently now. {totals_first(one.differences)}".rstrip())
    for cause in one.causes:
        here.output.line(f"Cause: {cause.words}")
    rows = [
        (other.part, other.subject, other.field, other.before, other.after, other.change)
        for other in one.differences[:_SHOWN]
    ]
    here.output.table(("part", "subject", "field", "sealed", "now", "change"), rows, right=("change",))
    if len(one.differences) > _SHOWN:
        here.output.line(f"And {len(one.differences) - _SHOWN:,} more differences: --json has all of them.")
