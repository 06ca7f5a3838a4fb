"""Kills the shipped program at random moments and looks at what is left.

What was acknowledged over the pipe must be in the books, once, and every chain must be valid. The passphrase of these
vaults is stretched as little as is allowed, so that runs are about writing and not about waiting.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.bootstrap import ASSETS
from app.connectors.clock import SystemClock
from app.core.model.accounts import Account, Book
from app.core.model.registry import StaticAssetRegistry
from app.core.model.views import Verification
from app.demo.serve import SpawnedVenues
from app.storage.migrations import m0002_vault, m0003_late_history, m0004_decisions
from app.storage.open_vault import SqlVault
from app.storage.stretching import FLOOR
from app.storage.vault_store import SqlVaultStore
from tests.cli.process import ROOT, Ended, Program
from tests.storage.vaults import MemoryKeyring, silent

BOOK = Book("main", "Main", "usd", simulated=True)
_LONGEST = 120.0


def registry() -> StaticAssetRegistry:
    """Return the registry that the program itself uses."""
    return StaticAssetRegistry.from_json(ASSETS.read_text("utf-8"))


def store(program: Program) -> SqlVaultStore:
    """Return the store as the program's own process sees it: its settings, no keyring."""
    settings = Path(program.environment["XDG_CONFIG_HOME"]) / "counterfoil"
    return SqlVaultStore(SystemClock(), MemoryKeyring(), registry(), settings, stretching=FLOOR)


def opened(program: Program) -> SqlVault:
    """Open the program's vault in this process."""
    return store(program).open(program.vault, program.passphrase.encode())


def connect(program: Program, venues: SpawnedVenues, *names: str) -> None:
    """Connect simulated venues with the keys that they gave out."""
    for venue in names:
        secrets = program.write(f"{venue}.json", json.dumps(dict(venues.credentials[venue])))
        program.json("connect", "add", venue, "--endpoint", venues.endpoints[venue], "--secrets-file", str(secrets))


def new_vault(program: Program, *accounts: Account) -> None:
    """Make the program's vault."""
    vault = store(program).create(program.vault, program.passphrase.encode(), BOOK)
    for account in accounts:
        vault.writer.open_account(account)
    vault.close()


def killed(program: Program, command: Sequence[str], delay: float) -> Ended:
    """Run a command as the program runs and kill it after so many seconds; returns what it had said by then."""
    process = subprocess.Popen(  # noqa: S603 - our own words
        list(command),
        cwd=ROOT,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        out, error = process.communicate(timeout=delay)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        out, error = process.communicate()
    return Ended(process.returncode, out, error)


def copied(base: Program, folder: Path) -> Program:
    """Return a program with a copy of everything that another one has: vault, anchor, device, settings."""
    shutil.copytree(base.folder, folder, dirs_exist_ok=True)
    return Program(folder, passphrase=base.passphrase)


@dataclass
class Killed:
    """What a run that was cut off had acknowledged.

    Attributes:
        has_ended: It was done before it could be killed.
    """

    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    has_ended: bool = False
    status: int = 0
    error: str = ""


def kill_at(program: Program, words: tuple[str, ...], delay: float) -> Killed:
    """Run a command and kill it after so many seconds; returns what it had acknowledged by then."""
    reading, writing = os.pipe()
    command = [*program.command(*words), "--progress-fd", str(writing)]
    process = subprocess.Popen(  # noqa: S603 - our own words
        command,
        cwd=ROOT,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        pass_fds=(writing,),
    )
    os.close(writing)
    has_ended = True
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        has_ended = False
        os.kill(process.pid, signal.SIGKILL)
    _, error = process.communicate()
    with os.fdopen(reading, encoding="utf-8") as stream:
        lines = [json.loads(line) for line in stream.read().splitlines() if line.endswith("}")]
    return Killed(lines, has_ended, process.returncode, error.decode(errors="replace"))


def duration(program: Program, words: tuple[str, ...]) -> float:
    """Return the seconds that a command takes to its end."""
    started = time.monotonic()
    ended = kill_at(program, words, _LONGEST)
    assert (ended.has_ended, ended.status) == (True, 0), ended
    return time.monotonic() - started


def moment(dice: random.Random, whole: float) -> float:
    """Return a moment of a run: rarely while it starts, mostly while it works, sometimes just as it ends."""
    return whole * (dice.uniform(0.05, 0.4) if dice.random() < 0.1 else dice.uniform(0.4, 1.05))


@dataclass
class Found:
    """What is in a vault after a run."""

    verification: Verification
    heads: set[str]
    entries: int
    ids: int
    newest: str


def look(program: Program) -> Found:
    """Open what is left as anyone would, check all of it and count."""
    vault = opened(program)
    try:
        verification = vault.verify(silent)
        with vault._database.read() as connection:
            heads = {row[0].hex() for row in connection.execute("SELECT hash FROM records")}
            (entries,) = connection.execute("SELECT count(*) FROM entries").fetchone()
            (ids,) = connection.execute("SELECT count(DISTINCT id) FROM entries").fetchone()
        return Found(verification, heads, entries, ids, vault.reader.head())
    finally:
        vault.close()


def check(found: Found, killed: list[Killed]) -> None:
    """Assert that nothing acknowledged is lost, nothing is there twice, and every chain is valid."""
    acknowledged = [line for one in killed for line in one.acknowledged]
    lost = [line for line in acknowledged if line["head"] not in found.heads]
    recorded = sum(line["records"] for line in acknowledged)

    assert (found.verification.is_valid, found.verification.first_break) == (True, "")
    assert lost == []
    assert found.entries == found.ids
    assert found.entries >= recorded


def state(program: Program, until: int | None = None) -> dict[str, Any]:
    """Return entries and balances up to a moment: what two vaults that read the same events have in common."""
    vault = opened(program)
    try:
        told = [
            (entry_id, entry) for entry_id, entry in vault.reader.export_entries() if until is None or entry.at <= until
        ]
        return {
            "entries": sorted((entry_id, repr(entry)) for entry_id, entry in told),
            "balances": [row for row in vault.reader.balances(until_ns=until) if row.quantity],
        }
    finally:
        vault.close()


def set_back(program: Program) -> None:
    """Make the vault one that the first version left: without the tables of later migrations."""
    vault = opened(program)
    with vault._database.write() as connection:
        m0003_late_history.drop(connection)
        m0004_decisions.drop(connection)
        connection.execute("DROP INDEX decisions")
        for statement in reversed(m0002_vault.TABLES):
            connection.execute(f"DROP TABLE {statement.split()[2]}")
        connection.execute("PRAGMA user_version = 1")
    vault.close()
