"""From venues that tell some of it wrongly to closed years under three countries' rules."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtWidgets import QApplication

from tests.cli.process import Program
from tests.e2e.closing import COUNTRIES, STANDS, YEAR, copied, copy, mended, statement
from tests.e2e.hands import close_years

PATIENCE_S = 300
MOST_KEYS = 700
"""On the way through the window; a third of them are words: passphrase, path and reasons."""


@pytest.fixture(scope="module")
def closed(defects: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Program, dict[str, Any]]:
    """Return a program that has closed the year of every country on the command line alone, and the seals."""
    program = copied(defects, tmp_path_factory.mktemp("line"))
    mended(program)
    seals = {
        country: program.json("tax", "seal", "--year", YEAR, "--jurisdiction", country, "--reason", STANDS)
        for country in COUNTRIES
    }
    return program, seals


def test_nothing_is_left_but_what_was_waived(closed: tuple[Program, dict[str, Any]]) -> None:
    program, _ = closed

    left = program.json("findings", "--waived")
    # What went to wallets of nobody here has no other end, a close that was outvoted is told: no year waits for either.
    assert {one["code"] for one in left if not one["waived"]} == {"unpaired-withdrawal", "close-apart"}
    assert [one["waived"] for one in left if one["waived"]] == [STANDS]


def test_closed_years_are_made_again_byte_by_byte(closed: tuple[Program, dict[str, Any]]) -> None:
    program, _ = closed
    verified = program.json("tax", "verify", "--year", YEAR)

    assert [(one["jurisdiction"].lower(), one["reproduced"]) for one in verified] == [
        (country, True) for country in COUNTRIES
    ]


@pytest.mark.usefixtures("qapp")
def test_the_window_closes_the_same_years_by_keys_alone(
    closed: tuple[Program, dict[str, Any]], defects: Path, tmp_path: Path
) -> None:
    _, seals = closed
    copy(defects, tmp_path)
    loop = qasync.QEventLoop(QApplication.instance())
    asyncio.set_event_loop(loop)
    with loop:
        pressed, outputs = loop.run_until_complete(asyncio.wait_for(close_years(tmp_path), PATIENCE_S))
    asyncio.set_event_loop(None)

    assert outputs == {country: seal["output"] for country, seal in seals.items()}
    assert pressed < MOST_KEYS


def test_what_turns_up_late_waits_as_a_finding_and_makes_a_second_version(
    closed: tuple[Program, dict[str, Any]], tmp_path: Path
) -> None:
    program, seals = closed
    program.json("import", statement(program, "wallet"))
    late = {one["code"] for one in program.json("findings")}
    told = program.run("tax", "verify", "--year", YEAR, "--jurisdiction", "us", "--json")
    words = ("--year", YEAR, "--jurisdiction", "us", "--amend", "--reason", "The list of the wallet turned up")
    second = program.json("tax", "seal", *words)

    assert "late-entry-in-sealed-year" in late
    assert (told.status, told.document["reproduced"]) == (1, False)
    assert (second["version"], second["previous"]) == (2, seals["us"]["seal"])
