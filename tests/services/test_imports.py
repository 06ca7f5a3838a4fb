"""Statements: each names its account, and every row that is left out is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import InputError
from app.services.workspace import Workspace

HEADING = "txid,refid,time,type,asset,amount,fee\n"
ROW = "L1,R1,2024-01-02 03:04:05,deposit,XXBT,1,0\n"


def statement(folder: Path, *rows: str) -> Path:
    file = folder / "ledgers.csv"
    file.write_text(HEADING + "".join(rows))
    return file


async def test_a_row_that_cannot_be_kept_is_told_with_its_line(workspace: Workspace, tmp_path: Path) -> None:
    file = statement(tmp_path, ROW, "L2,R2,1999-01-02 03:04:05,deposit,XXBT,1,0\n")

    preview = await workspace.imports.preview(file)
    report = await workspace.imports.commit(file)

    assert [finding.message[:18] for finding in report.findings] == ["Row 3 of statement"]
    assert (preview.findings, report.recorded, report.quarantined) == (report.findings, 1, 1)


@pytest.mark.parametrize(
    "bad", ["L2,R2,1999-01-02 03:04:05,deposit,XXBT,1,0\n", "L2,R2,2024-01-02 03:04:06,deposit,XXBT,one,0\n"]
)
async def test_a_row_that_was_corrected_is_no_finding_any_more(workspace: Workspace, tmp_path: Path, bad: str) -> None:
    await workspace.imports.commit(statement(tmp_path, ROW, bad))
    before = [finding for finding in await workspace.findings.all() if finding.code == "quarantined-row"]
    await workspace.imports.commit(statement(tmp_path, ROW, "L2,R2,2024-01-02 03:04:05,deposit,XXBT,1,0\n"))

    assert [event[1:] for finding in before for event in finding.awaits] == [("ledger", "R2", "")]
    assert [finding for finding in await workspace.findings.all() if finding.code == "quarantined-row"] == []


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"", "empty"), (b" \n", "empty"), (b"PK\x03\x04rest", "a ZIP archive"), (b"%PDF-1.7", "a PDF document")],
)
async def test_a_file_that_is_no_text_is_named(workspace: Workspace, tmp_path: Path, content: bytes, what: str) -> None:
    file = tmp_path / "statement"
    file.write_bytes(content)

    with pytest.raises(InputError, match=f"The file is {what}"):
        await workspace.imports.preview(file)


async def test_an_account_is_known_by_its_name_too(workspace: Workspace, tmp_path: Path) -> None:
    file = statement(tmp_path, ROW)
    await workspace.imports.commit(file, account="Main books")

    again = await workspace.imports.commit(file, account="main BOOKS")

    assert (again.account_id, again.seen, again.recorded) == ("Main books", 1, 0)


@pytest.mark.parametrize("name", ["a/b", "-x", "two\nlines", "x" * 65])
async def test_what_cannot_name_an_account_is_refused(workspace: Workspace, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be the name of an account"):
        await workspace.imports.commit(statement(tmp_path, ROW), account=name)

    assert await workspace.portfolio.accounts() == ()
