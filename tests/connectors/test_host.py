"""Tests of the checks of this computer."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.connectors import host

STATES = {"ok", "warn", "bad", "unknown"}


class StandingClock:
    """A clock that stands still."""

    def __init__(self, now_ns: int) -> None:
        self._now_ns = now_ns

    def now_ns(self) -> int:
        return self._now_ns


class NoKeyring:
    """A computer without a keyring."""

    name = ""

    def read(self, key: str) -> bytes | None:
        return None

    def write(self, key: str, secret: bytes) -> None:
        """Keep nothing."""

    def erase(self, key: str) -> None:
        """Forget nothing."""


def rows(folder: Path, now_ns: int = 1_790_000_000 * 10**9) -> dict[str, host.Row]:
    """Return the rows by their check."""
    found: Sequence[host.Row] = host.checks(
        clock=StandingClock(now_ns),
        keyring=NoKeyring(),
        data_folder=folder / "not" / "there" / "yet",
        settings_folder=folder,
        cipher_version=lambda: "4.19.0",
    )
    return {row["check"]: row for row in found}


def test_every_row_has_a_state_and_what_is_not_well_says_what_to_do(tmp_path: Path) -> None:
    found = rows(tmp_path)

    assert {row["state"] for row in found.values()} <= STATES
    assert [row["check"] for row in found.values() if row["state"] in ("warn", "bad") and not row["todo"]] == []
    assert [list(row) for row in found.values()] == [["check", "state", "detail", "todo"]] * len(found)


def test_no_keyring_is_a_warning(tmp_path: Path) -> None:
    assert rows(tmp_path)["Keyring"]["state"] == "warn"


def test_a_clock_of_the_past_is_bad(tmp_path: Path) -> None:
    assert rows(tmp_path, now_ns=0)["Clock"]["state"] == "bad"


def test_the_version_that_aborts_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda _: "6.12.0")
    monkeypatch.setattr("sys.version_info", (3, 11, 7))

    assert rows(tmp_path)["PySide6"]["state"] == "warn"


def test_missing_libraries_are_named_with_the_command_that_installs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "_known_libraries", lambda: "libEGL.so.1")

    row = rows(tmp_path)["Qt libraries"]

    assert (row["state"], "libGL.so.1" in row["detail"], "apt-get install" in row["todo"]) == ("bad", True, True)


def test_no_connection_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket.socket, "connect", refuse)

    assert rows(tmp_path)["Network"]["state"] == "unknown"


def test_a_folder_is_tried_by_writing_into_it_whatever_the_rights_say(tmp_path: Path) -> None:
    # Root may do everything, and still nothing can be written here.
    no_folder = tmp_path / "settings"
    no_folder.touch(0o777)
    no_folder.chmod(0o777)
    row = rows(no_folder)["Settings folder"]

    assert (row["state"], str(no_folder) in row["detail"], bool(row["todo"])) == ("bad", True, True)
    assert rows(tmp_path)["Settings folder"]["state"] == "ok"
    assert [path.name for path in tmp_path.iterdir()] == ["settings"]
