"""Files of the vault: made for their owner only, replaced whole, locked between processes."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core.errors import InputError, StorageFullError, VaultError, VaultLockedError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_OWNER_ONLY = 0o600
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.EEXIST, errno.ENOTDIR, errno.EISDIR)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NEXT_TRY = 0.001
_AT_ONCE = 1 << 20


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn a fault of the file system into one that a person can be told."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise full(path) from error
        message = f"The file system refused: {error.strerror or error}."
        kind = InputError if error.errno in _REFUSED else VaultError
        raise kind(message, hint="Check the folder, its rights and the disk.", where=str(path)) from error


def full(path: Path) -> StorageFullError:
    """Return the error for a disk without room."""
    message = "The disk is full; nothing of this step was kept."
    return StorageFullError(message, hint="Free some space and try again.", where=str(path))


def make_private(path: Path) -> None:
    """Make an empty file that only its owner may read; an existing one stays as it is."""
    with told(path):
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, _OWNER_ONLY))


def write_whole(path: Path, content: bytes, *, is_synced: bool = True) -> None:
    """Replace a file by a new content: after a crash it is the old one or the new one."""
    partial = path.with_name(f"{path.name}.{os.getpid()}-partial")
    with told(path):
        try:
            file = os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, _OWNER_ONLY)
            with os.fdopen(file, "wb") as stream:
                stream.write(content)
                stream.flush()
                if is_synced:
                    os.fsync(stream.fileno())
            partial.replace(path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise
        if is_synced:
            sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder outlive a power cut; Windows keeps them by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_in_place(partial: Path, path: Path) -> None:
    """Give a finished file its name; InputError where the name was taken meanwhile."""
    with told(path):
        try:
            os.link(partial, path)
        except FileExistsError as error:
            message = f"{path.name} exists already."
            raise InputError(message, hint="Choose another name.", where=str(path)) from error
        except OSError:
            # File systems without hard links (FAT, some shares): the check and the renaming are two steps there.
            if path.exists():
                message = f"{path.name} exists already."
                raise InputError(message, hint="Choose another name.", where=str(path)) from None
            partial.replace(path)
        partial.unlink(missing_ok=True)
        sync_folder(path.parent)


def overwrite_and_remove(path: Path, start: int = 0, length: int | None = None) -> None:
    """Write random bytes over a part of a file (all of it by default), then delete the file."""
    if not path.exists():
        return
    with told(path):
        with path.open("r+b") as file:
            end = path.stat().st_size if length is None else start + length
            file.seek(start)
            while file.tell() < end:
                file.write(os.urandom(min(_AT_ONCE, end - file.tell())))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


class FileLock:
    """A lock between processes, and between several openings in one; the system lets go of it when a process dies."""

    def __init__(self, path: Path) -> None:
        """Take the lock's file, which is made and stays."""
        self._path = path
        with told(path):
            self._file = os.open(path, os.O_CREAT | os.O_RDWR, _OWNER_ONLY)

    @contextmanager
    def held(self, patience: float) -> Iterator[None]:
        """Hold the lock; VaultLockedError where somebody else has it for longer than the patience in seconds."""
        until = time.monotonic() + patience
        while not self._taken():
            if time.monotonic() > until:
                message = f"Another Counterfoil has been writing to this vault for more than {patience:g} seconds."
                raise VaultLockedError(message, hint="Wait for it or close it.", where=str(self._path))
            time.sleep(_NEXT_TRY)
        try:
            yield
        finally:
            self._release()

    def take(self) -> bool:
        """Take the lock if nobody has it, and hold it until it is closed; tell whether it is ours."""
        return self._taken()

    def close(self) -> None:
        """Close the lock's file, which lets go of the lock."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    if sys.platform == "win32":
        # Not tried on a real Windows yet.
        def _taken(self) -> bool:
            os.lseek(self._file, 0, os.SEEK_SET)
            try:
                msvcrt.locking(self._file, msvcrt.LK_NBLCK, 1)
            except OSError:
                return False
            return True

        def _release(self) -> None:
            os.lseek(self._file, 0, os.SEEK_SET)
            msvcrt.locking(self._file, msvcrt.LK_UNLCK, 1)

    else:

        def _taken(self) -> bool:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        def _release(self) -> None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
