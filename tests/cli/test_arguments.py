"""Tests of the words that every command takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.arguments import Globals, split, wants_json
from app.core.errors import UsageError


@pytest.mark.parametrize(
    "argv",
    [
        ["--json", "--vault", "x.vault", "positions", "--refresh"],
        ["positions", "--refresh", "--json", "--vault=x.vault"],
        ["positions", "--json", "--refresh", "--vault", "x.vault"],
    ],
)
def test_global_words_may_stand_before_or_after_the_command(argv: list[str]) -> None:
    assert split(argv) == (Globals(is_json=True, vault=Path("x.vault")), ["positions", "--refresh"])


def test_what_follows_two_dashes_is_left_alone() -> None:
    assert split(["entry", "note", "id", "--", "--json"]) == (Globals(), ["entry", "note", "id", "--", "--json"])
    assert wants_json(["entry", "note", "id", "--", "--json"]) is False


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["sync", "--vault"], "--vault needs a value"),
        (["sync", "--passphrase-fd", "three"], "'three' is not the number of an open file"),
        (["sync", "--passphrase-fd", "9" * 20], "is not the number of an open file"),
        (["sync", "--passphrase-fd", "3", "--passphrase-file", "x"], "exclude each other"),
    ],
)
def test_words_that_make_no_sense_are_refused(argv: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        split(argv)
