"""Read models: what screens, the command line and reports show. Unknown is None, never zero."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from app.core.findings import Finding
from app.core.ledger.entries import EntryKind, Role, Stated
from app.core.model.accounts import Connection, ConnectionState
from app.core.model.assets import Asset
from app.core.model.breaks import Break, LikelyCause
from app.core.model.market import Mark


@dataclass(frozen=True, slots=True)
class Scope:
    """What every screen shows: which accounts (empty: all) and from when (None: from the start)."""

    accounts: tuple[str, ...] = ()
    since_ns: int | None = None
    period: str = "ytd"
    """1m, 3m, ytd, 1y or all."""


@dataclass(frozen=True, slots=True)
class Holding:
    """An asset in one account and sub-place."""

    account_id: str
    account_name: str
    sub_place: str
    quantity: Decimal
    value: Decimal | None
    weight: Decimal | None


@dataclass(frozen=True, slots=True)
class Position:
    """Net quantity of an asset over accounts.

    Attributes:
        value: quantity × mark in the base currency; None where there is no mark.
        weight: Share of the whole value, 0 to 1.
        sparkline: Closes of the last seven days, oldest first; empty where unknown.
    """

    asset: Asset
    quantity: Decimal
    mark: Mark | None
    value: Decimal | None
    weight: Decimal | None
    holdings: tuple[Holding, ...]
    change_24h: Decimal | None = None
    effect_24h: Decimal | None = None
    sparkline: tuple[Decimal, ...] = ()
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Positions:
    """All positions with their total; `unpriced` names the assets that the total leaves out."""

    currency: str
    positions: tuple[Position, ...]
    value: Decimal | None
    change_24h: Decimal | None
    effect_24h: Decimal | None
    priced: int
    unpriced: tuple[str, ...]
    as_of_ns: int


@dataclass(frozen=True, slots=True)
class LegView:
    """A leg with its names."""

    account_id: str
    account_name: str
    sub_place: str
    asset: Asset
    quantity: Decimal
    role: Role


@dataclass(frozen=True, slots=True)
class EntryView:
    """One line of the activity table.

    Attributes:
        state: recorded, provisional, revised or void.
        record: Sequence number of its record in the chain of its device.
    """

    entry_id: str
    at: int
    resolution: int
    kind: EntryKind
    account_id: str
    account_name: str
    legs: tuple[LegView, ...]
    stated: Stated | None
    references: dict[str, str]
    state: str
    record: int


@dataclass(frozen=True, slots=True)
class Proof:
    """Where an entry is proved: its record, the hash, and the page it was read from."""

    record: int
    records: int
    device: str
    record_hash: str
    previous_hash: str
    recorded_at_ns: int
    observation_hash: str
    observation_stream: str
    observation_row: int | None
    observation_read_ns: int | None
    normaliser: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """An entry with its proof and the row of the source as it was given."""

    entry: EntryView
    proof: Proof
    raw_row: str
    """The source's own row, as text; "" for manual entries or an erased body."""
    history: tuple[str, ...] = ()
    """Earlier and later versions in words."""


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What the activity table asks for; text matches asset, account, references."""

    text: str = ""
    kinds: tuple[EntryKind, ...] = ()
    accounts: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    since_ns: int | None = None
    until_ns: int | None = None


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """A slice of the activity, newest first; `total` counts all that match."""

    entries: tuple[EntryView, ...]
    total: int
    offset: int


@dataclass(frozen=True, slots=True)
class Flow:
    """A deposit into or withdrawal out of the whole book, in the base currency (None: no price)."""

    at: int
    amount: Decimal | None
    entry_id: str


@dataclass(frozen=True, slots=True)
class EquityPoint:
    """Value of the book at the end of one day; None is a gap, and the line has a gap there.

    Attributes:
        without_flows: Value that the first day's holdings would have grown to by the time-weighted return.
    """

    at: int
    value: Decimal | None
    without_flows: Decimal | None = None


@dataclass(frozen=True, slots=True)
class EquityCurve:
    """Daily values with the flows between them."""

    currency: str
    points: tuple[EquityPoint, ...]
    flows: tuple[Flow, ...]
    left_out: tuple[str, ...] = ()
    """Symbols without a price somewhere in the period."""


@dataclass(frozen=True, slots=True)
class Return:
    """A return with its method; value None where it cannot be computed, and `why` says so."""

    value: Decimal | None
    method: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the whole value."""

    key: str
    label: str
    value: Decimal
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the Overview screen shows."""

    positions: Positions
    curve: EquityCurve
    month_to_date: Return
    year_to_date: Return
    cash: Decimal | None
    by_venue: tuple[Share, ...]
    by_kind: tuple[Share, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Ledger against reported balance of one asset in one place, at the moment of the reading."""

    account_id: str
    account_name: str
    sub_place: str
    asset: Asset
    ledger: Decimal
    reported: Decimal | None
    difference: Decimal | None
    read_at_ns: int | None
    causes: tuple[str, ...] = ()
    """In words, the likeliest first."""
    broken: Break | None = None
    """Since when there is a difference, and how it came to it; None where there is none."""
    likely: tuple[LikelyCause, ...] = ()
    waived: str = ""
    """Why a person lets the difference stand; "" where nobody does."""

    @property
    def is_break(self) -> bool:
        """Tell whether there is an unexplained difference."""
        return self.difference is not None and self.difference != 0

    @property
    def subject(self) -> str:
        """Return how findings and waivers name the place."""
        return f"{self.account_id}/{self.asset.asset_id}/{self.sub_place}"


@dataclass(frozen=True, slots=True)
class StreamState:
    """How far one stream was read."""

    stream: str
    cursor: str
    read_at_ns: int | None
    records: int


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """One line of the Connections table."""

    connection: Connection
    account_name: str
    state: ConnectionState
    records: int
    history_from_ns: int | None
    last_read_ns: int | None
    budget_used: Decimal | None
    breaks: int
    note: str = ""
    streams: tuple[StreamState, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What reading one source did."""

    name: str
    kind: str
    recorded: int
    seen: int
    revised: int
    evidence: int
    quarantined: int
    from_ns: int | None
    to_ns: int | None
    calls: int
    calls_naive: int
    breaks: int
    error: str = ""
    findings: tuple[Finding, ...] = field(default=())

    @property
    def calls_saved(self) -> int:
        """Return how many calls a naive client would have made on top."""
        return max(0, self.calls_naive - self.calls)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What importing a statement did, or would do where `is_preview`."""

    file_name: str
    format: str
    account_id: str
    rows: int
    recorded: int
    seen: int
    revised: int
    evidence: int
    quarantined: int
    from_ns: int | None
    to_ns: int | None
    is_preview: bool
    entries: tuple[EntryView, ...] = ()
    """The first of those that are or would be new."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class VaultInfo:
    """What can be said about a vault."""

    path: str
    vault_id: str
    is_locked: bool
    version: int
    records: int
    entries: int
    devices: tuple[str, ...]
    head: str
    books: tuple[str, ...]
    key_slots: tuple[str, ...]
    anchor: str
    """Where the rollback anchor is kept: "keyring" or "settings folder"."""
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Verification:
    """Result of re-checking every record, chain and signature.

    Attributes:
        first_break: Where and what the first break is; "" where there is none.
    """

    records: int
    commits: int
    devices: int
    is_valid: bool
    first_break: str
    head: str
    erased: int
    seconds: float
