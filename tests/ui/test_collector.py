"""The search for cycles: on the main thread, and only there."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from itertools import count

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.ui import collector
from app.ui.collector import Collector


class Ring:
    """Something that only the search for cycles lets go of."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def found(qtbot: QtBot) -> Iterator[Collector]:
    """Return a collector that has left out everything so far; no loop runs, so that its beats are the test's."""
    owner = QObject()
    collector.search_all()
    yield Collector(owner)
    collector.search_all()


def rings() -> int:
    return sum(isinstance(one, Ring) for one in gc.get_objects())


def test_python_does_not_search_by_itself_any_more(qtbot: QtBot) -> None:
    owner = QObject()
    collector.watch_over(owner)
    collector.watch_over(owner)

    assert (gc.isenabled(), len(owner.findChildren(Collector))) == (False, 1)


def test_what_is_due_is_collected(qtbot: QtBot) -> None:
    owner = QObject()
    collector.watch_over(owner)
    watching = owner.findChild(Collector)
    assert isinstance(watching, Collector)
    made = [Ring() for _ in range(2_000)]
    del made
    before = rings()
    watching.collect()

    assert (before >= 2_000, rings()) == (True, 0)


def test_the_answer_of_a_computation_is_left_out_until_nobody_waits(qtbot: QtBot) -> None:
    owner = QObject()
    collector.watch_over(owner)
    watching = owner.findChild(Collector)
    assert isinstance(watching, Collector)
    watching.collect()
    made = [Ring() for _ in range(30_000)]
    watching.collect()
    left_out = gc.get_freeze_count() > len(made)
    del made
    gc.collect()
    kept = rings()
    collector.search_all()

    assert (left_out, kept, rings()) == (True, 0, 0)


def test_what_outlives_a_search_is_searched_once_more_and_then_left_out(found: Collector) -> None:
    kept = [Ring() for _ in range(1_000)]
    found.collect()
    del kept
    found.collect()
    before = rings()
    for _ in range(collector._AGAIN - 2):
        found.collect()
    after = rings()
    outlived = [Ring() for _ in range(1_000)]
    for _ in range(collector._AGAIN):
        found.collect()
    seen, count = rings(), gc.get_freeze_count()

    assert (before, after, seen) == (1_000, 0, 0)
    assert count > len(outlived)


def test_survivors_of_long_searches_are_searched_before_they_are_too_many_for_one_turn(
    found: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = count(step=2 * collector._ENOUGH)
    monkeypatch.setattr(collector, "thread_time", lambda: next(clock))
    kept = [Ring() for _ in range(1_000)]
    found.collect()
    del kept
    before = rings()
    found.collect()
    after, left_out = rings(), gc.get_freeze_count()
    young = [Ring() for _ in range(1_000)]
    found.collect()
    left_out_then = gc.get_freeze_count()
    del young
    found.collect()

    assert (before, after) == (1_000, 0)
    # It counts anew then: what is searched for the first time is left out no sooner for it.
    assert (left_out_then <= left_out, rings()) == (True, 0)


def test_old_objects_that_go_do_not_hide_new_ones(found: Collector) -> None:
    old = [Ring() for _ in range(5_000)]
    gc.freeze()
    made = [Ring() for _ in range(5_000)]
    for ring in old:
        del ring.itself
    del ring
    old.clear()
    del made
    is_hidden = gc.get_count()[0] < gc.get_threshold()[0]
    found.collect()

    assert (is_hidden, rings()) == (True, 0)


def test_a_beat_lists_no_objects_which_would_break_tuples_that_other_threads_make(
    found: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[object] = []

    def list_all(generation: object = None) -> list[object]:
        listed.append(generation)
        return []

    monkeypatch.setattr(gc, "get_objects", list_all)
    for _ in range(2 * collector._AGAIN):
        found.collect()

    assert listed == []


def test_the_program_itself_is_searched_neither_from_the_start_nor_after_a_lock(qtbot: QtBot) -> None:
    gc.unfreeze()
    collector.watch_over(QObject())
    from_the_start = len(gc.get_objects())
    gc.unfreeze()
    collector.search_all()

    assert from_the_start < 1_000
    assert len(gc.get_objects()) < 1_000
