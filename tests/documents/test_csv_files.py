"""Tests of the CSV writer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.core.errors import InputError
from app.documents.csv_files import CsvFiles


def test_a_table_is_written_as_the_standard_describes_it(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"

    CsvFiles().write(target, ["name", "quantity"], [["a,b", "-1.5"], ['say "x"', "0.00000001"]])

    assert target.read_bytes() == b'name,quantity\r\n"a,b",-1.5\r\n"say ""x""",0.00000001\r\n'


def test_a_cell_that_a_spreadsheet_would_run_is_shown_as_text(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"

    CsvFiles().write(target, ["note"], [["=1+1"], ["-cmd"], ["@x"], ["-12.5"], ["'=1"], ["it's"]])

    assert target.read_text(encoding="utf-8").split() == ["note", "'=1+1", "'-cmd", "'@x", "-12.5", "''=1", "it's"]


def test_a_failure_midway_leaves_the_old_file_and_no_part(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    target.write_text("old")
    rows: list[list[str]] = [["fine"], [None]]  # type: ignore[list-item]

    with pytest.raises(TypeError):
        CsvFiles().write(target, ["note"], rows)

    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]
    assert target.read_text() == "old"


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        CsvFiles().write(tmp_path / "none" / "table.csv", ["a"], [])


def test_a_folder_or_a_device_is_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for target in (tmp_path, pipe):
        with pytest.raises(InputError, match="no ordinary file"):
            CsvFiles().write(target, ["a"], [])

    assert pipe.is_fifo()


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    link, real = tmp_path / "link.csv", tmp_path / "real.csv"
    link.symlink_to(real)

    CsvFiles().write(link, ["a"], [["1"]])

    assert (link.is_symlink(), real.read_text(encoding="utf-8")) == (True, "a\n1\n")
