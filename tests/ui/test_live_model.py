"""Rows that move many times a second: what is told, what flashes, and what is sorted when."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.ui.models.columns import figure_column, text_column
from app.ui.models.live import LiveModel
from app.ui.models.rows import Branch

D = Decimal
ONE = D(1)


@dataclass(frozen=True)
class Row:
    key: str
    price: Decimal
    volume: Decimal = ONE


def plain(value: Decimal) -> str:
    return f"{value:f}"


def made(*rows: Row) -> LiveModel:
    columns = (
        text_column("asset", "Asset", lambda row: row.key),
        figure_column("price", "Price", lambda row: row.price, lambda row: plain(row.price), is_live=True),
        figure_column("volume", "Volume", lambda row: row.volume, lambda row: plain(row.volume)),
    )
    model = LiveModel(columns, lambda row: row.key)
    model.show([Branch(row.key, row) for row in rows], fresh=True)
    return model


ROWS = tuple(Row(f"A{number:03}", D(100 + number)) for number in range(100))


@pytest.fixture
def model() -> LiveModel:
    return made(*ROWS)


def told(model: LiveModel) -> list[tuple[int, int, int, int]]:
    """Return what is told of changes, as they come."""
    heard: list[tuple[int, int, int, int]] = []

    def hear(first: QModelIndex, last: QModelIndex) -> None:
        heard.append((first.row(), last.row(), first.column(), last.column()))

    model.dataChanged.connect(hear)
    return heard


def test_only_cells_that_look_different_are_told(model: LiveModel) -> None:
    heard = told(model)
    count = model.move({"A003": Row("A003", D("1.5")), "A004": Row("A004", D(104)), "A005": Row("A005", D(1), D(2))})

    assert heard == [(3, 3, 1, 1), (5, 5, 1, 2)]
    assert count == 3


def test_what_is_not_in_sight_is_taken_in_and_told_to_nobody(model: LiveModel) -> None:
    model.watch(lambda: (10, 19))
    heard = told(model)
    model.move({row.key: Row(row.key, row.price + 1) for row in ROWS})

    assert heard == [(10, 19, 1, 1)]
    assert {key for key, _ in model.flashes} == {f"A{number:03}" for number in range(10, 20)}
    assert model.index(50, 1).data() == "151"


def test_rows_keep_their_place_until_they_are_sorted(model: LiveModel) -> None:
    model.sort(1, Qt.SortOrder.DescendingOrder)
    model.move({"A000": Row("A000", D(10_000))})
    assert model.line(0).key == "A099"

    model.settle()
    assert model.line(0).key == "A000"


def test_sorting_costs_nothing_where_nothing_moved(model: LiveModel) -> None:
    model.sort(1, Qt.SortOrder.DescendingOrder)
    line = model.line(0)
    layouts: list[object] = []
    model.layoutChanged.connect(layouts.append)
    model.settle()

    assert layouts == []
    assert model.line(0) is line


def test_a_row_that_is_gone_or_unknown_is_no_fault(model: LiveModel) -> None:
    assert model.move({"nobody": Row("nobody", D(1))}) == 0


def test_a_row_that_moved_while_nobody_sorted_is_kept_by_the_next_list(model: LiveModel) -> None:
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.move({"A001": Row("A001", D(7))})
    model.settle()
    model.set_filter("a001")

    assert [row.price for row in model.rows() if row.key == "A001"] == [D(7)]
    assert model.index(0, 1).data() == "7"
