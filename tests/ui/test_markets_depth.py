"""The order book of a market in the window: live, old, out of step, not there; one venue's at a time."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from app.core.clock import SECOND
from app.core.model.order_books import BookState, BookView
from app.ui import format as fmt
from app.ui.charts.chart_table import FittedTable
from app.ui.screens.markets import MarketsScreen
from app.ui.screens.markets_chart import BOOKS
from tests.ui import made_up_books as books
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_markets import order_book
from tests.ui.markets_places import opened
from tests.ui.table_screens import texts

D = Decimal


async def depth_of(qtbot: QtBot, *views: BookView) -> tuple[MarketsScreen, FakeWorkspace]:
    """Open the depth of bitcoin with these books."""
    _, screen, workspace = await opened(qtbot)
    workspace.order_books.views["bitcoin"] = views
    screen.chart.kind.choose("depth")
    screen.chart.view_chosen.emit("depth")
    return screen, workspace


def said(screen: MarketsScreen) -> list[str]:
    return [f"{part.word} {part.figure}".strip() for part in screen.chart.legend.parts]


async def test_books_are_looked_at_only_while_depth_is_seen(qtbot: QtBot) -> None:
    screen, workspace = await depth_of(qtbot, order_book(D(91_284)))
    looked = workspace.order_books.wanted["markets"]
    screen.chart.kind.choose("candles")
    screen.chart.view_chosen.emit("candles")
    as_candles = workspace.order_books.wanted["markets"]
    screen.chart.kind.choose("depth")
    screen.chart.view_chosen.emit("depth")
    screen.deactivate()

    assert (looked, as_candles, workspace.order_books.wanted["markets"]) == (("bitcoin",), (), ())


async def test_a_book_says_whether_it_is_live_how_old_it_is_and_that_nothing_was_heard_of_it(qtbot: QtBot) -> None:
    book = order_book(D(91_284))
    screen, workspace = await depth_of(qtbot, book)
    live = said(screen)
    aged = []
    for seconds in (20, 600):
        workspace.order_books.views["bitcoin"] = (replace(book, at=books.NOW - seconds * SECOND, gaps=2),)
        screen.desk.depth.show()
        aged.append(said(screen))

    assert "live" in live
    assert {"unchanged for 20 s", "fetched anew 2 times"} <= set(aged[0])
    assert "no word for 10 min" in aged[1]


async def test_a_book_out_of_step_stays_for_the_moment_and_says_so(qtbot: QtBot) -> None:
    book = order_book(D(91_284))
    screen, workspace = await depth_of(qtbot, book)
    before = screen.chart.depth_plot.book
    workspace.order_books.views["bitcoin"] = (book.lost(""),)
    screen.desk.depth.show()

    assert "out of step: fetched anew…" in said(screen)
    assert screen.chart.depth_plot.book == before
    assert screen.chart.is_known


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (
            replace(order_book(D(9)), state=BookState.WAITING, bids=(), asks=()),
            "The order book of BTC is being fetched…",
        ),
        (order_book(D(9)).lost("Kraken is away."), "Binance gives no order book of BTC."),
        (replace(order_book(D(9)), bids=()), "Nobody bids for BTC at Binance."),
        (replace(order_book(D(9)), asks=()), "Nobody offers BTC at Binance."),
    ],
)
async def test_what_is_no_book_is_said_in_words(qtbot: QtBot, view: BookView, words: str) -> None:
    screen, _ = await depth_of(qtbot, view)

    assert words in texts(screen.chart)
    assert not screen.chart.is_known


async def test_while_venues_are_asked_and_where_they_cannot_be_the_chart_says_so(qtbot: QtBot) -> None:
    screen, workspace = await depth_of(qtbot)
    workspace.order_books.is_waiting = True
    screen.desk.depth.show()
    waiting = texts(screen.chart)
    workspace.order_books.is_waiting, workspace.order_books.faults = False, {"kraken": "Kraken cannot be reached."}
    screen.desk.depth.show()

    assert "The order book of BTC is being fetched…" in waiting
    assert "No order book of BTC can be read." in texts(screen.chart)


async def test_one_venues_book_is_kept_while_others_grow_deeper_and_another_is_chosen_by_hand(qtbot: QtBot) -> None:
    kraken, binance = order_book(D(91_284), "kraken"), order_book(D(91_284), "binance")
    shallow = replace(kraken, bids=kraken.bids[:5])
    screen, workspace = await depth_of(qtbot, shallow, binance)
    first = said(screen)[-1]
    workspace.order_books.tell("bitcoin", kraken, replace(binance, bids=binance.bids[:5]))
    screen.desk.depth.show()
    kept = said(screen)[-1]
    assert [screen.chart.books.label(key) for key in BOOKS if screen.chart.books.is_offered(key)] == [
        "Binance",
        "Kraken",
    ]
    screen.chart.books.chosen.emit(BOOKS[1])

    assert (first, kept, said(screen)[-1]) == ("Binance BTCUSDT", "Binance BTCUSDT", "Kraken BTC/USD")
    assert screen.chart.books.current == BOOKS[1]


async def test_the_table_of_a_book_stays_where_it_is_looked_at(qtbot: QtBot) -> None:
    book = order_book(D(91_284))
    screen, workspace = await depth_of(qtbot, book)
    model, resets = screen.chart.depth_model, []
    model.modelReset.connect(lambda: resets.append(1))
    workspace.order_books.views["bitcoin"] = (replace(book, asks=book.asks[1:-3], bids=book.bids[1:]),)
    screen.desk.depth.show()
    fewer = model.rowCount()
    workspace.order_books.views["bitcoin"] = (book,)
    screen.desk.depth.show()

    screen.chart.as_table.setChecked(True)
    table = screen.chart._tables.currentWidget()
    assert isinstance(table, FittedTable)
    first, last = table.rowAt(0), table.rowAt(table.viewport().height() - 1)
    near = max((model.index(row, 3).data() for row in range(first, last)), key=len)

    assert first < 119 < last
    assert table.columnWidth(3) > table.fontMetrics().horizontalAdvance(near)
    assert (fewer, model.rowCount(), resets) == (235, 240, [])
    assert model.index(0, 1).data() == fmt.price(book.asks[-1][0])


async def test_figures_of_a_book_have_as_many_places_as_their_venue_tells_the_same_in_a_column(qtbot: QtBot) -> None:
    book = replace(
        order_book(D(91_284)),
        asks=((D("100.5"), D("0.00012")), (D("101"), D(3))),
        bids=((D("99.25"), D("1.5")), (D("98"), D(20))),
    )
    screen, _ = await depth_of(qtbot, book)
    model = screen.chart.depth_model

    assert [[model.index(row, column).data() for column in (1, 2, 3)] for row in range(4)] == [
        ["101.00", "3.00000", "3.00012"],
        ["100.50", "0.00012", "0.00012"],
        ["99.25", "1.50000", "1.50000"],
        ["98.00", "20.00000", "21.50000"],
    ]
