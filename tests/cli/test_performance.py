"""Tests that call performance on a vault as a process."""

from __future__ import annotations

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
