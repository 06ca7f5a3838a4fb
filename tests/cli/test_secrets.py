"""Tests of where passphrases and API secrets come from."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from app.cli import secrets
from app.core.errors import InputError, UsageError, VaultLockedError


@pytest.fixture
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as a script would, without a terminal."""
    monkeypatch.setattr("sys.stdin", io.StringIO())


def test_an_open_file_gives_its_lines() -> None:
    reading, writing = os.pipe()
    os.write(writing, "old ä\nnew\n".encode())
    os.close(writing)

    assert secrets.from_descriptor(reading) == ["old ä", "new"]


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"\xef\xbb\xbfold words\r\nnew words\r\n", ["old words", "new words"]),
        ("one two\u2028three\x0bfour\x85five\n".encode(), ["one two\u2028three\x0bfour\x85five"]),
        (b"", [""]),
    ],
    ids=["as Windows writes it", "signs that Python takes for ends of lines", "empty"],
)
def test_a_passphrase_is_the_whole_line(tmp_path: Path, content: bytes, lines: list[str]) -> None:
    file = tmp_path / "passphrase"
    file.write_bytes(content)

    assert secrets.from_file(file) == lines


def test_a_passphrase_is_never_cut(tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text("long words " * 6_000)

    with pytest.raises(InputError, match="more than 65,536 bytes"):
        secrets.from_file(file)


def test_an_open_file_that_is_none_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="Open file 987 cannot be read"):
        secrets.from_descriptor(987)


def test_a_passphrase_file_that_others_may_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "passphrase"
    file.write_text("secret words\n")
    file.chmod(0o644)

    lines = secrets.from_file(file)

    assert lines == ["secret words"]
    assert "can be read by other users" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "apiKey=k\nsecret=line1\\nline2\n# a comment\n",
        '{"apiKey": "k", "secret": "line1\\nline2"}',
        '{"name": "k", "privateKey": "line1\\nline2"}',
    ],
    ids=["lines", "json", "the file that Coinbase offers"],
)
def test_api_secrets_are_read_from_every_usual_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "key"
    file.write_text(text)

    found = secrets.credentials(file, ("apiKey", "secret"))

    assert found.fields == {"apiKey": "k", "secret": "line1\nline2"}


def test_a_missing_field_is_named_without_showing_the_others(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("apiKey=verysecret\n")

    with pytest.raises(InputError) as refused:
        secrets.credentials(file, ("apiKey", "secret"))

    assert "The field secret is missing; the file has apiKey." in refused.value.line()
    assert "verysecret" not in refused.value.line()


@pytest.mark.usefixtures("no_terminal")
def test_without_a_terminal_nothing_is_asked() -> None:
    with pytest.raises(VaultLockedError, match="no terminal"):
        secrets.prompt("Passphrase")
    with pytest.raises(UsageError, match="apiKey and secret were not given"):
        secrets.credentials(None, ("apiKey", "secret"))
