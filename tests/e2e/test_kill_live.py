"""`kill -9` while order books are followed, accounts are read with their futures, and candles are filled in.

COUNTERFOIL_KILLS says how many runs all kills together have; a fiftieth of them are those here.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from app.core.clock import DAY
from app.demo.serve import SpawnedVenues
from tests.cli.process import Program
from tests.e2e.killing import check, connect, copied, killed, look, moment, new_vault, opened
from tests.e2e.victim import LOOKED_AT

RUNS = max(3, int(os.environ.get("COUNTERFOIL_KILLS", "200")) // 50)
ROUNDS = 1
LONGEST = 120.0
VENUES = ("binance", "coinbase")


@pytest.fixture(scope="module")
def connected(venues: SpawnedVenues, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return a program with two venues, one of which tells futures, and of which nothing is read yet."""
    made = Program(tmp_path_factory.mktemp("live"))
    new_vault(made)
    connect(made, venues, *VENUES)
    return made


def victim(program: Program) -> list[str]:
    """Return the command line of the process that is killed."""
    words = ("live", str(program.vault), program.passphrase, str(ROUNDS))
    return [sys.executable, "-m", "tests.e2e.victim", *words]


def kept(program: Program) -> dict[str, Any]:
    """Return what is in the vault beside its entries, and in the file of prices: which parts, candles and spreads."""
    vault = opened(program)
    try:
        candles = vault.prices.candles
        return {
            "parts": {(one.account, one.told.part, one.is_current) for one in vault.reader.futures()},
            "days": {
                (series.asset, series.source): [one.at for one in candles.of(series, 0, 2**62)]
                for series in candles.all_asked()
                if series.interval == DAY
            },
            "spreads": [(one.base, one.count, one.first <= one.last) for one in vault.prices.spreads.all()],
        }
    finally:
        vault.close()


def test_what_is_killed_while_it_does_all_at_once_leaves_nothing_half(connected: Program, tmp_path: Path) -> None:
    whole = copied(connected, tmp_path / "whole")
    started = time.monotonic()
    done = killed(whole, victim(whole), LONGEST)
    assert done.status == 0, done
    seconds, expected = time.monotonic() - started, kept(whole)
    dice, cut = random.Random("live"), 0  # noqa: S311
    assert len(expected["parts"]) > 1

    for run in range(RUNS):
        program = copied(connected, tmp_path / str(run))
        ended = killed(program, victim(program), moment(dice, seconds))
        cut += ended.status == -signal.SIGKILL
        found, left = look(program), kept(program)
        heads = [line.removeprefix("read ") for line in ended.out.splitlines() if line.startswith("read ")]

        check(found, [])
        assert set(heads) <= found.heads
        assert left["parts"] <= expected["parts"]
        assert left["parts"] == expected["parts"] or not heads
        assert all(len(days) == len(set(days)) for days in left["days"].values())
        assert all(count > 0 and is_ordered for _, count, is_ordered in left["spreads"])

        # The next start is like any other: it reads on, and ends where one that was not killed does.
        again = killed(program, victim(program), LONGEST)
        assert again.status == 0, again
        after = kept(program)
        assert after["parts"] == expected["parts"]
        assert {key: days[:60] for key, days in after["days"].items()} == {
            key: days[:60] for key, days in expected["days"].items()
        }
        assert {base for base, _, _ in after["spreads"]} == set(LOOKED_AT)
        check(look(program), [])
    assert cut
