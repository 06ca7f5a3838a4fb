"""Statements of others matched with a vault by processes of their own."""

from __future__ import annotations

import csv

import pytest

from tests.cli.kraken_file import KRAKEN
from tests.cli.process import Program

CARF = """<?xml version="1.0" encoding="UTF-8"?>
<CARF_OECD>
  <MessageSpec><ReportingPeriod>2024-12-31</ReportingPeriod></MessageSpec>
  <CARFBody><CryptoUser><RelevantTransactions>
    <CryptoAsset>BTC</CryptoAsset>
    <CryptotoFiatOut>
      <AmountFiat currCode="EUR">500.00</AmountFiat><NumberofUnits>0.1</NumberofUnits>
      <NumberofTransactions>1</NumberofTransactions>
    </CryptotoFiatOut>
  </RelevantTransactions></CryptoUser></CARFBody>
</CARF_OECD>
"""


@pytest.fixture(scope="module")
def books(program: Program) -> Program:
    """Return a program whose vault has a purchase, a sale a year later, and a reward."""
    program.json("import", str(program.write("ledgers.csv", KRAKEN)), "--account", "kraken-main")
    return program


def test_a_carf_message_is_matched_with_the_entries_that_show_it(books: Program) -> None:
    file = books.write("carf.xml", CARF)
    (line,) = books.json("tax", "match", str(file))
    shown = books.run("tax", "match", str(file), "--account", "kraken-main")

    assert line.keys() == {"line", "status", "own", "theirs", "difference", "evidence"}
    assert (line["line"], line["status"], line["difference"]) == ("line 6", "matched", {})
    assert (line["own"]["amount"], line["theirs"]["amount"]) == ("500", "500")
    assert len(line["evidence"]["entries"]) == 1
    assert (shown.status, "1 matched, 0 differs" in shown.out, "from memory" in shown.out) == (0, True, True)


def test_a_table_of_aggregates_and_one_of_sales_are_told_apart(books: Program) -> None:
    table = books.write(
        "carf.csv", "asset,kind,amount,currency,units,transactions\nBTC,disposed-for-fiat,480,EUR,0.1,1\n"
    )
    sales = books.write("sales.csv", "asset,sold,quantity,proceeds\nBTC,2024-03-03,0.1,1\nETH,2024-03-03,1,2\n")

    (aggregate,) = books.json("tax", "match", str(table), "--year", "2024")
    found = books.json("tax", "match", str(sales))

    assert (aggregate["status"], aggregate["difference"]) == ("differs", {"amount": "-20"})
    assert [one["status"] for one in found] == ["differs", "only-theirs"]
    assert found[0]["own"]["asset"] == "BTC"


def test_what_cannot_be_read_changes_nothing_and_says_what_to_do(books: Program) -> None:
    no_year = books.write("carf.csv", "asset,kind,amount,currency,units,transactions\nBTC,transfer-in,,,1,1\n")
    broken = books.write("broken.xml", CARF.replace("0.1", "a tenth"))
    ends = [
        books.run("tax", "match", str(no_year)),
        books.run("tax", "match", str(broken)),
        books.run("tax", "match", str(no_year), "--year", "2024", "--account", "nowhere"),
        books.run("tax", "match", str(books.folder / "missing.csv")),
    ]

    assert [one.status for one in ends] == [2, 3, 3, 3]
    assert "--year YYYY" in ends[0].err
    assert "Line 7: NumberofUnits 'a tenth' is no number" in " ".join(ends[1].err.split())
    assert "kraken-main" in ends[2].err


def test_the_year_of_lines_that_only_name_sales_is_that_of_their_entries(books: Program) -> None:
    (sale,) = books.json("tax", "compute", "--jurisdiction", "us", "--year", "2024")["disposals"]
    file = books.folder / "ids.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows((("id", "proceeds"), (sale["id"], "1")))

    (found,) = books.json("tax", "match", str(file))

    assert (found["status"], found["own"]["id"], found["evidence"]["rule"]) == (
        "differs",
        sale["id"],
        "the id of the sale",
    )
