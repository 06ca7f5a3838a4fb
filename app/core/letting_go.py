"""Frees many values a part at a time: all at once would stand every other thread still until the last is freed."""

from __future__ import annotations

from typing import Any

_AT_ONCE = 500
"""Values, some of which have dozens of others below them: well under a millisecond."""


def let_go(values: list[Any]) -> None:
    """Empty a list from its end; between two parts, whoever waits for the interpreter may have it."""
    while values:
        del values[-_AT_ONCE:]
