"""The Overview: its figures to the last digit, what lies behind them, and what is hidden."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.core.clock import DAY
from app.core.model.views import ActivityFilter, Scope
from app.core.money import add, plain
from app.services.events import MarksChanged
from app.ui import format as fmt
from app.ui.screens.overview_rows import Figure, Row
from tests.ui import made_up_books as books
from tests.ui.fake_shell import FakeShell
from tests.ui.overview_places import opened, words

D = Decimal


def figure(row: Row, cell: int) -> Decimal:
    """Return the exact figure of a cell."""
    found = row.cells[cell]
    assert isinstance(found, Figure)
    assert found.exact is not None
    return found.exact


async def test_the_figures_are_those_of_the_books_to_the_last_digit(qtbot: QtBot) -> None:
    shell = FakeShell()
    screen = await opened(qtbot, shell)
    overview = await shell.fake.portfolio.overview(shell.scope)
    found = overview.positions

    figures = screen.figures()

    wanted = {
        "value": found.value,
        "effect_24h": found.effect_24h,
        "month_to_date": overview.month_to_date.value,
        "year_to_date": overview.year_to_date.value,
        "cash": overview.cash,
        "chart/last": found.value,
        **{f"venue/{share.key}": share.value for share in overview.by_venue},
        **{f"amount/{one.asset.asset_id}": one.value for one in found.positions if one.value is not None},
        **{f"weight/{one.asset.asset_id}": one.weight for one in found.positions if one.weight is not None},
    }
    assert {name: plain(value) for name, value in wanted.items() if value is not None} == {
        name: value
        for name, value in figures.items()
        if name.partition("/")[0] not in ("change", "effect", "value_at_risk")
    }
    assert screen.board.figures.value.figure.text() == fmt.amount(found.value, "usd")
    assert "20 of 21 assets priced" in screen.board.figures.value.note.text()
    assert "ETHW left out" in screen.board.figures.value.note.text()


async def test_the_return_beside_the_chart_is_the_one_of_the_year(qtbot: QtBot) -> None:
    screen = await opened(qtbot, FakeShell())

    assert screen.board.chart.legend.change.text() == screen.board.figures.year.figure.text()


async def test_movers_are_sorted_by_their_effect_and_a_week_compares_with_its_close(qtbot: QtBot) -> None:
    screen = await opened(qtbot, FakeShell())
    movers = screen.board.movers

    day = [abs(figure(row, 3)) for row in movers.list.rows]
    movers.periods._buttons["7d"].click()

    assert day == sorted(day, reverse=True)
    bitcoin = next(row for row in movers.list.rows if row.key == "bitcoin")
    then = books.closes("bitcoin")[-8][1]
    quantity = sum(books.HOLDINGS[0].places.values(), D(0))
    assert figure(bitcoin, 3) == quantity * D("91284.50") - quantity * then


async def test_nothing_that_is_masked_shows_a_digit(qtbot: QtBot) -> None:
    shell = FakeShell()
    screen = await opened(qtbot, shell)
    fmt.set_mask(fmt.Mask.EVERYTHING)
    screen.masking_changed()
    screen.board.chart.press(Qt.Key.Key_T)

    allowed = re.compile(
        r"\d{4}-\d\d-\d\d|\d\d:\d\d(:\d\d)?|\b\d+ (s|min|h|d) old|\d+( to \d+)? [A-Z][a-z]{2}( \d{4})?"
    )
    names = re.compile(r"\b(1M|3M|6M|1Y|24 h|7 d|24h|7d)\b|VaR 99\u2009% · 1 day|ES 97\.5\u2009%")
    left = [text for text in words(screen) if re.search(r"\d", names.sub("", allowed.sub("", text)))]

    assert left == []
    model = screen.board.chart._table.model()
    assert [model.index(0, column).data() for column in (1, 2)] == ["$•••••", "$•••••"]


async def test_masked_amounts_keep_shares_and_returns(qtbot: QtBot) -> None:
    screen = await opened(qtbot, FakeShell())
    fmt.set_mask(fmt.Mask.AMOUNTS)
    screen.masking_changed()

    assert screen.board.figures.value.figure.text() == "$•••••"
    assert screen.board.figures.year.figure.text() == f"+21.36{fmt.THIN}%"
    assert f"40.2{fmt.THIN}%" in words(screen)


async def test_a_live_price_is_shown_without_reading_the_books_again(qtbot: QtBot) -> None:
    shell = FakeShell()
    screen = await opened(qtbot, shell)
    asked = list(shell.fake.answers.asked)
    before = D(screen.figures()["value"])

    shell.fake.move_marks({"bitcoin": D("91300.10")})
    qtbot.waitUntil(lambda: D(screen.figures()["value"]) != before, timeout=2_000)

    quantity = sum(books.HOLDINGS[0].places.values(), D(0))
    gained = quantity * (D("91300.10") - D("91284.50"))
    assert add(before, gained) == D(screen.figures()["value"])
    assert asked == shell.fake.answers.asked
    qtbot.waitUntil(lambda: screen.figures()["chart/last"] == screen.figures()["value"], timeout=2_000)
    venues = [D(value) for name, value in screen.figures().items() if name.startswith("venue/")]
    assert add(*venues) == D(screen.figures()["value"])


async def test_a_hundred_ticks_are_painted_as_one_frame(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = FakeShell()
    screen = await opened(qtbot, shell)
    painted = []
    monkeypatch.setattr(screen.board, "show_positions", lambda *_: painted.append(1))

    for cents in range(100):
        shell.fake.move_marks({"bitcoin": D("91300") + D(cents) / 100})
    qtbot.waitUntil(lambda: bool(painted), timeout=2_000)

    assert len(painted) == 1


async def test_a_hidden_screen_listens_to_nothing(qtbot: QtBot) -> None:
    shell = FakeShell()
    screen = await opened(qtbot, shell)

    screen.deactivate()
    shell.fake.move_marks({"bitcoin": D("1")})

    assert not screen._frame.isActive()
    assert shell.fake.events._handlers[MarksChanged] == []


async def test_another_range_reads_only_the_chart(qtbot: QtBot) -> None:
    shell = FakeShell()
    screen = await opened(qtbot, shell)
    before = screen.figures()

    QTest.keyClick(screen, Qt.Key.Key_1)
    await shell.settled()
    month = len(screen.board.chart.course)
    QTest.keyClick(screen, Qt.Key.Key_6)
    await shell.settled()

    assert (month, len(screen.board.chart.course)) == (32, 185)
    assert before == screen.figures()


async def test_every_row_opens_what_lies_behind_it(qtbot: QtBot) -> None:
    shell = FakeShell()
    screen = await opened(qtbot, shell)
    board = screen.board

    board.allocation.list._buttons[0].click()
    board.movers.list._buttons[1].click()
    board.held.list._buttons[0].click()
    board.attention.rows[0].fix.click()
    board.attention.everything.click()

    assert shell.gone == [
        "positions/bitcoin",
        "activity/solana",
        "positions",
        "connections/coinbase-fund",
        "findings",
    ]


async def test_a_day_of_the_chart_opens_its_newest_entry_or_says_that_there_is_none(qtbot: QtBot) -> None:
    shell = FakeShell()
    screen = await opened(qtbot, shell)
    flow = (await shell.fake.portfolio.overview(shell.scope)).curve.flows[0]
    start = flow.at // DAY * DAY
    page = await shell.fake.portfolio.activity(ActivityFilter(since_ns=start, until_ns=start + DAY - 1), 0, 50)

    screen.board.chart.picked.emit(flow.at)
    await shell.settled()
    screen.board.chart.picked.emit(books.START - 5 * DAY)
    await shell.settled()

    assert [f"activity/{page.entries[0].entry_id}"] == shell.gone
    assert shell.toasts == ["No entry on 27 Dec 2024."]


async def test_every_figure_says_how_it_is_computed(qtbot: QtBot) -> None:
    shell = FakeShell()
    screen = await opened(qtbot, shell)

    for block in ("value", "mtd", "ytd", "cash"):
        screen.board.figures.block(block).info.click()
        await shell.settled()

    assert [told.title for told in shell.explained] == [
        "Net value",
        "Month to date · TWR",
        "Year to date · TWR",
        "Cash & stables",
    ]
    assert all(told.formula and told.head for told in shell.explained)
    assert shell.explained[0].coverage == "20 of 21 assets priced · ETHW left out"


async def test_what_is_exported_is_what_is_seen_with_raw_numbers(qtbot: QtBot) -> None:
    shell = FakeShell()
    screen = await opened(qtbot, shell)

    exported = screen.export_rows()

    assert exported is not None
    figures = screen.figures()
    assert {f"{row[0]}/{row[1]}".rstrip("/"): row[2] for row in exported[1]} == figures


@pytest.mark.parametrize("size", [(1224, 594), (1244, 774), (872, 774)])
async def test_nothing_is_cut_at_any_size(qtbot: QtBot, size: tuple[int, int]) -> None:
    screen = await opened(qtbot, FakeShell(), size)
    board = screen.board

    assert screen._scroll.horizontalScrollBar().maximum() == 0
    for panel in (board.allocation, board.movers, board.held):
        shown = [button for button in panel.list._buttons if button.isVisibleTo(screen)]
        assert shown
        assert shown[-1].geometry().bottom() <= panel.list.height()
    assert board.figures.value.figure.width() >= board.figures.value.figure.sizeHint().width()
    if size[0] > 1_060:
        qtbot.waitUntil(lambda: board.height() == size[1], timeout=2_000)


async def test_every_control_has_a_name(qtbot: QtBot) -> None:
    screen = await opened(qtbot, FakeShell())

    silent = [
        widget
        for widget in screen.findChildren(QAbstractButton)
        if widget.isVisibleTo(screen) and not widget.accessibleName()
    ]

    assert silent == []


async def test_a_scope_narrows_every_figure(qtbot: QtBot) -> None:
    shell = FakeShell(scope=Scope(accounts=("binance-main",), period="3m"))
    screen = await opened(qtbot, shell)

    assert {"binance"} == {row.key for row in screen.board.held.list.rows}
    assert screen.board.chart.ranges.current == "3m"
    wanted = (await shell.fake.portfolio.positions(shell.scope)).value
    assert plain(wanted or D(0)) == screen.figures()["value"]
