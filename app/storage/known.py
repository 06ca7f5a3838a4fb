"""What the books know already: entries by id, and what they hold second by second."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.journal.bodies import read_entry, read_origin
from app.core.ledger.dedupe import Held, Second, SecondInBooks
from app.core.ledger.entries import Entry, Leg
from app.core.money import exact, from_limbs
from app.storage.bodies import Blob, bodies, portions
from app.storage.projections import State
from app.storage.words import Words


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of the books, as far as telling versions apart needs it; `n` 0 is an alias of weak entries."""

    n: int
    at: int = 0
    resolution: int = 1
    content: bytes = b""
    state: int = 0


ALIAS = Known(0)


class Books:
    """Reads one book inside one transaction."""

    def __init__(self, connection: Any, words: Words, book: str) -> None:
        """Take the transaction's connection and words."""
        self._connection = connection
        self._words = words
        self._book = words.find(book)

    def known(self, entry_ids: Sequence[bytes]) -> dict[bytes, Known]:
        """Return what is known of ids; ids that are new are left out."""
        found: dict[bytes, Known] = {}
        has_aliases = self._connection.execute("SELECT 1 FROM aliases LIMIT 1").fetchone() is not None
        for part in portions([*map(Blob, entry_ids)]):
            marks = ",".join("?" * len(part))
            entries = f"SELECT id, n, at, resolution, content, state FROM entries WHERE id IN ({marks})"  # noqa: S608
            found.update((row[0], Known(*row[1:])) for row in self._connection.execute(entries, part))
            if not has_aliases:
                continue
            aliases = f"SELECT id FROM aliases WHERE id IN ({marks})"  # noqa: S608 - marks only
            found.update((row[0], ALIAS) for row in self._connection.execute(aliases, part))
        return found

    def observation(self, source: str, stream: str, digest: bytes) -> tuple[int, bytes] | None:
        """Return number and hash of the observation that holds this very page."""
        row = self._connection.execute(
            "SELECT n, hash FROM observations JOIN records USING (n)"
            " WHERE digest = ? AND book = ? AND source = ? AND stream = ?",
            (digest, self._book, self._words.find(source), self._words.find(stream)),
        ).fetchone()
        return None if row is None else (row[0], row[1])

    def cursor(self, source: str, stream: str) -> str | None:
        """Return how far a stream was read."""
        row = self._connection.execute(
            "SELECT cursor FROM cursors WHERE book = ? AND source = ? AND stream = ?",
            (self._book, self._words.find(source), self._words.find(stream)),
        ).fetchone()
        return None if row is None else row[0]

    def versions(self, n: int) -> list[Entry]:
        """Return every version that an entry had, oldest first, without those whose bodies were erased."""
        return [entry for entry, _ in self._versions(n)]

    def _versions(self, n: int) -> list[tuple[Entry, bool]]:
        linked = self._connection.execute(
            "SELECT record FROM links JOIN records ON records.n = record WHERE links.n = ? AND kind = 'revision'", (n,)
        )
        numbers = [n, *sorted(row[0] for row in linked)]
        found = bodies(self._connection, numbers)
        texts = [found[n]] if n in found else []
        texts += [found[record]["revised"] for record in numbers[1:] if record in found and found[record]["revised"]]
        return [(read_entry(text), read_origin(text) is not None) for text in texts]

    def seconds(self, wanted: Iterable[Second], *, weak_only: bool) -> dict[Second, SecondInBooks]:
        """Return what the books hold in seconds; those in which they hold nothing are left out."""
        by_account: dict[str, set[int]] = {}
        for account, second in wanted:
            by_account.setdefault(account, set()).add(second)
        found: dict[Second, SecondInBooks] = {}
        for account, seconds in by_account.items():
            self._hold(account, seconds, found, weak_only=weak_only)
        return found

    def _hold(self, account: str, seconds: set[int], found: dict[Second, SecondInBooks], *, weak_only: bool) -> None:
        number = self._words.find(account)
        span = (self._book, number, min(seconds), max(seconds))
        weak = " AND weak = 1" if weak_only else ""
        rows = self._connection.execute(
            "SELECT n, id, told_second, weak, state FROM entries"  # noqa: S608 - our own words
            f" WHERE book = ? AND told_account = ? AND told_second BETWEEN ? AND ?{weak}",
            span,
        ).fetchall()
        rows = [row for row in rows if row[2] in seconds]
        if not rows:
            return
        legs = self._legs([row[0] for row in rows])
        for n, entry_id, second, is_weak, state in rows:
            told = legs[n] if state in (State.RECORDED, State.PROVISIONAL) else self._as_told(n, legs[n])
            here = found.setdefault((account, second), SecondInBooks())
            here.held.append(Held(entry_id.hex(), bool(is_weak), told))
        self._add_claims(account, number, seconds, found)

    def _as_told(self, n: int, current: tuple[Leg, ...]) -> tuple[Leg, ...]:
        """Return the legs of the newest version that a source gave, not those of a person's correction."""
        told = [entry.legs for entry, is_read in self._versions(n) if is_read]
        return told[-1] if told else current

    def _add_claims(self, account: str, number: int, seconds: set[int], found: dict[Second, SecondInBooks]) -> None:
        names, assets = self._words.words(), self._words.assets()
        rows = self._connection.execute(
            "SELECT second, account, sub_place, asset, quantity FROM claims"
            " WHERE book = ? AND owner = ? AND second BETWEEN ? AND ?",
            (self._book, number, min(seconds), max(seconds)),
        )
        for second, place, sub_place, asset, quantity in rows:
            here = found.get((account, second))
            if here is not None:
                here.claimed.append(((names[place], names[sub_place], assets[asset][0]), exact(quantity)))

    def _legs(self, numbers: Sequence[int]) -> dict[int, tuple[Leg, ...]]:
        names, assets = self._words.words(), self._words.assets()
        found: dict[int, list[Leg]] = {n: [] for n in numbers}
        for part in portions(numbers):
            marks = ",".join("?" * len(part))
            rows = self._connection.execute(
                f"SELECT n, account, sub_place, asset, high, middle, low FROM legs WHERE n IN ({marks})",  # noqa: S608
                part,
            )
            for n, account, sub_place, asset, high, middle, low in rows:
                asset_id, scale = assets[asset]
                quantity = from_limbs(high, middle, low, scale=scale)
                found[n].append(Leg(names[account], names[sub_place], asset_id, quantity))
        return {n: tuple(legs) for n, legs in found.items()}
