"""Tests that close, make again and amend a tax year by processes of their own."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.kraken_file import DE_2024
from tests.cli.process import Program


def test_a_year_is_closed_listed_made_again_and_written_out(books: Program, tmp_path: Path) -> None:
    made = books.json("tax", "seal", *DE_2024)
    again = books.json("tax", "verify", "--year", "2024")
    (listed,) = books.json("tax", "seals")
    wrote = books.run("tax", "seals", *DE_2024, "--out", str(tmp_path / "sealed"))

    assert (made["version"], made["jurisdiction"], made["year"], len(made["seal"])) == (1, "de", 2024, 64)
    assert {"year", "seal", "reproduced", "differences"} < again.keys()
    assert (again["year"], again["seal"], again["reproduced"], again["differences"]) == (2024, made["seal"], True, [])
    assert listed == made
    assert (wrote.status, json.loads((tmp_path / "sealed" / "year.json").read_text())["totals"]["gain"]) == (
        0,
        "198.22",
    )
    assert {path.name for path in (tmp_path / "sealed" / "forms").iterdir()} >= {"de-anlage-so.csv", "de-anlage-so.pdf"}
    assert books.json("vault", "verify")["is_valid"]


def test_a_year_with_unknown_figures_ends_with_status_1_and_says_why(books: Program) -> None:
    ended = books.run("tax", "seal", "--jurisdiction", "de", "--year", "2025", "--json")
    shown = books.run("tax", "seal", "--jurisdiction", "de", "--year", "2025")

    assert (ended.status, ended.document["error"]["code"]) == (1, "not-ready")
    assert [one["code"] for one in ended.document["blocking"]] == ["missing-basis"]
    assert (shown.status, "what it cost is not known" in shown.out) == (1, True)


def test_a_year_that_is_sealed_or_not_over_is_refused_with_status_6(books: Program) -> None:
    again = books.run("tax", "seal", *DE_2024)
    early = books.run("tax", "seal", "--jurisdiction", "de", "--year", "2190")

    assert [again.status, early.status] == [6, 6]
    assert "--amend --reason" in again.err


def test_a_later_entry_is_told_and_amended(books: Program) -> None:
    words = ("entry", "add", "--account", "kraken-main", "--kind", "trade", "--reason", "found")
    books.json(*words, "--at", "2022-05-05T00:00:00Z", "--leg", "BTC=0.1", "--leg", "EUR=-100")

    ended = books.run("tax", "verify", "--json")
    shown = books.run("tax", "verify", "--year", "2024")
    computed = books.json("tax", "compute", *DE_2024)
    waiting = books.json("findings")
    amended = books.json("tax", "seal", *DE_2024, "--amend", "--reason", "an old purchase was found")

    (found,) = ended.document
    totals = {one["field"]: (one["before"], one["after"]) for one in found["differences"] if one["part"] == "totals"}
    assert (ended.status, found["reproduced"], totals["gain"]) == (1, False, ("198.22", "399"))
    assert [one["code"] for one in found["causes"]] == ["entry-later"]
    assert (shown.status, "gain 198.22 → 399 (+200.78)" in shown.out) == (1, True)
    assert (computed["totals"]["gain"], "as-sealed" in {one["code"] for one in computed["findings"]}) == (
        "198.22",
        True,
    )
    assert {"late-entry-in-sealed-year", "opening-differs-from-sealed-closing"} <= {one["code"] for one in waiting}
    assert (amended["version"], amended["previous"]) == (2, found["seal"])
    assert books.json("tax", "verify", "--year", "2024")["reproduced"]
    assert [one["version"] for one in books.json("tax", "seals")] == [1, 2]


def test_what_is_not_sealed_cannot_be_verified(books: Program) -> None:
    ended = books.run("tax", "verify", "--year", "2019")

    assert (ended.status, "2019 is not sealed" in ended.err) == (3, True)
