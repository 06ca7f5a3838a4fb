"""The ledger at the moments of readings: sums of now, and one way back through the legs, whatever the readings are.

No reading asks the ledger on its own. What happened after the newest readings is little, and what happened before the
oldest is never looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from app.core.model.ledger_rows import BalanceRow, Compared
from app.core.money import LIMB, ZERO, exact, from_limbs
from app.storage.projections import State
from app.storage.words import Words

Condition = tuple[str, list[int]]
"""A condition on accounts with its parameters; the column is called `account` in it."""

_VOID = int(State.VOID)
_BITS = 21
_PART, _ACCOUNT = (1 << _BITS) - 1, 2 * _BITS
"""Account, sub-place and asset in the bits of one number; a book has no two million of either."""

_Held = dict[tuple[int, int], int]
_Reading = tuple[int, int]
"""(moment, number of the record)."""


class PastReadings:
    """Reads one book inside one transaction."""

    def __init__(self, connection: Any, words: Words, book: int) -> None:
        """Take the transaction's connection and words."""
        self._connection = connection
        self._book = book
        self._names = words.words()
        self._assets = words.assets()

    def when_read(self, accounts: Condition) -> list[BalanceRow]:
        """Return the ledger of each account at its newest reading; of now where it has none."""
        sums = self._now(accounts)
        newest = dict(
            self._connection.execute(
                f"SELECT account, max(at) FROM readings WHERE book = ?{accounts[0]} GROUP BY account",  # noqa: S608
                (self._book, *accounts[1]),
            )
        )
        if newest:
            for at, account, place, high, rest in self._back_to(min(newest.values()), accounts):
                if at > newest.get(account, at):
                    cell = sums[place]
                    cell[0] -= high
                    cell[1] -= rest
        return [self._row(place, *cell) for place, cell in sums.items()]

    def compared(self, accounts: Condition) -> list[Compared]:
        """Return every reading beside the ledger at its moment, by account and moment.

        What a reading does not name is zero there, once an earlier one named the place or another asset in it.
        """
        readings = self._readings(accounts)
        if not readings:
            return []
        ledger = self._at_readings(readings, accounts)
        told = self._told(accounts)
        found: list[Compared] = []
        for account, moments in readings.items():
            found += self._account(account, moments, ledger, told)
        return found

    def _account(
        self,
        account: int,
        moments: Sequence[_Reading],
        ledger: dict[int, _Held],
        told: dict[int, dict[tuple[int, int], str]],
    ) -> Iterator[Compared]:
        seen: dict[tuple[int, int], None] = {}
        places: set[int] = set()
        for at, n in moments:
            here, sums = told.get(n, {}), ledger[n]
            places |= {sub_place for sub_place, _ in here}
            seen |= dict.fromkeys(here)
            # What the ledger holds in a sub-place that is told of is expected there too.
            seen |= dict.fromkeys(place for place in sums if place[0] in places)
            for sub_place, asset in seen:
                name, scale = self._assets[asset]
                reported = here.get((sub_place, asset))
                yield Compared(
                    self._names[account],
                    self._names[sub_place],
                    name,
                    at,
                    ZERO if reported is None else exact(reported),
                    _quantity(sums.get((sub_place, asset), 0), scale),
                )

    def _readings(self, accounts: Condition) -> dict[int, list[_Reading]]:
        """Return moments and records of readings by account, oldest first."""
        rows = self._connection.execute(
            f"SELECT account, at, n FROM balance_readings WHERE book = ?{accounts[0]} ORDER BY account, at, n",  # noqa: S608
            (self._book, *accounts[1]),
        ).fetchall()
        return {account: [row[1:] for row in part] for account, part in groupby(rows, key=itemgetter(0))}

    def _told(self, accounts: Condition) -> dict[int, dict[tuple[int, int], str]]:
        found: dict[int, dict[tuple[int, int], str]] = defaultdict(dict)
        rows = self._connection.execute(
            "SELECT n, sub_place, asset, quantity FROM balance_readings CROSS JOIN reported USING (n)"  # noqa: S608
            f" WHERE book = ?{accounts[0]}",
            (self._book, *accounts[1]),
        )
        for n, sub_place, asset, quantity in rows:
            found[n][sub_place, asset] = quantity
        return found

    def _at_readings(self, readings: dict[int, list[_Reading]], accounts: Condition) -> dict[int, _Held]:
        """Return what each place held at each reading, by the reading's record."""
        sums = self._now(accounts)
        held: dict[int, dict[int, list[int]]] = defaultdict(dict)
        for place, cell in sums.items():
            held[place >> _ACCOUNT][place] = cell
        waiting = {account: list(moments) for account, moments in readings.items()}
        next_at = {**dict.fromkeys(held, -1), **{account: moments[-1][0] for account, moments in readings.items()}}
        found: dict[int, _Held] = {}
        oldest = min(moments[0][0] for moments in readings.values())
        # This loop turns once for each leg of a book: it looks up as little as can be.
        for at, account, place, high, rest in self._back_to(oldest, accounts):
            while at <= next_at[account]:
                found[waiting[account].pop()[1]] = _units(held[account])
                next_at[account] = waiting[account][-1][0] if waiting[account] else -1
            cell = sums[place]
            cell[0] -= high
            cell[1] -= rest
        for account, moments in waiting.items():
            found.update((n, _units(held[account])) for _, n in moments)
        return found

    def _now(self, accounts: Condition) -> dict[int, list[int]]:
        """Return first limb and the rest of the sums of now, as they are kept, by place."""
        rows = self._connection.execute(
            f"SELECT {_numbered('account')}, high, middle, low FROM balances WHERE book = ?{accounts[0]}",  # noqa: S608
            (self._book, *accounts[1]),
        )
        # Sums of limbs leave their base: joined in SQL they would leave 64 bits.
        return {place: [high, middle * LIMB + low] for place, high, middle, low in rows}

    def _back_to(self, after: int, accounts: Condition) -> Any:
        """Return moment, account, place and limbs of every leg after a moment, the newest first."""
        column = accounts[0].replace("account", "legs.account")
        return self._connection.execute(
            f"SELECT at, legs.account, {_numbered('legs.account')}, high, middle * {LIMB} + low"  # noqa: S608
            " FROM entries CROSS JOIN legs USING (n)"
            f" WHERE book = ? AND at > ? AND state <> ?{column} ORDER BY at DESC",
            (self._book, after, _VOID, *accounts[1]),
        )

    def _row(self, place: int, high: int, rest: int) -> BalanceRow:
        account, sub_place, asset = place >> _ACCOUNT, place >> _BITS & _PART, place & _PART
        name, scale = self._assets[asset]
        return BalanceRow(self._names[account], self._names[sub_place], name, from_limbs(0, high * LIMB, rest, scale))


def _numbered(account: str) -> str:
    """Return SQL for account, sub-place and asset as one number: one look-up instead of three."""
    return f"(({account} << {_ACCOUNT}) | (sub_place << {_BITS}) | asset)"


def _units(held: dict[int, list[int]]) -> _Held:
    """Return units by sub-place and asset."""
    return {(place >> _BITS & _PART, place & _PART): high * LIMB * LIMB + rest for place, (high, rest) in held.items()}


def _quantity(units: int, scale: int) -> Decimal:
    return from_limbs(0, 0, units, scale=scale)
