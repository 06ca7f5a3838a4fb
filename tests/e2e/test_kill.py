"""`kill -9` of the shipped program while it reads, imports, backs up and migrates.

COUNTERFOIL_KILLS says how many runs there are in all: 200 by default, 1,000 for a long check. Two lanes run side by
side, each on vaults of its own.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.bench.statements import kraken_ledgers
from app.core.model.accounts import Account
from tests.cli.process import Program
from tests.e2e.killing import check, copied, duration, kill_at, look, moment, new_vault, state, store

RUNS = int(os.environ.get("COUNTERFOIL_KILLS", "200"))
SHARES = {"sync": 0.4, "import": 0.3, "backup": 0.2, "migration": 0.1}
LANES = 2
ROWS = 6_000
KRAKEN = Account("kraken", "Kraken", "kraken")

Lane = Callable[[Path, int, random.Random], None]
"""Takes a folder of its own, how many runs, and the dice."""


def in_lanes(work: str, folder: Path, lane: Lane) -> None:
    """Run so many of a kind, in lanes side by side."""
    runs = max(LANES, round(RUNS * SHARES[work]))
    with ThreadPoolExecutor(LANES) as pool:
        started = [
            pool.submit(lane, folder / f"{work}-{number}", runs // LANES, random.Random(f"{work} {number}"))  # noqa: S311
            for number in range(LANES)
        ]
        for one in started:
            one.result()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return a program with an empty book and a statement to import."""
    made = Program(tmp_path_factory.mktemp("base"))
    new_vault(made, KRAKEN)
    kraken_ledgers(made.folder / "ledgers.csv", ROWS)
    return made


def importing(program: Program) -> tuple[str, ...]:
    return "import", str(program.folder / "ledgers.csv"), "--account", "kraken"


def test_a_killed_import_leaves_all_of_the_statement_or_nothing(base: Program, tmp_path: Path) -> None:
    whole = copied(base, tmp_path / "whole")
    seconds = duration(whole, importing(whole))
    expected = state(whole)
    entries = len(expected["entries"])

    def lane(folder: Path, runs: int, dice: random.Random) -> None:
        for run in range(runs):
            program = copied(base, folder / str(run))
            killed = kill_at(program, importing(program), moment(dice, seconds))
            found = look(program)
            check(found, [killed])
            assert found.entries in (0, entries)
            if run % 10 == 0:
                assert kill_at(program, importing(program), 10 * seconds + 30).status == 0
                assert state(program) == expected

    in_lanes("import", tmp_path, lane)


def test_a_killed_backup_is_no_backup_and_harms_nothing(base: Program, tmp_path: Path) -> None:
    full = copied(base, tmp_path / "full")
    duration(full, importing(full))
    seconds = duration(full, ("vault", "backup", str(full.folder / "first.backup")))
    before = state(full)

    def lane(folder: Path, runs: int, dice: random.Random) -> None:
        program = copied(full, folder)
        for run in range(runs):
            target = folder / f"{run}.backup"
            killed = kill_at(program, ("vault", "backup", str(target)), moment(dice, seconds))
            check(look(program), [])
            if killed.acknowledged:
                restored = folder / f"{run}.vault"
                store(program).restore(target, restored, program.passphrase.encode())
                assert killed.acknowledged[0]["head"] == look(program).newest
                store(program).destroy(restored)
        assert state(program) == before

    in_lanes("backup", tmp_path, lane)
