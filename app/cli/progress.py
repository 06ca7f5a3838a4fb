"""How far long work is: a bar on the terminal for people, JSON lines on an open file for scripts."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from app.core.errors import UsageError
from app.core.ports import Progress as Report


@contextmanager
def bar(*, is_json: bool) -> Iterator[Report]:
    """Yield a callback that moves a bar on standard error; it shows nothing where no person looks."""
    if is_json or not sys.stderr.isatty():
        yield lambda _share, _doing: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)

        def report(done: float | None, doing: str) -> None:
            shown.update(task, description=doing, total=None if done is None else 1.0, completed=done or 0.0)

        yield report


class Acknowledgements:
    """Writes one JSON line per commit to an open file; the line is written after the commit, never before."""

    def __init__(self, descriptor: int | None) -> None:
        """Check that the file is open for writing; None writes nothing."""
        self._descriptor = descriptor
        if descriptor is None:
            return
        try:
            os.write(descriptor, b"")
        except OSError as error:
            message = f"--progress-fd {descriptor} cannot be written to: {error.strerror}."
            raise UsageError(message, hint=f"Example: --progress-fd {descriptor} {descriptor}> FILE") from error

    def write(self, line: Mapping[str, str | int]) -> None:
        """Write one line in one system call, so that a killed process leaves whole lines."""
        if self._descriptor is not None:
            os.write(self._descriptor, (json.dumps(line) + "\n").encode())
