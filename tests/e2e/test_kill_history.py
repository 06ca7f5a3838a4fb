"""`kill -9` of the shipped program while it fills price history: the next start goes on, and nothing is there twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from app.demo.serve import SpawnedVenues
from tests.cli.process import ROOT, Program
from tests.e2e.killing import check, connect, copied, look, moment, new_vault, opened

RUNS = max(4, int(os.environ.get("COUNTERFOIL_KILLS", "200")) // 20)
FILL = ("price", "fill")


@pytest.fixture(scope="module")
def connected(venues: SpawnedVenues, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return a program with the holdings of a venue, and no day of any price."""
    made = Program(tmp_path_factory.mktemp("history"))
    new_vault(made)
    connect(made, venues, "coinbase")
    assert made.run("sync").status == 0
    return made


def killed(program: Program, delay: float) -> bool:
    """Fill and kill it after so many seconds; tells whether it was done before."""
    process = subprocess.Popen(  # noqa: S603 - our own words
        program.command(*FILL),
        cwd=ROOT,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        return False
    return True


def rows(program: Program) -> dict[str, list[Any]]:
    """Return all that is kept of prices by day: each candle, each close, what they agree on, what was asked for."""
    vault = opened(program)
    try:
        store, read = vault.prices.candles, vault.prices._read
        return {
            "candles": [
                (series, candle)
                for series in sorted(store.all_asked(), key=str)
                for candle in store.of(series, 0, 2**62)
            ],
            "closes": read("SELECT * FROM closes ORDER BY 1, 2, 3, 4"),
            "agreed": read("SELECT * FROM agreed ORDER BY 1, 2, 3"),
            "asked": sorted(store.all_asked().items(), key=str),
        }
    finally:
        vault.close()


def test_a_killed_filling_goes_on_where_it_was_and_ends_as_one_that_was_not(connected: Program, tmp_path: Path) -> None:
    whole = copied(connected, tmp_path / "whole")
    started = time.monotonic()
    assert whole.run(*FILL).status == 0
    seconds, expected = time.monotonic() - started, rows(whole)
    dice, done = random.Random("history"), 0  # noqa: S311

    while done < RUNS:
        program = copied(connected, tmp_path / str(done))
        before = 0
        while done < RUNS:
            done += 1
            if killed(program, moment(dice, seconds)):
                break
            found = rows(program)
            check(look(program), [])
            assert set(found["candles"]) <= set(expected["candles"])
            assert set(found["closes"]) <= set(expected["closes"])
            assert len(found["candles"]) >= before
            before = len(found["candles"])
        assert program.run(*FILL).status == 0
        assert rows(program) == expected
