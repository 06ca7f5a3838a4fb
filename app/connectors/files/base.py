"""What all CSV statement formats share: a format names its heading and turns rows into entries."""

from __future__ import annotations

import abc
import gc
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from app.connectors.files.faults import CellError, Faults
from app.connectors.files.numbers import DecimalMark, decimal_mark
from app.connectors.files.tables import Row, Table, head_has, read_table
from app.connectors.files.times import Moments
from app.core.clock import to_datetime
from app.core.model.pages import Candidate, Page
from app.core.names import counted
from app.core.ports import AssetRegistry


class CsvFormat(abc.ABC):
    """One kind of statement file; a subclass is one file of this package.

    Attributes:
        format_id: Name for `--format`.
        title: Name for people.
        venue: The venue whose statements these are; "" where the file names accounts itself.
        required: Normalised names of columns that every generation of the heading has.
        version: Rises when the same row is read as something else.
    """

    format_id: str
    title: str
    venue: str
    required: tuple[str, ...]
    version: int = 1

    def __init__(self, assets: AssetRegistry, now_ns: Callable[[], int] = time.time_ns) -> None:
        """Take the registry and the clock that stamps when a file was read."""
        self.assets = assets
        self._now_ns = now_ns
        self._asset_ids: dict[str, str] = {}

    def asset_id(self, native_id: str) -> str:
        """Return the asset of the venue's own id, remembered because a file names few assets many times."""
        known = self._asset_ids.get(native_id)
        if known is None:
            known = self._asset_ids.setdefault(native_id, self.assets.resolve(self.venue, native_id).asset_id)
        return known

    def is_heading(self, names: frozenset[str]) -> bool:
        """Tell whether a line with these normalised cells is this format's heading."""
        return names.issuperset(self.required)

    def recognises(self, head: bytes) -> bool:
        """Tell from the first bytes whether a file is of this format."""
        return head_has(head, self.is_heading)

    def read(self, content: bytes, file_name: str, account: str) -> Page:
        """Read a whole statement; InputError names every bad row where the file cannot be used at all."""
        with collector_paused():
            return self._read(content, file_name, account)

    def _read(self, content: bytes, file_name: str, account: str) -> Page:
        table = read_table(content, file_name, self.is_heading, ", ".join(self.required))
        faults = Faults(file_name)
        candidates = self.candidates(table, account, faults) if table.rows else []
        if table.rows and not candidates and faults.count:
            raise faults.refuse(f"None of the {counted(len(table.rows), 'row')} can be read")
        return Page(
            stream=f"statement:{self.format_id}",
            content=content,
            media_type=table.media_type,
            read_at=self._now_ns(),
            candidates=candidates,
            cursor=hashlib.sha256(content).hexdigest(),
            normaliser=f"{self.format_id}/{self.version}",
            findings=faults.findings(),
        )

    @abc.abstractmethod
    def candidates(self, table: Table, account: str, faults: Faults) -> Sequence[Candidate]:
        """Return the entries that the rows are, in the order of the file; bad rows go to `faults`."""

    def moments(self, table: Table, column: int, faults: Faults) -> Moments:
        """Return the reader of a time column; InputError where its dates can be read in two ways."""
        last_year = to_datetime(self._now_ns()).year
        # The rows of one event have one moment: each is looked at once.
        cells = dict.fromkeys([cells[column] for _, cells in table.rows if column < len(cells)])
        moments = Moments(cells, last_year=last_year)
        if moments.order is None and len(moments.candidates) > 1:
            for line, row in table.rows:
                _note_bad(moments, row[column], table.heading[column], (line, faults))
            if faults.count:
                fact = "The dates can be read in more than one order of year, month and day"
                hint = "Export the file again and do not save it from a spreadsheet. Nothing was imported."
                raise faults.refuse(fact, hint)
        return moments


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python from searching for cycles while a file is read.

    A big file makes a million small values and no cycle among them; looking for some again and again
    takes 40 % of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _note_bad(moments: Moments, cell: str, column: str, to: tuple[int, Faults]) -> None:
    line, faults = to
    try:
        moments.read(cell, column)
    except CellError as error:
        faults.add(line, error)


def mark_of(table: Table, *columns: int | None) -> DecimalMark:
    """Return the decimal mark that the number columns of a table prove.

    Only cells with a comma raise the question; then every cell is a witness.
    """
    used = [column for column in columns if column is not None]
    cells = [row[column] for _, row in table.rows for column in used if column < len(row)]
    return decimal_mark(cells) if any("," in cell for cell in cells) else DecimalMark.DOT


def whole_rows(table: Table, faults: Faults) -> Iterable[Row]:
    """Yield rows that have as many cells as the heading; others are faults."""
    width = len(table.heading)
    for line, cells in table.rows:
        if len(cells) == width or (len(cells) > width and not any(cells[width:])):
            yield line, cells
        else:
            why = f"makes {len(cells)} cells where the heading has {width}"
            faults.add(
                line, CellError("(whole row)", ",".join(cells)[:60], why, "Restore the row from the venue's own file.")
            )
