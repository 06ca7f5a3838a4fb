"""The picture of an order book: two staircases with no more corners than there is room for, and the pointer on one."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.charts import depth as module
from app.ui.charts.depth import Depth, DepthPlot, Level

D = Decimal
MIDDLE = D(60_000)


def book(levels: int, apart: str = "0.01") -> Depth:
    """Return a book with so many levels on each side, one unit at each."""

    def side(sign: int) -> list[Level]:
        return [(MIDDLE + sign * D(apart) * (place + 1), D(1)) for place in range(levels)]

    return Depth.of(side(-1), side(1))


def shown(qtbot: QtBot, depth: Depth) -> DepthPlot:
    """Return a chart of a book on screen."""
    plot = DepthPlot()
    qtbot.addWidget(plot)
    plot.resize(640, 400)
    plot.show_depth(depth)
    plot.show()
    return plot


def corners(plot: DepthPlot) -> tuple[list[QPointF], list[QPointF]]:
    """Return both staircases as they are painted."""
    scale = plot._scale()
    bids = module._outline(plot.book.bids, scale, scale.area.left())
    return bids, module._outline(plot.book.asks, scale, scale.area.right())


def test_a_staircase_goes_from_the_foot_at_the_best_price_through_each_level_to_the_edge(qtbot: QtBot) -> None:
    plot = shown(qtbot, book(3))
    area, (bids, asks) = plot._area(), corners(plot)
    risen = [(a, b) for a, b in pairwise(asks) if a.y() > b.y()]

    assert (bids[0].y(), asks[0].y()) == (area.bottom(), area.bottom())
    assert (bids[-1].x(), asks[-1].x()) == (area.left(), area.right())
    assert asks[0].x() > bids[0].x()
    assert [a.y() - b.y() for a, b in risen] == pytest.approx([area.height() / 3 / 1.08] * 3)
    assert all(a.x() == b.x() for a, b in risen)


def test_a_deep_book_has_no_more_corners_than_room_and_is_as_high_as_its_sum(qtbot: QtBot) -> None:
    plot = shown(qtbot, book(20_000))
    area = plot._area()
    for side in corners(plot):
        assert len(side) <= 2 * area.width() + 3
        assert side[-1].y() == pytest.approx(area.bottom() - area.height() / 1.08)


def test_levels_at_one_pixel_are_drawn_as_high_as_the_last_of_them(qtbot: QtBot) -> None:
    depth = Depth.of([(D(100), D(1))], [(D(101), D(2)), (D("101.001"), D(3)), (D(120), D(5))])
    plot = shown(qtbot, depth)
    area, asks = plot._area(), corners(plot)[1]

    assert [round((area.bottom() - spot.y()) / area.height() * 1.08 * 10) for spot in asks] == [0, 5, 5, 10, 10]


@pytest.mark.parametrize("share", [0.02, 0.31, 0.5, 0.77, 0.99])
def test_the_pointer_stands_on_the_nearest_level(qtbot: QtBot, share: float) -> None:
    plot = shown(qtbot, book(40, "7"))
    area = plot._area()
    x = round(area.left() + share * area.width())
    QTest.mouseMove(plot, QPoint(x, 100))
    scale = plot._scale()
    away = [abs(scale.x(float(step.price)) - x) for step in plot.book.steps()]

    assert away[plot.index] == pytest.approx(min(away))


def test_the_crosshair_stays_at_its_price_and_leaves_with_it(qtbot: QtBot) -> None:
    plot = shown(qtbot, book(5))
    plot.move_to(7)
    at = plot.step_at(7)
    plot.show_depth(book(4))
    assert at is not None
    assert plot.step_at(plot.index) == at

    plot.show_depth(book(4, "0.05"))
    assert plot.index == -1


def test_both_sides_are_painted_in_their_colours(qtbot: QtBot) -> None:
    plot = shown(qtbot, book(2_000))
    picture = plot.grab().toImage()
    line = {QColor(picture.pixel(x, y)).name() for x in range(picture.width()) for y in range(picture.height())}

    assert {theme.color("up").name(), theme.color("down").name()} <= line


def test_what_lies_within_a_reach_is_kept_with_its_bounds() -> None:
    depth = book(300, "10").within(D("0.02"))

    assert (depth.bids[-1].price, depth.asks[-1].price) == (D(58_800), D(61_200))
    assert (len(depth.bids), len(depth.asks)) == (120, 120)
