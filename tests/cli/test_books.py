"""Tests that call import, entry, positions, activity, findings, reconcile and export as processes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from app.core.ledger.csv_v1 import COLUMNS
from tests.cli.process import Program

KRAKEN = """txid,refid,time,type,aclass,asset,amount,fee,balance
L1,R1,2024-01-02 03:04:05,deposit,currency,ZEUR,1000.0000,0.0000,1000.0000
L2,T1,2024-01-03 03:04:05,trade,currency,ZEUR,-300.0000,0.7800,699.2200
L3,T1,2024-01-03 03:04:05,trade,currency,XXBT,0.1000000001,0.0000000000,0.1000000001
L4,R2,2024-01-04 03:04:05,deposit,currency,XETH,one,0,1
"""


@pytest.fixture(scope="module")
def statement(program: Program) -> Path:
    """Return a statement with one bad row, imported once."""
    file = program.write("ledgers.csv", KRAKEN)
    preview = program.json("import", str(file), "--account", "kraken-main", "--dry-run")
    assert (preview["is_preview"], preview["recorded"], program.json("activity")["total"]) == (True, 2, 0)
    report = program.json("import", str(file), "--account", "kraken-main")
    assert (report["is_preview"], report["recorded"], report["format"]) == (False, 2, "kraken-ledgers")
    assert [finding["code"] for finding in report["findings"]] == ["quarantined-row"]
    return file


def test_the_same_statement_again_changes_nothing(program: Program, statement: Path) -> None:
    before = program.json("audit", "root")["head"]

    report = program.json("import", str(statement), "--account", "kraken-main")

    assert (report["recorded"], report["seen"], program.json("audit", "root")["head"]) == (0, 2, before)


@pytest.mark.usefixtures("statement")
def test_positions_are_exact_and_unknown_prices_are_null(program: Program) -> None:
    found = program.json("positions")

    quantities = {position["asset"]["asset_id"]: position["quantity"] for position in found["positions"]}
    marks = [position["value"] for position in found["positions"] if position["asset"]["asset_id"] == "bitcoin"]
    assert (quantities["bitcoin"], quantities["eur"], marks) == ("0.1000000001", "699.22", [None])


@pytest.mark.usefixtures("statement")
def test_activity_is_filtered(program: Program) -> None:
    trades = program.json("activity", "--kind", "trade", "--asset", "BTC")
    none = program.json("activity", "--until", "2024-01-01")

    assert [(entry["kind"], entry["at"]) for entry in trades["entries"]] == [("trade", "2024-01-03T03:04:05Z")]
    assert none == {"entries": [], "total": 0, "offset": 0}


@pytest.mark.usefixtures("statement")
def test_entries_of_a_person_are_added_corrected_noted_and_voided(program: Program) -> None:
    words = ("--account", "kraken-main", "--leg", "SOL=2.5", "--at", "2024-02-01T00:00:00Z", "--kind", "opening")
    made = program.json("entry", "add", *words, "--reason", "from the old books")["entry_id"]
    program.json("entry", "correct", made, "--leg", "SOL=2.75", "--reason", "misread")
    program.json("entry", "note", made, "seen on paper")

    corrected = program.json("activity", "--asset", "SOL")["entries"]
    program.json("entry", "void", made, "--reason", "sold before")

    assert [(entry["entry_id"], entry["legs"][0]["quantity"]) for entry in corrected] == [(made, "2.75")]
    assert all(
        position["asset"]["symbol"] != "SOL" or position["quantity"] == "0"
        for position in program.json("positions")["positions"]
    )


def test_the_first_entry_of_a_new_account_makes_it(program: Program) -> None:
    words = ("entry", "add", "--account", "paper wallet", "--kind", "opening", "--reason", "found")

    unknown = program.run(*words, "--leg", "BTC=1")
    wrong = program.run(*words, "--leg", "NOTHING=1", "--new-account")
    before = program.run("activity", "--account", "paper wallet")
    made = program.run(*words, "--leg", "kraken:XXBT=1", "--new-account")
    found = program.json("activity", "--account", "Paper Wallet")["entries"]

    assert (unknown.status, wrong.status, before.status, made.status) == (3, 3, 3, 0)
    assert [entry["legs"][0]["asset"]["asset_id"] for entry in found] == ["bitcoin"]


@pytest.mark.parametrize(
    "words",
    [
        ("entry", "void", "0" * 32, "--reason", "\udcff"),
        ("entry", "add", "--account", "x", "--reason", "x", "--leg", ":=1"),
        ("entry", "add", "--account", "x", "--reason", "x", "--leg", "BTC=1", "--value", "100"),
        ("entry", "add", "--account", "x", "--reason", "x", "--leg", "BTC=1", "--at", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_words_that_mean_nothing_are_refused(program: Program, words: tuple[str, ...]) -> None:
    ended = program.run(*words, "--json")

    assert (ended.status, ended.document["error"]["code"]) == (3, "bad-input")


def test_bounds_beyond_all_time_bound_nothing(program: Program) -> None:
    everything = program.json("activity")["total"]

    assert program.json("activity", "--since", "0001-01-01", "--until", "9999-12-31")["total"] == everything


def test_a_decision_without_a_reason_is_wrong_usage(program: Program) -> None:
    assert program.run("entry", "void", "abc").status == 2


def test_an_unknown_entry_changes_nothing(program: Program) -> None:
    ended = program.run("entry", "void", "0" * 32, "--reason", "none")

    assert (ended.status, len(ended.err.splitlines())) == (3, 1)


@pytest.mark.usefixtures("statement")
def test_findings_and_reconciliation_are_lists_with_codes(program: Program) -> None:
    findings = program.json("findings")
    places = program.json("reconcile")

    assert {"quarantined-row"} <= {finding["code"] for finding in findings}
    assert {place["code"] for place in places} <= {"agrees", "break", "not-reported"}


@pytest.mark.usefixtures("statement")
def test_a_finding_is_waived_with_a_reason_and_taken_back(program: Program) -> None:
    (row,) = [one for one in program.json("findings") if one["code"] == "quarantined-row"]
    refused = program.run("waive", row["name"])
    program.json("waive", row["name"], "--reason", "the line is a test of the venue")
    without = [one["code"] for one in program.json("findings")]
    waived = {one["name"]: one["waived"] for one in program.json("findings", "--waived")}
    shown = program.run("findings", "--waived").out
    program.json("waive", row["group"], "--reason", "seen again", "--take-back")

    assert (refused.status, "--reason is missing" in refused.err) == (2, True)
    assert "quarantined-row" not in without
    assert waived[row["name"]] == "the line is a test of the venue"
    assert "waived: the line is a test" in " ".join(shown.split())
    assert "quarantined-row" in [one["code"] for one in program.json("findings")]
    assert program.run("waive", "break:nothing", "--reason", "none").status == 3


@pytest.mark.usefixtures("statement")
def test_the_exported_ledger_gives_the_same_books_in_an_empty_vault(program: Program, tmp_path: Path) -> None:
    file = program.folder / "ledger.csv"
    program.json("export", "csv", str(file))
    other = Program(tmp_path)
    other.run("vault", "init", "--currency", "EUR")

    report = other.json("import", str(file))

    with file.open(encoding="utf-8", newline="") as stream:
        assert next(csv.reader(stream)) == list(COLUMNS)
    ours = [entry["entry_id"] for entry in program.json("activity")["entries"] if entry["state"] != "void"]
    assert report["recorded"] == len(ours)
    assert [entry["entry_id"] for entry in other.json("activity")["entries"]] == ours
    assert program.json("import", str(file))["recorded"] == 0


def test_a_file_of_another_kind_changes_nothing(program: Program) -> None:
    file = program.write("letter.txt", "Dear customer\n")

    ended = program.run("import", str(file))

    assert (ended.status, ended.out, len(ended.err.splitlines())) == (3, "", 1)


def test_every_commit_of_an_import_is_acknowledged_after_it(program: Program) -> None:
    file = program.write(
        "more.csv", KRAKEN.splitlines()[0] + "\nL9,R9,2024-03-02 03:04:05,deposit,currency,ZEUR,1,0,1\n"
    )
    acknowledged = program.folder / "acknowledged"
    with acknowledged.open("wb") as stream:
        command = program.command(
            "import", str(file), "--account", "kraken-main", "--progress-fd", str(stream.fileno())
        )
        ended = program.call(command, fds=(stream.fileno(),))

    assert ended.status == 0
    assert f'"head": "{program.json("audit", "root")["head"]}"' in acknowledged.read_text().splitlines()[-1]
