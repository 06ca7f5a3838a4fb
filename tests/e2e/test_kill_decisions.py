"""`kill -9` of the shipped program while it records what a person decided: all of a decision is kept, or none of it.

COUNTERFOIL_KILLS says how many runs all kills together have; a fortieth of them are those of each decision here.
"""

from __future__ import annotations

import json
import os
import random
import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.core.model.decisions import Decision
from app.core.model.price_overrides import PriceOverride
from app.core.model.transfer_links import TransferLink
from app.core.model.waivers import Waiver
from app.demo import defective
from tests.cli.process import Ended, Program
from tests.e2e import killing
from tests.e2e.closing import REASON, copied
from tests.e2e.killing import check, look, opened

RUNS = max(4, int(os.environ.get("COUNTERFOIL_KILLS", "200")) // 40)
PAGE = "break@coinbase@missing-page"


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on the command line, and what it leaves.

    Attributes:
        count: How many records it makes, all in one transaction.
    """

    words: tuple[str, ...]
    kind: type[Decision]
    count: int


@pytest.fixture(scope="module")
def base(defects: Path, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return a program with a transfer to accept, a price to set, and a break in several balances to let stand."""
    program = copied(defects, tmp_path_factory.mktemp("base"))
    breaks = program.json("reconcile", "--breaks")
    half = next(row for row in breaks if row["likely"][0]["cause"] == "unpaired-transfer")
    program.json(*[REASON if word == "WORDS" else word for word in shlex.split(half["command"])[1:]])
    return program


def waiving(program: Program) -> Decided:
    members = [one for one in program.json("findings") if one["group"] == PAGE]
    assert len(members) > 1
    return Decided(("waive", PAGE, "--reason", REASON), Waiver, len(members))


def pricing(program: Program) -> Decided:
    wrong = json.loads((program.folder / defective.LIST).read_text("utf-8"))
    gap = next(one for one in wrong if one["kind"] == "price-gap")
    day = ("--asset", gap["assets"][0], "--on", gap["at"][:10])
    return Decided(("price", "set", *day, "--price", "432.61", "--reason", REASON), PriceOverride, 1)


def pairing(program: Program) -> Decided:
    assert len([one for one in program.json("pair", "list") if one["state"] == "proposed"]) == 1
    return Decided(("pair", "accept", "--sure"), TransferLink, 1)


@pytest.mark.parametrize("deciding", [waiving, pricing, pairing], ids=["waive", "price set", "pair accept"])
def test_a_killed_decision_is_kept_whole_or_not_at_all(
    base: Program, tmp_path: Path, deciding: Callable[[Program], Decided]
) -> None:
    decided = deciding(base)
    dice = random.Random(decided.words[0])  # noqa: S311 - a moment to be killed at
    started = time.monotonic()
    program = killing.copied(base, tmp_path / "whole")
    whole = killing.killed(program, program.command(*decided.words, "--json"), 120.0)
    seconds = time.monotonic() - started
    assert whole.status == 0

    for run in range(RUNS):
        program = killing.copied(base, tmp_path / str(run))
        ended = killing.killed(program, program.command(*decided.words, "--json"), seconds * dice.uniform(0.5, 1.05))
        check(look(program), [])
        kept = recorded(program, decided.kind)
        assert kept in (0, decided.count)
        if is_acknowledged(ended):
            assert kept == decided.count
        if not kept:
            assert program.run(*decided.words).status == 0
            assert recorded(program, decided.kind) == decided.count


def is_acknowledged(ended: Ended) -> bool:
    """Tell whether a command said that it is done before it was killed."""
    return ended.out.rstrip().endswith(("]", "}"))


def recorded(program: Program, kind: type[Any]) -> int:
    """Return how many decisions of a kind a vault has."""
    vault = opened(program)
    try:
        return len(vault.reader.decisions(kind))
    finally:
        vault.close()
