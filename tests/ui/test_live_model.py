"""Rows that move many times a second: what is told, what flashes, and what is sorted when."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.ui.models.columns import figure_column, text_column
from app.ui.models.live import LiveModel
from app.ui.models.rows import Branch
from app.ui.models.table import Flash
from app.ui.widgets import tables_cells
from app.ui.widgets.tables import Table

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


@pytest.mark.parametrize(
    "ask", [QRect(0, 40, 30, 1), QRect(150, 33, 90, 28), QRect(0, 0, 400, 200), QRect(160, 60, 1, 90)]
)
def test_a_part_that_is_painted_alone_looks_as_in_the_whole(
    qtbot: QtBot, model: LiveModel, monkeypatch: pytest.MonkeyPatch, ask: QRect
) -> None:
    monkeypatch.setattr(tables_cells, "monotonic", lambda: 0.1)
    table = Table(model, "parts", "Parts")
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    model.watch(table.seen_rows)
    model.move({f"A{number:03}": Row(f"A{number:03}", D(5)) for number in range(0, 10, 2)})
    model.flashes.update({key: Flash(flash.is_up, 0.0) for key, flash in model.flashes.items()})
    table.choose("A003")
    viewport = table.viewport()
    # Cells two rows apart, as a region with a hole.
    region = QRegion(ask) | QRegion(ask.translated(0, 56))
    whole, part = (QImage(viewport.size(), QImage.Format.Format_ARGB32_Premultiplied) for _ in range(2))
    for image, asked in ((whole, QRegion(viewport.rect())), (part, region)):
        image.fill(0)
        painter = QPainter(image)
        viewport.render(painter, asked.boundingRect().topLeft(), asked)
        painter.end()
    size = viewport.size()
    places = [(x, y) for y in range(size.height()) for x in range(size.width()) if region.contains(QPoint(x, y))]

    assert [whole.pixel(*place) for place in places] == [part.pixel(*place) for place in places]
