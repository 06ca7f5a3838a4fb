"""What is written has the room it needs: nothing is cut, parted or laid over something else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from app.core.findings import Finding, Severity
from app.ui import theme
from app.ui.charts.price_chart import Fill, PriceChart
from app.ui.screens.markets import MarketsScreen
from app.ui.screens.overview_attention import FindingRow
from app.ui.screens.risk import RiskScreen
from tests.ui import made_up_books as books
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.table_screens import shown

D = Decimal


def overlapping(parts: list[QWidget], root: QWidget) -> list[tuple[str, str]]:
    """Return the widgets that lie on each other."""
    boxes = [(part, QRect(part.mapTo(root, part.rect().topLeft()), part.size())) for part in parts if part.isVisible()]
    return [
        (one.accessibleName(), other.accessibleName())
        for place, (one, box) in enumerate(boxes)
        for other, its in boxes[place + 1 :]
        if box.intersects(its)
    ]


@pytest.fixture
def place(qtbot: QtBot) -> QWidget:
    """Return where a part is put that stands alone: a window of its own would never be smaller than what it shows."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1_200, 600)
    made.show()
    return made


def alone(part: QWidget, place: QWidget, width: int) -> None:
    """Take a part out of its place, so that it is as wide as is wanted, and let it come to rest."""
    part.setParent(place)
    part.setGeometry(0, 0, width, 500)
    part.show()
    for _ in range(3):
        QApplication.processEvents()


@pytest.mark.parametrize("width", [280, 420, 520, 640])
async def test_the_head_of_a_chart_of_a_market_has_room_for_its_choices(
    qtbot: QtBot, place: QWidget, width: int
) -> None:
    _, screen = await shown(MarketsScreen, qtbot, FakeWorkspace(), detail="bitcoin")
    chart = screen.chart
    alone(chart, place, width)
    parts = [chart.title, *chart.interval._buttons.values(), *chart.kind._buttons.values(), chart.as_table, chart.more]

    assert overlapping(parts, chart) == []
    assert all(part.mapTo(chart, part.rect().topRight()).x() < width for part in parts if part.isVisible())


@pytest.mark.parametrize(
    ("width", "is_told", "is_named", "is_dated"),
    [(530, False, False, False), (640, False, True, True), (690, True, False, False), (750, True, False, False),
     (790, True, True, False), (1000, True, True, True)],
)  # fmt: skip
async def test_what_the_legend_of_results_shows_is_never_cut(  # noqa: PLR0913, PLR0917
    qtbot: QtBot,
    place: QWidget,
    width: int,
    is_told: bool,  # noqa: FBT001
    is_named: bool,  # noqa: FBT001
    is_dated: bool,  # noqa: FBT001
) -> None:
    _, screen = await shown(RiskScreen, qtbot, FakeWorkspace())
    frame: Any = screen.pane.results  # type: ignore[union-attr]
    alone(frame, place, width)
    parts = [frame.named, frame.day, frame.made, frame.floor, frame.beyond, frame.light, frame.title]
    buttons = [one for one in frame.ranges.findChildren(QPushButton) if one.isVisible()]
    cut = [one.text() for one in parts if one.isVisible() and one.width() < one.sizeHint().width()]

    assert cut == []
    assert overlapping([*parts, *buttons, frame.as_table, frame.more], frame) == []
    assert [frame.light.isVisible(), frame.named.isVisible(), frame.day.isVisible()] == [is_told, is_named, is_dated]


@pytest.mark.parametrize("height", [130, 160, 300])
def test_markers_at_the_highest_and_the_lowest_price_are_seen_whole(qtbot: QtBot, height: int) -> None:
    made = PriceChart()
    qtbot.addWidget(made)
    made.resize(340, height)
    QStackedWidget.show(made)
    days = books.closes("bitcoin")[-120:]
    top, low = max(days, key=lambda one: one[1]), min(days, key=lambda one: one[1])

    made.show(days, [Fill(top[0], D(-1), "sold"), Fill(low[0], D(1), "bought")])
    plot = made.plot
    assert plot is not None
    box = plot.getPlotItem().vb
    half = abs(box.viewPixelSize()[1]) * theme.px(plot._marker) / 2
    (low_end, high_end) = box.viewRange()[1]
    places = [y for spots, _ in plot._spots.values() for y in spots.getData()[1]]

    assert len(places) == 2
    assert max(places) + half <= high_end
    assert min(places) - half >= low_end


@pytest.mark.parametrize(("width", "is_written"), [(936, True), (1_160, True), (760, False)])
async def test_cells_of_the_matrix_hold_their_figures_in_a_small_window_too(
    qtbot: QtBot,
    place: QWidget,
    width: int,
    is_written: bool,  # noqa: FBT001
) -> None:
    _, screen = await shown(RiskScreen, qtbot, FakeWorkspace(), detail="correlation")
    pane: Any = screen.pane
    alone(pane, place, width)
    heat, course = pane.matrix.heat, pane.course
    buttons = [one for one in course.findChildren(QPushButton) if one.isVisible()]

    assert is_written == (heat.figures_font() is not None)
    assert overlapping([course.title, course.figure, *buttons], course) == []


def test_a_line_that_is_hardly_seen_beside_the_action_is_left_out(qtbot: QtBot) -> None:
    long = "It went to an address. It counts as held elsewhere, with its dates and costs, until somebody says more."
    message = "10 withdrawals arrived in no account of these books, all sent to one address"
    fix = "Find its other end, or record what it was"
    finding = Finding(Severity.WARNING, "unpaired-withdrawal", message, detail=long, fix=fix)

    narrow, wide = FindingRow(finding, 320, is_dense=False), FindingRow(finding, 640, is_dense=False)
    for row in (narrow, wide):
        qtbot.addWidget(row)
    words = [[label.text() for label in row.findChildren(QLabel)] for row in (narrow, wide)]

    assert ["It went to an address" in texts for texts in words] == [True, True]
    assert [any(text.startswith("It counts as held") for text in texts) for texts in words] == [False, True]


def test_an_address_is_written_with_the_letters_it_has() -> None:
    assert [theme.font(role).featureValue(QFont.Tag("calt")) for role in ("body", "cell", "mono")] == [0, 0, 0]
