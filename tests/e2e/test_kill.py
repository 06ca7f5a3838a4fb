"""`kill -9` of the shipped program while it reads, imports, backs up and migrates.

COUNTERFOIL_KILLS says how many runs there are in all: 200 by default, 1,000 for a long check. Two lanes run side by
side, each on vaults of its own. COUNTERFOIL_WRITERS says for how many seconds two writers share one vault: 60.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.bench.statements import kraken_ledgers
from app.core.model.accounts import Account
from app.demo.serve import DemoVenues, SpawnedVenues
from tests.cli.process import Program
from tests.e2e.killing import (
    Killed,
    check,
    connect,
    copied,
    duration,
    kill_at,
    look,
    moment,
    new_vault,
    set_back,
    state,
    store,
)

RUNS = int(os.environ.get("COUNTERFOIL_KILLS", "200"))
SHARES = {"sync": 0.4, "import": 0.3, "backup": 0.2, "migration": 0.1}
LANES = 2
ROWS = 6_000
SECONDS = float(os.environ.get("COUNTERFOIL_WRITERS", "60"))
LONGEST = 120.0
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


@pytest.fixture(scope="module")
def venues() -> Iterator[SpawnedVenues]:
    """Return simulated venues in a process of their own; their world goes on meanwhile."""
    with DemoVenues.spawned(scale=0.1) as running:
        yield running


@pytest.fixture(scope="module")
def connected(base: Program, venues: SpawnedVenues, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return a program that is connected to the venue with the shortest pages for their number.

    The others ask to wait once so many processes have spent their budgets; what is killed here is the writing.
    """
    made = copied(base, tmp_path_factory.mktemp("connected"))
    connect(made, venues, "coinbase")
    return made


def test_a_killed_reading_loses_no_page_that_was_acknowledged(connected: Program, tmp_path: Path) -> None:
    whole = copied(connected, tmp_path / "whole")
    seconds = duration(whole, ("sync",))
    until = time.time_ns() - 60 * 10**9
    expected = state(whole, until)

    def lane(folder: Path, runs: int, dice: random.Random) -> None:
        done = 0
        while done < runs:
            program = copied(connected, folder / str(done))
            killed: list[Killed] = []
            while done + len(killed) < runs and not (killed and killed[-1].has_ended):
                killed.append(kill_at(program, ("sync",), moment(dice, seconds)))
                check(look(program), killed)
            assert kill_at(program, ("sync",), 10 * seconds + 30).status == 0
            assert state(program, until) == expected
            done += len(killed)

    in_lanes("sync", tmp_path, lane)


def test_a_killed_migration_leaves_the_old_vault_or_the_new_one(base: Program, tmp_path: Path) -> None:
    old = copied(base, tmp_path / "old")
    duration(old, importing(old))
    before = state(old)
    set_back(old)
    seconds = duration(copied(old, tmp_path / "timed"), ("sync",))

    def lane(folder: Path, runs: int, dice: random.Random) -> None:
        for run in range(runs):
            program = copied(old, folder / str(run))
            kill_at(program, ("sync",), moment(dice, seconds))
            assert kill_at(program, ("sync",), 10 * seconds + 30).status == 0
            check(look(program), [])
            assert state(program) == before

    in_lanes("migration", tmp_path, lane)


def test_two_writers_leave_valid_chains(base: Program, tmp_path: Path) -> None:
    program = copied(base, tmp_path / "two")
    until = time.monotonic() + SECONDS
    files = [tmp_path / f"{number}.csv" for number in range(40)]
    for number, file in enumerate(files):
        kraken_ledgers(file, 400, seed=number)
        text = file.read_text("utf-8").replace(",T", f",T{number}x").replace(",R0", f",R{number}")
        file.write_text(text.replace("\nL", f"\nL{number}x"), "utf-8")

    def imports() -> int:
        done = 0
        while time.monotonic() < until:
            file = files[done % len(files)]
            assert kill_at(program, ("import", str(file), "--account", "kraken"), LONGEST).status == 0
            done += 1
        return min(done, len(files))

    def entries() -> int:
        done = 0
        words = ("--account", "kraken", "--leg", "BTC=0.5", "--at", "2025-02-01T00:00:00Z", "--reason", "two writers")
        while time.monotonic() < until:
            assert program.run("entry", "add", *words).status == 0
            done += 1
        return done

    with ThreadPoolExecutor(LANES) as pool:
        statements, made = pool.submit(imports), pool.submit(entries)
    found = look(program)
    check(found, [])
    assert found.entries == 200 * statements.result() + made.result()
