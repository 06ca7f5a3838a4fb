"""The table itself: widths, keys, copies, live cells, what stands in its place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.core.errors import VaultDamagedError
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.cells import Actions, Delta, Hash, Heading, Named, Quantity, Share, Spark, Status
from app.ui.models.columns import RIGHT, Column, figure_column, quantity_column, text_column
from app.ui.models.rows import Branch
from app.ui.models.table import TableModel
from app.ui.widgets.clipboard import CopyButton, copy_for_a_while
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_cells import whole_parts
from app.ui.widgets.tables_columns import Arrangement, Kept, Want, shared
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage
from tests.ui.table_screens import texts

QUIET = Status("ok", "ok", "check", is_quiet=True)
BUTTONS = Actions((("pause", "pause", "Pause"), ("more", "ellipsis", "More")))
PRICE = Decimal("1234.5678")


def columns() -> tuple[Column, ...]:
    return (
        Column("asset", "Asset", lambda row: row[0], lambda row: Named(row[0], row[0], "a long name"), width=120,
               priority=100, gives_way=True, can_hide=False),
        quantity_column("quantity", "Quantity", lambda row: row[1], lambda row: row[0], priority=90),
        figure_column("value", "Value", lambda row: row[2], lambda row: fmt.amount(row[2], "usd"), priority=80,
                      is_live=True),
        text_column("place", "Place", lambda row: f"place of {row[0]}", priority=20, width=90),
        Column("state", "State", lambda _row: "ok", lambda _row: QUIET, priority=70),
        Column("change", "24 h", lambda _row: Decimal("0.01"), lambda _row: Delta(Decimal("0.01"), "+1.00 %"), RIGHT,
               priority=60),
        Column("share", "Share", lambda _row: None, lambda _row: Share(0.4, "40 %"), width=120, priority=30),
        Column("hash", "Hash", lambda _row: "9f3c71e0", lambda _row: Hash("9f3c 71e0"), priority=25),
        Column("spark", "7 days", lambda _row: None, lambda _row: Spark((1.0, 2.0, 1.5)), width=60, priority=10,
               is_copied=False),
        Column("do", "", lambda _row: None, lambda _row: BUTTONS, RIGHT, width=64, priority=100, is_copied=False),
    )  # fmt: skip


def rows(count: int = 30, **values: str) -> list[Branch]:
    return [
        Branch(
            f"A{number}", (f"A{number}", Decimal("1234.5678"), Decimal(values.get(f"A{number}", str(1000 - number))))
        )
        for number in range(count)
    ]


@pytest.fixture
def table(qtbot: QtBot) -> Table:
    model = TableModel(columns(), lambda row: row[0])
    made = Table(model, "test", "Test", TableLook(is_tree=True))
    qtbot.addWidget(made)
    made.resize(1100, 400)
    model.show(rows(), fresh=True)
    made.show()
    QApplication.processEvents()
    return made


def shown(table: Table) -> list[str]:
    return [table.table_model.columns[number].column_id for number in table.shown_columns()]


def test_figures_get_what_they_need_and_text_shares_the_rest() -> None:
    widths = shared([Want(0, 100, 300, 100, gives_way=True), Want(1, 80, 80, 50, gives_way=False)], 400)

    assert widths == {0: 320, 1: 80}


def test_the_column_that_matters_least_leaves_whole_when_space_runs_out() -> None:
    wants = [
        Want(0, 100, 200, 100, gives_way=True),
        Want(1, 80, 80, 50, gives_way=False),
        Want(2, 80, 80, 20, gives_way=False),
    ]

    assert shared(wants, 200) == {0: 120, 1: 80}


def test_no_figure_is_narrower_than_its_text(table: Table) -> None:
    for width in (1100, 700, 500, 420):
        table.resize(width, 400)
        QApplication.processEvents()
        value = table.table_model.column_number("value")
        need = table.fontMetrics().horizontalAdvance("$1,000.00")
        assert table.isColumnHidden(value) or table.columnWidth(value) >= need


def test_a_narrow_table_keeps_its_first_column_and_the_important_ones(table: Table) -> None:
    table.resize(460, 400)
    QApplication.processEvents()

    assert "spark" not in shown(table)
    assert {"asset", "value", "do"} <= set(shown(table))


def test_the_table_paints_every_kind_of_cell(table: Table) -> None:
    picture = table.grab().toImage()
    colors = {picture.pixelColor(x, y).name() for x in range(0, 1100, 3) for y in range(40, 120, 3)}

    assert len(colors) > 8


def test_a_quantity_stands_on_its_decimal_point(table: Table) -> None:
    number = table.table_model.column_number("quantity")

    assert Quantity(Decimal("1234.5678")).parts() == ("1,234", ".5678")
    assert table.fraction_width(number) > 0


def test_text_of_parts_is_cut_between_its_parts_so_that_no_figure_is() -> None:
    assert whole_parts("BTC/USD · buy · fee 0.7845 USD", "cell", 150) == "BTC/USD · buy …"
    assert whole_parts("BTC/USD · buy", "cell", 900) == "BTC/USD · buy"


def test_a_masked_quantity_has_no_decimal_point() -> None:
    fmt.set_mask(fmt.Mask.AMOUNTS)
    try:
        assert Quantity(Decimal("1234.5678")).parts() == (fmt.MASK, "")
    finally:
        fmt.set_mask(fmt.Mask.NOTHING)


def test_masking_leaves_every_column_its_width(table: Table, qtbot: QtBot) -> None:
    before = [table.columnWidth(number) for number in table.shown_columns()]
    fmt.set_mask(fmt.Mask.EVERYTHING)
    again = Table(TableModel(columns(), lambda row: row[0]), "test", "Test", TableLook(is_tree=True))
    qtbot.addWidget(again)
    again.resize(1100, 400)
    again.table_model.show(rows(), fresh=True)
    again.show()
    QApplication.processEvents()

    assert before == [again.columnWidth(number) for number in again.shown_columns()]


def test_a_copy_has_titles_and_raw_figures(table: Table, qtbot: QtBot) -> None:
    table.choose("A0")
    with qtbot.waitSignal(table.copied) as told:
        QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    titles, line = QGuiApplication.clipboard().text().split("\n")

    assert told.args == [1]
    assert titles.split("\t")[:3] == ["Asset", "Quantity", "Value"]
    assert line.split("\t")[:3] == ["A0", "1234.5678", "1000"]


def test_a_copy_of_hidden_amounts_has_none(table: Table) -> None:
    fmt.set_mask(fmt.Mask.AMOUNTS)
    table.choose("A0")
    table.copy()

    assert "1234" not in QGuiApplication.clipboard().text()


def test_the_selection_follows_its_row_when_the_order_changes(table: Table) -> None:
    table.choose("A3")
    table.table_model.sort(2, Qt.SortOrder.AscendingOrder)

    assert table.selected_keys() == ("A3",)
    assert table.current_key() == "A3"


def test_rows_that_come_leave_selection_and_scroll(table: Table) -> None:
    table.choose("A20")
    top = table.verticalScrollBar().value()
    table.table_model.show([*rows(), Branch("new", ("new", Decimal(1), Decimal(1)))])

    assert table.selected_keys() == ("A20",)
    assert top == table.verticalScrollBar().value()


@pytest.mark.parametrize(("key", "signal"), [
    (Qt.Key.Key_Return, "opened"), (Qt.Key.Key_Space, "previewed"), (Qt.Key.Key_I, "previewed"),
])  # fmt: skip
def test_keys_open_and_preview_the_current_row(table: Table, qtbot: QtBot, key: Qt.Key, signal: str) -> None:
    table.choose("A1")
    with qtbot.waitSignal(getattr(table, signal)) as told:
        QTest.keyClick(table, key)

    assert told.args == ["A1"]


def test_letters_that_a_table_does_not_know_go_on_to_the_window(qtbot: QtBot) -> None:
    class Host(QWidget):
        heard = ""

        def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
            self.heard += event.text()

    host = Host()
    made = Table(TableModel(columns(), lambda row: row[0]), "test", "Test")
    QVBoxLayout(host).addWidget(made)
    qtbot.addWidget(host)
    made.table_model.show(rows(2), fresh=True)
    host.show()
    made.choose("A0")
    QTest.keyClicks(made, "/g")

    assert host.heard == "/g"


def test_arrows_fold_and_unfold(table: Table, qtbot: QtBot) -> None:
    below = Branch("A0/x", ("x", Decimal(1), Decimal(1)))
    table.table_model.show([Branch("A0", ("A0", Decimal(1), Decimal(2)), (below,)), *rows()[1:]])
    table.choose("A0")
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert table.table_model.number("A0/x") == 1
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert table.current_key() == "A0/x"
    QTest.keyClick(table, Qt.Key.Key_Left)
    QTest.keyClick(table, Qt.Key.Key_Left)

    assert (table.current_key(), table.table_model.number("A0/x")) == ("A0", None)


def test_a_click_on_a_small_button_acts_and_selects_nothing(table: Table, qtbot: QtBot) -> None:
    index = table.table_model.index(1, table.table_model.column_number("do"))
    box = table.visualRect(index)
    with qtbot.waitSignal(table.acted) as told:
        at = QPoint(box.right() - 12, box.center().y())
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    assert told.args == ["A1", "more"]
    assert table.selected_keys() == ()


def test_a_click_on_a_title_sorts_and_a_second_one_turns_it(table: Table) -> None:
    header = table.horizontalHeader()
    header.sectionClicked.emit(2)
    first = table.table_model.line(0).key
    header.sectionClicked.emit(2)

    assert (first, table.table_model.line(0).key) == ("A0", "A29")


def test_a_live_change_flashes_its_cell_and_repaints_no_other_row(table: Table) -> None:
    told = []
    table.table_model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    table.table_model.update(rows(A5="7777"))

    assert told == [(5, 5)]
    assert list(table.table_model.flashes) == [("A5", 2)]


def test_a_figure_that_grew_out_of_sight_has_its_room_when_it_comes_into_sight(table: Table) -> None:
    number = table.table_model.column_number("value")
    before = table.columnWidth(number)
    table.table_model.update(rows(A29="1234567890123"))
    assert before == table.columnWidth(number)
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())

    assert table.columnWidth(number) > before


def test_reduced_motion_keeps_a_line_instead_of_a_flash(table: Table) -> None:
    theme.use(is_reduced=True)
    table.table_model.update(rows(A5="7777"))

    assert not table._frames.isActive()
    assert not table.grab().isNull()


def test_the_arrangement_of_columns_is_kept(tmp_path: Path, qtbot: QtBot) -> None:
    look = TableLook(settings=tmp_path)
    first = Table(TableModel(columns(), lambda row: row[0]), "kept", "Kept", look)
    qtbot.addWidget(first)
    first.show_column("place", shown=False)
    first.horizontalHeader().moveSection(2, 1)
    second = Table(TableModel(columns(), lambda row: row[0]), "kept", "Kept", look)
    qtbot.addWidget(second)
    second.resize(1400, 300)
    second.table_model.show(rows(2), fresh=True)

    assert "place" not in shown(second)
    assert shown(second)[:3] == ["asset", "value", "quantity"]


def test_a_settings_file_that_is_not_ours_means_the_usual_order(tmp_path: Path) -> None:
    (tmp_path / "tables.ini").write_text("[General]\nx=not json\n")

    assert Arrangement() == Kept(tmp_path).read("x")


def test_every_header_says_which_column_it_is_and_the_menu_hides_columns(table: Table) -> None:
    menu = table.column_menu()
    names = [action.text() for action in menu.actions()]

    assert names == ["Quantity", "Value", "Place", "State", "24 h", "Share", "Hash", "7 days"]
    assert table.accessibleName()
    assert table.horizontalHeader().accessibleName()


def test_the_next_page_is_asked_for_before_the_end_is_seen(table: Table, qtbot: QtBot) -> None:
    table.table_model.show(rows(400), fresh=True)
    with qtbot.assertNotEmitted(table.near_end):
        QApplication.processEvents()
        table.verticalScrollBar().setValue(10)
    with qtbot.waitSignal(table.near_end):
        table.verticalScrollBar().setValue(table.verticalScrollBar().maximum() - 500)


def test_headings_are_lower_and_span_the_table(qtbot: QtBot) -> None:
    made = Table(TableModel(columns(), lambda row: row[0]), "test", "Test")
    qtbot.addWidget(made)
    made.table_model.show([Branch("h", Heading("Exchanges", "2"), tuple(rows(2)), is_heading=True)], fresh=True)

    assert (made.rowHeight(0), made.rowHeight(1)) == (26, 28)
    assert not made.grab().isNull()


def test_bars_wait_a_moment_and_a_fault_says_what_and_what_to_do(qtbot: QtBot) -> None:
    stage = Stage(QWidget())
    qtbot.addWidget(stage)
    stage.show_loading()
    assert stage.state == "table"
    qtbot.waitUntil(lambda: stage.state == "loading", timeout=2000)
    stage.show_fault(
        "The rows could not be read.", VaultDamagedError("page 12 is damaged.", hint="Restore the backup.")
    )
    words = " ".join(texts(stage))

    assert stage.state == "message"
    assert "The rows could not be read." in words
    assert "Page 12 is damaged. Restore the backup." in words
    stage.show_table()
    assert stage.state == "table"


def test_what_is_copied_leaves_the_clipboard_unless_somebody_put_more_on(qtbot: QtBot) -> None:
    timer = copy_for_a_while("secret hash")
    assert QGuiApplication.clipboard().text() == "secret hash"
    timer.timeout.emit()
    assert QGuiApplication.clipboard().text() == ""

    timer = copy_for_a_while("secret hash")
    QGuiApplication.clipboard().setText("something else")
    timer.timeout.emit()
    assert QGuiApplication.clipboard().text() == "something else"


def test_a_copy_button_says_what_it_copies(qtbot: QtBot) -> None:
    button = CopyButton("9f3c", "hash")
    qtbot.addWidget(button)
    button.click()

    assert button.accessibleName() == "Copy hash"
    assert QGuiApplication.clipboard().text() == "9f3c"
