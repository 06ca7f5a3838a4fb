"""counterfoil sync and import: reading sources and statements into the books."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli import rates_words
from app.cli.output import as_json, moment
from app.cli.progress import Acknowledgements, bar
from app.cli.session import Session, run, session
from app.cli.vault import ProgressFd
from app.core.clock import DAY
from app.core.errors import InputError
from app.core.model.views import ImportReport, SourceReport
from app.services.events import PageCommitted
from app.services.workspace import Workspace

UNREACHABLE = 5
"""Exit status where a source could not be read."""


def sync(
    context: typer.Context,
    source: Annotated[
        list[str] | None, typer.Option("--source", metavar="NAME", help="Only this connection; repeatable.")
    ] = None,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="Read the whole history again; what is known stays once.")
    ] = False,
    progress_fd: ProgressFd = None,
) -> None:
    """Read all sources from where each was left, and official rates if used; status 5 where one could not be read."""
    run(_sync(session(context), source or [], Acknowledgements(progress_fd), from_start=from_start))


async def _sync(here: Session, names: Sequence[str], told: Acknowledgements, *, from_start: bool) -> int:
    async with here.unlocked() as workspace:
        _acknowledge(workspace, told)
        with bar(is_json=here.output.is_json) as progress:
            reports = await workspace.ingest.sync(names, progress, from_start=from_start)
        if not names:
            await workspace.market_data.refresh_rates()
        rates = await workspace.rates.state()
    if here.output.is_json:
        here.output.document({"sources": [_source(report) for report in reports], "rates": rates_words.document(rates)})
    else:
        _show_sources(here, reports)
        if rates.is_on:
            here.output.line(rates_words.line(rates, here.runtime.clock.now_ns() // DAY))
    return UNREACHABLE if any(report.error for report in reports) else 0


def _acknowledge(workspace: Workspace, told: Acknowledgements) -> None:
    def kept(page: PageCommitted) -> None:
        told.write({"source": page.source, "stream": page.stream, "records": page.records, "head": page.head})

    workspace.events.subscribe(PageCommitted, kept)


def _source(report: SourceReport) -> dict[str, Any]:
    found: dict[str, Any] = as_json(report)
    found["calls_saved"] = report.calls_saved
    found["error"] = report.error or None
    return found


def _show_sources(here: Session, reports: Sequence[SourceReport]) -> None:
    rows = [
        (
            report.name,
            f"{report.recorded:,}",
            f"{report.seen:,}",
            f"{report.revised:,}",
            f"{report.quarantined:,}",
            moment(report.from_ns),
            moment(report.to_ns),
            f"{report.calls:,}",
            f"{report.calls_saved:,}",
            str(report.breaks),
        )
        for report in reports
    ]
    columns = ("source", "new", "seen", "revised", "quarantined", "from", "to", "calls", "saved", "breaks")
    here.output.table(columns, rows, right=("new", "seen", "revised", "quarantined", "calls", "saved", "breaks"))
    for report in reports:
        if report.error:
            here.output.line(f"{report.name}: {report.error}")
        here.output.findings(report.findings)


def import_statement(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The statement.")],
    format_id: Annotated[str, typer.Option("--format", metavar="NAME", help="Its format (default: recognised).")] = "",
    account: Annotated[str, typer.Option(help="Account that its records belong to.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    progress_fd: ProgressFd = None,
) -> None:
    """Import a statement: Kraken, Coinbase, Binance or ledger CSV v1."""
    here = session(context)
    run(_import(here, file, (format_id, account), told=Acknowledgements(progress_fd), dry_run=dry_run))


async def _import(here: Session, file: Path, words: tuple[str, str], *, told: Acknowledgements, dry_run: bool) -> None:
    if not file.is_file():
        message = "There is no such file."
        raise InputError(message, hint="Check the path.", where=str(file))
    format_id, account = words
    async with here.unlocked() as workspace:
        _acknowledge(workspace, told)
        work = workspace.imports.preview if dry_run else workspace.imports.commit
        report = await work(file, format_id=format_id, account=account)
    if here.output.is_json:
        here.output.document(report)
    else:
        _show_import(here, report)


def _show_import(here: Session, report: ImportReport) -> None:
    would = "would be " if report.is_preview else ""
    here.output.line(f"{report.file_name} ({report.format}) into {report.account_id or 'the accounts that it names'}")
    rows = (
        ("rows", f"{report.rows:,}"),
        (f"{would}new", f"{report.recorded:,}"),
        ("seen before", f"{report.seen:,}"),
        (f"{would}revised", f"{report.revised:,}"),
        ("known through another source", f"{report.evidence:,}"),
        ("quarantined", f"{report.quarantined:,}"),
        ("from", moment(report.from_ns)),
        ("to", moment(report.to_ns)),
    )
    here.output.table(("what", "count"), rows, right=("count",))
    here.output.findings(report.findings)
