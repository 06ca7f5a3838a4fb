"""What is settled once for an application, before there is a window."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.ui.application import prepare
from tests.ui.fake_vaults import runtime_with_vaults

PYTHONS_OWN, SOON = 0.005, 0.0001


@pytest.mark.parametrize(("before", "then"), [(PYTHONS_OWN, SOON), (SOON / 2, SOON / 2)])
def test_threads_give_way_to_the_window_soon_and_never_later_than_they_did(
    before: float, then: float, qtbot: QtBot, tmp_path: Path
) -> None:
    # Python keeps whole microseconds.
    own = sys.getswitchinterval()
    sys.setswitchinterval(before)
    try:
        prepare(runtime_with_vaults(tmp_path))
        found = sys.getswitchinterval()
    finally:
        sys.setswitchinterval(own)

    assert then == pytest.approx(found, abs=2e-6)
