"""A session without a display: the window says so in one line instead of ending with a signal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
MESSAGE = (
    "There is no display for the window: neither DISPLAY nor WAYLAND_DISPLAY is set. "
    "Use the command line (counterfoil --help), or for pictures: counterfoil demo --headless."
)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
@pytest.mark.parametrize("words", [(), ("demo",)], ids=["window", "demo"])
def test_without_a_display_the_program_says_what_to_do(words: tuple[str, ...]) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "app", *words],
        cwd=Path(__file__).parents[2],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 3
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1
    assert MESSAGE in ended.stderr
