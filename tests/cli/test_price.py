"""Tests that call price as a process: gaps, prices set by hand, and the figures that follow them."""

from __future__ import annotations

import pytest

from tests.cli.process import Program

KRAKEN = """txid,refid,time,type,aclass,asset,amount,fee,balance
L1,R3,2025-03-03 03:04:05,staking,currency,XETH,0.5,0.0000000000,0.5
L2,R4,2025-03-04 03:04:05,staking,currency,XETH,0.25,0.0000000000,0.75
"""
YEAR = ("tax", "compute", "--jurisdiction", "de", "--year", "2025", "--json")
SET = ("price", "set", "--asset", "ETH", "--on", "2025-03-03")


@pytest.fixture(scope="module")
def books(program: Program) -> Program:
    """Return a program whose vault has two rewards without a price."""
    program.json("import", str(program.write("ledgers.csv", KRAKEN)), "--account", "kraken-main")
    return program


def test_days_without_a_price_are_shown_as_gaps(books: Program) -> None:
    days = books.json("price", "list", "--asset", "ETH", "--from", "2025-03-02", "--to", "2025-03-04", "--gaps")

    assert [(one["day"], one["price"], one["sources"]) for one in days] == [
        ("2025-03-02", None, []), ("2025-03-03", None, []), ("2025-03-04", None, []),
    ]  # fmt: skip


def test_a_price_set_by_hand_makes_a_figure_known_and_is_named_in_it_until_it_is_taken_back(books: Program) -> None:
    assert books.run(*YEAR).document["totals"]["income"] is None

    books.json(*SET, "--price", "2000.50", "--reason", "close of the fund's administrator")
    in_dollars = ("--price", "1900", "--currency", "USD", "--reason", "of another fund")
    books.json("price", "set", "--asset", "ETH", "--on", "2025-03-04", *in_dollars)
    found = books.run(*YEAR).document
    assert [(one["quantity"], one["value"]) for one in found["income"]] == [("0.5", "1000.25"), ("0.25", None)]
    told = [one["source"] for one in found["valuations"].values()]
    assert told[0] == (
        "0.5 ethereum at the close of 2025-03-03, 2000.5 eur (set by hand: close of the fund's administrator)"
    )
    assert "set by hand: of another fund" in told[1]

    books.json("price", "set", "--asset", "USD", "--on", "2025-03-04", "--price", "0.92", "--reason", "the ECB's rate")
    found = books.run(*YEAR).document
    assert (found["totals"]["income"], found["income"][1]["value"]) == ("1437.25", "437")
    listed = books.json("price", "list")
    assert [(one["on"], one["asset"], one["price"], one["currency"]) for one in listed] == [
        ("2025-03-03", "ethereum", "2000.5", "eur"),
        ("2025-03-04", "ethereum", "1900", "usd"),
        ("2025-03-04", "usd", "0.92", "eur"),
    ]

    books.json(*SET, "--reason", "it was of another day")
    assert books.run(*YEAR).document["totals"]["income"] is None
    assert books.json("price", "list")[-1]["price"] is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--asset", "ETH", "--on", "2025-13-03", "--price", "1", "--reason", "x"), "'2025-13-03' is no date"),
        (("--asset", "ETH", "--on", "2025-03-05", "--price", "-1", "--reason", "x"), "-1 is no price"),
        (("--asset", "ETH", "--on", "2025-03-05", "--price", "one", "--reason", "x"), "'one' is no price"),
        (("--asset", "ETH", "--on", "2999-03-05", "--price", "1", "--reason", "x"), "The day is not over yet"),
        (("--asset", "EUR", "--on", "2025-03-05", "--price", "1", "--reason", "x"), "'eur' is the money of the book"),
        (("--asset", "ETH", "--on", "2025-03-05", "--price", "1", "--currency", "BTC", "--reason", "x"), "is no money"),
        (("--asset", "ETH", "--on", "2025-03-05", "--reason", "x"), "No price of ethereum was set for that day"),
    ],
)
def test_what_can_be_no_price_is_refused_with_the_value(books: Program, words: tuple[str, ...], says: str) -> None:
    ended = books.run("price", "set", *words)

    assert ended.status == 3
    assert says in ended.err


def test_a_price_without_a_reason_is_refused(books: Program) -> None:
    ended = books.run(*SET, "--price", "1")

    assert ended.status == 2
    assert "--reason is missing" in ended.err
