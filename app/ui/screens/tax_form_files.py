"""A report is saved: asked where, written whole on another thread, and said to be written."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.core.clock import to_datetime
from app.core.errors import CounterfoilError
from app.core.reports.table import Report
from app.ui import hints
from app.ui.screens.base import Shell
from app.ui.widgets import saving
from app.ui.words import tr

FORMATS = ("csv", "xlsx", "pdf", "txf")
NAMES = {"csv": "CSV", "xlsx": "XLSX", "pdf": "PDF", "txf": "TXF"}


def possible(report: Report, shell: Shell) -> Sequence[str]:
    """Return the formats that can carry a report."""
    known = shell.workspace.runtime.reports
    return [one for one in FORMATS if one in known and (one != "txf" or report.records is not None)]


def file_name(report: Report, year: str, how: str) -> str:
    """Return what a file would be called."""
    return f"{report.form}-{year.replace('/', '-')}.{how}"


async def ask_where(parent: QWidget, report: Report, year: str, how: str) -> Path | None:
    """Ask for a place; the dialog itself asks again before it takes the place of a file that is there."""
    title = tr("Save %r").replace("%r", report.title)
    return await saving.ask_where(parent, title, file_name(report, year, how))


async def write(shell: Shell, report: Report, path: Path, how: str) -> str:
    """Write a file as the command line does; returns what went wrong in words, "" where nothing did."""
    runtime = shell.workspace.runtime
    on = to_datetime(runtime.clock.now_ns()).date()
    try:
        await asyncio.get_running_loop().run_in_executor(None, runtime.reports[how].write, path, report, on)
    except CounterfoilError as fault:
        return hints.line(fault)
    words = tr("%r written to %f, which is not encrypted.").replace("%r", report.title).replace("%f", path.name)
    shell.toast(words)
    return ""
