"""Ports: what services need of the world outside, as Protocols. Adapters are built in `app.bootstrap` only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Protocol, TypeVar

from app.core.book_ports import BookWatch
from app.core.clock import DAY
from app.core.feed_ports import Feeds
from app.core.file_ports import FileWriter, MarketFiles, ReportWriter, StatementFormat, TableWriter
from app.core.findings import Finding
from app.core.ledger.entries import Entry
from app.core.model.accounts import Account, Book, Connection, Credentials, KeyScope
from app.core.model.assets import Asset
from app.core.model.checkpoints import Kept
from app.core.model.decisions import Decision
from app.core.model.ledger_rows import BalanceRow, DayChange, DayEarning, FlowRow, LegRow
from app.core.model.market import Candle, Tick
from app.core.model.pages import AppendResult, BalancePage, Page
from app.core.model.period_seals import PeriodSeal
from app.core.model.venues import CallCount, VenueInfo
from app.core.model.views import (
    ActivityFilter,
    ActivityPage,
    EntryDetail,
    EntryView,
    Proof,
    StreamState,
    VaultInfo,
    Verification,
)
from app.core.notice_ports import Notices
from app.core.reading_ports import ReportedBalances
from app.core.stopping import Alive, always
from app.core.vault_ports import ConnectionStore, PriceHistory, Proofs

D = TypeVar("D", bound=Decision)

Progress = Callable[[float | None, str], None]
"""Called with the share done (0 to 1, None where unknown) and what is being done now."""


class Clock(Protocol):
    """The only source of the present moment."""

    def now_ns(self) -> int:
        """Return nanoseconds since 1970, UTC."""


class Keyring(Protocol):
    """The operating system's store for small secrets."""

    @property
    def name(self) -> str:
        """Return what the person calls it, or "" where this computer has none."""

    def read(self, key: str) -> bytes | None:
        """Return the secret, None where there is none."""

    def write(self, key: str, secret: bytes) -> None:
        """Keep a secret."""

    def erase(self, key: str) -> None:
        """Forget a secret; nothing happens where there is none."""


class AssetRegistry(Protocol):
    """Names of assets: (venue, native id) to asset."""

    def resolve(self, venue: str, native_id: str) -> Asset:
        """Return the asset of a venue's own id; an unmapped one is scoped by its venue."""

    def asset(self, asset_id: str) -> Asset:
        """Return the asset of an id; unmapped ids carry their venue."""

    def native_id(self, venue: str, asset_id: str) -> str | None:
        """Return the venue's id of an asset; None where it does not list it."""


class LedgerReader(ReportedBalances, Protocol):
    """Reads projections of the journal; every call may run on a reader thread and sees one consistent state."""

    def head(self) -> str:
        """Return the hash of the newest record over all chains of the book; derived data carry it."""

    def counts(self) -> Mapping[str, int]:
        """Return numbers of records and entries, and of entries per account ("account:<id>")."""

    def balances(self, accounts: Sequence[str] = (), until_ns: int | None = None) -> Sequence[BalanceRow]:
        """Return exact sums of legs, up to and including a moment where one is given; zero rows are included."""

    def legs(
        self,
        accounts: Sequence[str] = (),
        assets: Sequence[str] = (),
        since_ns: int | None = None,
        most: int | None = None,
    ) -> Sequence[LegRow]:
        """Return legs of current entries in time order, after a moment; where `most` is said, the newest of them."""

    def daily_changes(self, accounts: Sequence[str] = ()) -> Sequence[DayChange]:
        """Return what each day changed, in the order of days."""

    def flows(self, accounts: Sequence[str] = ()) -> Sequence[FlowRow]:
        """Return deposits and withdrawals in time order."""

    def earnings(self, accounts: Sequence[str] = ()) -> Sequence[DayEarning]:
        """Return fees, and what rewards, airdrops, forks and interest brought, summed by day."""

    def findings(self) -> Sequence[Finding]:
        """Return what was odd about pages and readings when they were kept, newest first, each once."""

    def activity(self, asked: ActivityFilter, offset: int, limit: int) -> ActivityPage:
        """Return a slice of the activity, newest first."""

    def entry(self, entry_id: str) -> EntryDetail:
        """Return an entry with its proof; InputError where the id is unknown."""

    def proofs(self, entry_ids: Sequence[str]) -> Mapping[str, Proof]:
        """Return what proves entries, by id; ids that are unknown are left out."""

    def record_hashes(self) -> Mapping[str, str]:
        """Return the hash of the record that each current entry stands in, by entry id."""

    def entries(self, entry_ids: Sequence[str]) -> Sequence[EntryView]:
        """Return entries by id, in the given order."""

    def entries_per_asset(self) -> Mapping[str, int]:
        """Return how many current entries touch each asset."""

    def streams(self, source: str) -> Sequence[StreamState]:
        """Return how far each stream of a source was read."""

    def span(self, account: str) -> tuple[int, int] | None:
        """Return the first and last moment of an account's entries."""

    def accounts(self) -> Sequence[Account]:
        """Return all accounts of the book."""

    def export_entries(self, alive: Alive = always) -> Sequence[tuple[str, Entry]]:
        """Return (entry id, entry) of all current entries in time order, as long as somebody waits for them."""

    def moves(self) -> Sequence[tuple[str, Entry]]:
        """Return (entry id, entry) of all current deposits and withdrawals in time order."""

    def decisions(self, of: type[D]) -> Sequence[D]:
        """Return every decision of one kind that was ever recorded, oldest first."""


