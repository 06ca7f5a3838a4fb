"""A writer is killed in the middle of its work: what it acknowledged is there, once, and the chain holds."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from tests.storage.journal_books import SOURCE, Books, new_books

ROOT = Path(__file__).parents[2]
RUNS = 10


def acknowledged(folder: Path, start: int, stop_after: int, delay: float) -> int:
    """Run a writer, kill it a moment after some acknowledgements, and return the last page it acknowledged."""
    command = [sys.executable, "-m", "tests.storage.journal_writer_process", str(folder), str(start)]
    last = start - 1
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        assert process.stdout is not None
        for _ in range(stop_after):
            last = int(process.stdout.readline().split()[0])
        try:
            process.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            process.kill()
        for line in process.stdout:
            if line.endswith("\n"):
                last = int(line.split()[0])
    return last


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(tmp_path: Path) -> None:
    new_books(tmp_path)
    chance = random.Random(7)  # noqa: S311 - moments to kill at, no secrets
    books: Books | None = None
    start = 0
    for _ in range(RUNS):
        last = acknowledged(tmp_path, start, chance.randrange(1, 8), chance.random() * 0.02)
        books = new_books(tmp_path)
        entries = books.reader.counts()["entries"]
        pages = entries // 20

        assert entries % 20 == 0
        assert pages in (last + 1, last + 2)
        assert books.balances() == {"spot/bitcoin": str(entries), "spot/usd": f"-{entries / 10:g}"}
        assert books.reader.streams(SOURCE)[0].cursor == str(pages - 1)
        assert books.verify().first_break == ""
        # The next writer begins after the last acknowledgement: a page that was kept without one is read again.
        start = last + 1
