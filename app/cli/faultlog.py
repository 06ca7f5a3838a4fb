"""Where the details of an unexpected fault go: a file beside the settings, without secrets."""

from __future__ import annotations

import os
import re
import traceback
from pathlib import Path

from app.core.clock import iso
from app.core.errors import CounterfoilError
from app.core.ports import Clock

_SECRET = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
_LARGEST = 1_000_000


def redacted(text: str) -> str:
    """Return a text in which everything long enough to be a key is only its length."""
    return _SECRET.sub(lambda match: f"[{len(match[0])} characters]", text)


def keep(error: Exception, settings_folder: Path, clock: Clock) -> CounterfoilError:
    """Append the trace of a fault to the log and return the fault in one line."""
    message = f"Something unexpected happened: {type(error).__name__}: {redacted(str(error)) or 'no details'}."
    file = settings_folder / "faults.log"
    trace = "".join(_frame(frame) for frame in traceback.extract_tb(error.__traceback__))
    try:
        settings_folder.mkdir(parents=True, exist_ok=True)
        _append(file, f"{iso(clock.now_ns())} {message}\n{trace}\n")
    except OSError as refused:
        return CounterfoilError(message, hint=f"The details could not be kept: {refused.strerror}.")
    return CounterfoilError(message, hint=f"The details are in {file}.")


def _frame(frame: traceback.FrameSummary) -> str:
    return f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}\n"


def _append(file: Path, text: str) -> None:
    is_full = file.exists() and file.stat().st_size > _LARGEST
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if is_full else os.O_APPEND)
    handle = os.open(file, flags, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as stream:
        stream.write(text)
