"""Tests that call export gl on a vault as a process."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.process import Program


def test_a_year_is_written_with_opening_balances_and_its_gain(books: Program, tmp_path: Path) -> None:
    file = tmp_path / "books.beancount"

    found = books.json("export", "gl", "--format", "beancount", "--jurisdiction", "de", "--year", "2024",
                       "--out", str(file))  # fmt: skip

    text = file.read_text()
    assert (found["transactions"], found["unknown"], found["currency"], found["method"]) == (2, [], "EUR", "fifo (de)")
    assert '2024-01-01 * "Opening balances"' in text
    assert "  Equity:At-Cost:BTC  300.78 EUR\n" in text
    assert "  Income:Realised-Gains  -198.22 EUR\n" in text


def test_money_that_is_not_known_is_named_and_ends_with_status_1(books: Program, tmp_path: Path) -> None:
    file = tmp_path / "books.journal"

    ended = books.run("export", "gl", "--format", "hledger", "--jurisdiction", "de", "--out", str(file))

    assert ended.status == 1
    assert "Of 1 of them some money is not known; it stands in Equity:Not-Valued:" in ended.out
    assert "the cost of ethereum" in ended.out


def test_journals_for_xero_come_with_their_accounts(books: Program, tmp_path: Path) -> None:
    found = books.json("export", "gl", "--format", "xero", "--jurisdiction", "de", "--to", "2024-12-31",
                       "--out", str(tmp_path / "xero.csv"))  # fmt: skip

    assert [Path(file).name for file in found["files"]] == ["xero.csv", "xero-accounts.csv", "xero-trail.csv"]
    assert (tmp_path / "xero.csv").read_text().count("CF-2024-03 ") == 3


def test_a_file_that_nobody_named_is_not_replaced(books: Program, tmp_path: Path) -> None:
    chart = tmp_path / "xero-accounts.csv"
    chart.write_text("my own chart")
    words = ("export", "gl", "--format", "xero", "--jurisdiction", "de", "--to", "2024-12-31")

    ended = books.run(*words, "--out", str(tmp_path / "xero.csv"))

    assert "xero-accounts.csv is there already and would be replaced: it goes with xero.csv." in ended.err
    assert (ended.status, chart.read_text(), [one.name for one in tmp_path.iterdir()]) == (
        6, "my own chart", ["xero-accounts.csv"],
    )  # fmt: skip


def test_both_kinds_of_files_lead_to_the_same_records(books: Program, tmp_path: Path) -> None:
    ledger, file = tmp_path / "books.beancount", tmp_path / "books.csv"
    for how, out in (("beancount", ledger), ("quickbooks", file)):
        books.json("export", "gl", "--format", how, "--jurisdiction", "de", "--to", "2024-12-31", "--out", str(out))
    rows = list(csv.DictReader((tmp_path / "books-trail.csv").read_text().splitlines()))

    assert {row["journal"] for row in rows} == {"CF-2023-01", "CF-2024-03"}
    told = re.findall(r'  entry: "(.*)"\n  record: "(.*)"', ledger.read_text())
    assert {(row["entry"], row["record"]) for row in rows} == set(told)
    assert all(re.fullmatch("[0-9a-f]{64}", record) for _, record in told)


def test_quantities_are_those_of_the_positions(books: Program, tmp_path: Path) -> None:
    file = tmp_path / "books.beancount"
    books.run("export", "gl", "--format", "beancount", "--jurisdiction", "de", "--out", str(file))
    held: dict[str, Decimal] = {}
    for line in file.read_text().splitlines():
        account, _, rest = line.strip().partition("  ")
        if account.startswith("Assets:Kraken-main:"):
            quantity, symbol = rest.split()
            held[symbol] = held.get(symbol, Decimal(0)) + Decimal(quantity)

    positions = {one["asset"]["symbol"]: Decimal(one["quantity"]) for one in books.json("positions")["positions"]}
    assert {symbol: quantity for symbol, quantity in held.items() if quantity} == {
        symbol: quantity for symbol, quantity in positions.items() if quantity
    }


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--from", "2024-13-01"), "'2024-13-01' is no date."),
        (("--from", "2024-02-01", "--to", "2024-01-01"), "The period ends on 2024-01-01, before it begins"),
        (("--year", "2024", "--to", "2024-01-01"), "--year and --from or --to exclude each other."),
    ],
)
def test_a_period_that_cannot_be_is_refused(books: Program, tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    ended = books.run("export", "gl", "--format", "xero", *words, "--out", str(tmp_path / "x.csv"))

    assert ended.status not in (0, 1)
    assert told in ended.err
    assert not (tmp_path / "x.csv").exists()
