"""What a venue's file fills in, and what it reads with. A venue file declares; the machinery is around `gate`."""

from __future__ import annotations

import abc
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from app.connectors.exchanges.book_wire import BookWire
from app.connectors.limits import BudgetSpec
from app.core.errors import InputError
from app.core.findings import Finding
from app.core.model.accounts import Credentials, KeyScope
from app.core.model.futures import Told
from app.core.model.pages import Balance, Page
from app.core.model.venues import VenueInfo
from app.core.ports import AssetRegistry

Params = Mapping[str, Any]

_FIRST_ERROR = 400

Check = Callable[[Any], str]
"""Takes a parsed answer; returns "" where it has the shape of its endpoint, else what is wrong, in words."""


class Urgency(StrEnum):
    """Who goes first where a budget is short."""

    INTERACTIVE = "interactive"
    PRICES = "prices"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call as ccxt's table of the venue names it, with its price and the shape of a right answer.

    Attributes:
        api: Part of ccxt's table, such as ("private",) or ("v2", "private").
        path: Path there, with its placeholders: "accounts/{account_id}/transactions".
        cost: Weight by the name of the budget it is drawn from.
        cost_of: Extra weight by budget where it depends on the parameters; it replaces `cost`.
        check: Shape check; runs before anyone sees the answer.
    """

    api: tuple[str, ...]
    path: str
    cost: Mapping[str, float]
    method: str = "GET"
    check: Check = field(default=lambda _: "")
    cost_of: Callable[[Params], Mapping[str, float]] | None = None

    @property
    def key(self) -> str:
        """Return what tells endpoints apart."""
        return f"{self.method} {'.'.join(self.api)}/{self.path}"

    @property
    def is_public(self) -> bool:
        """Tell whether it is asked without a key."""
        return any(part.lower().endswith("public") for part in self.api)

    def weights(self, params: Params) -> Mapping[str, float]:
        """Return the weight by budget of a call with these parameters."""
        return self.cost if self.cost_of is None else self.cost_of(params)


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer: the bytes as the venue sent them, and what they say with every number exact.

    Attributes:
        data: Parsed JSON; fractions are Decimal, never float.
        headers: Names in lower case.
    """

    content: bytes
    data: Any
    headers: Mapping[str, str]
    read_at: int


class Trouble(StrEnum):
    """What a venue's own error code means."""

    CREDENTIALS = "credentials"
    RATE = "rate"
    CLOCK = "clock"
    AWAY = "away"
    """Goes away by itself: maintenance, time-out inside the venue."""
    NONE_THERE = "none-there"
    """This person has nothing of what was asked for."""
    REFUSED = "refused"
    """Asked wrongly or not offered here: trying again does not help."""


@dataclass(frozen=True, slots=True)
class FaultRule:
    """Recognises one kind of error answer of a venue, by its text and, where given, its status.

    Attributes:
        pattern: Searched for in the body.
        fact: What a person is told: the rest of a sentence that begins with the venue's name, without its full stop.
        penalty: For RATE without Retry-After: seconds to wait.
    """

    pattern: str
    trouble: Trouble
    fact: str
    hint: str = ""
    status: int | None = None
    penalty: float = 10.0

    def matches(self, status: int, body: str) -> bool:
        """Tell whether an answer is this kind of error."""
        return (self.status is None or self.status == status) and re.search(self.pattern, body) is not None


@dataclass(frozen=True, slots=True)
class Balances:
    """What a venue holds, with the answers it was read in, and what it tells beside that."""

    answers: Sequence[Answer]
    rows: Sequence[Balance]
    findings: Sequence[Finding] = ()
    beside: Sequence[Told] = ()


class Reader(Protocol):
    """What a venue file reads with: one connection with its budgets, retries, checks and counts."""

    @property
    def account(self) -> str:
        """Return the account that entries belong to."""

    @property
    def source(self) -> str:
        """Return the name of the connection, for findings."""

    @property
    def assets(self) -> AssetRegistry:
        """Return the registry that names assets."""

    def now_ns(self) -> int:
        """Return the present moment by the clock of the program."""

    def asset(self, native_id: str) -> str:
        """Return the asset id of the venue's own id."""

    async def ask(self, endpoint: Endpoint, params: Params | None = None, *, urgency: Urgency | None = None) -> Answer:
        """Call an endpoint: waits for its budget, retries what goes away, checks the shape, counts.

        Equal calls that are under way share one answer. Without `urgency` it is that of the caller: history inside
        `Stream.pages`, interactive elsewhere.
        """

    async def markets(self) -> Mapping[str, Mapping[str, Any]]:
        """Return ccxt's markets by symbol, loaded once for all connections to this address."""

    def would_need(self, call: str, rows: int, per_call: int) -> None:
        """Count what a client without windows, ledgers and shared answers would have asked.

        `call` names one unified call with its subject, such as "fetchMyTrades BTC/USDT"; each counts as one call per
        `per_call` rows, and one at least.
        """


class Stream(abc.ABC):
    """One history of a venue that is read by itself, such as "ledger" or "trades:BTCUSDT".

    Attributes:
        name: Stable inside the connection; its cursor is kept under it.
    """

    name: str

    @abc.abstractmethod
    def pages(self, reader: Reader, cursor: str) -> AsyncIterator[Page]:
        """Yield pages from a cursor on ("" at first) until now.

        The cursor of each page is where to go on once that page is in the books. Windows advance unconditionally:
        an empty one is no end. A page without candidates whose cursor moved is yielded too.
        """


