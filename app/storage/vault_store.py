"""Vault files on this disk: made, opened, described, restored, destroyed."""

from __future__ import annotations

import os
import sys
from contextlib import closing, suppress
from pathlib import Path

from app.core.errors import InputError, VaultDamagedError, VaultError, VaultLockedError, VaultRolledBackError
from app.core.model.accounts import Book
from app.core.model.views import VaultInfo
from app.core.ports import AssetRegistry, Clock, Keyring
from app.storage import backup as backups
from app.storage import header as headers
from app.storage import migrations
from app.storage.anchor import IN_FOLDER, IN_KEYRING, difference
from app.storage.claims import claim_files
from app.storage.database import SALT_BYTES, Database
from app.storage.files import make_private, overwrite_and_remove, put_in_place, told
from app.storage.header import Header, keys_path
from app.storage.key_slots import KEYRING, check_strength, passphrase_slot
from app.storage.keys import KEY_BYTES, DataKey
from app.storage.open_vault import SqlVault
from app.storage.places import Surroundings, copies, copy_path, prices_path, remove_database, size
from app.storage.projections import State
from app.storage.stretching import Stretching, calibrated

if sys.platform != "win32":
    import resource

_RESTORE = "Restore a backup made before the damage."


class SqlVaultStore:
    """Opens vaults with what this computer has."""

    def __init__(
        self,
        clock: Clock,
        keyring: Keyring,
        assets: AssetRegistry,
        settings_folder: Path,
        *,
        stretching: Stretching | None = None,
    ) -> None:
        """Take the surroundings; `stretching` sets the costs of passphrases instead of measuring them."""
        self._around = Surroundings(clock, keyring, assets, settings_folder, stretching)

    def create(self, path: Path, passphrase: bytes, book: Book) -> SqlVault:
        """Make a new vault; InputError where the path is taken or the passphrase is too weak."""
        check_strength(passphrase)
        _check_free(path)
        limit_core_dumps()
        header = headers.new_header(migrations.LATEST)
        key = DataKey(os.urandom(KEY_BYTES), header.vault_id)
        costs = self._around.stretching or calibrated()
        header = header.with_slots([passphrase_slot(passphrase, key.whole(), header.vault_id, costs)])
        partial = _partial(path)
        try:
            self._build(partial, header, key, book)
            _place(partial, path)
        except BaseException:
            self._around.forget(header)
            raise
        finally:
            _remove_partial(partial)
        return self._entered(path, header, key, book=book.book_id)

    def open(
        self, path: Path, passphrase: bytes | None, *, book: str | None = None, accept_older: bool = False
    ) -> SqlVault:
        """Open with a passphrase, or with the keyring's slot where it is None.

        A vault older than its anchor raises VaultRolledBackError, unless `accept_older`: then it goes on as a new
        device at a new place, and what was anchored stays for the newer vault, should it come back.
        """
        _check_there(path)
        limit_core_dumps()
        header, key = headers.unlock(headers.load(path), passphrase, self._around.keyring, str(path))
        return self._entered(path, header, key, book=book, accept_older=accept_older)

    def has_keyring_slot(self, path: Path) -> bool:
        """Tell whether the keyring may open this vault."""
        try:
            slot = headers.read(headers.load(path), str(path)).slot(KEYRING)
        except VaultError:
            return False
        keyring = self._around.keyring
        return slot is not None and bool(keyring.name) and keyring.read(slot.keyring_key) is not None

    def restore(self, backup: Path, target: Path, passphrase: bytes) -> VaultInfo:
        """Check a backup and put it in place as a new vault; on this computer it is a new device."""
        _check_free(target)
        limit_core_dumps()
        found = backups.parts(backup)
        header, key = headers.unlock(found.keys, passphrase, self._around.keyring, str(backup))
        header = header.at_new_place()
        partial = _partial(target)
        try:
            _remove_partial(partial)
            backups.extract(backup, found, key, partial)
            headers.save(partial, header, key)
            with closing(_opened(partial, header, key)) as database:
                header = _migrated(database, partial, header, key)
                known = _facts(database, target, header, self._anchor_place())
            backups.check(partial, key, header.salt, _silent)
            _place(partial, target)
        finally:
            _remove_partial(partial)
            key.forget()
        return known

    def destroy(self, path: Path) -> None:
        """Erase the keys in the vault's files first, then delete the files and what lies beside them."""
        _check_there(path)
        with suppress(VaultError):
            header = headers.read(headers.load(path), str(path))
            for slot in header.slots:
                if slot.kind == KEYRING and self._around.keyring.name:
                    self._around.keyring.erase(slot.keyring_key)
            self._around.forget(header)
        with told(path):
            overwrite_and_remove(keys_path(path))
            for copy in copies(path):
                with suppress(InputError, VaultError):
                    found = backups.parts(copy)
                    overwrite_and_remove(copy, found.database, len(found.keys))
                copy.unlink(missing_ok=True)
            remove_database(path)
            remove_database(prices_path(path))
            for claim in claim_files(path):
                claim.unlink(missing_ok=True)
            _remove_partial(_partial(path))

    def describe(self, path: Path) -> VaultInfo:
        """Return what the header says without a key."""
        _check_there(path)
        header = headers.read(headers.load(path), str(path))
        return VaultInfo(
            path=str(path),
            vault_id=header.vault_id.hex(),
            is_locked=True,
            version=header.schema,
            records=0,
            entries=0,
            devices=(),
            head="",
            books=(),
            key_slots=header.kinds,
            anchor=self._anchor_place(),
            size_bytes=size(path),
        )

    def _anchor_place(self) -> str:
        return IN_KEYRING if self._around.keyring.name else IN_FOLDER

    def _build(self, partial: Path, header: Header, key: DataKey, book: Book) -> None:
        _remove_partial(partial)
        make_private(partial)
        headers.save(partial, header, key)
        # The vault gets its own copy of the key: closing it forgets the key.
        own = DataKey(key.whole(), header.vault_id)
        database = Database(partial, own.derive(b"database"), header.salt)
        try:
            migrations.migrate(database, 0, _silent_copy)
            vault = SqlVault(partial, header, own, database, book, self._around)
            vault.writer.set_book(book)
            vault.close()
        finally:
            database.close()

    def _entered(
        self, path: Path, header: Header, key: DataKey, *, book: str | None, accept_older: bool = False
    ) -> SqlVault:
        database = _opened(path, header, key)
        try:
            header = _migrated(database, path, header, key)
            try:
                self._check_not_older(database, header, key)
            except VaultRolledBackError:
                if not accept_older:
                    raise
                with database.exclusively():
                    header = headers.changed(path, key, Header.at_new_place)
            return SqlVault(path, header, key, database, _chosen(database, book), self._around)
        except BaseException:
            database.close()
            key.forget()
            raise

    def _check_not_older(self, database: Database, header: Header, key: DataKey) -> None:
        # The anchor first: it never is ahead of a vault that is read after it.
        anchored = self._around.anchor(header, key).known()
        with database.read() as connection:
            how = difference(connection, anchored)
        if how:
            message = f"This vault is older than it was on this computer: {how}."
            hint = "Put the newest vault back. Accept the older one only where you know why it is here."
            raise VaultRolledBackError(message, hint=hint, where=str(database.path))


