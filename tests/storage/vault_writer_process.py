"""A process that opens a vault, appends pages and acknowledges each on its standard output, until it is stopped."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from app.core.errors import CounterfoilError
from tests.storage.vaults import PASSPHRASE, store, write_page


def main(path: Path, start: int, seconds: float, limit: int) -> None:
    """Append from page `start` on for some seconds; `limit` is the size in bytes that no file may exceed, 0: none."""
    vault = store(path.parent).open(path, PASSPHRASE)
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    until = time.monotonic() + seconds
    number = start
    while time.monotonic() < until:
        try:
            head = write_page(vault, number, rows=20)
        except CounterfoilError as error:
            sys.stdout.write(f"{type(error).__name__} {vault.reader.counts()['entries']}\n")
            break
        sys.stdout.write(f"{number} {head}\n")
        sys.stdout.flush()
        number += 1
    vault.close()


main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
