"""Every benchmark runs on small data and prints the shape that others read; how good its figures are is no test."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
KEYS = {"name", "value", "unit", "reference", "reference_value", "ratio", "goal", "met"}
GOALS = {
    "books": {"≤ 3 s", "≤ 0 breaks", "≤ 5 s", "≥ 1 share", "≥ 0.99 share", "≥ 0.98 share", "≤ 200 ms"},
    "calls": set[str](),
    "replay": {"≤ 50 ms"},
    "charts": {"≥ 60 frames/s", "≤ 16.7 ms", "≤ 4 ms"},
    "feed": {"≤ 60 ms", "≤ 25 %", "≤ 10 %", "≤ 5 MB", "≤ 60 s", "≤ 1 states"},
    "import": {"≤ 3 s", "≤ 10 s"},
    "lots": {"≥ 20 × rp2", "≤ 6 CPU s", "≤ 12 CPU s", "≤ 1,024 MB", "≤ 5 CPU s", "≤ 100 CPU ms", "≤ 2 CPU s"},
    "risk": {"≤ 0.5 ms", "≤ 50 µs", "≤ 1e-09 share", "≤ 1 ms", "≤ 0.1 ms", "≤ 15 µs", "≥ 60 ×", "≤ 1.5 s", "≤ 20 ms"},
    "ui": {"≤ 50 ms", "≤ 100 ms", "≤ 2 s", "≥ 95 1/s"},
    "unlock": {"≤ 1.5 s", "≤ 50 ms", "≤ 150 ms"},
    "ingest": {"≥ 10,000 entries/s", "≤ 3 × plain sqlite3 inserts of the same rows"},
}
_SECONDS = 120


@pytest.mark.parametrize("name", GOALS)
def test_a_benchmark_prints_its_figures_with_their_goals(name: str, tmp_path: Path) -> None:
    document = printed(tmp_path, name, "--quick", "--json")

    assert {"name", "figures"} == set(document)
    assert name == document["name"]
    assert all(set(figure) == KEYS for figure in document["figures"])
    assert all(math.isfinite(figure["value"]) for figure in document["figures"])
    assert {figure["goal"] for figure in document["figures"]} - {None} == GOALS[name]
    assert all((figure["met"] is None) == (figure["goal"] is None) for figure in document["figures"])


def test_a_benchmark_leaves_no_vault_behind(tmp_path: Path) -> None:
    printed(tmp_path, "import", "--quick", "--json")

    assert sorted(path.name for path in tmp_path.rglob("*.vault*")) == []


def test_an_unknown_benchmark_is_wrong_usage(tmp_path: Path) -> None:
    ended = called(tmp_path, "speed")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "ingest" in ended.stderr


@pytest.mark.parametrize("words", [("risk", "--seconds", "5"), ("feed", "--seconds", "0")])
def test_seconds_are_of_the_feed_and_above_zero(words: tuple[str, ...], tmp_path: Path) -> None:
    ended = called(tmp_path, *words)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "--seconds" in ended.stderr


def printed(folder: Path, *words: str) -> Any:
    """Return the one document that `counterfoil bench` prints."""
    ended = called(folder, *words)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def called(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `counterfoil bench` as a process that has a home and a folder for temporary files of its own."""
    home = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CACHE", "CONFIG", "DATA", "STATE")}
    return subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "app", "bench", *words],
        cwd=ROOT,
        env={**os.environ, **home, "HOME": str(folder), "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
