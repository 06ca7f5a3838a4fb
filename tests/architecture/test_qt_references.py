"""The installed PySide6 keeps the counts of None, True and False.

PySide6 6.12.0 on Python 3.11 drops one reference for each call that returns nothing and each signal that Python
emits, until the process dies with "none_dealloc" or "bool_dealloc". Hence the pin, and this check before it is moved.
"""

from __future__ import annotations

import os
import subprocess
import sys

CALLS = 500
NOISE = 50  # what else a process does with None meanwhile

# A process of its own: where references are lost, its end is not an orderly one.
PROGRAM = f"""
import json, os, sys
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

class Source(QObject):
    told = Signal(object)

app = QCoreApplication([])
timer, lonely, source = QTimer(), QObject(), Source()
source.told.connect(lambda value: None)
calls = {{
    "a call that returns nothing": (lambda: timer.setInterval(5), None),
    "the event loop": (app.processEvents, None),
    "a missing parent": (lonely.parent, None),
    "a call that returns False": (timer.isActive, False),
    "a signal, None": (lambda: source.told.emit(1), None),
    "a signal, True": (lambda: source.told.emit(1), True),
}}
changes = {{}}
for name, (call, value) in calls.items():
    call()
    before = sys.getrefcount(value)
    for _ in range({CALLS}):
        call()
    changes[name] = sys.getrefcount(value) - before
print(json.dumps(changes), flush=True)
os._exit(any(abs(change) >= {NOISE} for change in changes.values()))
"""


def test_calls_into_qt_lose_no_reference() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