class Courses(Protocol):
    """What late history is read with, and checkpoints that can be dropped at any time."""

    def newest(self) -> int:
        """Return the number of the newest record of the vault."""

    def first_change(self, asset: str, seen: int) -> int | None:
        """Return the start of the first month in which entries of an asset changed after a record; None for none."""

    def entries(self, asset: str, since_ns: int | None) -> Sequence[tuple[str, Entry]]:
        """Return current entries that touch an asset since a moment, with the other ends of their transfers."""

    def seen(self, question: bytes, asset: str) -> int | None:
        """Return the newest record that the kept checkpoints take in; None where there are none."""

    def latest(self, question: bytes, asset: str, until_ns: int) -> Sequence[Kept]:
        """Return kept checkpoints until a moment, the newest first, a few at most."""

    def keep(self, question: bytes, asset: str, seen: int, after_ns: int | None, made: Sequence[Kept]) -> None:
        """Keep checkpoints in place of all after a moment (None: of all); belongs on the storage thread."""


class JournalWriter(Protocol):
    """Appends to the journal. Each call is one transaction: everything in it is kept or nothing is."""

    def append_page(self, source: str, account: str, page: Page) -> AppendResult:
        """Seal a page: its observation, its entries, its cursor. Idempotent: the same page again changes nothing."""

    def preview_page(self, source: str, account: str, page: Page) -> tuple[AppendResult, Sequence[EntryView]]:
        """Return what `append_page` would do and the entries that would be new, changing nothing."""

    def append_balances(self, source: str, account: str, page: BalancePage) -> str:
        """Seal a balance reading; returns the new head."""

    def append_entry(self, entry: Entry, reason: str) -> str:
        """Record an entry of a person; returns its id."""

    def revise_entry(self, entry_id: str, revised: Entry | None, reason: str) -> str:
        """Supersede an entry by another, or void it where `revised` is None; returns the record's hash."""

    def annotate(self, entry_id: str, note: str) -> str:
        """Attach a note to an entry; returns the record's hash."""

    def append_decision(self, decision: Decision) -> str:
        """Record what a person decided; returns the record's hash. InputError where an entry of it is unknown."""

    def append_decisions(self, decisions: Sequence[Decision]) -> tuple[str, ...]:
        """Record decisions together, all of them or none; returns the hashes of their records."""

    def append_seal(self, seal: PeriodSeal, files: Mapping[str, bytes]) -> str:
        """Record a closed year with every file under its seal; returns the record's hash."""

    def open_account(self, account: Account) -> None:
        """Record an account; the same account again changes nothing."""

    def set_book(self, book: Book) -> None:
        """Record a book's name, base currency and whether it is simulated."""


class OpenVault(Protocol):
    """An unlocked vault with one book chosen."""

    @property
    def book(self) -> Book:
        """Return the chosen book."""

    @property
    def reader(self) -> LedgerReader:
        """Return the reading side."""

    @property
    def writer(self) -> JournalWriter:
        """Return the writing side; its calls belong on the storage thread."""

    @property
    def courses(self) -> Courses:
        """Return what lots are derived with."""

    @property
    def proofs(self) -> Proofs:
        """Return what seals and their proofs are read with."""

    @property
    def connections(self) -> ConnectionStore:
        """Return connections and secrets."""

    @property
    def prices(self) -> PriceHistory:
        """Return the price history."""

    def info(self) -> VaultInfo:
        """Return what can be said about the vault."""

    def verify(self, progress: Progress) -> Verification:
        """Re-check every record, chain and signature."""

    def rebuild(self) -> int:
        """Derive balances and lists anew from the journal; returns the number of records read."""

    def backup(self, target: Path, progress: Progress) -> None:
        """Write an encrypted, verified copy while others may go on writing."""

    def change_passphrase(self, old: bytes, new: bytes) -> None:
        """Wrap the data key anew; the data is not rewritten."""

    def remember(self, *, remembered: bool) -> None:
        """Add or remove the key slot of the operating system's keyring."""

    def setting(self, name: str) -> str | None:
        """Return a preference kept in the vault."""

    def set_setting(self, name: str, value: str) -> None:
        """Keep a preference in the vault."""

    def secret(self, name: str) -> str:
        """Return a secret that is sealed by itself inside the vault; "" where there is none."""

    def set_secret(self, name: str, value: str) -> None:
        """Keep a secret sealed by itself; "" forgets it."""

    def close(self) -> None:
        """Forget the keys and close every connection."""


