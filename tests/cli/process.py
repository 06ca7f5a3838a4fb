"""Calls the program as a person's shell does: a process of its own, a vault in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PASSPHRASE = "three grey herons wait by the weir"
_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Return the one JSON document that it printed."""
        return json.loads(self.out)


@dataclass(slots=True)
class Program:
    """The program with a home of its own.

    Attributes:
        folder: Where its settings, its vault and the passphrase lie.
    """

    folder: Path
    passphrase: str = PASSPHRASE
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Write the passphrase and point every platform folder into ours."""
        home = str(self.folder / "home")
        self.environment = {
            **os.environ,
            "HOME": home,
            "XDG_DATA_HOME": f"{home}/data",
            "XDG_CONFIG_HOME": f"{home}/config",
            "XDG_STATE_HOME": f"{home}/state",
            "XDG_CACHE_HOME": f"{home}/cache",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "COLUMNS": "120",
        }
        self.write("passphrase", f"{self.passphrase}\n")

    @property
    def vault(self) -> Path:
        """Return the vault that `run` uses."""
        return self.folder / "books.vault"

    def write(self, name: str, text: str) -> Path:
        """Write a file that only its owner may read."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    def command(self, *words: str) -> list[str]:
        """Return the command line that runs these words on the vault."""
        given = ["--vault", str(self.vault), "--passphrase-file", str(self.folder / "passphrase")]
        return [sys.executable, "-m", "app", *words, *given]

    def run(self, *words: str) -> Ended:
        """Run a command on the vault with its passphrase."""
        return self.call(self.command(*words))

    def json(self, *words: str) -> Any:
        """Run a command with --json that must succeed, and return its document."""
        ended = self.run(*words, "--json")
        assert ended.status == 0, ended
        return ended.document

    def call(self, command: list[str], more: Mapping[str, str] | None = None, *, fds: tuple[int, ...] = ()) -> Ended:
        """Run a whole command line."""
        done = subprocess.run(  # noqa: S603 - our own words
            command,
            cwd=ROOT,
            env={**self.environment, **(more or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
            pass_fds=fds,
        )
        return Ended(done.returncode, done.stdout, done.stderr)
