"""The program as processes of its own: rounds of a benchmark that must start afresh, and the start itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_LOGGED = {"QT_LOGGING_RULES": "qt.widgets.painting=true"}
_PAINTED = "qt.widgets.painting: Flushing"

ROOT = Path(__file__).parents[2]
_PATIENCE = 600.0
"""Seconds: what a peer does may take a minute of a processor of its own."""


def program(*words: str) -> list[str]:
    """Return the command line of this very program."""
    return [sys.executable, "-m", "app", *words]


def round_of(name: str, folder: Path) -> Any:
    """Return what one round of a benchmark measured, in a process that has shown nothing before."""
    ended = subprocess.run(  # noqa: S603 - our own words
        program("bench", name, "--round", str(folder)),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    if ended.returncode:
        message = f"A round of bench {name} ended with status {ended.returncode}: {ended.stderr.strip()}"
        raise RuntimeError(message)
    return json.loads(ended.stdout)


def first_window(vault: Path) -> float:
    """Return the seconds from spawning the program on a vault until its window is painted for the first time.

    It is the program as it ships: Qt itself logs when it hands a painted window to the display.
    """
    started = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own words
        program("--vault", str(vault)),
        cwd=ROOT,
        env={**os.environ, **_LOGGED},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        lines = process.stderr or ()
        try:
            for line in lines:
                if line.startswith(_PAINTED):
                    return time.perf_counter() - started
        finally:
            process.terminate()
    message = f"The program ended with status {process.returncode} before it had painted a window."
    raise RuntimeError(message)
