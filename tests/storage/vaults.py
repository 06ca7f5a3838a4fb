"""Vaults on a small scale: the cheapest passphrase that is allowed, a keyring in memory, pages to write."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from app.core.model.accounts import Account, Book
from app.storage.open_vault import SqlVault
from app.storage.stretching import FLOOR
from app.storage.vault_store import SqlVaultStore
from tests.storage.journal_books import ACCOUNT, SOURCE, Assets, FixedClock, entry, page

PASSPHRASE = b"three grey herons wait by the weir"
NEW = b"two otters sleep under the bridge"
BOOK = Book("main", "Main", "usd")


@dataclass
class MemoryKeyring:
    """A keyring that lives as long as the test; without a name there is none."""

    name: str = ""
    secrets: dict[str, bytes] = field(default_factory=dict)

    def read(self, key: str) -> bytes | None:
        return self.secrets.get(key)

    def write(self, key: str, secret: bytes) -> None:
        self.secrets[key] = secret

    def erase(self, key: str) -> None:
        self.secrets.pop(key, None)


def store(folder: Path, keyring: MemoryKeyring | None = None, *, computer: str = "here") -> SqlVaultStore:
    """Return the store of a computer, whose settings are a folder of their own."""
    return SqlVaultStore(FixedClock(), keyring or MemoryKeyring(), Assets(), folder / computer, stretching=FLOOR)


def vault_in(folder: Path, keyring: MemoryKeyring | None = None) -> SqlVault:
    """Return a new vault in a folder, with an account."""
    vault = store(folder, keyring).create(folder / "a.vault", PASSPHRASE, BOOK)
    vault.writer.open_account(Account(ACCOUNT, "Kraken main", "kraken"))
    return vault


def write_page(vault: SqlVault, number: int, rows: int = 5) -> str:
    """Append a page of so many entries; returns the head after it."""
    entries = [entry(f"P{number}-{row}", number, "1 bitcoin", "-0.1 usd fee") for row in range(rows)]
    return vault.writer.append_page(SOURCE, ACCOUNT, page(*entries, cursor=str(number))).head


def silent(share: float | None, doing: str) -> None:
    """Hear of progress and say nothing."""


def opened(closed: Path, keyring: MemoryKeyring | None = None) -> SqlVault:
    """Open a vault with the passphrase that all of them have here."""
    return store(closed.parent, keyring).open(closed, PASSPHRASE)


def flip(path: Path, place: int) -> None:
    """Change one bit of a file."""
    content = bytearray(path.read_bytes())
    content[place] ^= 0x10
    path.write_bytes(content)
