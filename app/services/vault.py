"""Vault files: making, unlocking, restoring and destroying them."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from app.core.model.accounts import Book
from app.core.model.views import VaultInfo
from app.core.ports import OpenVault, Runtime
from app.services.threads import Threads
from app.services.workspace import Workspace

T = TypeVar("T")

_FILE = "books.vault"
_RECENT = "recent.json"
_KEPT = 12


class VaultService:
    """Vaults on this computer."""

    def __init__(self, runtime: Runtime) -> None:
        """Take where vaults and settings lie."""
        self._runtime = runtime

    def default_path(self) -> Path:
        """Return where the vault lies if nothing else is said."""
        return self._runtime.data_folder / _FILE

    def recent(self) -> tuple[Path, ...]:
        """Return vaults that were opened here and are still there, the newest first."""
        try:
            listed = json.loads((self._runtime.settings_folder / _RECENT).read_text("utf-8"))
            paths = [Path(path) for path in listed["vaults"]]
        except (OSError, ValueError, KeyError, TypeError):
            # The list is a convenience: a missing or damaged one is an empty one.
            return ()
        return tuple(path for path in paths if path.is_file())

    def exists(self, path: Path) -> bool:
        """Tell whether there is a vault."""
        return path.is_file()

    def has_keyring_slot(self, path: Path) -> bool:
        """Tell whether the keyring may open the vault."""
        return self._runtime.vaults.has_keyring_slot(path)

    def describe(self, path: Path) -> VaultInfo:
        """Return what the header says without a key."""
        return self._runtime.vaults.describe(path)

    async def create(self, path: Path, passphrase: str, book: Book) -> Workspace:
        """Make a vault with one book and open it."""
        return await self._opened(path, lambda: self._runtime.vaults.create(path, passphrase.encode(), book))

    async def unlock(
        self, path: Path, passphrase: str | None, *, book: str | None = None, accept_older: bool = False
    ) -> Workspace:
        """Open a vault with its passphrase, or by the keyring where it is None."""
        words = None if passphrase is None else passphrase.encode()
        vaults = self._runtime.vaults
        return await self._opened(path, lambda: vaults.open(path, words, book=book, accept_older=accept_older))

    async def _opened(self, path: Path, opening: Callable[[], OpenVault]) -> Workspace:
        threads = Threads()
        try:
            vault = await threads.write(opening)
            workspace = Workspace(path, self._runtime, vault, threads)
            await workspace.market_data.load()
        except BaseException:
            threads.close()
            raise
        if not vault.book.simulated:
            # A vault of made-up books is reached through the demo; it is not what a person opened last.
            # The list is a convenience: a settings folder that takes nothing must not keep a vault from opening.
            with suppress(OSError):
                self._remember(path)
        return workspace

    async def restore(self, backup: Path, target: Path, passphrase: str) -> VaultInfo:
        """Check a backup and put it in place as a new vault."""
        return await _away(lambda: self._runtime.vaults.restore(backup, target, passphrase.encode()))

    async def destroy(self, path: Path) -> None:
        """Erase the keys of a vault, then its files."""
        await _away(lambda: self._runtime.vaults.destroy(path))

    def _remember(self, path: Path) -> None:
        paths = [path.absolute(), *(known for known in self.recent() if known != path.absolute())][:_KEPT]
        folder = self._runtime.settings_folder
        folder.mkdir(parents=True, exist_ok=True)
        written = folder / f"{_RECENT}.new"
        written.touch(mode=0o600)
        written.write_text(json.dumps({"vaults": [str(known) for known in paths]}, indent=1), "utf-8")
        written.replace(folder / _RECENT)


async def _away(call: Callable[[], T]) -> T:
    threads = Threads()
    try:
        return await threads.write(call)
    finally:
        threads.close()
