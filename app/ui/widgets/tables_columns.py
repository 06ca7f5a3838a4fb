"""How the width of a table is shared out: figures get what they need, text gives way, the least wanted leaves whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings

ALWAYS = 100


@dataclass(frozen=True, slots=True)
class Want:
    """What a column asks for: at least `least`, for text better `natural`."""

    number: int
    least: int
    natural: int
    priority: int
    gives_way: bool


def shared(wants: Sequence[Want], available: int) -> dict[int, int]:
    """Return the width of each column that stays; what is missing leaves for want of space."""
    staying = list(wants)
    while sum(want.least for want in staying) > available:
        removable = [want for want in staying if want.priority < ALWAYS]
        if not removable:
            break
        staying.remove(min(removable, key=lambda want: (want.priority, -want.number)))
    widths = {want.number: want.least for want in staying}
    spare = max(0, available - sum(widths.values()))
    texts = [want for want in staying if want.gives_way]
    for want in sorted(texts, key=lambda want: -want.priority):
        granted = min(spare, max(0, want.natural - want.least))
        widths[want.number] += granted
        spare -= granted
    receivers = texts or staying
    left, whole = max(0, available - sum(widths.values())), sum(max(1, want.natural) for want in receivers)
    for want in receivers:
        widths[want.number] += left * max(1, want.natural) // whole
    if receivers:
        widths[receivers[-1].number] += max(0, available - sum(widths.values()))
    return widths


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The columns as a person arranged them."""

    order: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


class Kept:
    """Where arrangements are kept; without a folder they last as long as the window. Nothing here names an asset."""

    def __init__(self, folder: Path | None) -> None:
        """Take the folder of the settings."""
        self._file = None if folder is None else QSettings(str(folder / "tables.ini"), QSettings.Format.IniFormat)

    def read(self, name: str) -> Arrangement:
        """Return the arrangement of a table as it was left."""
        text = "" if self._file is None else str(self._file.value(name, ""))
        try:
            kept = json.loads(text or "{}")
            return Arrangement(tuple(kept.get("order", ())), tuple(kept.get("hidden", ())))
        except (ValueError, TypeError, AttributeError):
            return Arrangement()  # an edited or foreign settings file: start with the usual order

    def write(self, name: str, arrangement: Arrangement) -> None:
        """Keep the arrangement of a table."""
        if self._file is not None:
            self._file.setValue(name, json.dumps({"order": arrangement.order, "hidden": arrangement.hidden}))
