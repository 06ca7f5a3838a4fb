"""Tests that let beancount and hledger read the books: no complaint, and the same balances as ours."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.general_ledger import beancount, hledger
from app.core.general_ledger.journal import Books, sums
from app.core.general_ledger.names import account_names, commodity_names
from tests.core.general_ledger.books import LIFE, books

_LOADED = """
import sys
from beancount import loader
from beancount.core import realization
entries, errors, _ = loader.load_file(sys.argv[1])
assert not errors, errors
for account in realization.iter_children(realization.realize(entries)):
    for position in account.balance:
        print(account.account, f"{position.units.number:f}", position.units.currency)
"""


@pytest.fixture(scope="module")
def made() -> Books:
    """Return books with every kind of posting."""
    return books(*LIFE)


def _ours(made: Books) -> set[tuple[str, Decimal, str]]:
    accounts, commodities = account_names(made), commodity_names(made)
    left = sums(posting for one in made.journals for posting in one.postings)
    return {(accounts[account], quantity, commodities[asset]) for (account, asset), quantity in left.items()}


def _ended(*words: str) -> str:
    ended = subprocess.run(  # noqa: S603 - programs that the tests name
        words, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_beancount_reads_the_books_and_has_our_balances(made: Books, tmp_path: Path) -> None:
    file = tmp_path / "books.beancount"
    file.write_text(beancount.text(made))

    assert not _ended(str(Path(sys.executable).with_name("bean-check")), str(file))
    found = [line.split() for line in _ended(sys.executable, "-c", _LOADED, str(file)).splitlines()]
    assert {(account, Decimal(number), name) for account, number, name in found} == _ours(made)


@pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed: sudo apt-get install hledger")
def test_hledger_reads_the_books_strictly_and_has_our_balances(made: Books, tmp_path: Path) -> None:
    file = tmp_path / "books.journal"
    file.write_text(hledger.text(made))

    assert not _ended("hledger", "-f", str(file), "check", "--strict")
    told = _ended("hledger", "-f", str(file), "balance", "--flat", "-N", "--layout=bare", "-O", "csv")
    rows = list(csv.DictReader(io.StringIO(told)))
    found = {(row["account"], Decimal(row["balance"]), row["commodity"].strip('"')) for row in rows}
    assert {one for one in found if one[1]} == _ours(made)
