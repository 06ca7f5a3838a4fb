"""What can be said of a fault without saying secrets."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

_SECRET = re.compile(r"[A-Za-z0-9+/_=-]{20,}")


def redacted(text: str) -> str:
    """Return a text in which everything long enough to be a key is only its length."""
    return _SECRET.sub(_length, text)


def _length(found: re.Match[str]) -> str:
    return f"[{len(found[0])} characters]"


def trace(fault: BaseException) -> str:
    """Return where a fault happened, by file and line, without values."""
    frames = traceback.extract_tb(fault.__traceback__)
    lines = [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join([f"{type(fault).__name__}: {redacted(str(fault))}", *lines])
