"""The search for cycles: on the main thread, and only there."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.ui import collector
from app.ui.collector import Collector


class Ring:
    """Something that only the search for cycles lets go of."""

    def __init__(self) -> None:
        self.itself = self


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


def test_the_program_itself_is_searched_neither_from_the_start_nor_after_a_lock(qtbot: QtBot) -> None:
    gc.unfreeze()
    collector.watch_over(QObject())
    from_the_start = len(gc.get_objects())
    gc.unfreeze()
    collector.search_all()

    assert from_the_start < 1_000
    assert len(gc.get_objects()) < 1_000
