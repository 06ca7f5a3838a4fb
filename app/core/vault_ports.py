"""Ports of what a vault keeps beside the journal: connections, who reads them, and prices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from app.core.model.accounts import Connection, Credentials
from app.core.model.audit_log import LogFilter, LogLine
from app.core.model.market import Candle, Series, SpreadMinute
from app.core.model.period_seals import LaterRecord, PeriodSeal, SealedPart
from app.core.model.proofs import ChainProof, RecordProof


class Claim(Protocol):
    """The right to be the only process that reads a connection; it ends with `close`, or with the process."""

    def close(self) -> None:
        """Let others read it."""


class ConnectionStore(Protocol):
    """Connections and their secrets; secrets are field-encrypted and decrypted per call."""

    def claim(self, name: str) -> Claim | None:
        """Return the claim on a connection; None where another process, or another opening of the vault, has it."""

    def connections(self) -> Sequence[Connection]:
        """Return all connections of the book."""

    def save(self, connection: Connection, credentials: Credentials | None = None) -> None:
        """Keep a connection, and its credentials where given."""

    def credentials(self, name: str) -> Credentials:
        """Return the credentials of a connection."""

    def remove(self, name: str) -> None:
        """Forget a connection and its secrets; its records stay in the books."""


class Candles(Protocol):
    """Candles by source and interval; those of a minute, an hour and a day are kept."""

    def of(self, series: Series, since_ns: int, until_ns: int) -> Sequence[Candle]:
        """Return candles that start between two moments, both included, oldest first."""

    def starts(self, series: Series, since_ns: int, until_ns: int) -> Sequence[int]:
        """Return when candles start between two moments, both included, oldest first; much less work than `of`."""

    def sources(self, asset: str, currency: str, interval: int) -> Sequence[str]:
        """Return who told candles of an asset, by name."""

    def asked(self, series: Series) -> tuple[int, int] | None:
        """Return the first and last start for which a source was asked; None where it never was."""

    def all_asked(self) -> Mapping[Series, tuple[int, int]]:
        """Return every series that a source was asked for, with the first and last start of it."""

    def add(self, series: Series, candles: Iterable[Candle], asked: tuple[int, int] | None = None) -> None:
        """Keep candles in the place of those of before; one without a volume never replaces one with it."""


class SpreadHistory(Protocol):
    """How wide bid and ask stood apart, by instrument and minute; of each instrument the newest are kept."""

    def all(self) -> Sequence[SpreadMinute]:
        """Return what is kept of every instrument, oldest first."""

    def keep(self, minutes: Sequence[SpreadMinute], most: int, oldest: int) -> None:
        """Keep minutes, of each instrument so many of the newest, and none that begins before a moment."""


class PriceHistory(Protocol):
    """Daily closes by source, kept in a separate encrypted file that can be deleted at any time."""

    @property
    def candles(self) -> Candles:
        """Return the candles of the same file."""

    @property
    def spreads(self) -> SpreadHistory:
        """Return the spreads of the same file."""

    def daily(self, asset_id: str, currency: str) -> Mapping[int, Decimal]:
        """Return what the sources agree on (`core.valuation.closes`) by day number (days since 1970)."""

    def how(self, asset_id: str, currency: str) -> Mapping[int, str]:
        """Return by day number from whom a close is, or why there is none though sources told some."""

    def doubted(self, currency: str) -> Mapping[str, Sequence[int]]:
        """Return by asset the days of which some source was not believed, oldest first."""

    def told(self, asset_id: str, currency: str) -> Mapping[str, Mapping[int, Decimal]]:
        """Return the closes of each source by day number."""

    def add(self, asset_id: str, currency: str, source: str, closes: Mapping[int, Decimal]) -> None:
        """Keep closes of a source; a closed day of it that is already there stays."""

    def official(self, source: str) -> Mapping[str, Mapping[int, Decimal]]:
        """Return by currency and day the units for one euro that an authority published."""

    def official_days(self, source: str) -> tuple[int, int] | None:
        """Return the first and last day for which an authority was asked; None where it never was."""

    def keep_official(self, source: str, per_euro: Mapping[str, Mapping[int, Decimal]], asked: tuple[int, int]) -> None:
        """Keep published rates, and for which days the authority was asked."""

    def marks(self) -> Mapping[str, tuple[Decimal, str, int]]:
        """Return the last kept mark of each asset: price, source, moment. They are stale by their age, not unknown."""

    def keep_marks(self, marks: Mapping[str, tuple[Decimal, str, int]]) -> None:
        """Keep the last marks for the next start."""


class Proofs(Protocol):
    """Reads records as they are sealed: for seals, for what came after them, and for others to check."""

    def sealed_file(self, part: SealedPart) -> bytes:
        """Return the bytes of a file under a seal; ChainBrokenError where they are gone or give another hash."""

    def check_seal(self, seal: PeriodSeal) -> None:
        """Raise ChainBrokenError where a seal is not the hash of its parts, or its record is not what was sealed."""

    def later(self, head: str) -> Sequence[LaterRecord]:
        """Return what was recorded, corrected, voided or decided after a record, in the order of the journal."""

    def records(self, entry_ids: Sequence[str]) -> Mapping[str, str]:
        """Return the hash of the record that says what each entry is now, by the id of the entry."""

    def opened(self, hashes: Sequence[str]) -> Sequence[RecordProof]:
        """Return records with what opens their commitments, in the order of the journal."""

    def log(
        self, asked: LogFilter, before: int | None, limit: int, symbol: Callable[[str], str] = str
    ) -> Sequence[LogLine]:
        """Return the newest records before one of them, or of all, the newest first; their words name assets so."""

    def kinds(self) -> Mapping[str, int]:
        """Return how many records there are of each kind, most first."""

    def chains(self) -> Sequence[ChainProof]:
        """Return every chain of the book from its start: headers, and the signature of its newest commit."""
