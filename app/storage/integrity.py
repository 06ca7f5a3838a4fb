"""Pages of a database file: whether each is as it was written."""

from __future__ import annotations

import re
from typing import Any

_NUMBER = re.compile(r"\bpage (\d+)")
_SHOWN = 12


def damaged_pages(connection: Any, *, in_structure: bool = True) -> str:
    """Return which pages are damaged, in words; "" where all are sound.

    Every page carries a code that only the key makes, so a page that is not as it was written is always found.
    `in_structure` also follows the trees that pages form, which takes twice as long and finds what SQLite itself
    may have written wrong.

    SQLCipher reads the main file below the write-ahead log: what is still in the log must be moved over first.
    """
    told = [str(line) for (line,) in connection.execute("PRAGMA cipher_integrity_check").fetchall()]
    if told:
        numbers = sorted({int(number) for line in told for number in _NUMBER.findall(line)})
        if not numbers:
            return told[0]
        shown = ", ".join(map(str, numbers[:_SHOWN]))
        more = f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
        return f"page{'s' if len(numbers) > 1 else ''} {shown}{more} of the file changed or cut"
    if not in_structure:
        return ""
    (sound,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    return "" if sound == "ok" else " ".join(str(sound).split())
