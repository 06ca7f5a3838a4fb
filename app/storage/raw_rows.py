"""One row of a page as its source wrote it, for people to compare."""

from __future__ import annotations

import json
import re
from typing import Any

_CHARSET = re.compile(r"charset=\"?([\w.:-]+)", re.IGNORECASE)
_NUMBER = re.compile(r'"\\u0000([^"]*)\\u0000"')


def raw_row(content: bytes, media_type: str, row: int) -> str:
    """Return a row of a page: an element of the first list of JSON, a line (from 0) of text; "" where there is none."""
    named = _CHARSET.search(media_type)
    try:
        text = content.decode(named.group(1) if named else "utf-8-sig")
    except (UnicodeDecodeError, LookupError):
        text = content.decode("utf-8", errors="replace")
    if "json" in media_type:
        return _json_row(text, row)
    lines = text.splitlines()
    return lines[row] if 0 <= row < len(lines) else ""


def _json_row(text: str, row: int) -> str:
    try:
        page = json.loads(text, parse_float=lambda digits: f"\0{digits}\0")
    except ValueError:
        return ""
    rows = _first_list(page)
    if rows is None or not 0 <= row < len(rows):
        return ""
    # Numbers stay digit for digit as the source wrote them: they never become floats on the way.
    return _NUMBER.sub(r"\1", json.dumps(rows[row], indent=2, ensure_ascii=False))


def _first_list(page: Any) -> list[Any] | None:
    """Return the first list of objects, nearest to the top; a map of objects counts as the list of its values."""
    level = [page]
    while level:
        for part in level:
            if isinstance(part, list):
                return part
        for part in level:
            if isinstance(part, dict) and part and all(isinstance(value, dict) for value in part.values()):
                inner = list(part.values())
                if not any(isinstance(value, (list, dict)) for one in inner for value in one.values()):
                    return inner
        level = [value for part in level if isinstance(part, dict) for value in part.values()]
    return None
