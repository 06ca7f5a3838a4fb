from __future__ import annotations

import math
import re
import subprocess
import sys
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStackedWidget
from pytestqt.qtbot import QtBot

from app.core.clock import DAY
from app.core.model.views import EquityCurve, EquityPoint, Flow, Scope
from app.ui import format as fmt
from app.ui import theme
from app.ui.charts.course import Course, Marker, words_by_day
from app.ui.charts.price_chart import Fill, PriceChart
from app.ui.charts.value_panel import ValuePanel, axis_label, course_of, markers_of
from tests.ui import made_up_books as books
from tests.ui.fake_workspace import FakeWorkspace

D = Decimal
KEY = Qt.Key


@pytest.fixture
async def panel(qtbot: QtBot) -> ValuePanel:
    made = ValuePanel("ytd")
    qtbot.addWidget(made)
    made.resize(864, 350)
    made.show()
    made.show_curve((await FakeWorkspace().portfolio.overview(Scope(period="ytd"))).curve)
    return made


def lines(panel: ValuePanel) -> list[list[float]]:
    assert panel.plot is not None
    return [list(item.yData) for item in panel.plot.getPlotItem().listDataItems() if hasattr(item, "curve")]


def axis_labels(panel: ValuePanel) -> list[str]:
    assert panel.plot is not None
    return [label for _, label in panel.plot._value_labels]


def test_a_gap_in_the_data_is_a_gap_in_both_lines(panel: ValuePanel) -> None:
    drawn = lines(panel)
    course = panel.course

    gaps = [index for index, value in enumerate(course.values) if value is None]

    assert len(gaps) == 4
    assert [gaps, gaps] == [[index for index, y in enumerate(line) if math.isnan(y)] for line in drawn]
    assert len(course.runs()) == 2


def test_both_lines_start_at_the_same_point_so_that_flows_part_them() -> None:
    points = tuple(EquityPoint(DAY * day, D(value), D(grown)) for day, value, grown in ((1, 200, 50), (2, 440, 60)))

    course = course_of(EquityCurve("usd", points, ()))

    assert (D(200), D(240)) == course.beside
    assert D("0.2") == course.change(1)


def test_flows_of_a_day_are_one_marker_that_adds_them_up() -> None:
    flows = (Flow(DAY, D(5), "a"), Flow(DAY + 1, D(7), "b"), Flow(DAY + 2, D(-1), "c"), Flow(DAY * 3, None, "d"))

    markers = markers_of(EquityCurve("usd", (), flows))

    assert [m.words for m in markers] == ["[[2]] deposits · [[$12.00]]", "Withdrawal · [[$1.00]]", "Deposit · no price"]


def test_the_labels_of_an_axis_are_in_one_unit() -> None:
    labels = [axis_label(D(value), D(100_000), D(1_250_000)) for value in (800_000, 1_000_000, 1_200_000)]

    assert [f"{text}{fmt.THIN}M" for text in ("0.8", "1.0", "1.2")] == labels


def test_the_keyboard_moves_the_crosshair_and_skips_gaps(panel: ValuePanel, qtbot: QtBot) -> None:
    plot = panel.plot
    assert plot is not None
    first_gap = panel.course.values.index(None)
    plot.move_to(first_gap - 1)

    QTest.keyClick(plot, KEY.Key_Right)
    after_gap = plot.index
    QTest.keyClick(plot, KEY.Key_Left)

    assert (first_gap + 4, first_gap - 1) == (after_gap, plot.index)
    QTest.keyClick(plot, KEY.Key_End)
    assert plot.index == len(panel.course) - 1
    QTest.keyClick(plot, KEY.Key_Escape)
    assert plot.index == -1


def test_the_legend_shows_the_exact_day_under_the_crosshair(panel: ValuePanel) -> None:
    assert panel.plot is not None
    panel.plot.move_to(100)

    value = panel.course.values[100]

    assert fmt.amount(value, "usd") == panel.legend.value.text()
    assert fmt.day(panel.course.day(100), year=False) == panel.legend.day.text()
    assert fmt.percent(panel.course.change(100), sign=True) == panel.legend.change.text()


