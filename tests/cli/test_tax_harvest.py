"""Tests that call tax harvest on a vault as a process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.process import Program

NOW = datetime.now(UTC).replace(microsecond=0)
_ROW = "{lid},{ref},{at:%Y-%m-%d %H:%M:%S},trade,currency,{asset},{amount},0.0000,0"


def ledgers() -> str:
    """Return a dear purchase of two months ago, a cheap one of last week, and one without a price."""
    rows = [
        ("A1", "T1", 60, "ZEUR", "-900.0000"),
        ("A2", "T1", 60, "XXBT", "0.1"),
        ("B1", "T2", 7, "ZEUR", "-100.0000"),
        ("B2", "T2", 7, "XXBT", "0.1"),
        ("C1", "T3", 5, "ZEUR", "-100.0000"),
        ("C2", "T3", 5, "XETH", "1"),
    ]
    told = [
        _ROW.format(lid=lid, ref=ref, at=NOW - timedelta(days=days), asset=asset, amount=amount)
        for lid, ref, days, asset, amount in rows
    ]
    return "\n".join(("txid,refid,time,type,aclass,asset,amount,fee,balance", *told, ""))


@pytest.fixture(scope="module")
def books(program: Program) -> Program:
    """Return a program whose vault has two purchases, and no price of either."""
    program.json("import", str(program.write("ledgers.csv", ledgers())), "--account", "kraken-main")
    return program


def test_what_has_no_price_is_left_out_and_named(books: Program) -> None:
    found = books.json("tax", "harvest", "--jurisdiction", "ie")

    assert (found["losses"], found["unknown"]) == ([], ["bitcoin", "ethereum"])
    assert found["totals"] == {"loss": "0", "short": None, "long": None}
    assert (found["jurisdiction"], found["method"], found["currency"]) == ("ie", "fifo", "EUR")


def test_the_rule_comes_with_its_source_and_the_day_from_which_buying_again_is_free(books: Program) -> None:
    found = books.json("tax", "harvest", "--jurisdiction", "ie")

    assert found["rule"]["source"]["title"] == "TCA 1997, section 581"
    assert (found["rule"]["days_before"], found["rule"]["days_after"], found["rule"]["is_verified"]) == (28, 28, False)
    sold, free = (datetime.fromisoformat(found[name]) for name in ("sale_day", "not_before"))
    assert free - sold == timedelta(days=29)


def test_the_country_is_that_of_the_books_where_none_is_named(books: Program) -> None:
    found = books.json("tax", "harvest")

    assert found["jurisdiction"] == "generic"  # euros are the money of several


def test_a_method_that_a_country_does_not_allow_ends_with_status_6(books: Program) -> None:
    ended = books.run("tax", "harvest", "--jurisdiction", "uk", "--method", "hifo")

    assert (ended.status, "does not allow the method hifo" in ended.err) == (6, True)


def test_people_read_the_rule_and_what_was_left_out(books: Program) -> None:
    ended = books.run("tax", "harvest", "--jurisdiction", "us")

    assert ended.status == 0
    assert "bitcoin, ethereum" in ended.out
    assert "Not checked against the law" in ended.out


def test_in_france_it_is_said_why_nothing_is_listed(books: Program) -> None:
    ended = books.run("tax", "harvest", "--jurisdiction", "fr")

    assert (ended.status, "No part of the portfolio has a cost of its own" in ended.out) == (0, True)
