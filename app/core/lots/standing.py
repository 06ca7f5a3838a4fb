"""Lots under methods that change with time, and from wallet to wallet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.core.lots.allocation import Allocation
from app.core.lots.book import Book, rank_bits
from app.core.lots.book_lots import Pool
from app.core.lots.events import Event
from app.core.lots.methods import Method, Scope


class Change(NamedTuple):
    """From this moment on a wallet ("" for all without a method of their own) uses up its lots by this method."""

    at: int
    wallet: str
    method: Method


class StandingBook(Book):
    """A book whose wallets change their method at given moments; the lots that are open then go on as they are."""

    def __init__(
        self,
        method: Method,
        scope: Scope,
        events: Sequence[Event],
        changes: Sequence[Change],
        *,
        allocation: Allocation | None = None,
    ) -> None:
        """Start with one method for all wallets; changes stand in the order of time."""
        super().__init__(method, scope, events, allocation=allocation)
        # Whatever is chosen later: any method may come to need the ages and the ranks of lots.
        self._has_ages = True
        self._bits = rank_bits(events)
        self._general = method
        self._own: dict[str, Method] = {}
        self._changes = list(changes)

    def _turned(self, at: int) -> int:
        due = super()._turned(at)
        while self._changes and self._changes[0].at <= at:
            self._change(self._changes.pop(0))
        return min(due, self._changes[0].at) if self._changes else due

    def _change(self, change: Change) -> None:
        if change.wallet:
            self._own[change.wallet] = change.method
        else:
            self._general = change.method
        for (_, wallet), pool in self._pools.items():
            pool.follow(self._method_of(wallet))

    def _method_of(self, wallet: str) -> Method:
        return self._own.get(wallet, self._general) if self._is_per_wallet else self._general

    def _pool(self, asset: str, wallet: str) -> Pool:
        # A pool is made with, and a disposal is recorded under, the method that its wallet follows now.
        self._method = self._method_of(wallet)
        return super()._pool(asset, wallet)