def test_a_label_that_a_tag_would_cut_gives_way(panel: ValuePanel) -> None:
    plot = panel.plot
    assert plot is not None
    whole = [label for _, label in plot._time_axis._labels or ()]

    plot.move_to(plot.course.nearest(plot._time_labels[3][0]) or 0)

    shown = [label for _, label in plot._time_axis._labels or ()]
    assert (whole[3], "") == (plot._time_labels[3][1], shown[3])


def test_masked_amounts_leave_no_digit_on_axis_tag_and_legend(panel: ValuePanel) -> None:
    fmt.set_mask(fmt.Mask.AMOUNTS)
    panel.redraw()
    assert panel.plot is not None
    panel.plot.move_to(100)

    cross = panel.plot.tags.cross

    assert cross is not None
    assert re.search(r"\d", "".join([*axis_labels(panel), cross.value, panel.legend.value.text()])) is None
    assert lines(panel)


def test_everything_masked_hides_the_shape_too(panel: ValuePanel) -> None:
    fmt.set_mask(fmt.Mask.EVERYTHING)
    panel.redraw()
    assert panel.plot is not None
    panel.plot.move_to(100)

    assert lines(panel) == []
    assert panel.plot.tags.cross is None
    assert panel.plot.tags.caption


def test_t_shows_the_same_numbers_as_a_table(panel: ValuePanel) -> None:
    panel.press(KEY.Key_T)

    table = panel._table.model()
    newest = table.index(0, 1).data()

    assert panel._pages.currentWidget() is panel._table
    assert fmt.amount(panel.course.values[-1], "usd") == newest
    assert table.rowCount() == len(panel.course)
    columns, rows = panel.raw_rows()
    assert len(columns) == len(rows[0])
    assert rows[-1][1] == f"{panel.course.values[-1]:f}".rstrip("0")


@pytest.mark.parametrize(
    ("key", "wanted"), [(KEY.Key_1, "1m"), (KEY.Key_3, "3m"), (KEY.Key_6, "6m"), (KEY.Key_Y, "1y")]
)
def test_single_keys_choose_a_range(panel: ValuePanel, qtbot: QtBot, key: Qt.Key, wanted: str) -> None:
    with qtbot.waitSignal(panel.range_asked) as asked:
        assert panel.press(key)

    assert [wanted] == asked.args
    assert panel.ranges.current == wanted


def test_a_click_picks_the_day_it_hits(panel: ValuePanel, qtbot: QtBot) -> None:
    plot = panel.plot
    assert plot is not None

    with qtbot.waitSignal(panel.picked) as picked:
        QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.viewport().rect().center())

    assert picked.args[0] in {panel.course.day(index) for index in range(len(panel.course))}


def test_a_moving_price_moves_only_the_newest_point(panel: ValuePanel) -> None:
    before = panel.course.values

    panel.show_last(D("50000000.01"))

    assert (*before[:-1], D("50000000.01")) == panel.course.values
    assert panel.legend.value.text() == "$50,000,000.01"


def test_pens_and_colours_follow_a_change_of_theme_and_screen(panel: ValuePanel) -> None:
    plot = panel.plot
    assert plot is not None
    theme.use(density=1.0)
    plot.redraw()

    theme.use(mode="light", density=2.0)
    plot.grab()

    pens = [item.opts["pen"] for item in plot.getPlotItem().listDataItems() if hasattr(item, "curve")]
    assert [pen.widthF() for pen in pens] == [2.0, 3.0]
    assert pens[1].color() == theme.color("accent")
    assert plot.backgroundBrush().color() == theme.color("surface")


def test_a_book_without_a_priced_day_says_so(qtbot: QtBot) -> None:
    made = ValuePanel("ytd")
    qtbot.addWidget(made)

    made.show_curve(EquityCurve("usd", (EquityPoint(DAY, None),), (Flow(DAY, None, "a"),)))

    assert made._pages.currentWidget() is made._notice
    assert made.plot is None


def test_the_price_chart_marks_fills_and_opens_their_entry(qtbot: QtBot) -> None:
    made = PriceChart()
    qtbot.addWidget(made)
    made.resize(340, 160)
    points = books.closes("polkadot")[-120:]
    fills = [Fill(points[30][0], D(3), "bought"), Fill(points[60][0], D(-2), "sold")]

    made.show(points, fills)

    assert made.plot is not None
    assert [(m.is_up, m.role) for m in made.plot._markers] == [(True, "up"), (False, "down")]
    assert None in made.plot.course.values
    with qtbot.waitSignal(made.entry_picked) as picked:
        made.plot.picked.emit(30)
    assert picked.args == ["bought"]


