"""Who owns what, where it lies and how it is read: books, accounts, connections, keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Book:
    """One legal owner with one tax profile and one base currency (an asset id such as "usd")."""

    book_id: str
    name: str
    base_currency: str
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """A place that holds assets; sub-places (spot, earn, staked …) are named by its legs."""

    account_id: str
    name: str
    venue: str


class Right(StrEnum):
    """Something an API key may do."""

    READ = "read"
    TRADE = "trade"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class KeyScope:
    """What a key may do as the venue says; None where the venue has no way to ask."""

    may_read: bool | None
    may_trade: bool | None
    may_withdraw: bool | None
    detail: str = ""

    @property
    def words(self) -> str:
        """Return the scope in words, the most dangerous right first."""
        if self.may_withdraw:
            return "can withdraw"
        if self.may_withdraw is None:
            return "unknown"
        return "read · trade" if self.may_trade else "read only"


class ConnectionState(StrEnum):
    """How a connection is doing."""

    NEW = "new"
    OK = "ok"
    READING = "reading"
    WAITING = "waiting"
    FAILED = "failed"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Connection:
    """How a source is reached. Secrets are not here: they are read per call from the secret store.

    Attributes:
        endpoint: Address other than the venue's own ("" for the real venue); always loopback.
        key_hint: First characters of the API key, to recognise it.
    """

    name: str
    venue: str
    account_id: str
    endpoint: str = ""
    key_hint: str = ""
    is_paused: bool = False
    allow_withdraw: bool = False
    scope: KeyScope | None = None
    added_at_ns: int = 0
    last_read_ns: int | None = None
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The words that a venue asks for; lives for one call and prints nothing of itself."""

    fields: dict[str, str] = field(repr=False)