class Venue(abc.ABC):
    """One venue. Class attributes declare it; methods do what differs; nothing in it knows of sockets or retries.

    Attributes:
        info: What is known before connecting; its credential fields are named as ccxt's: apiKey, secret, password.
            Its `reads` has: balances, trades, deposits, withdrawals, fees, rewards, conversions, funding, futures,
            live; who does not tell live prices is asked for no prices at all.
        ccxt_id: Name of ccxt's class.
        budgets: The venue's documented limits.
        endpoints: All calls this file makes, for tests and for weights of ccxt's own unified calls.
        default_cost: Weight of a call that ccxt makes by itself and that is not in `endpoints`.
        faults: The venue's own error codes; the first that matches wins, before the general rules of HTTP.
        options: Options for ccxt's class.
        live_options: More options for the class of `ccxt.pro`.
        is_ticker_bulk: Whether all tickers come in one call, so that no symbols are named.
        candle_limit: Rows of one call for candles.
        candle_reach: So many of the newest candles are all that it ever tells; None for all since the listing.
        is_candle_windowed: Whether a call for candles is about a stretch of time, in which candles without trades, or
            all before the listing, are missing: a short answer is no end.
        may_end_candles: Whether a call for candles can name the last one that is wanted.
        books: How its order books are followed over a raw socket; None where they are not.
        perpetual_books: The same of its perpetuals, whose sockets are others.
        server_time: The call that tells the venue's clock, and how to read milliseconds in it.
        may_mistake_clock_for_key: Whether it refuses a request of a wrong moment in the words of a wrong key.
        is_serial: Whether calls with a key must arrive in the order of their nonces, one at a time.
    """

    info: ClassVar[VenueInfo]
    ccxt_id: ClassVar[str]
    budgets: ClassVar[tuple[BudgetSpec, ...]]
    endpoints: ClassVar[tuple[Endpoint, ...]]
    default_cost: ClassVar[Mapping[str, float]]
    faults: ClassVar[tuple[FaultRule, ...]]
    options: ClassVar[Mapping[str, Any]] = {}
    live_options: ClassVar[Mapping[str, Any]] = {}
    is_ticker_bulk: ClassVar[bool] = True
    candle_limit: ClassVar[int] = 500
    candle_reach: ClassVar[int | None] = None
    is_candle_windowed: ClassVar[bool] = False
    may_end_candles: ClassVar[bool] = False
    books: ClassVar[type[BookWire] | None] = None
    perpetual_books: ClassVar[type[BookWire] | None] = None
    server_time: ClassVar[tuple[Endpoint, Callable[[Any], int]] | None] = None
    may_mistake_clock_for_key: ClassVar[bool] = False
    is_serial: ClassVar[bool] = False

    def login(self, credentials: Credentials) -> Mapping[str, str]:
        """Return ccxt's settings for credentials, named as ccxt names them; InputError where one is missing."""
        given = {name: credentials.fields.get(name, "").strip() for name in self.info.credential_fields}
        for name, word in given.items():
            if not word:
                message = f"{self.info.name} needs {name}, and none was given."
                raise InputError(message, hint="Enter all fields of the key.", where=self.info.venue_id)
        return given

    @abc.abstractmethod
    async def streams(self, reader: Reader, cursors: Mapping[str, str]) -> Sequence[Stream]:
        """Return the streams of a whole history, the authoritative first; may ask the venue which there are."""

    @abc.abstractmethod
    async def probe(self, reader: Reader) -> KeyScope:
        """Return what the key may do, by the venue's own word or by trial; None where neither is possible."""

    @abc.abstractmethod
    async def balances(self, reader: Reader) -> Balances:
        """Return all balances over all sub-places; zero rows may be left out."""

    def error_text(self, status: int, data: Any, body: str) -> str:
        """Return the part of an answer that says what went wrong, "" where nothing did; `faults` are sought in it."""
        del data
        return body if status >= _FIRST_ERROR else ""

    def pair(self, market: Mapping[str, Any]) -> tuple[str, str]:
        """Return the venue's own ids of base and quote of one of ccxt's markets."""
        return str(market["baseId"]), str(market["quoteId"])

    def perpetual(self, symbol: str, asset: Callable[[str], str]) -> tuple[str, str] | None:
        """Return the assets that a perpetual is about and is quoted in; None for one that is not about single units.

        `asset` names the venue's own ids.
        """
        del symbol, asset
        return None

    async def traded(self, reader: Reader, symbol: str, days: int) -> Mapping[int, Decimal]:
        """Return how many units were traded of a perpetual on each of the last whole days; {} where it is not told."""
        del reader, symbol, days
        return {}

    def open_24h(self, ticker: Mapping[str, Any]) -> Decimal | None:
        """Return the price 24 hours ago that one of ccxt's tickers tells of; None where it tells of another moment."""
        value = ticker.get("open")
        return None if value is None else Decimal(str(value))

    def learn(self, headers: Mapping[str, str]) -> Mapping[str, float]:
        """Return the used weight by budget that an answer's headers tell of; {} where they do not."""
        del headers
        return {}
