"""A program with a fresh vault, or with books to tax, shared by the tests of one module."""

from __future__ import annotations

import pytest

from tests.cli.kraken_file import KRAKEN
from tests.cli.process import Program


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return a program whose vault was just made."""
    made = Program(tmp_path_factory.mktemp("program"))
    ended = made.run("vault", "init", "--currency", "EUR")
    assert ended.status == 0, ended
    return made


@pytest.fixture(scope="module")
def books(program: Program) -> Program:
    """Return a program whose vault has a purchase, a sale a year later, and a reward without a price."""
    program.json("import", str(program.write("ledgers.csv", KRAKEN)), "--account", "kraken-main")
    return program
