"""What commands print: one JSON document or a readable table on standard output, everything else on standard error."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from msgspec import Struct
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.streams import ReaderGoneError
from app.core.clock import iso
from app.core.errors import CounterfoilError, StorageFullError
from app.core.findings import Finding
from app.core.model.views import EntryView
from app.core.money import plain

_MOMENTS = {"at": "at", "from_ns": "from", "to_ns": "to", "as_of_ns": "as_of"}
_UNBROKEN = 500
"""Columns of a table that goes into a file or a pipe: its rows stay on one line each."""
_SKIPPED = {"resolution"}
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def as_json(value: Any) -> Any:
    """Return what a value is in JSON: exact numbers as texts, moments as ISO 8601, unknown as null."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (bool, str, int, float)):
        return value
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Path):
        return str(value)
    names = _names(value)
    if names is not None:
        return _fields(value, names)
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [as_json(item) for item in value]
    message = f"{type(value).__name__} has no JSON form"
    raise TypeError(message)


def _names(value: Any) -> Sequence[str] | None:
    """Return the fields of a value of the core; None where it is none."""
    if isinstance(value, Struct):
        return value.__struct_fields__
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [field.name for field in dataclasses.fields(value)]
    return None


def _fields(value: Any, names: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names:
        item = getattr(value, name)
        if name in _SKIPPED:
            continue
        if name in _MOMENTS or name.endswith("_ns"):
            resolution = value.resolution if isinstance(value, EntryView) else 10**9
            found[_moment_name(name)] = None if item is None else iso(item, resolution)
        else:
            found[name] = as_json(item)
    return found


def _moment_name(name: str) -> str:
    return _MOMENTS.get(name) or f"{name.removesuffix('_ns').removesuffix('_at')}_at"


class Output:
    """Where a command's answer goes."""

    def __init__(self, *, is_json: bool) -> None:
        """Choose JSON or tables."""
        self.is_json = is_json
        is_terminal = sys.stdout.isatty()
        self._drawn = io.StringIO()
        self._console = Console(
            file=self._drawn, highlight=False, force_terminal=is_terminal, width=None if is_terminal else _UNBROKEN
        )

    def document(self, value: object) -> None:
        """Print the one JSON document."""
        shown = as_json(value)
        text = json.dumps(shown, ensure_ascii=False, indent=2)
        try:
            text.encode(sys.stdout.encoding or "utf-8")
        except UnicodeEncodeError:
            text = json.dumps(shown, indent=2)
        _write(f"{text}\n")

    def line(self, text: str) -> None:
        """Print a line of the readable form."""
        self._print(Text(_visible(text)))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str | None]], *, right: Sequence[str] = ()) -> None:
        """Print a table; unknown cells show a dash."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name in columns:
            table.add_column(name, justify="right" if name in right else "left", overflow="fold")
        for row in rows:
            table.add_row(*(Text("–" if cell is None else _visible(cell)) for cell in row))
        self._print(table)

    def _print(self, shown: Text | Table) -> None:
        self._console.print(shown)
        _write(self._drawn.getvalue())
        self._drawn.seek(0)
        self._drawn.truncate()

    def findings(self, findings: Sequence[Finding]) -> None:
        """Print findings, each with what to do."""
        for finding in findings:
            self.line(f"{finding.severity.value}: {finding.message} {finding.fix}".rstrip())

    def error(self, error: CounterfoilError) -> None:
        """Print a fault: JSON on standard output, or one line on standard error."""
        if self.is_json:
            self.document({"error": error.as_json()})
        else:
            self.line_of_error(error)

    @staticmethod
    def line_of_error(error: CounterfoilError) -> None:
        """Print a fault as one line on standard error."""
        # Where not even that can be written, the exit status tells it.
        with suppress(OSError):
            print(f"counterfoil: {_visible(error.line())}", file=sys.stderr)

    def help(self, text: str) -> None:
        """Print the help of a command that was called without its words."""
        print(text, file=sys.stderr)


def _visible(text: str) -> str:
    """Return a text in which no sign steers the terminal: statements and venues choose what they write."""
    return text if text.isprintable() else _STEERING.sub("\ufffd", text)


def _write(text: str) -> None:
    """Write on standard output at once, so that what goes wrong there is told by us and not at Python's end."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except OSError as error:
        message = f"The answer could not be written on standard output: {error.strerror}."
        raise StorageFullError(message, hint="What the command did is kept; ask again for the answer.") from error


def number(value: Decimal | None) -> str | None:
    """Return a number as shown in tables, with its thousands; None stays unknown."""
    if value is None:
        return None
    whole, dot, fraction = plain(value).partition(".")
    return f"{int(whole):,}{dot}{fraction}" if abs(int(whole)) or not whole.startswith("-") else f"-0{dot}{fraction}"


def share(value: Decimal | None) -> str | None:
    """Return a share in percent with two places."""
    return None if value is None else f"{value * 100:.2f} %"


def moment(at: int | None, resolution: int = 10**9) -> str | None:
    """Return a moment as shown in tables."""
    return None if at is None else iso(at, resolution)
