"""Files whose bytes are made elsewhere: one, a folder of them, or a zip archive."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO

from app.core.errors import InputError
from app.documents.whole_files import write_whole

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The moment of every member: when an archive was made is no part of what it says."""


class RawFiles:
    """Writes bytes as they are."""

    def folder(self, folder: Path, files: Mapping[str, bytes]) -> None:
        """Write files into a folder that is new or empty; names may have folders of their own."""
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            message = f"{folder} is there and not an empty folder."
            raise InputError(message, hint="Choose a new one.", where=str(folder))
        if not folder.parent.is_dir():
            message = f"The folder {folder.parent} does not exist."
            raise InputError(message, hint="Make it first, or choose another place.", where=str(folder))
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, partial(_fill, content=content))

    def whole(self, path: Path, content: bytes) -> None:
        """Write one file whole or not at all."""
        write_whole(path, partial(_fill, content=content))

    def archive(self, path: Path, files: Mapping[str, bytes]) -> None:
        """Write a zip archive whole or not at all; the same files give the same bytes."""
        write_whole(path, partial(_zip, files=files))


def _fill(stream: BinaryIO, content: bytes) -> None:
    stream.write(content)


def _zip(stream: BinaryIO, files: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EARLIEST), content, zipfile.ZIP_DEFLATED)
