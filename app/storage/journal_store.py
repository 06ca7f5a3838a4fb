"""The writing side of the journal: each call is one transaction, kept whole or not at all."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import count
from typing import Any, Protocol, TypeVar

from app.core.errors import InputError
from app.core.journal.bodies import Origin
from app.core.journal.encoding import decode_unchecked, encode
from app.core.journal.records import RecordKind
from app.core.ledger.dedupe import Claim, second_of
from app.core.ledger.entries import Entry, Identity
from app.core.ledger.validate import fault
from app.core.model.accounts import Account, Book
from app.core.model.decisions import Decision
from app.core.model.pages import AppendResult, BalancePage, Page
from app.core.model.period_seals import PeriodSeal
from app.core.model.views import EntryView
from app.core.ports import AssetRegistry, Clock
from app.storage import futures
from app.storage.decisions import codec
from app.storage.known import Books, Known
from app.storage.planning import Plan, Planner, Prepared
from app.storage.projections import State, finding_fields
from app.storage.proofs import append_seal
from app.storage.sealing import Signer
from app.storage.views import Views
from app.storage.words import Words
from app.storage.work import Work, newest_head

T = TypeVar("T")

_FASTEST = 1
_MANUAL = "manual"
_BALANCES = "balances"


class Connections(Protocol):
    """The database, as far as the journal needs it."""

    def write(self) -> AbstractContextManager[Any]:
        """Begin a writing transaction: committed at the end, rolled back on any exception."""

    def read(self) -> AbstractContextManager[Any]:
        """Begin a reading transaction on one consistent state."""


class SqlJournal:
    """Appends records of one book to the chain of this device."""

    def __init__(  # noqa: PLR0913, PLR0917 - the seam with the vault
        self,
        database: Connections,
        device: Signer,
        book: Book,
        clock: Clock,
        assets: AssetRegistry,
        on_commit: Callable[[int, str], None],
    ) -> None:
        """Take what the journal is written with; `on_commit` hears chain length and head after each COMMIT."""
        self._database = database
        self._device = device
        self._book = book
        self._clock = clock
        self._assets = assets
        self._on_commit = on_commit
        self._planner = Planner(book.book_id)

    def append_page(self, source: str, account: str, page: Page) -> AppendResult:
        """Seal a page: its observation, its entries, its cursor. Idempotent: the same page again changes nothing.

        The observation is kept where the page says something that the books do not have: an entry, a revision,
        evidence, or a row that cannot become an entry. Where it does not, and only the cursor moved, the cursor is
        all that is written, without a record: an empty window is no event.
        """
        plan, head = self._write(lambda work: self._append_page(work, source, account, page))
        return plan.result(head)

    def preview_page(self, source: str, account: str, page: Page) -> tuple[AppendResult, Sequence[EntryView]]:  # noqa: ARG002 - the port's shape
        """Return what `append_page` would do and the entries that would be new, changing nothing."""
        with self._database.read() as connection:
            words = Words(connection, self._assets)
            books = Books(connection, words, self._book.book_id)
            plan = self._planner.plan(source, page, books, self._clock.now_ns(), words.scale)
            views = Views(connection, words, self._book.book_id, self._assets)
            fresh = [views.planned(one.entry_id.hex(), one.entry) for one in plan.new]
        return plan.result(), tuple(fresh)

    def append_balances(self, source: str, account: str, page: BalancePage) -> str:
        """Seal a balance reading; returns the new head. The same reading again changes nothing."""
        fields = {
            "account": account,
            "at": page.at,
            "balances": [[one.sub_place, one.asset, one.quantity] for one in page.balances],
            "content": zlib.compress(page.content, _FASTEST),
            "findings": [finding_fields(finding) for finding in page.findings],
            "media_type": page.media_type,
            "source": source,
            **futures.fields_of(page.beside),
        }
        return self._write(lambda work: self._append_balances(work, fields))[1]

    def append_entry(self, entry: Entry, reason: str) -> str:
        """Record an entry of a person; returns its id. One that brings its own manual id is recorded once."""
        return self._write(lambda work: self._append_entry(work, entry, reason))[0]

    def revise_entry(self, entry_id: str, revised: Entry | None, reason: str) -> str:
        """Supersede an entry by another, or void it where `revised` is None; returns the record's hash."""
        return self._write(lambda work: self._revise_entry(work, entry_id, revised, reason))[0]

    def annotate(self, entry_id: str, note: str) -> str:
        """Attach a note to an entry; returns the record's hash."""
        return self._write(lambda work: self._annotate(work, entry_id, note))[0]

    def append_decision(self, decision: Decision) -> str:
        """Record what a person decided; returns the record's hash. InputError where an entry is unknown."""
        return self.append_decisions((decision,))[0]

    def append_decisions(self, decisions: Sequence[Decision]) -> tuple[str, ...]:
        """Record decisions together, all of them or none; returns the hashes of their records."""
        return self._write(lambda work: tuple([self._append_decision(work, one) for one in decisions]))[0]

    def append_seal(self, seal: PeriodSeal, files: Mapping[str, bytes]) -> str:
        """Record a closed year with every file under its seal; returns the record's hash.

        RefusedError where another process has sealed that year meanwhile: each version follows one.
        """
        return self._write(lambda work: append_seal(work, self._book.book_id, seal, files))[0]

    def open_account(self, account: Account) -> None:
        """Record an account; the same account again changes nothing."""
        self._write(lambda work: self._open_account(work, account))

    def set_book(self, book: Book) -> None:
        """Record a book's name, base currency and whether it is simulated; the same again changes nothing."""
        if book.book_id != self._book.book_id:
            message = f"This journal is of book {self._book.book_id!r}, not {book.book_id!r}."
            raise InputError(message)
        self._write(lambda work: self._set_book(work, book))
        self._book = book

    def _write(self, change: Callable[[Work], T]) -> tuple[T, str]:
        """Return what a change returned, and the head after it; everything in it is kept or nothing is."""
        with self._database.write() as connection:
            work = Work(connection, self._book.book_id, self._device, self._clock.now_ns(), self._assets)
            outcome = change(work)
            ended = work.finish()
            head = newest_head(connection, self._book.book_id) if ended is None else ended[1]
        if ended is not None:
            self._on_commit(*ended)
        return outcome, head

    def _append_page(self, work: Work, source: str, account: str, page: Page) -> Plan:
        books = work.books
        plan = self._planner.plan(source, page, books, work.now, work.words.scale)
        digest = hashlib.sha256(page.content).digest()
        observation = books.observation(source, page.stream, digest)
        is_new = bool(plan.new or plan.revised or plan.claims)
        is_odd = bool(plan.linked or plan.quarantine or page.findings)
        if is_new or (is_odd and observation is None):
            if observation is None:
                observation = self._observe(work, (source, account), page, plan, digest)
            self._seal_plan(work, plan, observation, page.normaliser)
        if books.cursor(source, page.stream) != page.cursor:
            work.move_cursor((source, page.stream, page.cursor, page.read_at))
        return plan

    def _observe(self, work: Work, reader: tuple[str, str], page: Page, plan: Plan, digest: bytes) -> tuple[int, bytes]:
        source, account = reader
        return work.seal(
            RecordKind.OBSERVATION,
            {
                "account": account,
                "content": zlib.compress(page.content, _FASTEST),
                "digest": digest,
                "findings": [finding_fields(finding) for finding in (*page.findings, *plan.quarantine)],
                "media_type": page.media_type,
                "normaliser": page.normaliser,
                "read_at": page.read_at,
                "source": source,
                "stream": page.stream,
            },
        )

    def _seal_plan(self, work: Work, plan: Plan, observation: tuple[int, bytes], normaliser: str) -> None:
        if plan.new:
            work.seal_entries(plan.new, observation, normaliser, self._planner)
        for one, known in plan.revised:
            origin = Origin(observation[1], one.row, normaliser)
            self._seal_revision(work, known.n, one, origin, "the source gives other content")
        for one, claim in plan.claims:
            self._seal_claim(work, one, claim, Origin(observation[1], one.row, normaliser))
        if plan.linked:
            rows = [[row, [bytes.fromhex(known) for known in entries]] for row, entries in plan.linked]
            work.seal(RecordKind.EVIDENCE, {"normaliser": normaliser, "observation": observation[1], "rows": rows})

    def _seal_claim(self, work: Work, one: Prepared, claim: Claim, origin: Origin) -> None:
        identity = one.entry.identity
        account, second = second_of(one.entry)
        work.seal(
            RecordKind.EVIDENCE,
            {
                "account": account,
                "claims": [[*place, quantity] for place, quantity in claim.parts],
                "entries": [bytes.fromhex(known) for known in claim.entry_ids],
                "id": one.entry_id,
                "identity": [identity.space, identity.native_id, identity.part],
                "normaliser": origin.normaliser,
                "observation": origin.observation,
                "row": origin.row,
                "second": second,
            },
        )

    def _seal_revision(self, work: Work, n: int, one: Prepared | None, origin: Origin | None, reason: str) -> bytes:
        entry_id, current = work.connection.execute("SELECT id, current FROM entries WHERE n = ?", (n,)).fetchone()
        (previous,) = work.connection.execute("SELECT hash FROM records WHERE n = ?", (current,)).fetchone()
        written = None if one is None else self._planner.encoder.body(one.entry, one.legs, origin)
        _, sealed = work.seal(
            RecordKind.REVISION,
            {
                "entry": entry_id,
                "previous": previous,
                "reason": reason,
                "revised": None if written is None else decode_unchecked(written),
            },
        )
        return sealed

    def _append_balances(self, work: Work, fields: dict[str, Any]) -> None:
        digest = hashlib.sha256(encode([fields["at"], fields["balances"], fields["content"]])).digest()
        place = fields["source"], _BALANCES, digest
        if work.books.observation(*place) is None:
            work.seal(RecordKind.BALANCE_READING, {**fields, "digest": digest})

    def _append_entry(self, work: Work, entry: Entry, reason: str) -> str:
        self._check(work, entry)
        is_named = entry.identity.space == _MANUAL and entry.identity.native_id
        one = self._planner.prepare(0, entry) if is_named else self._by_hand(work, entry)
        if not work.books.known([one.entry_id]):
            body = self._planner.encoder.body(one.entry, one.legs, None, reason)
            work.seal(RecordKind.ENTRY, decode_unchecked(body))
        return one.entry_id.hex()

    def _by_hand(self, work: Work, entry: Entry) -> Prepared:
        """Return an entry known by what it says, and by its ordinal among those that say the same.

        So two vaults in which the same was entered know it by the same id, and what follows from it is equal.
        """
        plain = self._planner.prepare(0, replace(entry, identity=Identity(_MANUAL, "?")))
        named = (
            self._planner.prepare(0, replace(entry, identity=Identity(_MANUAL, _said(plain), str(ordinal))))
            for ordinal in count(1)
        )
        return next(one for one in named if not work.books.known([one.entry_id]))

    def _check(self, work: Work, entry: Entry) -> None:
        why = fault(entry, work.now, work.words.scale)
        if why:
            message = f"The entry cannot be recorded: {why}."
            raise InputError(message, hint="Correct it and record it again.")

    def _known(self, work: Work, entry_id: str) -> Known:
        known = work.books.known([entry_id_bytes(entry_id)]).get(entry_id_bytes(entry_id))
        if known is None or not known.n:
            message = f"No entry has the id {entry_id!r}."
            raise InputError(message, hint="List the ids: counterfoil activity.")
        return known

    def _revise_entry(self, work: Work, entry_id: str, revised: Entry | None, reason: str) -> str:
        known = self._known(work, entry_id)
        if revised is None:
            if known.state == State.VOID:
                message = f"Entry {entry_id} is void already."
                raise InputError(message)
            return self._seal_revision(work, known.n, None, None, reason).hex()
        first = work.books.versions(known.n)
        kept = replace(revised, identity=first[0].identity) if first else revised
        self._check(work, kept)
        return self._seal_revision(work, known.n, self._planner.prepare(0, kept), None, reason).hex()

    def _annotate(self, work: Work, entry_id: str, note: str) -> str:
        self._known(work, entry_id)
        _, sealed = work.seal(RecordKind.NOTE, {"entry": entry_id_bytes(entry_id), "text": note})
        return sealed.hex()

    def _append_decision(self, work: Work, decision: Decision) -> str:
        how = codec(type(decision))
        for entry_id in how.entries(decision):
            self._known(work, entry_id)
        return work.seal(how.kind, how.fields(decision))[1].hex()

    def _open_account(self, work: Work, account: Account) -> None:
        known = work.connection.execute(
            "SELECT name, venue FROM accounts WHERE book = ? AND account = ?",
            (work.words.find(self._book.book_id), work.words.find(account.account_id)),
        ).fetchone()
        if known != (account.name, account.venue):
            fields = {"account": account.account_id, "name": account.name, "venue": account.venue}
            work.seal(RecordKind.ACCOUNT, fields)

    def _set_book(self, work: Work, book: Book) -> None:
        known = work.connection.execute(
            "SELECT name, base_currency, simulated FROM books WHERE book_id = ?", (book.book_id,)
        ).fetchone()
        if known != (book.name, book.base_currency, int(book.simulated)):
            fields = {
                "base_currency": book.base_currency,
                "book": book.book_id,
                "name": book.name,
                "simulated": book.simulated,
            }
            work.seal(RecordKind.BOOK, fields)


def entry_id_bytes(entry_id: str) -> bytes:
    """Return the 16 bytes of an id in hex; what is no such id names no entry."""
    try:
        return bytes.fromhex(entry_id)
    except ValueError:
        return b""


def _said(one: Prepared) -> str:
    """Return what an entry of a person says, short: its moment, kind and legs."""
    return f"{one.entry.at}/{one.content.hex()}"
