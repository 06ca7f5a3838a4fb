"""An archive in which nothing is of now: the same content gives the same bytes whenever it is written."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first moment that the format knows."""


class SteadyArchive(ZipFile):
    """Takes parts as the writer of workbooks gives them, and forgets when that was."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_more: Any, **_named: Any) -> None:
        """Write a part."""
        name = zinfo_or_arcname.filename if isinstance(zinfo_or_arcname, ZipInfo) else zinfo_or_arcname
        super().writestr(_part(name), data, ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_more: Any, **_named: Any) -> None:
        """Write a file as a part, however long it is."""
        part = _part(str(arcname or filename))
        part.file_size = Path(filename).stat().st_size
        with Path(filename).open("rb") as given, self.open(part, "w") as taken:
            shutil.copyfileobj(given, taken)


def _part(name: str) -> ZipInfo:
    made = ZipInfo(name, _LONG_AGO)
    made.compress_type = ZIP_DEFLATED
    return made
