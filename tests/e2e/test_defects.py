"""Venues that tell some of it wrongly: each defect is found, and its cause is the first that is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.demo import defective
from tests.cli.process import Program
from tests.e2e.closing import copied

IN_BOOKS = {"missing-page", "duplicate", "fee", "wrong-sign", "unpaired-transfer"}
OF_PRICES = {"outlier", "price-gap"}
LATE = {"late-entry"}


@pytest.fixture
def seeded(defects: Path) -> dict[str, Any]:
    """Return what is wrong, by its kind."""
    return {one["kind"]: one for one in json.loads((defects / defective.LIST).read_text("utf-8"))}


@pytest.fixture
def program(defects: Path, tmp_path: Path) -> Program:
    return copied(defects, tmp_path)


def test_every_kind_of_defect_is_seeded(seeded: dict[str, Any]) -> None:
    assert set(seeded) == IN_BOOKS | OF_PRICES | LATE


def test_every_defect_of_the_books_and_nothing_else_is_a_break_with_its_cause(
    seeded: dict[str, Any], program: Program
) -> None:
    breaks = program.json("reconcile", "--breaks")
    found = {(row["account_id"], row["asset"]["asset_id"]): row["likely"][0]["cause"] for row in breaks}

    assert found == {
        (one["source"], asset): kind for kind, one in seeded.items() if kind in IN_BOOKS for asset in one["assets"]
    }


def test_sources_of_prices_that_lie_are_outvoted_or_leave_a_gap(seeded: dict[str, Any], program: Program) -> None:
    told = {kind: prices(program, seeded[kind]) for kind in OF_PRICES}
    gaps = [one["subject"] for one in program.json("findings") if one["code"] == "price-gap"]

    assert told["outlier"]["price"] is not None
    assert [one["source"] for one in told["outlier"]["left_out"]] == [seeded["outlier"]["source"]]
    assert told["price-gap"]["price"] is None
    assert gaps == seeded["price-gap"]["assets"]


def prices(program: Program, defect: dict[str, Any]) -> Any:
    """Return what is known of the price on the day of a defect."""
    day = defect["at"][:10]
    (told,) = program.json("price", "list", "--asset", defect["assets"][0], "--from", day, "--to", day)
    return told
