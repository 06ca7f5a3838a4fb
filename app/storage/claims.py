"""Claims: one process at a time reads a connection, because two with one key disturb each other's requests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from app.storage.files import FileLock


class FileClaim:
    """The right to read one connection, until it is closed or the process dies."""

    def __init__(self, lock: FileLock) -> None:
        """Take a lock that is held."""
        self._lock = lock

    def close(self) -> None:
        """Let others read it."""
        self._lock.close()


def claimed(vault: Path, book: str, name: str) -> FileClaim | None:
    """Return the claim on a connection; None where another process, or another opening in this one, has it."""
    lock = FileLock(_path(vault, book, name))
    try:
        is_ours = lock.take()
    except BaseException:
        lock.close()
        raise
    if is_ours:
        return FileClaim(lock)
    lock.close()
    return None


def claim_files(vault: Path) -> Iterator[Path]:
    """Yield the files of claims beside a vault; they are empty, and stay where a process died."""
    start = f"{vault.name}-reading-"
    return (path for path in vault.parent.iterdir() if path.name.startswith(start))


def _path(vault: Path, book: str, name: str) -> Path:
    # Names of connections are a person's words; no file system takes all of them.
    known_as = hashlib.sha256(f"{book}\n{name}".encode()).hexdigest()[:16]
    return vault.with_name(f"{vault.name}-reading-{known_as}")
