"""Several processes and one vault: they take turns, and one that is killed or stopped by the disk harms nothing."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.storage.journal_books import SOURCE
from tests.storage.vaults import PASSPHRASE, silent, store, vault_in, write_page

ROOT = Path(__file__).parents[2]
RUNS = 20
SECONDS = 2.0


def writer(path: Path, start: int, seconds: float = 60, limit: int = 0) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "tests.storage.vault_writer_process",
        str(path),
        str(start),
        str(seconds),
        str(limit),
    ]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own


@pytest.fixture
def path(tmp_path: Path) -> Path:
    vault_in(tmp_path).close()
    return tmp_path / "a.vault"


def test_two_processes_write_one_chain(path: Path) -> None:
    writers = [writer(path, start, SECONDS) for start in (0, 500_000)]
    told = [one.communicate()[0].splitlines() for one in writers]
    vault = store(path.parent).open(path, PASSPHRASE)
    found = vault.verify(silent)

    assert [one.returncode for one in writers] == [0, 0]
    assert min(map(len, told)) > 5
    assert vault.reader.counts()["entries"] == 20 * sum(map(len, told))
    assert (found.first_break, found.devices, found.commits) == ("", 1, 2 + sum(map(len, told)))
    vault.close()


def killed(path: Path, start: int, chance: random.Random) -> int:
    """Kill a writer a moment after some acknowledgements; returns the last page that it acknowledged."""
    last = start - 1
    with writer(path, start) as process:
        assert process.stdout is not None
        for _ in range(chance.randrange(1, 6)):
            last = int(process.stdout.readline().split()[0])
        try:
            process.wait(timeout=chance.random() * 0.02)
        except subprocess.TimeoutExpired:
            process.kill()
        for line in process.stdout:
            if line.endswith("\n"):
                last = int(line.split()[0])
    return last


def test_a_killed_writer_loses_nothing_it_acknowledged_and_leaves_no_alarm(path: Path) -> None:
    chance = random.Random(11)  # noqa: S311 - moments to kill at, no secrets
    start = 0
    for _ in range(RUNS):
        last = killed(path, start, chance)
        # Opening compares with the anchor, which may lag behind the vault and must never be ahead of it.
        vault = store(path.parent).open(path, PASSPHRASE)
        entries = vault.reader.counts()["entries"]
        cursor = vault.reader.streams(SOURCE)[0].cursor
        first_break = vault.verify(silent).first_break
        vault.close()

        assert entries // 20 in (last + 1, last + 2)
        assert (entries % 20, cursor, first_break) == (0, str(entries // 20 - 1), "")
        start = last + 1


def test_a_disk_that_takes_no_more_is_told_and_what_was_acknowledged_stays(path: Path) -> None:
    with writer(path, 0, limit=path.stat().st_size + 400_000) as process:
        assert process.stdout is not None
        *acknowledged, last = process.stdout.read().splitlines()
    vault = store(path.parent).open(path, PASSPHRASE)

    assert last == f"StorageFullError {20 * len(acknowledged)}"
    assert len(acknowledged) > 0
    assert vault.reader.counts()["entries"] == 20 * len(acknowledged)
    assert vault.verify(silent).is_valid
    write_page(vault, 900)
    vault.close()
