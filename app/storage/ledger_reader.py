"""The reading side of the journal: projections as the ports name them, each call on one consistent state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from app.core.errors import InputError
from app.core.findings import Event, Finding, Severity
from app.core.journal.encoding import decode_unchecked
from app.core.ledger.entries import Entry, EntryKind, Identity, entry_id
from app.core.model.accounts import Account, Book
from app.core.model.futures import FuturesReading
from app.core.model.ledger_rows import BalanceRow, Compared, DayChange, DayEarning, FlowRow, LegRow, Reading
from app.core.model.views import ActivityFilter, ActivityPage, EntryDetail, EntryView, Proof, StreamState
from app.core.money import exact, from_limbs
from app.core.ports import AssetRegistry
from app.core.stopping import Alive, always, while_alive
from app.storage import daily, futures
from app.storage.activity import question
from app.storage.bodies import told
from app.storage.decisions import D, recorded
from app.storage.detail import detail, proofs
from app.storage.known import Books
from app.storage.past_readings import PastReadings
from app.storage.projections import State
from app.storage.views import Views
from app.storage.words import Words
from app.storage.work import newest_head

_VOID = int(State.VOID)


class Readings(Protocol):
    """The database, as far as reading needs it."""

    def read(self) -> AbstractContextManager[Any]:
        """Begin a reading transaction on one consistent state."""


@dataclass(frozen=True, slots=True)
class _State:
    """One consistent state of one book."""

    connection: Any
    words: Words
    book_id: str
    book: int

    def accounts(self, accounts: Sequence[str], column: str) -> tuple[str, list[int]]:
        """Return a condition on accounts; none of them asked for means all."""
        if not accounts:
            return "", []
        numbers = [self.words.find(account) for account in accounts]
        return f" AND {column} IN ({','.join('?' * len(numbers))})", numbers

    def assets(self, assets: Sequence[str], column: str) -> tuple[str, list[int]]:
        """Return a condition on assets; none of them asked for means all."""
        if not assets:
            return "", []
        numbers = [self.words.find_asset(asset) for asset in assets]
        return f" AND {column} IN ({','.join('?' * len(numbers))})", numbers


class SqlLedgerReader:
    """Reads one book."""

    def __init__(self, database: Readings, book: Book, assets: AssetRegistry) -> None:
        """Take the database, which gives each thread a reading connection of its own."""
        self._database = database
        self._book = book
        self._assets = assets

    @contextmanager
    def _state(self) -> Iterator[_State]:
        with self._database.read() as connection:
            words = Words(connection, self._assets)
            yield _State(connection, words, self._book.book_id, words.find(self._book.book_id))

    def _views(self, state: _State) -> Views:
        return Views(state.connection, state.words, state.book_id, self._assets)

    def head(self) -> str:
        """Return the hash of the newest record over all chains of the book; derived data carry it."""
        with self._database.read() as connection:
            return newest_head(connection, self._book.book_id)

    def book(self) -> Book | None:
        """Return the book as it was last recorded; None where it never was."""
        with self._state() as state:
            row = state.connection.execute("SELECT * FROM books WHERE book_id = ?", (state.book_id,)).fetchone()
        return None if row is None else Book(row[0], row[1], row[2], bool(row[3]))

    def counts(self) -> Mapping[str, int]:
        """Return numbers of records and entries, and of entries per account ("account:<id>"); void ones left out."""
        with self._state() as state:
            (records,) = state.connection.execute(
                "SELECT coalesce(sum((SELECT max(seq) FROM records WHERE records.chain = chains.chain)), 0)"
                " FROM chains WHERE book = ?",
                (state.book_id,),
            ).fetchone()
            rows = state.connection.execute(
                "SELECT account, count(*) FROM entries WHERE book = ? AND state <> ? GROUP BY account",
                (state.book, _VOID),
            ).fetchall()
            names = state.words.words()
        by_account = {f"account:{names[account]}": count for account, count in rows}
        return {"records": records, "entries": sum(by_account.values()), **by_account}

    def balances(self, accounts: Sequence[str] = (), until_ns: int | None = None) -> Sequence[BalanceRow]:
        """Return exact sums of legs, up to and including a moment where one is given; zero rows are included."""
        with self._state() as state:
            asked, numbers = state.accounts(accounts, "account" if until_ns is None else "legs.account")
            if until_ns is None:
                sql = "SELECT account, sub_place, asset, high, middle, low FROM balances WHERE book = ?"
                rows = state.connection.execute(sql + asked, (state.book, *numbers)).fetchall()
            else:
                sql = (
                    "SELECT legs.account, sub_place, asset, sum(high), sum(middle), sum(low)"
                    " FROM entries CROSS JOIN legs USING (n) WHERE book = ? AND state <> ? AND at <= ?"
                )
                group = " GROUP BY legs.account, sub_place, asset"
                parameters = (state.book, _VOID, until_ns, *numbers)
                rows = state.connection.execute(sql + asked + group, parameters).fetchall()
            names, assets = state.words.words(), state.words.assets()
        found = [
            BalanceRow(
                names[account],
                names[sub_place],
                assets[asset][0],
                from_limbs(high, middle, low, scale=assets[asset][1]),
            )
            for account, sub_place, asset, high, middle, low in rows
        ]
        return sorted(found, key=lambda row: (row.account, row.sub_place, row.asset))

    def readings(self, accounts: Sequence[str] = ()) -> Sequence[Reading]:
        """Return the newest balance readings; what an account no longer names is zero."""
        with self._state() as state:
            asked, numbers = state.accounts(accounts, "account")
            sql = "SELECT account, sub_place, asset, quantity, at FROM readings WHERE book = ?"
            rows = state.connection.execute(sql + asked, (state.book, *numbers)).fetchall()
            names, assets = state.words.words(), state.words.assets()
        return [
            Reading(names[account], names[sub_place], assets[asset][0], exact(quantity), at)
            for account, sub_place, asset, quantity, at in rows
        ]

    def when_read(self, accounts: Sequence[str] = ()) -> Sequence[BalanceRow]:
        """Return exact sums of legs, of each account at the moment of its newest reading; of now where it has none."""
        with self._state() as state:
            found = PastReadings(state.connection, state.words, state.book)
            return found.when_read(state.accounts(accounts, "account"))

    def compared(self, accounts: Sequence[str] = ()) -> Sequence[Compared]:
        """Return every reading of every place beside the ledger at its moment, by account and moment."""
        with self._state() as state:
            found = PastReadings(state.connection, state.words, state.book)
            return found.compared(state.accounts(accounts, "account"))

    def futures(self, accounts: Sequence[str] = ()) -> Sequence[FuturesReading]:
        """Return futures wallets as they were told last; none of accounts whose readings tell of none."""
        with self._state() as state:
            return futures.newest(state.connection, state.words, state.book, state.accounts(accounts, "account"))

    def legs(
        self,
        accounts: Sequence[str] = (),
        assets: Sequence[str] = (),
        since_ns: int | None = None,
        most: int | None = None,
    ) -> Sequence[LegRow]:
        """Return legs of current entries in time order, after a moment; where `most` is said, the newest of them."""
        with self._state() as state:
            of_accounts, numbers = state.accounts(accounts, "legs.account")
            of_assets, asset_numbers = state.assets(assets, "asset")
            parameters = (state.book, _VOID, -(2**63) if since_ns is None else since_ns, *numbers, *asset_numbers)
            rows = state.connection.execute(
                "SELECT at, legs.account, sub_place, asset, high, middle, low, kind, role, id"  # noqa: S608 - our own words
                " FROM entries CROSS JOIN legs USING (n) WHERE book = ? AND state <> ? AND at > ?"
                f"{of_accounts}{of_assets} ORDER BY at DESC, n DESC, i DESC LIMIT ?",
                (*parameters, -1 if most is None else most),
            ).fetchall()
            names, known = state.words.words(), state.words.assets()
        return [
            LegRow(
                at, names[account], names[sub_place], known[asset][0],
                from_limbs(high, middle, low, scale=known[asset][1]), names[kind], names[role], entry_id.hex(),
            )
            for at, account, sub_place, asset, high, middle, low, kind, role, entry_id in reversed(rows)
        ]  # fmt: skip

    def daily_changes(self, accounts: Sequence[str] = ()) -> Sequence[DayChange]:
        """Return what each day changed, in the order of days."""
        with self._state() as state:
            return daily.changes(state.connection, state.words, state.book, state.accounts(accounts, "legs.account"))

    def flows(self, accounts: Sequence[str] = ()) -> Sequence[FlowRow]:
        """Return deposits and withdrawals in time order."""
        with self._state() as state:
            return daily.flows(state.connection, state.words, state.book, state.accounts(accounts, "legs.account"))

    def earnings(self, accounts: Sequence[str] = ()) -> Sequence[DayEarning]:
        """Return fees and income, in the order of days."""
        with self._state() as state:
            return daily.earnings(state.connection, state.words, state.book, state.accounts(accounts, "legs.account"))

    def activity(self, asked: ActivityFilter, offset: int, limit: int) -> ActivityPage:
        """Return a slice of the activity, newest first; void entries are shown with their state."""
        with self._state() as state:
            views = self._views(state)
            made = question(asked, state.book_id, state.words, views)
            found = made.slice(state.connection, offset, limit)
            return ActivityPage(views.of(found), made.total(state.connection), offset)

    def entry(self, entry_id: str) -> EntryDetail:
        """Return an entry with its proof; InputError where the id is unknown."""
        with self._state() as state:
            found = _find(state, entry_id)
            if found is None:
                message = f"No entry has the id {entry_id!r}."
                raise InputError(message, hint="List the ids: counterfoil activity.")
            return detail(state.connection, self._views(state), found)

    def proofs(self, entry_ids: Sequence[str]) -> Mapping[str, Proof]:
        """Return what proves entries, by id; ids that are unknown are left out."""
        with self._state() as state:
            found = [_find(state, entry_id) for entry_id in entry_ids]
            return proofs(state.connection, [row for row in found if row is not None])

    def record_hashes(self) -> Mapping[str, str]:
        """Return the hash of the record that each current entry stands in: of its last revision, where it has one."""
        with self._state() as state:
            rows = state.connection.execute(
                "SELECT entries.id, hash FROM entries JOIN records ON records.n = entries.current"
                " WHERE entries.book = ? AND entries.state <> ?",
                (state.book, _VOID),
            ).fetchall()
        return {entry_id.hex(): stored.hex() for entry_id, stored in rows}

    def entries(self, entry_ids: Sequence[str]) -> Sequence[EntryView]:
        """Return entries by id, in the given order; ids that are unknown are left out."""
        with self._state() as state:
            found = [_find(state, entry_id) for entry_id in entry_ids]
            return self._views(state).of([row for row in found if row is not None])

    def entries_per_asset(self) -> Mapping[str, int]:
        """Return how many current entries touch each asset."""
        with self._state() as state:
            rows = state.connection.execute(
                "SELECT asset, entries FROM asset_entries WHERE book = ? AND entries > 0", (state.book,)
            ).fetchall()
            assets = state.words.assets()
        return {assets[asset][0]: count for asset, count in rows}

    def streams(self, source: str) -> Sequence[StreamState]:
        """Return how far each stream of a source was read."""
        with self._state() as state:
            rows = state.connection.execute(
                "SELECT stream, cursor, read_at, (SELECT coalesce(sum(entries), 0) FROM observations AS o"
                " WHERE o.book = c.book AND o.source = c.source AND o.stream = c.stream)"
                " FROM cursors AS c WHERE book = ? AND source = ?",
                (state.book, state.words.find(source)),
            ).fetchall()
            names = state.words.words()
        found = [StreamState(names[stream], cursor, read_at, count) for stream, cursor, read_at, count in rows]
        return sorted(found, key=lambda stream: stream.stream)

    def span(self, account: str) -> tuple[int, int] | None:
        """Return the first and last moment of an account's entries."""
        with self._state() as state:
            # The index by time gives either end at once, where min and max would read every entry.
            end = "SELECT at FROM entries WHERE book = ?1 AND account = ?2 AND state <> ?3 ORDER BY at"
            first, last = state.connection.execute(
                f"SELECT ({end} LIMIT 1), ({end} DESC LIMIT 1)", (state.book, state.words.find(account), _VOID)
            ).fetchone()
        return None if first is None else (first, last)

    def accounts(self) -> Sequence[Account]:
        """Return all accounts of the book, by name."""
        with self._state() as state:
            known = self._views(state).accounts
        return sorted(known.values(), key=lambda account: account.name.casefold())

    def export_entries(self, alive: Alive = always) -> Sequence[tuple[str, Entry]]:
        """Return (entry id, entry) of all current entries in time order, as long as somebody waits for them."""
        with self._state() as state:
            rows = state.connection.execute(
                "SELECT id, body FROM entries CROSS JOIN bodies ON bodies.n = current"
                " WHERE book = ? AND state <> ? ORDER BY at, entries.n",
                (state.book, _VOID),
            )
            return list(told(while_alive(rows, alive)))

    def moves(self) -> Sequence[tuple[str, Entry]]:
        """Return (entry id, entry) of all current deposits and withdrawals in time order."""
        with self._state() as state:
            kinds = [state.words.find(kind) for kind in (EntryKind.DEPOSIT, EntryKind.WITHDRAWAL)]
            rows = state.connection.execute(
                "SELECT id, body FROM entries CROSS JOIN bodies ON bodies.n = current"
                " WHERE book = ? AND state <> ? AND kind IN (?, ?) ORDER BY at, entries.n",
                (state.book, _VOID, *kinds),
            )
            return list(told(rows))

    def decisions(self, of: type[D]) -> Sequence[D]:
        """Return every decision of one kind that was ever recorded, oldest first."""
        with self._database.read() as connection:
            return recorded(connection, self._book.book_id, of)

    def findings(self) -> Sequence[Finding]:
        """Return what was odd about pages and readings when they were kept, newest first, each once.

        What awaited events that the books have meanwhile is left out: the row was read again, corrected.
        """
        with self._state() as state:
            rows = state.connection.execute(
                "SELECT finding, word FROM findings LEFT JOIN observations USING (n)"
                " LEFT JOIN words ON number = observations.source WHERE findings.book = ? ORDER BY findings.n DESC, i",
                (state.book,),
            ).fetchall()
            found: dict[tuple[str, str], Finding] = {}
            for content, source in rows:
                finding = _finding(decode_unchecked(content), source or "")
                found.setdefault((finding.code, finding.subject), finding)
            missing = _missing(state, {event for finding in found.values() for event in finding.awaits})
        return tuple(one for one in found.values() if not one.awaits or not missing.isdisjoint(one.awaits))


