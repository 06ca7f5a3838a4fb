"""Tests that the canonical output of a closed year keeps its bytes from version to version."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.services.sealed_vectors import CASES, FOLDER, Case, closed

OUTPUTS = {
    "us": "b968fcac187c32bdcac26373b9e5cde9585cf5d631ce76165834da33c41ad713",
    "uk": "666bcd3f0f621257eb54e1c14b48c5ea84f85831d044b869bd0aeb5158779b30",
    "de": "cc81857d3169baaa010ac23b16a3d684ee3c4c62105efd4008010c504b43f272",
}
"""Also what `sha256sum` says of the files."""

BY_HAND: dict[str, dict[str, str | None]] = {
    # 0.5 at 39,980 − 15,015; 0.5 ether at 2,100 − 1,400; 0.1 at 9,000 − 3,003.
    "us": {"gain": "31662", "income": "1400", "short_gain": "700", "long_gain": "30962"},
    # Of 1 coin at 50,000: 0.25 of the same day at 12,000, 0.5 of the next thirty days at 24,000, 0.25 of the pool.
    "uk": {"gain": "9000", "income": "1100", "short_gain": None, "long_gain": None},
    # Of 1.5 coins at 93,000: 1 held for over a year at 35,000, 0.5 for four months at 20,000.
    "de": {"gain": "38000", "income": "1050", "short_gain": "11000", "long_gain": "27000"},
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.country)
async def test_a_closed_year_has_the_bytes_that_are_kept(case: Case, tmp_path: Path) -> None:
    output, document = await closed(case, tmp_path)

    assert document == (FOLDER / f"{case.country}.json").read_bytes()
    assert (output, hashlib.sha256(document).hexdigest()) == (OUTPUTS[case.country], OUTPUTS[case.country])


@pytest.mark.parametrize("country", BY_HAND)
def test_the_kept_years_say_what_was_worked_out_by_hand(country: str) -> None:
    totals = json.loads((FOLDER / f"{country}.json").read_bytes())["totals"]

    assert {name: totals[name] for name in BY_HAND[country]} == BY_HAND[country]


@pytest.mark.parametrize("country", BY_HAND)
def test_the_kept_years_name_nothing_of_the_vault_that_sealed_them(country: str) -> None:
    year = json.loads((FOLDER / f"{country}.json").read_bytes())

    assert {"record", "recorded_at", "device", "seq", "head", "reason"}.isdisjoint(_names(year))


def _names(value: Any) -> set[str]:
    """Return every name of a field, at any depth."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set(value if isinstance(value, dict) else ()).union(*map(_names, inside))
