"""Loads what charts are drawn with in a thread, before the first one: it takes a moment in which nothing would move."""

from __future__ import annotations

import threading
from functools import cache
from importlib import import_module


@cache
def load_ahead() -> threading.Thread:
    """Begin to load pyqtgraph, once; whoever needs it before it is there waits for the rest only."""
    made = threading.Thread(target=import_module, args=("pyqtgraph",), name="charts", daemon=True)
    made.start()
    return made