def _finding(fields: dict[str, Any], source: str) -> Finding:
    awaits = tuple((account, space, native_id, part) for account, space, native_id, part in fields.get("awaits", ()))
    named = {**fields, "severity": Severity(fields["severity"]), "entries": tuple(fields["entries"])}
    return Finding(**{**named, "awaits": awaits, "source": awaits[0][0] if awaits else source})


def _missing(state: _State, events: set[Event]) -> set[Event]:
    """Return the events that the books do not have."""
    ids = {event: entry_id(state.book_id, event[0], Identity(*event[1:])) for event in events}
    known = Books(state.connection, state.words, state.book_id).known([*ids.values()])
    return {event for event, known_as in ids.items() if known_as not in known}


def _find(state: _State, entry_id: str) -> tuple[int, bytes, int, int] | None:
    """Return where an entry is; an id that a weak entry took over leads to that entry."""
    try:
        wanted = bytes.fromhex(entry_id)
    except ValueError:
        return None
    sql = "SELECT n, id, state, current FROM entries WHERE book = ? AND "
    row = state.connection.execute(f"{sql} id = ?", (state.book, wanted)).fetchone()
    if row is None:
        by_alias = f"{sql} n = (SELECT n FROM aliases WHERE id = ?)"  # noqa: S608 - our own words
        row = state.connection.execute(by_alias, (state.book, wanted)).fetchone()
    return None if row is None else (row[0], row[1], row[2], row[3])
