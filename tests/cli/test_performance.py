"""Tests that call performance on a vault as a process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.process import Program

KRAKEN = """txid,refid,time,type,aclass,asset,amount,fee,balance
L1,R1,2026-01-02 03:04:05,deposit,currency,ZEUR,1000.0000,0.0000,1000.0000
L2,R2,2026-01-05 03:04:05,deposit,currency,ZEUR,500.0000,0.0000,1500.0000
L3,R3,2026-01-06 03:04:05,staking,currency,ZEUR,15.0000,0.0000,1515.0000
"""


@pytest.fixture(scope="module")
def books(program: Program) -> Program:
    """Return a program whose vault has two deposits of money and interest on them."""
    program.json("import", str(program.write("ledgers.csv", KRAKEN)), "--account", "kraken-main")
    return program


def test_deposits_are_no_gain_and_interest_is(books: Program) -> None:
    (found,) = books.json("performance", "--from", "2026-01-03", "--to", "2026-01-06", "--work")

    assert (found["before"], found["flowed_in"], found["gain"], found["after"]) == ("1000", "500", "15", "1515")
    assert found["time_weighted"] == {"value": "0.01", "method": "TWR", "why": ""}
    assert (found["simple"]["value"], found["priced_days"], found["days"]) == ("0.01", 4, 4)
    assert [step["growth"] for step in found["steps"]] == ["1", "1", "1", "1.01"]


def test_months_are_those_of_the_calendar(books: Program) -> None:
    found = books.json("performance", "--from", "2026-01-20", "--to", "2026-03-02", "--by", "month")

    assert [(one["days"], one["steps"]) for one in found] == [(12, []), (28, []), (2, [])]


def test_a_period_that_cannot_be_is_refused(books: Program) -> None:
    ended = books.run("performance", "--from", "2026-02-01", "--to", "2026-01-01")

    assert "The period ends on 2026-01-01, before it begins on 2026-02-01." in ended.err
    assert ended.status not in (0, 1)


def test_income_and_fees_stand_apart_in_the_gain(books: Program) -> None:
    (found,) = books.json("performance", "--from", "2026-01-03", "--to", "2026-01-06")

    assert (found["income"], found["fees"], found["by_prices"], found["gain"]) == ("15", "0", "0", "15")


def test_parts_are_named(books: Program) -> None:
    quarters = books.json("performance", "--from", "2026-01-20", "--to", "2026-04-02", "--by", "quarter")
    (account,) = books.json("performance", "--from", "2026-01-03", "--to", "2026-01-06", "--by", "account")

    assert [one["name"] for one in quarters] == ["2026 Q1", "2026 Q2"]
    assert (account["name"], account["gain"]) == ("kraken-main", "15")


def test_a_report_is_written_as_its_ending_says(books: Program, tmp_path: Path) -> None:
    out = tmp_path / "performance.csv"

    found = books.json("performance", "--from", "2026-01-03", "--to", "2026-01-06", "--by", "month", "--out", str(out))

    assert (found["format"], found["is_blocked"]) == ("csv", False)
    assert "TWR of the period,1" in out.read_text()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--format", "pdf"), "--format belongs to --out."),
        (("--out", "performance.txf"), "TXF carries sales of Form 8949 only."),
        (("--from", "2026-13-01"), "'2026-13-01' is no date."),
    ],
)
def test_words_that_make_no_sense_together_are_refused(books: Program, words: tuple[str, ...], told: str) -> None:
    ended = books.run("performance", *words)

    assert told in ended.err
    assert ended.status not in (0, 1)
