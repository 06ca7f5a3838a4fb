"""What every test stands on: no display, no keyring, no folder of this machine's user."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[1]
PROOF = ROOT / "resources" / "data" / "proof.json"
"""Which tests proved which venue: what `connect venues` prints. Made by every whole run, so it is no source."""

PROVING = ("tests/connectors/exchanges/test_", "tests/connectors/files/test_", "tests/demo/test_")
VENUES = ("binance", "coinbase", "kraken")
DATA_VARIABLE = "COUNTERFOIL_DATA"

# Both are read when a library is first imported, so they are set before any test module is.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

# A shared or slow machine is no reason to fail; CI tries the same examples each time.
_PATIENT = [HealthCheck.too_slow]
settings.register_profile("local", deadline=None, suppress_health_check=_PATIENT)
settings.register_profile("ci", deadline=None, suppress_health_check=_PATIENT, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session", autouse=True)
def platform_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Point every folder of the user's platform into one of the test run's own."""
    home = tmp_path_factory.mktemp("home")
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        for name in ("CACHE", "CONFIG", "DATA", "STATE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        yield home


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Return the folder with recorded answers and real prices; skip where it is absent."""
    named = os.environ.get(DATA_VARIABLE)
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no recorded data: {DATA_VARIABLE} names no existing folder, nor is there {folder}")
    return folder


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write down what a whole run without a failure has proved; part of a run proves nothing new."""
    asked = session.config.option
    is_whole = session.config.args == session.config.getini("testpaths") and not (asked.keyword or asked.markexpr)
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus or not is_whole or reporter is None:
        return
    passed = sorted(str(report.nodeid) for report in reporter.stats.get("passed", []) if report.when == "call")
    proved = {venue: [one for one in passed if _is_proof(one, venue)] for venue in VENUES}
    PROOF.write_text(json.dumps({"commit": _commit(), "venues": proved}, indent=1) + "\n", "utf-8")


def _is_proof(test: str, venue: str) -> bool:
    return any(test.startswith(f"{start}{venue}") for start in PROVING)


def _commit() -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    told = subprocess.run([git, "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return told.stdout.strip() or None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were skipped, and why, just above the last line."""
    reasons = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ") for report in terminalreporter.getreports("skipped")
    )
    terminalreporter.section(f"{reasons.total()} skipped", sep="-")
    for reason, count in reasons.most_common():
        terminalreporter.line(f"{count} × {reason}")
