"""Tests of tax compute: known answers in this process, its words and its refusals as processes of their own."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from app.cli.output import as_json
from app.cli.tax import document
from app.core.errors import CounterfoilError
from app.core.lots.methods import Method, Scope
from app.core.tax.compute import compute
from app.core.tax.profile import profile
from app.core.tax.transactions import read
from tests.cli.process import Program

HEADING = "id,timestamp,type,wallet,asset,quantity,to_wallet,value,value_currency,lots,note"
SOLD = f"""{HEADING}
a,2024-01-01T12:00:00Z,buy,main,BTC,3,,100,USD,,
b,2024-02-01T12:00:00.250Z,income,main,BTC,1,,50,USD,,
s,2025-03-01T12:00:00Z,sell,main,BTC,1,,100,USD,a:1,
"""


@pytest.fixture(scope="module")
def checker(data_folder: Path) -> ModuleType:
    """Return the checker that lies beside the known answers."""
    found = importlib.util.spec_from_file_location("tax_check", data_folder / "tax" / "check.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def answer(case: Any, name: str = "transactions.csv") -> dict[str, Any]:
    """Return what the command prints for a case."""
    expected = case.exp
    method = Method(expected["method"])
    chosen = profile(
        expected["jurisdiction"], method=method, scope=Scope(expected["scope"]), options=expected.get("options")
    )
    text = (case.folder / name).read_text("utf-8")
    found = read(text, currency=expected["currency"], with_lots=method is Method.SPEC_ID)
    figures = compute(found.transactions, chosen, currency=found.currency)
    printed: dict[str, Any] = json.loads(json.dumps(as_json(document(figures, chosen, figures.findings, None))))
    return printed


def test_every_known_answer_comes_out(data_folder: Path, checker: ModuleType) -> None:
    failures = {}
    cases = [checker.Case(path.parent) for path in sorted((data_folder / "tax" / "cases").glob("*/expected.json"))]
    for case in cases:
        try:
            if not case.exp.get("refuse"):
                checker.compare(case, case.exp, answer(case), case.rows())
            else:
                with pytest.raises(CounterfoilError):
                    answer(case)
                checker.compare(case, case.exp["control"], answer(case, "control.csv"), case.rows("control.csv"))
        except checker.Mismatch as mismatch:
            failures[case.name] = str(mismatch)

    assert (failures, len(cases) >= 90) == ({}, True)


def computed(program: Program, text: str, *words: str) -> Any:
    """Run the command on a file."""
    return program.run("tax", "compute", "--transactions", str(program.write("transactions.csv", text)), *words)


@pytest.fixture(scope="module")
def without_vault(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return a program that has no vault."""
    return Program(tmp_path_factory.mktemp("no-vault"))


def test_the_document_has_the_shape_that_others_read(without_vault: Program) -> None:
    printed = computed(without_vault, SOLD, "--jurisdiction", "us", "--json").document

    third = "33.333333333333333333333333333333"
    assert printed["disposals"] == [
        {
            "id": "s",
            "ids": ["s"],
            "asset": "BTC",
            "wallet": "main",
            "timestamp": "2025-03-01T12:00:00Z",
            "quantity": "1",
            "proceeds": "100",
            "cost": third,
            "gain": "66.666666666666666666666666666667",
            "denied": "0",
            "term": "long",
            "matches": [
                {
                    "lot": "a",
                    "rule": "fifo",
                    "quantity": "1",
                    "cost": third,
                    "acquired_at": "2024-01-01T12:00:00Z",
                    "term": "long",
                }
            ],
        }
    ]
    assert printed["income"] == [
        {
            "id": "b",
            "asset": "BTC",
            "wallet": "main",
            "timestamp": "2024-02-01T12:00:00.250Z",
            "quantity": "1",
            "value": "50",
        }
    ]
    assert printed["holdings"] == [
        {"asset": "BTC", "wallet": "main", "quantity": "3", "cost": "116.666666666666666666666666666667"}
    ]
    assert printed["totals"] == {
        "proceeds": "100",
        "cost": third,
        "gain": "66.666666666666666666666666666667",
        "denied": "0",
        "short_gain": "0",
        "long_gain": "66.666666666666666666666666666667",
        "income": "50",
    }
    assert printed["findings"] == []
    assert not without_vault.vault.exists()


def test_a_table_is_shown_without_json(without_vault: Program) -> None:
    ended = computed(without_vault, SOLD, "--jurisdiction", "us", "--method", "spec-id", "--year", "2025")

    assert ended.status == 0, ended
    assert "Total income: 0 USD" in ended.out.splitlines()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--jurisdiction", "uk", "--method", "hifo"), 6),
        (("--currency", "EUR"), 3),
        (("--method", "spec-id", "--option", "unidentified=maybe"), 2),
        (("--option", "taxpayer"), 2),
        (("--jurisdiction", "atlantis"), 2),
    ],
)
def test_what_cannot_be_computed_is_refused_in_one_line(
    without_vault: Program, words: tuple[str, ...], status: int
) -> None:
    ended = computed(without_vault, SOLD, *words)

    assert (ended.status, ended.out, len(ended.err.splitlines())) == (status, "", 1), ended


def test_a_bad_file_is_refused_whole_with_its_cells(without_vault: Program) -> None:
    ended = computed(without_vault, f"{SOLD}a,2025-04-01,sell,main,BTC,-1,,5,USD,,\n", "--json")

    message = ended.document["error"]["message"]
    assert (ended.status, ended.document["error"]["code"]) == (3, "bad-input")
    assert [column in message for column in ("row 5, column id", "column timestamp", "column quantity")] == [True] * 3


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"id\x00,timestamp\n"])
def test_bytes_that_are_no_text_are_refused(without_vault: Program, content: bytes) -> None:
    file = without_vault.folder / "bytes.csv"
    file.write_bytes(content)
    ended = without_vault.run("tax", "compute", "--transactions", str(file))

    assert (ended.status, len(ended.err.splitlines())) == (3, 1), ended


def test_a_missing_file_is_refused(without_vault: Program) -> None:
    assert without_vault.run("tax", "compute", "--transactions", "/nowhere/file.csv").status == 3


def test_a_figure_that_is_blocked_ends_with_status_1(without_vault: Program) -> None:
    file = without_vault.write(
        "missing.csv",
        "id,timestamp,type,wallet,asset,quantity,to_wallet,value,value_currency,lots,note\n"
        "s,2024-05-01T12:00:00Z,sell,main,BTC,1,,100,USD,,\n",
    )
    ended = without_vault.run("tax", "compute", "--transactions", str(file), "--json")

    assert (ended.status, ended.document["totals"]["gain"]) == (1, None)
