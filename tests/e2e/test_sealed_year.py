"""From venues that tell some of it wrongly to closed years under three countries' rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import runtime
from app.core.clock import to_datetime
from tests.cli.process import Program
from tests.e2e.closing import COUNTRIES, STANDS, copied, mended, statement

YEAR = str(to_datetime(runtime().clock.now_ns()).year - 1)


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
    # What went to wallets of nobody here has no other end, and no year waits for it.
    assert {one["code"] for one in left if not one["waived"]} == {"unpaired-withdrawal"}
    assert [one["waived"] for one in left if one["waived"]] == [STANDS]


def test_closed_years_are_made_again_byte_by_byte(closed: tuple[Program, dict[str, Any]]) -> None:
    program, _ = closed
    verified = program.json("tax", "verify", "--year", YEAR)

    assert [(one["jurisdiction"].lower(), one["reproduced"]) for one in verified] == [
        (country, True) for country in COUNTRIES
    ]


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
