"""`kill -9` of the shipped program while it closes a tax year: the year is sealed completely or not at all.

COUNTERFOIL_KILLS says how many runs all kills together have; a twentieth of them are these.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.core.journal.records import RecordKind
from app.core.model.accounts import Account
from app.core.model.period_seals import PeriodSeal
from tests.cli.process import Program
from tests.e2e.killing import check, copied, duration, kill_at, look, new_vault, opened

RUNS = max(6, int(os.environ.get("COUNTERFOIL_KILLS", "200")) // 20)
ROUNDS = 300
SEALING = ("tax", "seal", "--jurisdiction", "us", "--year", "2024")
REFUSED = 6


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is in a vault of a year that was being closed.

    Attributes:
        files: How many sealed files there are, whether a seal names them or not.
    """

    seals: tuple[PeriodSeal, ...]
    files: int


def trades(rounds: int) -> str:
    """Return a statement of so many purchases, each sold again half a day later."""
    lines = ["txid,refid,time,type,aclass,asset,amount,fee,balance"]
    start = datetime(2024, 1, 2, tzinfo=UTC)
    for number in range(rounds):
        for side, (coins, money) in enumerate((("0.1", "-3000"), ("-0.1", "3100"))):
            at = f"{start + timedelta(days=number, hours=12 * side):%Y-%m-%d %H:%M:%S}"
            name = f"{number}x{side}"
            lines.append(f"C{name},T{name},{at},trade,currency,XXBT,{coins},0,{'0.1' if side == 0 else '0'}")
            lines.append(f"M{name},T{name},{at},trade,currency,ZUSD,{money},1,{99 * number + (99 if side else -3001)}")
    return "\n".join((*lines, ""))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return a program with a year that can be closed."""
    made = Program(tmp_path_factory.mktemp("base"))
    new_vault(made, Account("kraken", "Kraken", "kraken"))
    made.json("import", str(made.write("ledgers.csv", trades(ROUNDS))), "--account", "kraken")
    return made


def look_at_seals(program: Program) -> Sealed:
    """Read every seal with all its files; ChainBrokenError where one is not what its seal says."""
    vault = opened(program)
    try:
        seals = tuple(vault.reader.decisions(PeriodSeal))
        for part in (part for seal in seals for part in seal.parts):
            vault.proofs.sealed_file(part)
        with vault._database.read() as connection:
            counted = "SELECT count(*) FROM records WHERE kind = ?"
            (files,) = connection.execute(counted, (RecordKind.SEALED_FILE.value,)).fetchone()
        return Sealed(seals, files)
    finally:
        vault.close()


def test_a_killed_seal_is_whole_or_not_there_and_the_year_can_be_closed_after_it(base: Program, tmp_path: Path) -> None:
    whole = copied(base, tmp_path / "whole")
    seconds = duration(whole, SEALING)
    (expected,) = look_at_seals(whole).seals
    dice = random.Random("kills of seals")  # noqa: S311
    ended = []
    for run in range(RUNS):
        program = copied(base, tmp_path / str(run))
        # Mostly late: putting the year together and writing come after the computation.
        killed = kill_at(program, SEALING, seconds * dice.uniform(0.5 if run % 2 else 0.85, 1.0))
        check(look(program), [killed])
        found = look_at_seals(program)
        assert found.files == sum(len(seal.parts) for seal in found.seals)
        assert len(found.seals) >= len(killed.acknowledged)
        again = kill_at(program, SEALING, 10 * seconds + 30)
        assert again.status == (REFUSED if found.seals else 0), again.error
        ended.append([seal.output for seal in look_at_seals(program).seals])
        check(look(program), [killed, again])

    assert ended == [[expected.output]] * RUNS
