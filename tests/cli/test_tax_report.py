"""Tests of tax report as a process: formats, refusals, exit status, and the same from a vault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.process import Ended, Program

HISTORIES = Path(__file__).parents[1] / "golden" / "histories"
KRAKEN = """txid,refid,time,type,aclass,asset,amount,fee,balance
L1,R1,2025-01-02 03:04:05,deposit,currency,ZUSD,1000.0000,0.0000,1000.0000
L2,T1,2025-01-03 03:04:05,trade,currency,ZUSD,-300.0000,0.0000,700.0000
L3,T1,2025-01-03 03:04:05,trade,currency,XXBT,0.1000000000,0.0000000000,0.1000000000
L4,T2,2025-02-03 03:04:05,trade,currency,XXBT,-0.0500000000,0.0000000000,0.0500000000
L5,T2,2025-02-03 03:04:05,trade,currency,ZUSD,200.0000,0.0000,900.0000
"""


@pytest.fixture(scope="module")
def without_vault(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return a program that has no vault."""
    return Program(tmp_path_factory.mktemp("no-vault"))


def reported(program: Program, form: str, out: Path, history: str = "us", *more: str, year: str = "2025") -> Ended:
    """Return how the command ended on a history."""
    words = ("tax", "report", "--year", year, "--form", form, "--out", str(out))
    return program.run(*words, "--transactions", str(HISTORIES / f"{history}.csv"), *more)


def test_the_ending_of_the_file_chooses_the_format(without_vault: Program, tmp_path: Path) -> None:
    heads = {}
    for ending in ("csv", "xlsx", "pdf", "txf"):
        target = tmp_path / f"report.{ending}"
        assert reported(without_vault, "us-8949", target).status == 0
        heads[ending] = target.read_bytes()[:4]

    assert heads == {"csv": b"Part", "xlsx": b"PK\x03\x04", "pdf": b"%PDF", "txf": b"V042"}


def test_the_answer_says_what_was_written_and_that_it_is_unverified(without_vault: Program, tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    printed: dict[str, Any] = reported(without_vault, "uk-sa108", target, "uk", "--json", year="2024").document

    assert (printed["file"], printed["form"], printed["format"]) == (str(target), "uk-sa108", "csv")
    assert (printed["edition"], printed["is_verified"], printed["is_blocked"]) == ("SA108 2024-25", False, False)


def test_a_report_with_unknown_figures_is_written_and_ends_with_1(without_vault: Program, tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    ended = reported(without_vault, "us-8949", target, "unknown")

    assert (ended.status, "unknown" in target.read_text("utf-8")) == (1, True)


def test_what_brokers_reported_decides_the_boxes(without_vault: Program, tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    lines = str(HISTORIES / "us-1099-da.csv")
    assert reported(without_vault, "us-8949", target, "us", "--form-1099-da", lines).status == 0

    rows = target.read_text("utf-8").splitlines()[1:4]

    assert [row.split(",")[1] for row in rows] == ["G", "H", "K"]


def test_holdings_can_be_those_of_a_day(without_vault: Program, tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    ended = reported(without_vault, "holdings", target, "us", "--jurisdiction", "us", "--at", "2025-03-31")

    assert (ended.status, target.read_text("utf-8").splitlines()[1]) == (0, "BTC,kraken,1.5,90000.005,135000.01")


@pytest.mark.parametrize(
    ("form", "more", "expected"),
    [
        ("us-9999", (), (2, "There is no form")),
        ("uk-sa108", ("--jurisdiction", "us"), (6, "belongs to the jurisdiction uk")),
        ("uk-sa108", (), (6, "values are in USD")),
        ("us-schedule-d", ("--format", "txf"), (6, "cannot tell it")),
        ("us-8949", ("--at", "2025-03-31"), (2, "--at belongs to the forms holdings and unrealised")),
        ("income", ("--form-1099-da", "x.csv"), (2, "belongs to the forms us-8949")),
        ("holdings", ("--at", "2024-03-31"), (3, "does not lie in the tax year 2025")),
        ("us-8949", ("--form-1099-da", str(HISTORIES / "us.csv")), (3, "has no column term")),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_is_written(
    without_vault: Program, tmp_path: Path, form: str, more: tuple[str, ...], expected: tuple[int, str]
) -> None:
    ended = reported(without_vault, form, tmp_path / "report.out", "us", *more)

    status, told = expected
    assert (ended.status, told in ended.err, list(tmp_path.iterdir())) == (status, True, [])


def test_a_vault_gives_the_form_with_the_sources_of_its_values(program: Program, tmp_path: Path) -> None:
    program.json("import", str(program.write("ledgers.csv", KRAKEN)), "--account", "kraken-main")
    words = ("--year", "2025", "--currency", "USD")
    form, audit = tmp_path / "8949.csv", tmp_path / "audit.csv"

    ended = program.run("tax", "report", "--form", "us-8949", "--out", str(form), *words)
    program.run("tax", "report", "--form", "audit", "--jurisdiction", "us", "--out", str(audit), *words)

    row = form.read_text("utf-8").splitlines()[1].split(",")
    assert (ended.status, row[:10]) == (
        0,
        ["I", "I", "0.05 BTC", "2025-01-03", "2025-02-03", "200.00", "150.00", "", "", "50.00"],
    )
    assert "the currency itself" in audit.read_text("utf-8")
