"""Projections: tables derived from the journal, kept with each transaction and rebuilt by the same code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import IntEnum
from typing import Any, NamedTuple

from app.core.clock import SECOND
from app.core.findings import Finding
from app.core.ledger.dedupe import Claim
from app.core.ledger.entries import Entry, Role
from app.core.model.accounts import Account, Book
from app.core.model.pages import Balance
from app.core.money import ZERO, add, plain, to_limbs
from app.storage.bodies import Blob
from app.storage.changes import Changes
from app.storage.words import Words


class State(IntEnum):
    """What became of an entry."""

    RECORDED = 0
    PROVISIONAL = 1
    REVISED = 2
    VOID = 3


class EntryRow(NamedTuple):
    """An entry with its record.

    Attributes:
        n: Number of the record.
        content: Tells versions of the entry apart.
        observation: Number of the observation's record; None for what a person entered.
    """

    n: int
    entry_id: bytes
    entry: Entry
    is_weak: bool
    content: bytes
    observation: int | None


LegPlace = tuple[int, int, int]
LegRow = tuple[int, int, int, int, int, int, int, int, int]

_INSERT_LEG = "INSERT INTO legs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


_Place = tuple[tuple[int, int, int, int], int, list[int], tuple[int, int]]
"""Where legs of one kind go: their numbers, the asset's scale, the sum they all add to, and what they touch."""

_STATES = (int(State.RECORDED), int(State.PROVISIONAL))
"""The state of a new entry, by whether it is provisional."""


