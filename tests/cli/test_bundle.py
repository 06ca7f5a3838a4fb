"""A sealed year handed to an accountant by processes of their own, and checked there without the program."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.kraken_file import DE_2024, KRAKEN
from tests.cli.process import Program


@pytest.fixture(scope="module")
def books(program: Program) -> Program:
    """Return a program whose vault has a sealed year."""
    program.json("import", str(program.write("ledgers.csv", KRAKEN)), "--account", "kraken-main")
    program.json("tax", "seal", *DE_2024)
    return program


def elsewhere(folder: Path) -> Program:
    """Return the program on another computer."""
    (folder / "elsewhere").mkdir()
    return Program(folder / "elsewhere")


def checked(folder: Path) -> str:
    """Return the last line of the script, which ended with 0."""
    command = [sys.executable, "-I", str(folder / "verify.py")]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603 - our own
    return ended.stdout.splitlines()[-1]


def test_a_bundle_is_written_and_checked_without_the_program(books: Program, tmp_path: Path) -> None:
    made = books.json("export", "bundle", *DE_2024, "--out", str(tmp_path / "whole"))
    shown = books.run("export", "bundle", "--year", "2024", "--out", str(tmp_path / "whole.zip"))

    assert checked(tmp_path / "whole").startswith("SOUND")
    assert (made["jurisdiction"], made["year"], made["version"], made["redacted"]) == ("de", 2024, 1, False)
    assert {"README.txt", "verify.py", "forms/de-anlage-so.pdf", "proofs/chains.json"} < set(made["files"])
    assert (shown.status, "It is checked by: python3 verify.py" in shown.out) == (0, True)


def test_a_redacted_bundle_says_what_it_leaves_out_and_its_owner_can_open_it(books: Program, tmp_path: Path) -> None:
    words = ("export", "bundle", *DE_2024, "--redact", "--out", str(tmp_path / "r"))
    made = books.json(*words, "--openings", str(tmp_path / "openings.json"))

    openings = json.loads((tmp_path / "openings.json").read_text())
    assert checked(tmp_path / "r").startswith("SOUND")
    assert (made["redacted"], made["hidden"]) == (True, len(openings))
    assert "forms/de-anlage-so.pdf" in made["left_out"] or "forms/de-anlage-so.pdf" in made["files"]
    assert "kraken-main" in {value for _, value in openings.values()}
    assert all(b"kraken-main" not in one.read_bytes() for one in (tmp_path / "r").rglob("*") if one.is_file())


def test_a_restored_vault_goes_on_with_a_chain_of_its_own_and_both_are_followed(books: Program, tmp_path: Path) -> None:
    backup, restored = tmp_path / "copy.backup", elsewhere(tmp_path)
    books.json("vault", "backup", str(backup))
    books.run("vault", "restore", str(backup), "--to", str(restored.vault))
    restored.json("tax", "seal", "--jurisdiction", "us", "--year", "2024")
    restored.json("export", "bundle", "--jurisdiction", "us", "--year", "2024", "--out", str(tmp_path / "b"))

    chains = json.loads((tmp_path / "b" / "proofs" / "chains.json").read_text())
    assert checked(tmp_path / "b").startswith("SOUND")
    assert len({one["device"] for one in chains}) == 2


def test_what_is_not_sealed_or_in_the_way_is_refused(books: Program, tmp_path: Path) -> None:
    (tmp_path / "taken.zip").write_text("mine")
    ends = [
        books.run("export", "bundle", "--year", "2019", "--out", str(tmp_path / "b")),
        books.run("export", "bundle", *DE_2024, "--out", str(tmp_path / "taken.zip")),
        books.run("export", "bundle", *DE_2024, "--out", str(tmp_path)),
    ]

    assert [one.status for one in ends] == [6, 3, 3]
    assert "counterfoil tax seal --year 2019" in ends[0].err