class VaultStore(Protocol):
    """Vault files on this disk."""

    def create(self, path: Path, passphrase: bytes, book: Book) -> OpenVault:
        """Make a new vault; InputError where the path is taken or the passphrase is too weak."""

    def open(
        self, path: Path, passphrase: bytes | None, *, book: str | None = None, accept_older: bool = False
    ) -> OpenVault:
        """Open with a passphrase, or with the keyring's slot where it is None.

        A vault older than its anchor raises VaultRolledBackError, unless `accept_older`: it goes on as a new device.
        """

    def has_keyring_slot(self, path: Path) -> bool:
        """Tell whether the keyring may open this vault."""

    def restore(self, backup: Path, target: Path, passphrase: bytes) -> VaultInfo:
        """Check a backup and put it in place as a new vault."""

    def destroy(self, path: Path) -> None:
        """Erase the keys in the file's header first, then delete the file and what lies beside it."""

    def describe(self, path: Path) -> VaultInfo:
        """Return what the header says without a key."""


class Exchange(Protocol):
    """One opened connection to a venue."""

    async def probe(self) -> KeyScope:
        """Return what the key may do."""

    def history(self, cursors: Mapping[str, str]) -> AsyncIterator[Page]:
        """Yield pages of every stream from its cursor on; each page must be kept before the next is asked for."""

    async def balances(self) -> BalancePage:
        """Read all balances over all sub-places."""

    async def tickers(self, assets: Sequence[str], currency: str) -> Sequence[Tick]:
        """Return the newest prices of assets; what the venue does not quote is left out."""

    async def candles(
        self, asset: str, currency: str, since_ns: int, interval: int = DAY, until_ns: int | None = None
    ) -> Sequence[Candle]:
        """Return candles of a day, an hour or a minute, oldest first; empty where the venue does not quote the pair.

        `until_ns` is the last start that is wanted; None for all until now.
        """

    def watch(self, assets: Sequence[str], currency: str) -> AsyncIterator[Tick]:
        """Yield live prices; reconnects by itself and raises only what a person must fix."""

    async def books(self, currency: str, watch: BookWatch) -> None:
        """Follow order books of what somebody looks at, until it is cancelled; raises only what a person must fix.

        Returns at once where the venue's books cannot be followed.
        """

    async def traded(self, contract: str, days: int) -> Mapping[int, Decimal]:
        """Return how many units were traded of a perpetual by whole day; {} where the venue does not tell it."""

    def calls(self) -> CallCount:
        """Return calls made and saved so far."""

    def budget_used(self) -> Decimal:
        """Return the share (0 to 1) of the venue's request budget that is used now."""

    async def close(self) -> None:
        """Close sockets."""


class Exchanges(Protocol):
    """All venues that can be connected."""

    def venues(self) -> Sequence[VenueInfo]:
        """Return what can be connected, by name."""

    def open(self, connection: Connection, credentials: Credentials | None) -> Exchange:
        """Open a connection; InputError where the endpoint is neither the venue's own nor loopback.

        Without credentials only prices can be read.
        """


class ReferenceRates(Protocol):
    """An authority that publishes exchange rates against the euro."""

    @property
    def name(self) -> str:
        """Return the authority's short name: "ECB"."""

    async def per_euro(self) -> Mapping[str, Mapping[int, Decimal]]:
        """Return by currency code the units for one euro by day number, of all days that it tells.

        Raises:
            SourceError: It cannot be reached, or what came are not its rates.
        """


@dataclass(frozen=True)
class Runtime:
    """Everything outside, gathered once by `app.bootstrap` and handed down."""

    clock: Clock
    keyring: Keyring
    vaults: VaultStore
    exchanges: Exchanges
    statements: Sequence[StatementFormat]
    assets: AssetRegistry
    csv: TableWriter
    files: FileWriter
    data_folder: Path
    settings_folder: Path
    doctor: Callable[[], Sequence[Mapping[str, str]]] = field(default=lambda: ())
    reports: Mapping[str, ReportWriter] = field(default_factory=dict)
    rates: Callable[[str], ReferenceRates] | None = None
    """Opens the authority of exchange rates at a loopback address, or "" for its own."""
    market_files: MarketFiles | None = None
    feeds: Feeds | None = None
    notices: Notices | None = None