def limit_core_dumps() -> None:
    """Keep a crash from writing the keys in memory to the disk."""
    if sys.platform != "win32":
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _check_there(path: Path) -> None:
    if not path.is_file():
        message = f"There is no vault at {path}."
        raise VaultLockedError(message, hint="Name another one, or make one.", where=str(path))


def _check_free(path: Path) -> None:
    """Refuse a taken path; the folder is made."""
    with told(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() and keys_path(path).exists() and _is_leftover(path):
        keys_path(path).unlink()
    for taken in (path, keys_path(path)):
        if taken.exists():
            message = f"{taken.name} exists already; a vault never replaces a file."
            raise InputError(message, hint="Choose another name.", where=str(taken))


def _is_leftover(path: Path) -> bool:
    """Tell whether a keys file without a vault is of a vault that was never finished: a crash came in between."""
    try:
        with _partial(path).open("rb") as file:
            return file.read(SALT_BYTES) == headers.read(headers.load(path), str(path)).salt
    except (OSError, VaultError):
        return False


def _opened(path: Path, header: Header, key: DataKey) -> Database:
    """Return the database of a vault whose first page opens; the key is known to be the right one."""
    with told(path), path.open("rb") as file:
        salt = file.read(SALT_BYTES)
    if salt != header.salt:
        message = "The first bytes of the vault were changed: the key is right, but they are not what they were."
        raise VaultDamagedError(message, hint=_RESTORE, where=str(path))
    try:
        database = Database(path, key.derive(b"database"), header.salt)
    except VaultDamagedError as error:
        message = "The start of the vault was changed: the key is right, but the first pages do not open."
        raise VaultDamagedError(message, hint=_RESTORE, where=str(path)) from error
    return database


def _migrated(database: Database, path: Path, header: Header, key: DataKey) -> Header:
    """Bring a vault up to date where it is not; returns its header."""

    def copy(version: int) -> None:
        target = copy_path(path, version)
        target.unlink(missing_ok=True)
        backups.write_backup(database, header, key, target, _silent, is_current=False)

    with database.read() as connection:
        found = migrations.version(connection)
    if not found:
        message = "The vault's file holds no books: its content was lost."
        raise VaultDamagedError(message, hint=_RESTORE, where=str(path))
    migrations.check_not_newer(found, str(path))
    if found < migrations.LATEST:
        with database.exclusively():
            with database.read() as connection:
                found = migrations.version(connection)
            migrations.migrate(database, found, copy)
            header = headers.changed(path, key, lambda now: now.with_schema(migrations.LATEST))
    return header


def _chosen(database: Database, asked: str | None) -> Book:
    with database.read() as connection:
        rows = connection.execute(
            "SELECT book_id, name, base_currency, simulated FROM books LEFT JOIN chains ON book = book_id"
            " GROUP BY book_id ORDER BY min(chain)"
        ).fetchall()
    books = [Book(book_id, name, currency, bool(simulated)) for book_id, name, currency, simulated in rows]
    found = [book for book in books if asked is None or asked in (book.book_id, book.name)]
    if not found:
        names = ", ".join(book.name for book in books) or "none"
        message = f"The vault has no book {asked!r}." if asked is not None else "The vault has no book."
        raise InputError(message, hint=f"There are: {names}.", where=str(database.path))
    return found[0]


def _facts(database: Database, path: Path, header: Header, anchor: str) -> VaultInfo:
    """Return what is known of a vault that nobody opened yet."""
    with database.read() as connection:
        (records,) = connection.execute("SELECT count(*) FROM records").fetchone()
        (entries,) = connection.execute("SELECT count(*) FROM entries WHERE state <> ?", (int(State.VOID),)).fetchone()
        devices = [device.hex() for (device,) in connection.execute("SELECT DISTINCT device FROM chains")]
        newest = connection.execute("SELECT hash FROM records ORDER BY n DESC LIMIT 1").fetchone()
        books = [name for (name,) in connection.execute("SELECT name FROM books ORDER BY name")]
        version = migrations.version(connection)
    return VaultInfo(
        path=str(path),
        vault_id=header.vault_id.hex(),
        is_locked=True,
        version=version,
        records=records,
        entries=entries,
        devices=tuple(sorted(devices)),
        head=newest[0].hex() if newest else "",
        books=tuple(books),
        key_slots=header.kinds,
        anchor=anchor,
        size_bytes=size(database.path),
    )


def _partial(path: Path) -> Path:
    return path.with_name(f"{path.name}-partial")


def _place(partial: Path, path: Path) -> None:
    """Give a finished vault its name: the keys first, because a vault without keys would be lost."""
    put_in_place(keys_path(partial), keys_path(path))
    try:
        put_in_place(partial, path)
    except BaseException:
        keys_path(path).unlink(missing_ok=True)
        raise


def _remove_partial(partial: Path) -> None:
    remove_database(partial)
    keys_path(partial).unlink(missing_ok=True)


def _silent(share: float | None, doing: str) -> None:
    """Hear of progress that nobody watches."""


def _silent_copy(version: int) -> None:
    """Make no copy: a new vault holds nothing yet."""
