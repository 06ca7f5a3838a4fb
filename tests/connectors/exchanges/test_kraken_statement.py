"""The same account at Kraken read by interface and by statement gives each event once, in whichever order."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.connectors.files.kraken_ledgers import KrakenLedgers
from app.core.clock import iso
from app.core.model.pages import AppendResult, Page
from tests.connectors.exchanges.contract import Case, read
from tests.connectors.exchanges.kraken_case import NOW_NS, START, SmallKraken, row, trades
from tests.connectors.exchanges.reading import ASSETS
from tests.storage.journal_books import Books, new_books

VENUE = SmallKraken

COLUMNS = ("txid", "refid", "time", "type", "subtype", "aclass", "asset", "amount", "fee", "balance")
REVERSED = [
    ("L1", row("W9", START + 100.5, "withdrawal", "XXBT", "-0.5000000000", fee="0.0001000000")),
    *trades(60),
    ("L2", row("W9", START + 90_000.5, "withdrawal", "XXBT", "0.5000000000", fee="-0.0001000000")),
]


def statement(server: SmallKraken) -> Page:
    """Return the page of the ledgers CSV with the same rows, in whole seconds."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for name, one in server.rows:
        at = iso(int(one["time"]) * 10**9).replace("T", " ").rstrip("Z")
        cells = {**one, "txid": name, "time": at}
        writer.writerow([cells[column] for column in COLUMNS])
    return KrakenLedgers(ASSETS, lambda: NOW_NS).read(text.getvalue().encode(), "ledgers.csv", "account")


def append(books: Books, pages: Sequence[Page], source: str) -> AppendResult:
    total = AppendResult()
    for page in pages:
        total += books.writer.append_page(source, "account", page)
    return total


@pytest.mark.parametrize("is_statement_first", [True, False])
@pytest.mark.parametrize("has_reversal", [True, False])
async def test_each_event_is_recorded_once(
    case: Case, server: SmallKraken, tmp_path: Path, *, is_statement_first: bool, has_reversal: bool
) -> None:
    if has_reversal:
        server.rows = list(REVERSED)
    books = new_books(tmp_path)
    sources = [([statement(server)], "file"), (await read(case.open()), "main")]
    first, second = (append(books, *one) for one in (sources if is_statement_first else sources[::-1]))
    count = 61 if has_reversal else case.entries

    assert (first.recorded, first.revised, second.recorded, second.revised, second.seen) == (count, 0, 0, 0, count)


async def test_reading_from_each_page_again_changes_nothing(case: Case, tmp_path: Path) -> None:
    books = new_books(tmp_path)
    exchange = case.open()
    pages = await read(exchange)
    append(books, pages, "main")
    again = AppendResult()
    for page in pages:
        again += append(books, await read(exchange, {page.stream: page.cursor}), "main")

    assert (again.recorded, again.revised, again.quarantined) == (0, 0, 0)
