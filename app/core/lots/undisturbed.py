"""Keeps Python's search for reference cycles out of work that makes millions of values and no cycle."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def undisturbed(work: Callable[P, R]) -> Callable[P, R]:
    """Return the function, during which nothing searches for cycles: with a million lots that took half its time."""

    @functools.wraps(work)
    def without_search(*args: P.args, **words: P.kwargs) -> R:
        was_on = gc.isenabled()
        gc.disable()
        try:
            return work(*args, **words)
        finally:
            if was_on:
                gc.enable()

    return without_search
