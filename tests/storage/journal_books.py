"""A book on a small database, with short words for entries and pages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.core.clock import SECOND
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role
from app.core.model.accounts import Account, Book
from app.core.model.assets import Asset, AssetKind
from app.core.model.pages import Candidate, Page
from app.core.model.views import Verification
from app.core.money import plain
from app.storage.journal_store import SqlJournal
from app.storage.ledger_reader import SqlLedgerReader
from app.storage.verify import verify
from tests.storage.plain_database import PlainDatabase

START = 1_700_000_000
ACCOUNT = "kraken-main"
SOURCE = "kraken"
SYMBOLS = {"bitcoin": "BTC", "ether": "ETH", "usd": "USD"}


class Assets:
    """Three assets under their own names."""

    def resolve(self, venue: str, native_id: str) -> Asset:
        del venue
        return self.asset(native_id)

    def asset(self, asset_id: str) -> Asset:
        return Asset(asset_id, SYMBOLS.get(asset_id, asset_id), asset_id, AssetKind.CRYPTO)

    def native_id(self, venue: str, asset_id: str) -> str | None:
        del venue
        return asset_id


class FixedClock:
    """A clock that stands."""

    def now_ns(self) -> int:
        return (START + 10_000_000) * SECOND


class KeyDevice:
    """A device with a key made from a seed."""

    def __init__(self, seed: int = 1) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.public_key = self._key.public_key().public_bytes_raw()
        self.fingerprint = hashlib.sha256(self.public_key).digest()[:16].hex()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def leg(text: str, *, account: str = ACCOUNT) -> Leg:
    """Return the leg of "[earn/]-0.5 bitcoin [fee]"."""
    quantity, asset, *role = text.split()
    place, slash, number = quantity.rpartition("/")
    return Leg(account, place if slash else "spot", asset, Decimal(number), Role(role[0]) if role else Role.PRINCIPAL)


def entry(native_id: str, second: int, *legs: str, kind: EntryKind = EntryKind.TRADE, step: int = SECOND) -> Entry:
    """Return an entry so many seconds after the start; native id "" makes it weak."""
    return Entry(
        account=ACCOUNT,
        at=(START + second) * SECOND,
        kind=kind,
        legs=tuple(leg(text) for text in legs),
        identity=Identity("ledger", native_id),
        resolution=step,
    )


def page(*entries: Entry, cursor: str = "1", is_complete: bool = True, stream: str = "ledger", salt: str = "") -> Page:
    """Return a page of entries; its content follows from them."""
    rows = [f'{{"row": {row}, "at": {one.at}, "say": "{one.identity}{one.legs}"}}' for row, one in enumerate(entries)]
    return Page(
        stream=stream,
        content=f"[{','.join(rows)}]{salt}".encode(errors="replace"),
        media_type="application/json",
        read_at=START * SECOND,
        candidates=[Candidate(row, one) for row, one in enumerate(entries)],
        cursor=cursor,
        normaliser="kraken/1",
        is_complete=is_complete,
    )


@dataclass
class Books:
    """One book with its writer and reader."""

    database: PlainDatabase
    commits: list[tuple[int, str]] = field(default_factory=list)
    seed: int = 1

    def __post_init__(self) -> None:
        self.book = Book("book-1", "Mine", "usd")
        self.assets = Assets()
        self.writer = self.device(self.seed)
        self.reader = SqlLedgerReader(self.database, self.book, self.assets)

    def device(self, seed: int) -> SqlJournal:
        """Return a writer on another computer's chain."""
        return SqlJournal(self.database, KeyDevice(seed), self.book, FixedClock(), self.assets, self._committed)

    def _committed(self, length: int, head: str) -> None:
        self.commits.append((length, head))

    def append(self, *pages: Page) -> list[str]:
        """Append pages; returns what became of them as "recorded/seen/revised/evidence/quarantined"."""
        results = [self.writer.append_page(SOURCE, ACCOUNT, one) for one in pages]
        return [f"{r.recorded}/{r.seen}/{r.revised}/{r.evidence}/{r.quarantined}" for r in results]

    def balances(self) -> dict[str, str]:
        """Return balances that are not zero, as texts."""
        rows = self.reader.balances()
        return {f"{row.sub_place}/{row.asset}": plain(row.quantity) for row in rows if row.quantity}

    def records(self) -> int:
        """Return how many records there are."""
        return self.reader.counts()["records"]

    def verify(self) -> Verification:
        """Check everything."""
        return verify(self.database, _silent)


def _silent(share: float | None, doing: str) -> None:
    del share, doing


def new_books(folder: Path) -> Books:
    """Return an empty book in a folder."""
    books = Books(PlainDatabase(folder / "test.vault"))
    books.writer.set_book(books.book)
    books.writer.open_account(Account(ACCOUNT, "Kraken main", "kraken"))
    return books


def ids(books: Books, entries: Sequence[Entry]) -> list[str]:
    """Return the ids of entries in the books by their native ids."""
    known = {one.identity.native_id: entry_id for entry_id, one in books.reader.export_entries()}
    return [known[one.identity.native_id] for one in entries]
