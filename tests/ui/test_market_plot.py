"""The chart of a market: how it is moved, what its crosshair says, and lines of alerts in it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainter, QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.clock import SECOND
from app.ui import format as fmt
from app.ui import theme
from app.ui.charts import market_lines, primitives
from app.ui.charts.market_lines import AlertLine
from app.ui.charts.market_paint import Sheet
from app.ui.charts.market_plot import LINE, MarketPlot
from app.ui.charts.price_chart import Fill
from app.ui.charts.primitives import Floats
from app.ui.charts.series import Series
from app.ui.charts.viewport import Viewport
from tests.ui.made_up_candles import MINUTE, candle, candles

D = Decimal
KEY = Qt.Key


@pytest.fixture
def plot(qtbot: QtBot) -> MarketPlot:
    made = MarketPlot()
    qtbot.addWidget(made)
    made.resize(800, 400)
    made.show()
    found = candles(500)
    made.show_series(Series.of(found, MINUTE), found)
    return made


def at(plot: MarketPlot, number: int, price: Decimal | None = None) -> QPoint:
    """Return the pixel of a candle."""
    sheet, series = plot.sheet(), plot.series
    assert series is not None
    found = plot.candles[number]
    value = found.close if price is None else price
    return QPointF(sheet.x(series.place(found.at) + 0.5), sheet.y(float(value))).toPoint()


def test_a_gap_in_the_candles_is_a_gap_in_the_line(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    def count(_painter: QPainter, x1: Floats, *_rest: Floats) -> None:
        drawn.append(len(x1))

    monkeypatch.setattr(primitives, "lines", count)
    plot = MarketPlot()
    qtbot.addWidget(plot)
    plot.resize(400, 200)
    plot.show_mode(LINE)
    found = [candle(number, "10") for number in (0, 1, 2, 6, 7)]
    plot.show_series(Series.of(found, MINUTE), found)
    plot.sheet()

    assert drawn == [3]


def test_the_place_under_the_pointer_stays_while_zooming(plot: MarketPlot) -> None:
    spot = at(plot, 450)
    before = plot.sheet().place(spot.x())
    turn = QWheelEvent(
        QPointF(spot), plot.mapToGlobal(QPointF(spot)), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,  # noqa: FBT003
    )  # fmt: skip
    span = plot.view.span
    plot.wheelEvent(turn)

    assert plot.sheet().place(spot.x()) == pytest.approx(before)
    assert plot.view.span == pytest.approx(0.8 * span)


def test_a_drag_moves_the_chart_and_opens_nothing(plot: MarketPlot, qtbot: QtBot) -> None:
    plot.fills.take([Fill(plot.candles[450].at, D("1"), "e1")])
    picked: list[str] = []
    plot.picked.connect(picked.append)
    before = plot.view.first
    start = at(plot, 450)
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(plot, start + QPoint(40, 0))
    QTest.mouseMove(plot, start + QPoint(80, 0))
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=start + QPoint(80, 0))

    assert plot.view.first < before
    assert picked == []


def test_keys_zoom_move_and_show_all(plot: MarketPlot) -> None:
    span = plot.view.span
    QTest.keyClick(plot, KEY.Key_Plus)
    assert plot.view.span == pytest.approx(0.8 * span)
    first = plot.view.first
    QTest.keyClick(plot, KEY.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert plot.view.first == pytest.approx(first - 0.2 * plot.view.span)
    QTest.keyClick(plot, KEY.Key_0)
    assert plot.view == Viewport.whole(500.0)


def test_new_candles_move_the_chart_only_where_the_newest_was_in_sight(plot: MarketPlot) -> None:
    more = candles(510)
    before = plot.view
    plot.show_series(Series.of(more, MINUTE), more)
    assert plot.view.first == pytest.approx(before.first + 10)

    plot.look_at(Viewport(10, 90))
    still_more = candles(520)
    plot.show_series(Series.of(still_more, MINUTE), still_more)
    assert plot.view == Viewport(10, 90)


# crosshair ----------------------------------------------------------------------------------------------------------
def test_the_crosshair_goes_by_keys_and_tells_price_and_time(plot: MarketPlot) -> None:
    QTest.keyClick(plot, KEY.Key_Left)
    QTest.keyClick(plot, KEY.Key_Left)

    assert plot.index == 498
    assert plot.tags.cross is not None
    assert plot.tags.cross.value == fmt.price(plot.candles[498].close)
    assert plot.tags.cross.time == "2026-11-20 20:18"
    QTest.keyClick(plot, KEY.Key_Home)
    assert (plot.index, plot.view.first <= 0.5) == (0, True)
    QTest.keyClick(plot, KEY.Key_Escape)
    assert plot.index == -1


def test_the_mouse_reads_the_price_under_it_not_that_of_the_candle(plot: MarketPlot) -> None:
    QTest.mouseMove(plot, at(plot, 440, D("1033")))

    assert plot.index == 440
    assert plot.tags.cross is not None
    assert abs(plot.price_at(plot.tags.cross.spot.y()) - D("1033")) < D("0.5")


def test_fills_are_told_at_their_candle_and_opened_by_a_click(plot: MarketPlot) -> None:
    picked: list[str] = []
    plot.picked.connect(picked.append)
    found = plot.candles[470]
    plot.fills.take([Fill(found.at + SECOND, D("0.5"), "e1"), Fill(found.at + 2 * SECOND, D("0.25"), "e2")])
    plot.move_to(470)

    assert plot.tags.cross is not None
    assert plot.tags.cross.note == "2 buys · 0.75"
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=at(plot, 470, found.low) + QPoint(0, 8))
    assert picked == ["e1"]
    fmt.set_mask(fmt.Mask.AMOUNTS)
    plot.redraw()
    plot.sheet()
    assert plot.tags.cross.note == f"{fmt.MASK} buys · {fmt.MASK}"


def test_everything_hidden_shows_neither_shape_nor_figures(plot: MarketPlot) -> None:
    plot.move_to(480)
    fmt.set_mask(fmt.Mask.EVERYTHING)
    plot.redraw()
    plot.sheet()

    assert plot.tags.cross is None
    assert plot.tags.caption == "The shape of the chart is hidden"
    assert plot._labels == []


# alert lines --------------------------------------------------------------------------------------------------------
def test_an_alert_line_is_dragged_and_told_once(plot: MarketPlot) -> None:
    told: list[tuple[str, Decimal]] = []
    plot.line_moved.connect(lambda key, price: told.append((key, price)))
    plot.show_alerts([AlertLine("a", D("1040"), "above")])
    before, start = plot.view, at(plot, 450, D("1040"))
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(plot, at(plot, 450, D("1050")))
    QTest.mouseMove(plot, at(plot, 450, D("1060")))
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=at(plot, 450, D("1060")))

    assert [key for key, _ in told] == ["a"]
    assert abs(told[0][1] - D("1060")) < D("0.5")
    assert plot.view == before


def test_an_alert_line_is_moved_kept_and_taken_away_by_keys(plot: MarketPlot) -> None:
    told: list[object] = []
    plot.line_moved.connect(lambda key, price: told.append((key, price)))
    plot.line_removed.connect(told.append)
    plot.show_alerts([AlertLine("a", D("1040")), AlertLine("b", D("1050"))])
    QTest.keyClick(plot, KEY.Key_L)
    QTest.keyClick(plot, KEY.Key_L)
    QTest.keyClick(plot, KEY.Key_Up)
    QTest.keyClick(plot, KEY.Key_Return)

    assert told == [("b", D("1050") + plot.line_step)]
    QTest.keyClick(plot, KEY.Key_L)
    QTest.keyClick(plot, KEY.Key_Escape)
    assert len(told) == 1
    QTest.keyClick(plot, KEY.Key_L)
    QTest.keyClick(plot, KEY.Key_Delete)
    assert told[-1] == "a"


def test_a_puts_an_alert_at_the_crosshair_only_where_alerts_can_be(plot: MarketPlot) -> None:
    asked: list[Decimal] = []
    plot.line_asked.connect(asked.append)
    plot.move_to(480)
    QTest.keyClick(plot, KEY.Key_A)
    assert asked == []
    plot.can_alert = True
    QTest.keyClick(plot, KEY.Key_A)

    assert abs(asked[0] - plot.candles[480].close) < D("0.5")


def edge(plot: MarketPlot, price: Decimal) -> QPoint:
    """Return a pixel among the prices at the edge."""
    sheet = plot.sheet()
    return QPointF(sheet.area.right() + 20, sheet.y(float(price))).toPoint()


def drag(plot: MarketPlot, *way: QPoint) -> None:
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=way[0])
    for spot in way[1:]:
        QTest.mouseMove(plot, spot)
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=way[-1])


@pytest.fixture
def asked(plot: MarketPlot) -> list[object]:
    """Return everything that is wanted of alert lines."""
    told: list[object] = []
    plot.line_asked.connect(told.append)
    plot.line_moved.connect(lambda key, price: told.append((key, price)))
    plot.line_removed.connect(told.append)
    return told


def test_a_new_line_is_drawn_from_the_prices_at_the_edge(plot: MarketPlot, asked: list[object]) -> None:
    plot.can_alert = True
    drag(plot, edge(plot, D("1040")), edge(plot, D("1045")), at(plot, 450, D("1050")))
    (price,) = asked

    assert isinstance(price, Decimal)
    assert abs(price - D("1050")) < D("0.5")
    assert not plot.wires.is_held


def test_a_click_at_the_edge_or_a_drag_where_no_alert_can_be_makes_none(plot: MarketPlot, asked: list[object]) -> None:
    drag(plot, edge(plot, D("1040")), edge(plot, D("1050")))
    plot.can_alert = True
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=edge(plot, D("1040")))

    assert asked == []


def test_over_the_edge_the_tag_says_that_a_line_can_be_drawn(plot: MarketPlot) -> None:
    plot.can_alert = True
    said = []
    for spot in (at(plot, 450, D("1040")), edge(plot, D("1040"))):
        QTest.mouseMove(plot, spot)
        assert plot.tags.cross is not None
        said.append(plot.tags.cross.value.startswith("+ "))

    assert said == [False, True]


@pytest.mark.parametrize("far", [-5_000, 5_000])
def test_a_line_that_is_dragged_off_the_chart_stays_at_its_edge(
    plot: MarketPlot, asked: list[object], far: int
) -> None:
    plot.show_alerts([AlertLine("a", D("1040"), "above")])
    start = at(plot, 450, D("1040"))
    drag(plot, start, QPoint(start.x(), far))
    sheet = plot.sheet()
    ((key, price),) = [one for one in asked if isinstance(one, tuple)]

    assert key == "a"
    edge_of = sheet.area.top() if far < 0 else sheet.area.bottom()
    assert float(price) == pytest.approx(sheet.price(edge_of), abs=0.5)


def test_escape_in_the_midst_of_a_drag_leaves_the_line_and_the_chart_as_they_were(
    plot: MarketPlot, asked: list[object]
) -> None:
    plot.show_alerts([AlertLine("a", D("1040"), "above")])
    before, start = plot.view, at(plot, 450, D("1040"))
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(plot, at(plot, 450, D("1060")))
    QTest.keyClick(plot, KEY.Key_Escape)
    QTest.mouseMove(plot, at(plot, 400, D("1070")))
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=at(plot, 400, D("1070")))

    assert (asked, plot.view, plot.wires.is_held) == ([], before, False)


def test_while_a_line_is_dragged_what_is_read_anew_does_not_take_it_away(plot: MarketPlot, asked: list[object]) -> None:
    plot.can_alert = True
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=edge(plot, D("1040")))
    QTest.mouseMove(plot, edge(plot, D("1050")))
    plot.show_alerts([AlertLine("a", D("1000"), "below")])
    QTest.mouseMove(plot, edge(plot, D("1055")))
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=edge(plot, D("1055")))

    assert len(asked) == 1


def test_where_everything_is_hidden_no_line_is_held_or_made(plot: MarketPlot, asked: list[object]) -> None:
    plot.can_alert = True
    plot.show_alerts([AlertLine("a", D("1040"), "above")])
    start, other = at(plot, 450, D("1040")), at(plot, 450, D("1060"))
    fmt.set_mask(fmt.Mask.EVERYTHING)
    plot.redraw()
    drag(plot, start, other)
    for key in (KEY.Key_A, KEY.Key_L, KEY.Key_Up, KEY.Key_Return):
        QTest.keyClick(plot, key)

    assert asked == []


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_a_line_out_of_sight_that_is_held_has_its_price_at_the_edge(
    plot: MarketPlot, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    said: list[str] = []
    theme.use(mode=mode)
    monkeypatch.setattr(market_lines, "_tag", lambda *words: said.append(words[-1][0]))
    plot.show_alerts([AlertLine("a", D("9000"), "above"), AlertLine("b", D("5"), "below")])
    plot.grab()
    before = list(said)
    for _ in range(2):
        QTest.keyClick(plot, KEY.Key_L)
        plot.grab()

    assert before == []
    assert said == ["↑ 9,000.00", "↓ 5.00"]


def test_the_mark_of_the_moment_is_written_above_the_price_of_an_alert(
    plot: MarketPlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    paint = market_lines._tag

    def tag(painter: QPainter, sheet: Sheet, y: float, role: str, said: tuple[str, float]) -> None:
        written.append(said[0])
        paint(painter, sheet, y, role, said)

    monkeypatch.setattr(market_lines, "_tag", tag)
    price = plot.candles[-1].close
    plot.show_alerts([AlertLine("a", price, "above")])
    plot.show_last(price + D("0.01"))
    plot.grab()

    assert written[-2:] == [fmt.price(price), fmt.price(price + D("0.01"))]