class Projection:
    """Writes the derived rows of one book inside one transaction; sums are written by `flush`."""

    def __init__(self, connection: Any, words: Words, book: str) -> None:
        """Take the transaction's connection and words."""
        self._connection = connection
        self._words = words
        self._book = words.number(book)
        self._sums: dict[LegPlace, list[int]] = {}
        self._places: dict[tuple[str, str, str, Role], _Place] = {}
        self._touches: dict[tuple[int, ...], tuple[str, tuple[int, ...]]] = {}
        self._touched: Counter[int] = Counter()
        self.changes = Changes(connection, self._book)

    def set_book(self, book: Book) -> None:
        """Keep the newest words about the book."""
        row = (book.book_id, book.name, book.base_currency, int(book.simulated))
        self._connection.execute("INSERT OR REPLACE INTO books VALUES (?, ?, ?, ?)", row)

    def open_account(self, account: Account) -> None:
        """Keep the newest words about an account."""
        row = (self._book, self._words.number(account.account_id), account.name, account.venue)
        self._connection.execute("INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?)", row)

    def observe(self, n: int, source: str, stream: str, read_at: int, digest: bytes) -> None:
        """Keep where an observation is."""
        row = (n, self._book, self._words.number(source), self._words.number(stream), read_at, digest)
        self._connection.execute("INSERT INTO observations VALUES (?, ?, ?, ?, ?, 0, ?)", row)

    def find(self, n: int, findings: Iterable[bytes]) -> None:
        """Keep what was odd about an observation or reading."""
        rows = [(n, place, self._book, finding) for place, finding in enumerate(findings)]
        self._connection.executemany("INSERT INTO findings VALUES (?, ?, ?, ?)", rows)

    def record(self, rows: Sequence[EntryRow]) -> None:
        """Add entries with their legs."""
        entries, texts = [], []
        legs: list[LegRow] = []
        number, book, note = self._words.number, self._book, self.changes.note_entry
        for n, entry_id, entry, is_weak, content, observation in rows:
            account, at = number(entry.account), entry.at
            touches, assets = self._legs(n, account, entry, legs)
            note(n, entry, assets, n)
            entries.append((
                n, Blob(entry_id), book, account, at, entry.resolution, number(entry.kind),
                _STATES[entry.is_provisional], int(is_weak), n, observation, Blob(content), touches, account,
                at // SECOND,
            ))  # fmt: skip
            texts.append((n, search_text(entry)))
        execute = self._connection.executemany
        execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", entries)
        execute("INSERT INTO texts VALUES (?, ?)", texts)
        execute(_INSERT_LEG, legs)
        read = Counter(row.observation for row in rows if row.observation is not None)
        execute("UPDATE observations SET entries = entries + ? WHERE n = ?", [(k, n) for n, k in read.items()])

    def _legs(self, n: int, account: int, entry: Entry, rows: list[LegRow]) -> tuple[str, tuple[int, ...]]:
        """Add the rows of an entry's legs and what they sum to; returns what the entry touches: words, and assets."""
        touched: tuple[int, ...] = (account,)
        places, place = self._places, 0
        for leg in entry.legs:
            key = (leg.account, leg.sub_place, leg.asset, leg.role)
            numbers, scale, total, here = places.get(key) or self._place(key)
            limbs = to_limbs(leg.quantity, scale)
            rows.append((n, place, *numbers, *limbs))
            total[0] += limbs[0]
            total[1] += limbs[1]
            total[2] += limbs[2]
            touched += here
            place += 1  # noqa: SIM113 - enumerate makes a pair for each of millions of legs
        words, assets = self._touches.get(touched) or self._touch(touched)
        counts = self._touched
        for asset in assets:
            counts[asset] += 1
        return words, assets

    def _place(self, key: tuple[str, str, str, Role]) -> _Place:
        account, sub_place, role = (self._words.number(word) for word in (key[0], key[1], key[3].value))
        asset, scale = self._words.asset(key[2])
        total = self._sums.setdefault((account, sub_place, asset), [0, 0, 0])
        made = ((account, sub_place, asset, role), scale, total, (account, -asset))
        return self._places.setdefault(key, made)

    def _touch(self, touched: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
        """Return the words for accounts ("a1") and assets ("s2", given as negative numbers), and the assets."""
        assets = tuple(sorted({-number for number in touched if number < 0}))
        names = [f"a{number}" for number in sorted({number for number in touched if number > 0})]
        words = f",{','.join([*names, *(f's{asset}' for asset in assets)])},"
        return self._touches.setdefault(touched, (words, assets))

    def revise(self, n: int, record: int, entry: Entry | None, content: bytes, *, is_told: bool) -> None:
        """Replace an entry's current version, or void it: its legs stay to be seen and count no more.

        Where a source tells of the change, it is found at its new moment from now on; a person's correction leaves
        it where the source tells it.
        """
        self.link([n], record)
        (state,) = self._connection.execute("SELECT state FROM entries WHERE n = ?", (n,)).fetchone()
        if state != State.VOID:
            self.changes.note_left(n, record)
            self._take_back(n)
        if entry is None:
            self._connection.execute("UPDATE entries SET state = ? WHERE n = ?", (int(State.VOID), n))
            return
        self._connection.execute("DELETE FROM legs WHERE n = ?", (n,))
        legs: list[LegRow] = []
        account = self._words.number(entry.account)
        touches, assets = self._legs(n, account, entry, legs)
        self.changes.note_entry(n, entry, assets, record)
        self._connection.executemany(_INSERT_LEG, legs)
        kind = self._words.number(entry.kind.value)
        row = (account, entry.at, entry.resolution, kind, int(State.REVISED), record, content, touches, n)
        self._connection.execute(
            "UPDATE entries SET account = ?, at = ?, resolution = ?, kind = ?, state = ?, current = ?, content = ?,"
            " touches = ? WHERE n = ?",
            row,
        )
        self._connection.execute("UPDATE texts SET text = ? WHERE n = ?", (search_text(entry), n))
        if is_told:
            told = (account, entry.at // SECOND, n)
            self._connection.execute("UPDATE entries SET told_account = ?, told_second = ? WHERE n = ?", told)

    def _take_back(self, n: int) -> None:
        rows = self._connection.execute(
            "SELECT account, sub_place, asset, high, middle, low FROM legs WHERE n = ?", (n,)
        ).fetchall()
        for account, sub_place, asset, *limbs in rows:
            total = self._sums.setdefault((account, sub_place, asset), [0, 0, 0])
            for place, limb in enumerate(limbs):
                total[place] -= limb
        self._touched.subtract({row[2] for row in rows})

    def link(self, entries: Iterable[int], record: int) -> None:
        """Note that a record tells something of entries: a revision, a note, evidence."""
        self._connection.executemany("INSERT OR IGNORE INTO links VALUES (?, ?)", [(n, record) for n in entries])

    def bind(self, entries: Iterable[int], record: int) -> None:
        """Note that a record says whether entries are one transfer: what their assets did then may count otherwise."""
        bound = list(entries)
        self.link(bound, record)
        self._connection.executemany("INSERT INTO bonds VALUES (?, ?)", [(record, n) for n in bound])
        self.changes.note_bound(bound, record)

    def alias(self, entry_id: bytes, owner: tuple[str, int], claim: Claim, record: int) -> None:
        """Keep that a strong identity turned out to be part of weak entries."""
        entries = self.numbers([bytes.fromhex(known) for known in claim.entry_ids])
        first = min(entries.values())
        self._connection.execute("INSERT OR IGNORE INTO aliases VALUES (?, ?, ?)", (entry_id, first, record))
        self.link(entries.values(), record)
        number = self._words.number
        rows = [
            (record, place, self._book, number(owner[0]), owner[1], number(account), number(sub_place),
             self._words.asset(asset)[0], plain(quantity))
            for place, ((account, sub_place, asset), quantity) in enumerate(claim.parts)
        ]  # fmt: skip
        self._connection.executemany("INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def numbers(self, entry_ids: Sequence[bytes]) -> dict[bytes, int]:
        """Return record numbers of entries by id."""
        found = {}
        for entry_id in entry_ids:
            row = self._connection.execute("SELECT n FROM entries WHERE id = ?", (entry_id,)).fetchone()
            if row is not None:
                found[entry_id] = row[0]
        return found

    def read_balances(self, n: int, account: str, at: int, balances: Sequence[Balance]) -> None:
        """Keep a reading of an account, and the newest: what it held before and is not named any more is zero now."""
        place = (self._book, self._words.number(account))
        told: dict[tuple[int, int], Decimal] = {}
        for balance in balances:
            key = self._words.number(balance.sub_place), self._words.asset(balance.asset)[0]
            # Two ids of a venue may be one asset: what they say is added, not overwritten.
            told[key] = add(told.get(key, ZERO), balance.quantity)
        self._connection.execute("INSERT INTO balance_readings VALUES (?, ?, ?, ?)", (n, *place, at))
        self._connection.executemany(
            "INSERT INTO reported VALUES (?, ?, ?, ?)", [(n, *key, plain(quantity)) for key, quantity in told.items()]
        )
        known = self._connection.execute(
            "SELECT sub_place, asset, at FROM readings WHERE book = ? AND account = ?", place
        ).fetchall()
        if any(moment > at for *_, moment in known):
            return
        rows = {**{(sub_place, asset): ZERO for sub_place, asset, _ in known}, **told}
        self._connection.executemany(
            "INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(*place, sub_place, asset, plain(quantity), at, n) for (sub_place, asset), quantity in rows.items()],
        )

    def flush(self) -> None:
        """Add what the transaction's legs sum to."""
        self._connection.executemany(
            "INSERT INTO balances VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " high = high + excluded.high, middle = middle + excluded.middle, low = low + excluded.low",
            [(self._book, *place, *limbs) for place, limbs in self._sums.items()],
        )
        self._connection.executemany(
            "INSERT INTO asset_entries VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET entries = entries + excluded.entries",
            [(self._book, asset, count) for asset, count in self._touched.items()],
        )
        self.changes.flush()
        self._sums.clear()
        self._places.clear()
        self._touched.clear()


def search_text(entry: Entry) -> str:
    """Return what a text filter looks into, beside names of assets and accounts."""
    native_id, references = entry.identity.native_id, entry.references
    return ("\n".join((native_id, *references.values())) if references else native_id).casefold()


def finding_fields(finding: Finding) -> Mapping[str, Any]:
    """Return a finding as the fields of a record's body."""
    return {
        "severity": finding.severity.value,
        "code": finding.code,
        "message": finding.message,
        "subject": finding.subject,
        "detail": finding.detail,
        "fix": finding.fix,
        "entries": list(finding.entries),
        "place": finding.place,
        # Records of before have no such key, and those of findings that await nothing need none.
        **({"awaits": [list(event) for event in finding.awaits]} if finding.awaits else {}),
    }