def test_fills_that_could_not_be_told_apart_are_one_marker_and_the_crosshair_says_how_many(qtbot: QtBot) -> None:
    made = PriceChart()
    qtbot.addWidget(made)
    made.resize(340, 160)
    QStackedWidget.show(made)
    points = books.closes("bitcoin")[-180:]
    fills = [Fill(at - DAY // 2 + n, D(1), f"{at}-{n}") for at, _ in points for n in range(3)]

    made.show(points, fills)
    assert made.plot is not None
    narrow = [len(spots.getData()[0]) for spots, _ in made.plot._spots.values()]
    made.plot.move_to(20)
    cross = made.plot.tags.cross
    made.resize(1_360, 160)
    made.plot.resize(1_360, 160)
    wide = [len(spots.getData()[0]) for spots, _ in made.plot._spots.values()]

    assert len(made.plot._markers) == 180
    assert 30 < narrow[0] <= 340 // 7
    assert narrow[0] < wide[0] <= 180
    assert cross is not None
    assert cross.note == "3 buys · 3"


def test_two_things_of_one_day_are_both_told() -> None:
    flows = (Flow(DAY, D(10), "a"), Flow(DAY + 5, D(-1), "b"))

    told = words_by_day(markers_of(EquityCurve("usd", (), flows)))

    assert told == {1: "Deposit · [[$10.00]], Withdrawal · [[$1.00]]"}


def test_a_price_chart_without_prices_says_so_and_masks_prices_only_at_the_highest_level(qtbot: QtBot) -> None:
    made = PriceChart()
    qtbot.addWidget(made)
    made.show((), ())
    assert made.currentWidget() is made._empty

    fmt.set_mask(fmt.Mask.AMOUNTS)
    made.show(books.closes("bitcoin")[-30:])

    assert made.plot is not None
    assert all(re.search(r"\d", label) for _, label in made.plot._value_labels)


def test_the_first_window_does_not_wait_for_the_chart_library() -> None:
    code = "import sys; import app.ui.screens.overview, app.ui.charts.price_chart; print('pyqtgraph' in sys.modules)"

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603

    assert printed.stdout.strip() == "False"


async def test_a_newest_point_that_moves_looks_as_if_all_were_drawn_anew(panel: ValuePanel) -> None:
    assert panel.plot is not None
    drawn = panel.plot._lines[:]
    panel.show_last((panel.course.values[-2] or D(0)) * D("1.0001"))
    moved = panel.plot.grab().toImage()
    assert drawn == panel.plot._lines

    panel.plot.redraw()

    assert moved == panel.plot.grab().toImage()


@pytest.mark.parametrize("is_up", [True, False])
async def test_markers_beside_the_newest_point_stay_clear_of_it_without_a_new_drawing(
    panel: ValuePanel, *, is_up: bool
) -> None:
    plot = panel.plot
    assert plot is not None
    moments, values = panel.course.moments, panel.course.values
    markers = [Marker(moments[-3], is_up, "up", "now"), Marker(moments[-40], is_up, "up", "then")]
    top = max(one for one in values[-9:] if one is not None)
    plot.show_course(Course(moments, (*values[:-1], top)), markers)
    drawn, before = plot._lines[:], plot._marker_places()
    plot.show_course(Course(moments, (*values[:-1], top * D("1.01"))), markers)
    moved, after = plot.grab().toImage(), plot._marker_places()
    is_kept = drawn == plot._lines
    plot.redraw()

    near, far = zip(before[is_up, "up"], after[is_up, "up"], strict=True)
    assert is_kept
    assert near[0] != near[1]
    assert far[0] == far[1]
    assert moved == plot.grab().toImage()


async def test_a_newest_point_that_leaves_the_scale_draws_all_anew(panel: ValuePanel) -> None:
    assert panel.plot is not None
    drawn = panel.plot._lines[:]

    panel.show_last((panel.course.values[-2] or D(0)) * 3)

    assert drawn != panel.plot._lines
