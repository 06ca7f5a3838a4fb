"""Widgets are collected on the main thread only, as in the program; after each test all is seen as usual."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from app.ui import format as fmt
from app.ui import theme


@pytest.fixture(scope="module", autouse=True)
def _collected_on_the_main_thread() -> Iterator[None]:
    """Keep Python's search for cycles out of other threads while windows are open."""
    gc.disable()
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def _collected_after_each_test(_collected_on_the_main_thread: None) -> Iterator[None]:
    """Let go of what a test has made before the next one begins."""
    yield
    gc.collect(1)


@pytest.fixture(autouse=True)
def _seen_as_usual() -> Iterator[None]:
    """Put figures in sight and the look back after each test, whatever it left."""
    yield
    fmt.set_mask(fmt.Mask.NOTHING)
    theme.use(mode="dark", scheme="standard", density=None, is_reduced=False)
