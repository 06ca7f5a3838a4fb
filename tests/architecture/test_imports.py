"""Who may know whom: the contracts of pyproject.toml hold, and would be seen to break."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.application import use_cases
from importlinter.configuration import configure

ROOT = Path(__file__).parents[2]
LINT = "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache', '--no-logo'])"

PLANTED = [
    ("core/model/planted.py", "import asyncio", "The core has no input or output"),
    ("core/ledger/planted.py", "import numpy", "Money is exact"),
    ("core/planted.py", "from app import storage", "Every package knows only what is below it"),
    ("ui/planted.py", "from app import cli", "Every package knows only what is below it"),
    ("newcomer/__init__.py", "", "Every package knows only what is below it"),
    ("services/planted.py", "import app.connectors", "see ports, never adapters"),
    ("ui/planted.py", "import app.storage.migrations", "see ports, never adapters"),
    ("demo/planted.py", "import app.connectors.exchanges", "see ports, never adapters"),
    ("services/planted.py", "import PySide6.QtCore", "Qt only in the window"),
    ("documents/planted.py", "import sqlcipher3", "SQLCipher only in the storage"),
    ("connectors/prices/planted.py", "import ccxt", "ccxt only behind the bridge"),
    ("connectors/files/planted.py", "import app.connectors.prices", "Families of connectors"),
    ("connectors/exchanges/kraken.py", "import app.connectors.exchanges.binance", "Venues do not know each other"),
    ("services/planted.py", "import app.services.planted_too", "No cycles between siblings"),
]


def test_every_contract_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    configure()

    assert use_cases.lint_imports(config_filename="pyproject.toml", cache_dir=None, no_logo=True)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Return a copy of the program in which something may be planted."""
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("file", "line", "contract"), PLANTED, ids=lambda value: str(value).partition("/")[0])
def test_a_planted_violation_is_named(house: Path, file: str, line: str, contract: str) -> None:
    plant(house / "app" / file, line)
    plant(house / "app/services/planted_too.py", "import app.services.planted" if "planted_too" in line else "")
    plant(house / "app/connectors/exchanges/binance.py", "")
    ended = subprocess.run([sys.executable, "-c", LINT], cwd=house, capture_output=True, text=True, check=False)  # noqa: S603 - our own words

    broken = [told for told in ended.stdout.splitlines() if told.endswith(" BROKEN")]
    assert ended.returncode == 1, ended.stdout
    assert [told for told in broken if contract in told], ended.stdout


def plant(path: Path, line: str) -> None:
    """Append a line to a file, which is made where there is none."""
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(f"\n{line}\n")
