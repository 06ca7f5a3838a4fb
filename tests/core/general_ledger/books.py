"""Books in double entry for tests: entries, through the transactions and figures that they give."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

from app.core.clock import DAY
from app.core.general_ledger.journal import Books, Journal
from app.core.general_ledger.posting import Figured, journals
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role
from app.core.model.assets import AssetKind
from app.core.tax.compute import compute
from app.core.tax.from_entries import from_entries
from app.core.tax.profile import profile
from app.core.tax.transfers import of_entries
from app.core.tax.valuations import Prices

NOON = 20_000 * DAY + DAY // 2
KINDS = {
    "usd": AssetKind.FIAT,
    "eur": AssetKind.FIAT,
    "bitcoin": AssetKind.CRYPTO,
    "ethereum": AssetKind.CRYPTO,
    "dust": AssetKind.CRYPTO,
}
SYMBOLS = {"usd": "USD", "eur": "EUR", "bitcoin": "BTC", "ethereum": "ETH", "dust": "1 dust €"}
CLOSES = {
    "eur": {20_000 + day: Decimal("1.25") for day in range(100)},
    "bitcoin": {20_000 + day: Decimal(40_000) for day in range(100)},
    "ethereum": {20_000 + day: Decimal(2_000) for day in range(100)},
}
FEE = Role.FEE
RECORDS = {f"e{index}": hashlib.sha256(f"record {index}".encode()).hexdigest() for index in range(20)}
"""The hash of the record that each entry stands in."""


def entry(
    kind: EntryKind, *legs: tuple[str, str] | tuple[str, str, Role], day: int = 0, account: str = "main", tx: str = ""
) -> Entry:
    """Return an entry of legs as (asset, quantity, role)."""
    made = tuple(
        Leg(account, "spot", leg[0], Decimal(leg[1]), leg[2] if len(leg) > 2 else Role.PRINCIPAL) for leg in legs
    )
    references = {"tx_hash": tx} if tx else {}
    return Entry(account, NOON + day * DAY, kind, made, Identity("test", "1"), references=references)


def posted(*entries: Entry, country: str = "us") -> tuple[Journal, ...]:
    """Return entries in double entry; their ids are e0, e1 and so on."""
    prices = Prices("usd", "usd", CLOSES)
    named = [(f"e{index}", one) for index, one in enumerate(entries)]
    made = from_entries(named, prices, KINDS.__getitem__)
    chosen = profile(country)
    figures = compute(made.transactions, chosen, currency="USD", refuses_choices=False)
    figured = Figured(
        made.transactions,
        figures,
        prices,
        made.income_kinds,
        of_entries(named),
        {"main": "Kraken", "other": "Cold wallet"},
        lambda asset: KINDS[asset] is AssetKind.FIAT,
        lambda at: date.fromordinal(date(1970, 1, 1).toordinal() + at // DAY),
        RECORDS,
    )
    return journals(named, figured)


def books(*entries: Entry) -> Books:
    """Return what a format writes."""
    return Books("usd", SYMBOLS, posted(*entries), "abc123", "fifo (us)", 'The "fund"')


def lines(journal: Journal) -> list[str]:
    """Return postings as words."""
    return [f"{':'.join(one.account)} {one.quantity.normalize():f} {one.commodity}" for one in journal.postings]


LIFE = (
    entry(EntryKind.DEPOSIT, ("usd", "1000")),
    entry(EntryKind.TRADE, ("usd", "-400"), ("bitcoin", "0.01"), ("usd", "-1.25", FEE), day=1),
    entry(EntryKind.REWARD, ("ethereum", "0.002"), day=2),
    entry(EntryKind.TRADE, ("bitcoin", "-0.004"), ("usd", "250.10"), day=3),
    entry(EntryKind.WITHDRAWAL, ("bitcoin", "-0.003"), ("bitcoin", "-0.0001", FEE), day=4, tx="aa"),
    entry(EntryKind.DEPOSIT, ("bitcoin", "0.003"), day=4, account="other", tx="aa"),
    entry(EntryKind.DEPOSIT, ("dust", "5"), day=5),
    entry(EntryKind.TRADE, ("usd", "-100"), ("eur", "79.5"), day=6),
    entry(EntryKind.WITHDRAWAL, ("ethereum", "-0.001"), day=40),
)
"""A deposit, a purchase, a reward, a sale, a transfer with a fee, a gift of nobody, an exchange of money."""
