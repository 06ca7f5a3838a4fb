"""An unlocked vault with one book chosen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from app.core.errors import InputError, VaultDamagedError, WrongPassphraseError
from app.core.model.accounts import Book
from app.core.model.views import VaultInfo, Verification
from app.core.ports import Progress
from app.storage import header as headers
from app.storage import migrations
from app.storage.anchor import chains
from app.storage.backup import write_backup
from app.storage.connection_store import SqlConnectionStore
from app.storage.courses import SqlCourses
from app.storage.database import Database
from app.storage.devices import this_device
from app.storage.header import Header
from app.storage.integrity import damaged_pages
from app.storage.journal_store import SqlJournal
from app.storage.key_slots import (
    KEYRING,
    PASSPHRASE,
    KeySlot,
    check_strength,
    keyring_slot,
    open_by_passphrase,
    passphrase_slot,
)
from app.storage.keys import DataKey
from app.storage.ledger_reader import SqlLedgerReader
from app.storage.places import Surroundings, prices_path, size
from app.storage.price_history import SqlPriceHistory
from app.storage.proofs import SqlProofs
from app.storage.replay import rebuild
from app.storage.settings_store import SqlSettings
from app.storage.stretching import calibrated
from app.storage.verify import balances_fault, verify

_SECRET = "sealed/"  # noqa: S105 - a prefix of names, no secret
"""Before the names of settings that are secrets."""


class SqlVault:
    """Gives out the sides of a vault; only `close` ends them."""

    def __init__(  # noqa: PLR0913, PLR0917 - what was made while it was opened
        self, path: Path, header: Header, key: DataKey, database: Database, book: Book, around: Surroundings
    ) -> None:
        """Take an opened and checked database; on this computer's first opening a device is made."""
        self._path = path
        self._header = header
        self._key = key
        self._database = database
        self._around = around
        self._book = book
        self._device = this_device(database, key, around.note(header, ".device"), around.clock.now_ns())
        self._anchor = around.anchor(header, key)
        with database.read() as connection:
            reached = chains(connection)
        self._anchor.raise_to(reached)
        self._reader = SqlLedgerReader(database, book, around.assets)
        self._writer = SqlJournal(database, self._device, book, around.clock, around.assets, self._committed)
        self._courses = SqlCourses(database, book, around.assets)
        self._proofs = SqlProofs(database, book)
        self._connections = SqlConnectionStore(database, book, key)
        self._prices = SqlPriceHistory(prices_path(path), key, around.clock)
        self._settings = SqlSettings(database)
        self._counted = ("", 0)

    @property
    def book(self) -> Book:
        """Return the chosen book, as it was last recorded."""
        return self._book

    @property
    def reader(self) -> SqlLedgerReader:
        """Return the reading side."""
        return self._reader

    @property
    def writer(self) -> SqlJournal:
        """Return the writing side; its calls belong on the storage thread."""
        return self._writer

    @property
    def courses(self) -> SqlCourses:
        """Return what lots are derived with; `keep` belongs on the storage thread."""
        return self._courses

    @property
    def proofs(self) -> SqlProofs:
        """Return what seals and their proofs are read with."""
        return self._proofs

    @property
    def connections(self) -> SqlConnectionStore:
        """Return connections and secrets."""
        return self._connections

    @property
    def prices(self) -> SqlPriceHistory:
        """Return the price history."""
        return self._prices

    def info(self) -> VaultInfo:
        """Return what can be said about the vault."""
        with self._database.read() as connection:
            reached = chains(connection)
            devices = sorted({device for _, device in reached} | {self._device.fingerprint})
            names = [name for (name,) in connection.execute("SELECT name FROM books ORDER BY name")]
            version = migrations.version(connection)
            head = self._reader.head()
            counted = self._counted
            if counted[0] != head:
                # Counting reads every entry, and this is asked again and again.
                self._counted = counted = head, self._reader.counts()["entries"]
        return VaultInfo(
            path=str(self._path),
            vault_id=self._header.vault_id.hex(),
            is_locked=False,
            version=version,
            records=sum(length for length, _ in reached.values()),
            entries=counted[1],
            devices=tuple(devices),
            head=head,
            books=tuple(names),
            key_slots=headers.reread(self._path, self._key).kinds,
            anchor=self._anchor.place,
            size_bytes=size(self._path),
        )

    def verify(self, progress: Progress) -> Verification:
        """Re-check every page, record, chain and signature; pages and sums on a thread beside the chains."""
        self._database.checkpoint()
        written = self._written()
        with ThreadPoolExecutor(1, thread_name_prefix="verify") as beside:
            damage = beside.submit(self._damaged_pages)
            sums = beside.submit(self._balances_fault)
            try:
                found = verify(self._database, progress, sums.result)
            except VaultDamagedError as error:
                found = Verification(
                    0, 0, 0, is_valid=False, first_break=error.line(), head="", erased=0, seconds=0
                )  # fmt: skip
            # Where something is broken, no sum needs to be wrong besides.
            sums.cancel()
            pages = damage.result()
        if pages and self._written() != written:
            # Another writer may have moved its log into the file while the pages were read.
            with self._database.exclusively():
                self._database.checkpoint()
                pages = self._damaged_pages()
        if not pages:
            return found
        breaks = "; ".join(part for part in (pages, found.first_break if found.records else "") if part)
        return replace(found, is_valid=False, first_break=breaks)

    def rebuild(self) -> int:
        """Derive balances and lists anew from the journal; returns the number of records read."""
        return rebuild(self._database, self._around.assets)

    def backup(self, target: Path, progress: Progress) -> None:
        """Write an encrypted, verified copy while others may go on writing."""
        write_backup(self._database, headers.reread(self._path, self._key), self._key, target, progress)

    def change_passphrase(self, old: bytes, new: bytes) -> None:
        """Wrap the data key anew; the data is not rewritten."""
        check_strength(new)
        costs = self._around.stretching or calibrated()
        made = passphrase_slot(new, self._key.whole(), self._header.vault_id, costs)

        def change(header: Header) -> Header:
            known = next((slot for slot in header.slots if self._opens(slot, old)), None)
            if known is None:
                message = "The present passphrase is another one; nothing was changed."
                raise WrongPassphraseError(message, hint="Check the keyboard's layout and capital letters.")
            return header.with_slots([made if slot is known else slot for slot in header.slots])

        with self._database.exclusively():
            headers.changed(self._path, self._key, change)

    def _opens(self, slot: KeySlot, passphrase: bytes) -> bool:
        if slot.kind != PASSPHRASE:
            return False
        return open_by_passphrase(slot, passphrase, self._header.vault_id) == self._key.whole()

    def remember(self, *, remembered: bool) -> None:
        """Add or remove the key slot of the operating system's keyring."""
        keyring = self._around.keyring
        if remembered and not keyring.name:
            message = "This computer has no keyring that could remember the vault."
            raise InputError(message, hint="Log in to a desktop with a keyring, or go on with the passphrase.")
        added: list[KeySlot] = []
        if remembered:
            slot, secret = keyring_slot(self._key.whole(), self._header.vault_id)
            # The secret first: a slot that nothing opens would be of no use.
            keyring.write(slot.keyring_key, secret)
            added.append(slot)
        with self._database.exclusively():
            before = headers.reread(self._path, self._key)
            kept = [slot for slot in before.slots if slot.kind != KEYRING]
            headers.save(self._path, before.with_slots([*kept, *added]), self._key)
        for slot in before.slots:
            if slot.kind == KEYRING and keyring.name:
                keyring.erase(slot.keyring_key)

    def setting(self, name: str) -> str | None:
        """Return a preference kept in the vault."""
        return self._settings.setting(name)

    def set_setting(self, name: str, value: str) -> None:
        """Keep a preference in the vault."""
        self._settings.set_setting(name, value)

    def secret(self, name: str) -> str:
        """Return a secret that is sealed by itself; "" where there is none."""
        sealed = self._settings.setting(f"{_SECRET}{name}")
        return self._key.unseal(b"secret", bytes.fromhex(sealed), name.encode()).decode() if sealed else ""

    def set_secret(self, name: str, value: str) -> None:
        """Keep a secret sealed by itself; "" forgets it."""
        sealed = self._key.seal(b"secret", value.encode(), name.encode()).hex() if value else ""
        self._settings.set_setting(f"{_SECRET}{name}", sealed)

    def close(self) -> None:
        """Forget the keys and close every connection; once is enough, twice does no harm."""
        self._anchor.close()
        self._prices.close()
        self._database.close()
        self._key.forget()

    def _committed(self, length: int, head: str) -> None:
        self._anchor.committed(self._book.book_id, self._device.fingerprint, length, head)

    def _damaged_pages(self) -> str:
        with closing(self._database.connection()) as connection:
            return damaged_pages(connection, in_structure=False)

    def _written(self) -> int:
        """Return when the file was last written."""
        return self._path.stat().st_mtime_ns

    def _balances_fault(self) -> str:
        with self._database.read() as connection:
            return balances_fault(connection)
