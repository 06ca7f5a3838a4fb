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
_Place = tuple[int, int, int]
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
            for at, account, sub_place, asset, units in self._back_to(min(newest.values()), accounts):
                if at > newest.get(account, at):
                    sums[account, sub_place, asset] -= units
        return [self._row(place, units) for place, units in sums.items()]

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
        ledger: dict[int, dict[_Place, int]],
        told: dict[int, dict[tuple[int, int], str]],
    ) -> Iterator[Compared]:
        seen: dict[tuple[int, int], None] = {}
        places: set[int] = set()
        for at, n in moments:
            here, sums = told.get(n, {}), ledger[n]
            places |= {sub_place for sub_place, _ in here}
            seen |= dict.fromkeys(here)
            # What the ledger holds in a sub-place that is told of is expected there too.
            seen |= dict.fromkeys((place, asset) for _, place, asset in sums if place in places)
            for sub_place, asset in seen:
                name, scale = self._assets[asset]
                reported = here.get((sub_place, asset))
                yield Compared(
                    self._names[account],
                    self._names[sub_place],
                    name,
                    at,
                    ZERO if reported is None else exact(reported),
                    _quantity(sums.get((account, sub_place, asset), 0), scale),
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

    def _at_readings(self, readings: dict[int, list[_Reading]], accounts: Condition) -> dict[int, dict[_Place, int]]:
        """Return what each place held at each reading, by the reading's record."""
        sums: dict[int, dict[_Place, int]] = defaultdict(dict)
        for place, units in self._now(accounts).items():
            sums[place[0]][place] = units
        waiting = {account: list(moments) for account, moments in readings.items()}
        next_at = {account: moments[-1][0] for account, moments in readings.items()}
        found: dict[int, dict[_Place, int]] = {}
        oldest = min(moments[0][0] for moments in readings.values())
        for at, account, sub_place, asset, units in self._back_to(oldest, accounts):
            while at <= next_at.get(account, -1):
                found[waiting[account].pop()[1]] = dict(sums[account])
                next_at[account] = waiting[account][-1][0] if waiting[account] else -1
            sums[account][account, sub_place, asset] -= units
        for account, moments in waiting.items():
            found.update((n, dict(sums[account])) for _, n in moments)
        return found

    def _now(self, accounts: Condition) -> dict[_Place, int]:
        rows = self._connection.execute(
            f"SELECT account, sub_place, asset, high, middle, low FROM balances WHERE book = ?{accounts[0]}",  # noqa: S608
            (self._book, *accounts[1]),
        )
        return {row[:3]: (row[3] * LIMB + row[4]) * LIMB + row[5] for row in rows}

    def _back_to(self, after: int, accounts: Condition) -> Iterator[tuple[int, int, int, int, int]]:
        """Yield moment, place and units of every leg after a moment, the newest first."""
        column = accounts[0].replace("account", "legs.account")
        rows = self._connection.execute(
            "SELECT at, legs.account, sub_place, asset, high, middle, low FROM entries CROSS JOIN legs USING (n)"  # noqa: S608
            f" WHERE book = ? AND at > ? AND state <> ?{column} ORDER BY at DESC",
            (self._book, after, _VOID, *accounts[1]),
        )
        for at, account, sub_place, asset, high, middle, low in rows:
            yield at, account, sub_place, asset, (high * LIMB + middle) * LIMB + low

    def _row(self, place: _Place, units: int) -> BalanceRow:
        account, sub_place, asset = place
        name, scale = self._assets[asset]
        return BalanceRow(self._names[account], self._names[sub_place], name, _quantity(units, scale))


def _quantity(units: int, scale: int) -> Decimal:
    return from_limbs(0, 0, units, scale=scale)
