"""Where the parts of a vault lie: beside it, and on this computer outside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.core.ports import AssetRegistry, Clock, Keyring
from app.storage.anchor import Anchor
from app.storage.header import Header
from app.storage.keys import DataKey
from app.storage.stretching import Stretching

BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps of one database."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every vault on this computer needs of the world outside its file.

    Attributes:
        stretching: Costs of a new passphrase slot; None: measured when one is made.
    """

    clock: Clock
    keyring: Keyring
    assets: AssetRegistry
    settings_folder: Path
    stretching: Stretching | None = None

    def note(self, header: Header, suffix: str) -> Path:
        """Return the path of what this computer keeps about a vault at its place."""
        name = f"{header.vault_id.hex()}-{header.instance.hex()}{suffix}"
        return self.settings_folder / "vaults" / name

    def anchor(self, header: Header, key: DataKey) -> Anchor:
        """Return the rollback anchor of a vault at its place."""
        return Anchor(self.note(header, ".anchor"), self.keyring, key)

    def forget(self, header: Header) -> None:
        """Remove what this computer keeps about a vault at its place."""
        self.note(header, ".device").unlink(missing_ok=True)
        self.anchor(header, DataKey(b"", header.vault_id)).forget()


def prices_path(vault: Path) -> Path:
    """Return where the prices beside a vault lie."""
    return vault.with_name(f"{vault.name}-prices")


def copy_path(vault: Path, version: int) -> Path:
    """Return where the copy lies that is made before a migration."""
    return vault.with_name(f"{vault.name}-before-{version}")


def copies(vault: Path) -> Iterator[Path]:
    """Yield the copies that were made before migrations."""
    start = f"{vault.name}-before-"
    return (path for path in vault.parent.iterdir() if path.name.startswith(start))


def size(vault: Path) -> int:
    """Return the bytes of a vault with its write-ahead log."""
    files = (vault, vault.with_name(f"{vault.name}-wal"))
    return sum(path.stat().st_size for path in files if path.exists())


def remove_database(path: Path) -> None:
    """Delete a database with what SQLite and its lock keep beside it."""
    for suffix in (*BESIDE, "-lock"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
