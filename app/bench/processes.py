"""The program as processes of its own: rounds of a benchmark that must start afresh, and the start itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_PATIENCE = 180.0


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
