"""Made-up records of a journal: entries, pages, signatures, and a person's decisions among them."""

from __future__ import annotations

from functools import lru_cache

from app.core.clock import SECOND
from app.core.model.audit_log import LogLine
from tests.ui import made_up_books as books

RECORDS = 1_204
_DECISIONS = {
    RECORDS - 3: ("waiver", "break of kraken-main/polkadot/earn, let stand: staking rewards, booked next month"),
    RECORDS - 9: ("transfer_link", "1 out, 1 in: one transfer: 1.2345678 left and arrived; 31 min later"),
    RECORDS - 14: ("price_override", "bitcoin on 2026-11-16: [[61000]] usd: the fund's own close"),
    RECORDS - 30: ("standing_order", "US from 2026 on: hifo: our adviser's advice"),
}


def _line(number: int) -> LogLine:
    kind, words, source = "entry", "trade: [[+0.5]] bitcoin, [[-45500.25]] usd, [[-11.4]] usd fee", "kraken-main"
    if number in _DECISIONS:
        kind, words, source = *_DECISIONS[number], ""
    elif number % 50 == 0:
        kind, words, source = "commit", "signature over 48 records", ""
    elif number % 50 == 1:
        kind, words, source = "observation", "a page of ledger, as the source gave it", "coinbase-prime"
    is_entry = kind == "entry"
    entry = books.entries()[number % len(books.entries())]
    return LogLine(
        number, number, kind, "4b9f34b582a555d4" * 2, books.NOW - (RECORDS - number) * 61 * SECOND,
        books.identity("log", number), words, source, number in _DECISIONS, entry.entry_id if is_entry else "",
    )  # fmt: skip


@lru_cache(maxsize=1)
def log_lines() -> tuple[LogLine, ...]:
    """Return all of them, the newest first."""
    return tuple(_line(number) for number in range(RECORDS, 0, -1))
