"""What is wrong with rows of a statement: each named with its row, column, value and remedy."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.errors import InputError
from app.core.findings import Event, Finding, Severity
from app.core.names import counted

LISTED = 50
"""How many bad rows one message names; a file of another kind can have a hundred thousand."""


class CellError(Exception):
    """A cell that cannot be read; never leaves this package."""

    def __init__(
        self, column: str, value: str, why: str, remedy: str = "Correct the cell and import the file again."
    ) -> None:
        """Take the column as the file names it, the value as written, why it is bad and what to do."""
        super().__init__(why)
        self.column = column
        self.value = value
        self.why = why
        self.remedy = remedy


class Faults:
    """Collects bad rows of one file while the good ones are read."""

    def __init__(self, file_name: str) -> None:
        """Start with none."""
        self._file_name = file_name
        self._rows: list[tuple[int, CellError]] = []
        self._awaits: dict[int, Event] = {}
        self._notes: dict[str, list[int]] = {}

    def add(self, line: int, error: CellError, event: Event | None = None) -> None:
        """Keep a bad row, given by its line counted from 0, and the event that it tells of where that can be read."""
        self._rows.append((line + 1, error))
        if event is not None:
            self._awaits[line + 1] = event

    def note_unknown(self, word: str, line: int) -> None:
        """Keep a word that the format does not know; its row is read all the same."""
        self._notes.setdefault(word, []).append(line + 1)

    @property
    def count(self) -> int:
        """Return how many rows are bad."""
        return len(self._rows)

    def refuse(self, fact: str, hint: str = "Nothing was imported.") -> InputError:
        """Return the error of a file that cannot be used at all, naming its bad rows."""
        rows = sorted(self._rows, key=lambda pair: pair[0])
        named = [f"row {row}, column {error.column}: {error.value!r} {error.why}" for row, error in rows[:LISTED]]
        if len(rows) > LISTED:
            named.append(f"and {counted(len(rows) - LISTED, 'more row')}")
        message = f"{fact}: {'; '.join(named)}." if named else f"{fact}."
        return InputError(message, hint=hint, where=self._file_name)

    def findings(self) -> Sequence[Finding]:
        """Return one finding per bad row, then one per unknown word."""
        bad = [
            Finding(
                severity=Severity.ERROR,
                code="quarantined-row",
                message=f"Row {row}, column {error.column}: {error.value!r} {error.why}.",
                subject=f"{self._file_name}:{row}",
                detail="The row is kept with the file but is not in the books; the other rows are.",
                fix=error.remedy,
                place="imports",
                awaits=(self._awaits[row],) if row in self._awaits else (),
            )
            for row, error in sorted(self._rows, key=lambda pair: pair[0])
        ]
        unknown = [
            Finding(
                severity=Severity.INFO,
                code="unknown-operation",
                message=f"{word!r} in {counted(len(rows), 'row')} (first: row {rows[0]}) is recorded as other.",
                subject=f"{self._file_name}:{word}",
                detail="The quantities count; what kind of event they are is open.",
                fix="Correct the kind of these entries if it matters to you.",
                place="activity",
            )
            for word, rows in self._notes.items()
        ]
        return [*bad, *unknown]
