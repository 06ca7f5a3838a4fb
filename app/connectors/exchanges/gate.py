"""The gate: every request of every ccxt class waits for its budget, is tried again where that helps, and is counted."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.connectors.exchanges import errors
from app.connectors.exchanges.base import Endpoint, Urgency, Venue
from app.connectors.exchanges.guard import Exchanged, GuardError, exchanged
from app.connectors.limits import BudgetSpec, Per, Scheduler
from app.core.clock import MILLISECOND, SECOND
from app.core.errors import (
    BadResponseError,
    ClockSkewError,
    CounterfoilError,
    CredentialsError,
    RateLimitedError,
    RetryableError,
    SourceError,
)
from app.core.ports import Clock

T = TypeVar("T")

_RANKS = {Urgency.INTERACTIVE: 0, Urgency.PRICES: 1, Urgency.HISTORY: 2}

_DOUBLINGS = 30
_AGREES = 1.0
"""Seconds between two clocks that no venue minds."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call is kept at before its caller hears of the fault.

    Attributes:
        tries: Requests in all.
        longest: The longest wait that a venue may ask for; longer ones are told instead.
        first: Seconds before the second try; doubled each time, up to `most`, with jitter.
    """

    tries: int = 5
    longest: float = 90.0
    first: float = 0.5
    most: float = 30.0

    def pause(self, tried: int) -> float:
        """Return the seconds to wait after so many tries: half of it certain, half by chance."""
        # Whoever is offline for a day tries a thousand times, which is beyond any number doubled so often.
        half = min(self.first * 2.0 ** min(tried - 1, _DOUBLINGS), self.most) / 2
        return half + random.uniform(0, half)  # noqa: S311 - spreads clients, hides nothing


STEADY = Patience()
QUICK = Patience(tries=3, longest=15.0, most=4.0)
"""For what a person waits for."""


@dataclass(slots=True)
class Counts:
    """Calls made and saved on behalf of one connection."""

    calls: int = 0
    weight: float = 0.0
    saved: int = 0
    needs: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Rows and rows per call by the unified call of a simple client, of the reading that runs."""
    needed: int = 0
    """Calls of a simple client for the readings before."""

    def begin(self) -> None:
        """Begin another reading: what a simple client asked before, it asks again."""
        self.needed = self.naive
        self.needs.clear()

    def would_need(self, call: str, rows: int, per_call: int) -> None:
        """Count rows that a unified call would have brought."""
        self.needs[call] = self.needs.get(call, (0, per_call))[0] + rows, per_call

    @property
    def naive(self) -> int:
        """Return the calls that those rows take, one at least for each."""
        return self.needed + sum(max(-(-rows // per_call), 1) for rows, per_call in self.needs.values())


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf and how urgently requests are made."""

    counts: Counts
    urgency: Urgency = Urgency.INTERACTIVE


caller: ContextVar[Caller | None] = ContextVar("caller", default=None)


@dataclass(slots=True)
class KeyDesk:
    """What all connections with one key to one address share: its budgets, the order of its nonces, its clock."""

    name: str
    secrets: tuple[str, ...] = field(default=(), repr=False)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class VenueGate:
    """The gate of one ccxt class: without a key for public calls, with one for a connection."""

    def __init__(
        self,
        venue: Venue,
        scheduler: Scheduler,
        clock: Clock,
        key: KeyDesk | None = None,
    ) -> None:
        """Take the venue, the scheduler of its address, and whose key is used."""
        self._venue = venue
        self._scheduler = scheduler
        self._clock = clock
        self._key = key
        self._endpoints = {endpoint.key: endpoint for endpoint in venue.endpoints}
        self._per_key = {spec.name for spec in venue.budgets if spec.per is Per.KEY}
        self.names = {spec.name: self._name(spec.name) for spec in venue.budgets}
        self._scale = {self.names[spec.name]: _rate(venue.budgets[0]) / _rate(spec) for spec in venue.budgets}
        self.resynchronise: Callable[[], Awaitable[float]] | None = None
        """Measures this computer's clock against the venue's, sets it right for signing, and returns seconds ahead."""
        own = [spec for spec in venue.budgets if key is not None or spec.per is Per.ADDRESS]
        self.budgets = [self.names[spec.name] for spec in own]
        """What is drawn on here, by its name at the scheduler; without a key there is none of a key's budgets."""
        for spec in own:
            scheduler.add(self.names[spec.name], spec)

    def _name(self, budget: str) -> str:
        return f"{budget}@{self._key.name}" if self._key and budget in self._per_key else budget

    async def pass_request(self, key: str, params: Any, send: Callable[[], Any]) -> Any:
        """Send when it may be sent, again where that helps, and return the parsed answer."""
        endpoint = self._endpoints.get(key)
        asked = params if isinstance(params, Mapping) else {}
        weights = self._weights(endpoint, asked)
        here = caller.get() or Caller(Counts())
        patience = QUICK if here.urgency is Urgency.INTERACTIVE else STEADY
        tried, is_resynchronised = 0, False
        while True:
            await self._scheduler.acquire(weights, _RANKS[here.urgency])
            try:
                return await self._once(endpoint, send, here.counts, weights)
            except ClockSkewError as error:
                if is_resynchronised:
                    raise await self._skewed(error) from None
                is_resynchronised = True
                await self._skewed(error)
            except CredentialsError:
                if is_resynchronised or not await self._was_clock(endpoint):
                    raise
                is_resynchronised = True
            except (RetryableError, BadResponseError) as error:
                tried += 1
                if not self._may_retry(error, tried, weights, patience):
                    raise
                if not isinstance(error, RateLimitedError):
                    await self._scheduler.sleep(patience.pause(tried))

    def _weights(self, endpoint: Endpoint | None, params: Mapping[str, Any]) -> dict[str, float]:
        cost = self._venue.default_cost if endpoint is None else endpoint.weights(params)
        return {self.names[name]: weight for name, weight in cost.items()}

    async def _once(
        self, endpoint: Endpoint | None, send: Callable[[], Any], counts: Counts, weights: Mapping[str, float]
    ) -> Any:
        is_ordered = self._key is not None and self._venue.is_serial and any("@" in name for name in weights)
        async with self._key.turn if is_ordered and self._key else nullcontext():
            there = exchanged.get() or Exchanged()
            there.status, there.body, there.data = 0, "", None
            token = exchanged.set(there)
            counts.calls += 1
            counts.weight += sum(weight * self._scale[name] for name, weight in weights.items())
            try:
                data = await send()
            except (CounterfoilError, asyncio.CancelledError):
                raise
            except GuardError as error:
                raise self._garbage(str(error)) from None
            except Exception as error:  # noqa: BLE001 - ccxt raises its own and others; none may pass with its text
                raise errors.lost(self._venue, error) from None
            finally:
                exchanged.reset(token)
        for name, used in self._venue.learn(there.headers).items():
            self._scheduler.observe(self.names[name], used)
        wrong = endpoint.check(data) if endpoint is not None else ""
        if wrong:
            raise self._garbage(wrong)
        return data

    def _garbage(self, why: str) -> BadResponseError:
        name = self._venue.info.name
        hint = "Nothing was taken from it. Try again later."
        return BadResponseError(f"{name} answered with what is no answer: {why}.", hint=hint, where=self._where)

    @property
    def _where(self) -> str:
        return self._venue.info.venue_id

    def look_at(self, answer: Exchanged, data: Any) -> None:
        """Raise what an answer means where it is an error."""
        text = self._venue.error_text(answer.status, data, answer.body)
        if self._key is not None and text:
            text = errors.without(text, self._key.secrets)
        wrong = errors.fault(self._venue, answer, text, self._clock.now_ns() / SECOND)
        if wrong is not None:
            raise wrong

    def _may_retry(self, error: SourceError, tried: int, weights: Mapping[str, float], patience: Patience) -> bool:
        """Tell whether to try again; a wait that the venue asked for holds for everybody on these budgets."""
        if isinstance(error, RateLimitedError):
            if isinstance(error, errors.BudgetExceededError):
                self._scheduler.exceeded(weights)
            self._scheduler.pause(weights, error.retry_after)
            return tried < patience.tries and error.retry_after <= patience.longest
        # Garbage is often a hiccup of a cache in between, but it is no use to insist.
        return tried < (patience.tries if isinstance(error, RetryableError) else 2)

    async def _was_clock(self, endpoint: Endpoint | None) -> bool:
        """Tell whether a refused key may be sound and this computer's clock wrong, which is set right for signing."""
        is_public = endpoint is not None and endpoint.is_public
        if is_public or self.resynchronise is None or not self._venue.may_mistake_clock_for_key:
            return False
        try:
            return abs(await self.resynchronise()) >= _AGREES
        except SourceError:
            # Whether the clock is right cannot be known: what the venue said stays.
            return False

    async def _skewed(self, error: ClockSkewError) -> ClockSkewError:
        """Measure the clock and set it right for signing; returns the error with what was measured."""
        if self.resynchronise is None:
            return error
        ahead = await self.resynchronise()
        name = self._venue.info.name
        if abs(ahead) < _AGREES:
            fact = f"{error.message} This computer's clock agrees with {name}'s, so the key is in use elsewhere."
            return ClockSkewError(fact, hint=f"Make a key at {name} for this program alone.", where=self._where)
        side = "ahead of" if ahead > 0 else "behind"
        fact = f"This computer's clock is {abs(ahead):.1f} s {side} {name}'s, and {name} refuses its requests."
        return ClockSkewError(fact, hint=error.hint, where=self._where)


async def on_behalf(who: Caller, work: Awaitable[T]) -> T:
    """Do work whose requests count for a caller and take its rank."""
    token = caller.set(who)
    try:
        return await work
    finally:
        caller.reset(token)


def milliseconds(at_ns: int) -> int:
    """Return a moment as ccxt counts time."""
    return at_ns // MILLISECOND


def _rate(spec: BudgetSpec) -> float:
    """Return the weight a second that a budget grants."""
    return spec.size / spec.seconds
