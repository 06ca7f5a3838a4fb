"""A process that appends pages and acknowledges each on its standard output, until it is killed."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.storage.journal_books import ACCOUNT, SOURCE, Books, entry, page
from tests.storage.plain_database import PlainDatabase


def main(folder: str, start: int) -> None:
    """Append for ever, from page `start` on."""
    books = Books(PlainDatabase(Path(folder) / "test.vault"))
    for n in range(start, 1_000_000):
        rows = [entry(f"P{n}-{row}", n, "1 bitcoin", "-0.1 usd fee") for row in range(20)]
        result = books.writer.append_page(SOURCE, ACCOUNT, page(*rows, cursor=str(n)))
        sys.stdout.write(f"{n} {result.head}\n")
        sys.stdout.flush()


main(sys.argv[1], int(sys.argv[2]))
