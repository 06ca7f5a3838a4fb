"""Ports of files: statements that are read, tables, reports and other files that are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from app.core.model.market_files import HeldLine, PriceTable
from app.core.model.pages import Page
from app.core.reports.table import Report


class StatementFormat(Protocol):
    """Reads one kind of statement file."""

    @property
    def format_id(self) -> str:
        """Return the name for `--format`."""

    @property
    def title(self) -> str:
        """Return the name for people."""

    @property
    def venue(self) -> str:
        """Return the venue whose statements these are; "" where the file names accounts itself."""

    def recognises(self, head: bytes) -> bool:
        """Tell from the first bytes whether a file is of this format."""

    def read(self, content: bytes, file_name: str, account: str) -> Page:
        """Read a whole statement; InputError names every bad row where the file cannot be used at all."""


class MarketFiles(Protocol):
    """Reads files of prices and of holdings."""

    def prices(self, path: Path) -> PriceTable:
        """Return the closes of a file; InputError where it is none, naming what is missing."""

    def holdings(self, path: Path) -> Sequence[HeldLine]:
        """Return the lines of a file of holdings; InputError names the first bad one."""


class TableWriter(Protocol):
    """Writes a table of texts as a file."""

    def write(self, path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Write the file whole or not at all."""


class ReportWriter(Protocol):
    """Writes a report as a file of one format."""

    def write(self, path: Path, report: Report, on: date) -> None:
        """Write the file whole or not at all; RefusedError where the format cannot tell the report.

        Args:
            path: Where.
            report: What.
            on: The day that the file says it was made on.
        """

    def content(self, report: Report, on: date) -> bytes:
        """Return what the file would hold."""


class FileWriter(Protocol):
    """Writes bytes that are made elsewhere."""

    def folder(self, folder: Path, files: Mapping[str, bytes]) -> None:
        """Write files into a folder; InputError where it is there and not empty."""

    def whole(self, path: Path, content: bytes) -> None:
        """Write one file whole or not at all."""

    def archive(self, path: Path, files: Mapping[str, bytes]) -> None:
        """Write a zip archive whole or not at all."""
