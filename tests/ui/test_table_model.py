"""Tables change by difference, sort exactly, and say everything to a screen reader."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui import format as fmt
from app.ui.models.cells import Heading, Named
from app.ui.models.columns import Column, figure_column, quantity_column, text_column
from app.ui.models.rows import Branch
from app.ui.models.table import SORT_ROLE, TableModel


@dataclass(frozen=True, slots=True)
class Line:
    symbol: str
    quantity: Decimal | None
    value: Decimal | None
    place: str = ""


COLUMNS = (
    Column("asset", "Asset", lambda row: row.symbol, lambda row: Named(row.symbol, row.symbol), gives_way=True),
    quantity_column("quantity", "Quantity", lambda row: row.quantity, lambda row: row.symbol),
    figure_column("value", "Value", lambda row: row.value, lambda row: fmt.amount(row.value, "usd"), is_live=True),
    text_column("place", "Place", lambda row: row.place),
)


def branch(symbol: str, value: str | None, quantity: str = "1", *children: Branch) -> Branch:
    return Branch(symbol, Line(symbol, Decimal(quantity), None if value is None else Decimal(value)), children)


@pytest.fixture
def model(qapp: QApplication) -> TableModel:
    made = TableModel(COLUMNS, lambda row: row.symbol)
    made.setProperty(
        "tester", QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    )
    return made


def keys(model: TableModel) -> list[str]:
    return [line.key for line in model.lines()]


def test_values_that_differ_in_the_eighteenth_place_sort_exactly(model: TableModel) -> None:
    model.show([branch("A", "0.100000000000000001"), branch("B", "0.100000000000000002"), branch("C", "0.1")])

    model.sort(2, Qt.SortOrder.DescendingOrder)

    assert keys(model) == ["B", "A", "C"]


@pytest.mark.parametrize("order", list(Qt.SortOrder))
def test_what_is_unknown_stays_last_in_both_directions(model: TableModel, order: Qt.SortOrder) -> None:
    model.show([branch("A", None), branch("B", "2"), branch("C", "1")])

    model.sort(2, order)

    assert keys(model)[-1] == "A"


def test_a_row_that_comes_and_one_that_goes_are_told_as_such(model: TableModel, qtbot: QtBot) -> None:
    model.show([branch("A", "1"), branch("B", "2"), branch("C", "3")])
    told: list[Any] = []
    model.rowsRemoved.connect(lambda _parent, first, last: told.append(("removed", first, last)))
    model.rowsInserted.connect(lambda _parent, first, last: told.append(("inserted", first, last)))
    model.modelReset.connect(lambda: told.append("reset"))

    model.show([branch("A", "1"), branch("C", "3"), branch("D", "4"), branch("E", "5")])

    assert told == [("removed", 1, 1), ("inserted", 2, 3)]


def test_live_values_change_one_range_and_move_no_row(model: TableModel) -> None:
    model.show([branch(symbol, str(value)) for value, symbol in enumerate("ABCDEF")])
    model.sort(2, Qt.SortOrder.DescendingOrder)
    told: list[Any] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    for signal in (model.layoutChanged, model.modelReset, model.rowsInserted, model.rowsRemoved):
        signal.connect(lambda *_: told.append("moved"))
    values = {"C": "99", "D": "98"}

    model.update([branch(symbol, values.get(symbol, str(value))) for value, symbol in enumerate("ABCDEF")])

    assert told == [(2, 3)]
    assert {key: flash.is_up for key, flash in model.flashes.items()} == {("C", 2): True, ("D", 2): True}


def test_settling_sorts_live_values_and_the_selection_follows_its_row(model: TableModel) -> None:
    model.show([branch("A", "1"), branch("B", "2"), branch("C", "3")])
    model.sort(2, Qt.SortOrder.DescendingOrder)
    kept = QPersistentModelIndex(model.index(2, 0))
    model.update([branch("A", "9"), branch("B", "2"), branch("C", "3")])

    model.settle()

    assert keys(model) == ["A", "C", "B"]
    assert kept.row() == 0


def test_equal_rows_change_nothing(model: TableModel) -> None:
    model.show([branch("A", "1"), branch("B", "2")])
    told: list[Any] = []
    model.dataChanged.connect(lambda *_: told.append("changed"))

    model.show([branch("A", "1"), branch("B", "2")])

    assert told == []


def test_rows_fold_and_unfold_below_their_parent(model: TableModel) -> None:
    child = Branch("A/x", Line("x", Decimal(1), Decimal(1)))
    model.show([branch("A", "1", "1", child), branch("B", "2")])

    model.toggle("A")

    assert keys(model) == ["A", "A/x", "B"]
    assert model.line(1).level == 1
    model.toggle("A")
    assert keys(model) == ["A", "B"]


def test_a_filter_keeps_rows_that_have_every_word(model: TableModel) -> None:
    model.show([branch("BTC", "1"), branch("ETH", "2"), branch("BTT", "3")])

    model.set_filter("b t")

    assert keys(model) == ["BTC", "BTT"]


def test_headings_keep_their_place_and_cannot_be_selected(model: TableModel) -> None:
    first = Branch("h1", Heading("One", "2"), (branch("A", "1"), branch("B", "2")), is_heading=True)
    second = Branch("h2", Heading("Two", "1"), (branch("C", "9"),), is_heading=True)
    model.show([first, second])

    model.sort(2, Qt.SortOrder.DescendingOrder)

    assert keys(model) == ["h1", "B", "A", "h2", "C"]
    assert Qt.ItemFlag.NoItemFlags == model.flags(model.index(0, 0))
    assert model.data(model.index(0, 0)) == "One 2"


def test_each_role_gives_its_form_of_the_figure(model: TableModel) -> None:
    model.show([branch("BTC", "1141056.256", "12.500033840000000001")])
    quantity, value = model.index(0, 1), model.index(0, 2)

    assert quantity.data() == "12.50003384"
    assert Decimal("12.500033840000000001") == quantity.data(Qt.ItemDataRole.EditRole)
    assert f"12.500033840000000001{fmt.THIN}BTC" == quantity.data(Qt.ItemDataRole.ToolTipRole)
    assert value.data(Qt.ItemDataRole.AccessibleTextRole) == "BTC, value $1,141,056.26"
    assert Decimal("1141056.256") == value.data(SORT_ROLE)


def test_a_masked_table_shows_no_amount_in_any_text(model: TableModel) -> None:
    model.show([branch("BTC", "1141056.25", "12.5")])
    fmt.set_mask(fmt.Mask.AMOUNTS)
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
    texts = [model.index(0, column).data(role) or "" for column in range(3) for role in roles]

    assert [text for text in texts if any(letter.isdigit() for letter in text)] == []


def test_two_rows_with_one_key_are_refused(model: TableModel) -> None:
    bare = TableModel(COLUMNS, lambda row: row.symbol)

    with pytest.raises(ValueError, match="same key"):
        bare.show([branch("A", "1"), branch("A", "2")], fresh=True)


def test_a_table_that_is_no_tree_has_no_children(model: TableModel) -> None:
    model.show([branch("A", "1")])

    assert model.rowCount(model.index(0, 0)) == 0
    assert model.columnCount(QModelIndex()) == 4


def test_a_change_of_one_row_is_compared_by_value(model: TableModel) -> None:
    one = branch("A", "1")
    model.show([one])

    assert replace(one).row == model.line(0).row


def test_no_cell_flashes_while_everything_is_hidden(model: TableModel) -> None:
    model.show([branch("A", "1")])
    fmt.set_mask(fmt.Mask.EVERYTHING)
    model.show([branch("A", "2")])

    assert model.flashes == {}


def test_further_rows_come_after_those_that_are_there_and_change_none_of_them(model: TableModel) -> None:
    model.show([branch("BTC", "5"), branch("ETH", "9")], fresh=True)
    before = model.lines()[0]
    model.add([branch("SOL", "7"), branch("DOT", "1")])
    model.add([])

    assert keys(model) == ["BTC", "ETH", "SOL", "DOT"]
    assert model.lines()[0] is before
    assert model.number("DOT") == 3
    with pytest.raises(ValueError, match="same key"):
        model.add([branch("BTC", "5")])


def test_further_rows_are_sorted_in_where_a_column_sorts(model: TableModel) -> None:
    model.show([branch("BTC", "5"), branch("ETH", "9")], fresh=True)
    model.sort(2, Qt.SortOrder.DescendingOrder)
    model.add([branch("SOL", "7")])

    assert keys(model) == ["ETH", "SOL", "BTC"]
