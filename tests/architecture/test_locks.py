"""What is installed is pinned, checked by hash, and bound to no address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parents[2] / "requirements"
LOCKS = ["run.lock", "dev.lock"]
ADDRESS = re.compile(r"://|^\s*(?:-i|-f|--(?:extra-)?index-url|--find-links|--trusted-host)\b|\s@\s", re.MULTILINE)


def pins(lock: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Return version and hashes of each package of a lock file."""
    text = (REQUIREMENTS / lock).read_text("utf-8")
    found = {}
    for block in re.split(r"\n(?=[A-Za-z0-9])", f"\n{text}")[1:]:
        name, _, rest = block.partition("==")
        found[name] = (rest.split()[0], frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})\b", block)))
    return found


def asked(source: str) -> set[tuple[str, str]]:
    """Return name and version of what a source list asks for."""
    lines = (REQUIREMENTS / source).read_text("utf-8").splitlines()
    return {(line.partition("==")[0].lower(), line.partition("==")[2]) for line in lines if line[:1].isalpha()}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_a_hash(lock: str) -> None:
    assert pins(lock)
    assert [name for name, (_, hashes) in pins(lock).items() if not hashes] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    assert ADDRESS.findall((REQUIREMENTS / lock).read_text("utf-8")) == []


def test_what_runs_is_locked_as_what_is_tested() -> None:
    tested = pins("dev.lock")

    assert {name: pin for name, pin in pins("run.lock").items() if tested.get(name) != pin} == {}


@pytest.mark.parametrize(("source", "lock"), [("run.in", "run.lock"), ("dev.in", "dev.lock")])
def test_a_lock_holds_what_its_source_asks_for(source: str, lock: str) -> None:
    locked = {(name.lower(), version) for name, (version, _) in pins(lock).items()}

    assert asked(source) - locked == set()
