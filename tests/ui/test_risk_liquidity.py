"""Liquidity in the window: costs and days as the engine has them, with what is not known said to be so."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.core.clock import SECOND
from app.core.risk.leaving import leaving
from app.core.risk.leaving_facts import Depth, Facts, Observed, PerpetualMarket, Volume
from app.ui import format as fmt
from app.ui.screens.risk_found import exact
from app.ui.screens.risk_liquidity_rows import WayRow, columns
from tests.ui import made_up_books as books
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_risk import hedged
from tests.ui.risk_places import answered, choose, opened
from tests.ui.table_screens import texts


def deep() -> Depth:
    """Return a book of a hundred million units a side, one per cent from its middle."""
    return Depth("binance", "BTCUSDT", ((99.0, 1e8),), ((101.0, 1e8),), 100.0, books.NOW)


def tip(name: str, row: WayRow) -> str:
    """Return what stands behind a cell of a column."""
    (column,) = [one for one in columns() if one.column_id == name]
    return str(column.tooltip(row))


async def test_figures_are_those_of_the_engine(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot, detail="liquidity")
    left = screen.reading.found.report.leaving
    tail = screen.reading.found.report.study.tail()
    blocks = screen.pane.strip.blocks

    assert blocks["exit"].figure.exact == exact(left.exit_cost.value)
    assert blocks["spread"].figure.exact == exact(left.spread_cost.value)
    assert blocks["var"].figure.exact == exact(left.adjusted(tail).value)
    assert blocks["days"].figure.exact == exact(left.longest)
    assert [row.way for row in screen.pane.model.rows()] == list(left.ways)


async def test_what_is_not_known_is_shown_as_unknown_and_never_as_zero(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.risk.facts = Facts()
    _, screen = await opened(qtbot, fake, detail="liquidity")
    pane = screen.pane

    assert {block.figure.exact for block in pane.strip.blocks.values()} == {None}
    assert {block.figure.text() for block in pane.strip.blocks.values()} == {fmt.UNKNOWN}
    assert "Order books are being fetched…" in pane.note.text()
    assert "neither 100.0\u2009%" in pane.note.text()


async def test_books_that_cannot_be_read_are_named(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    fake.risk.facts = Facts(is_watched=True, faults={"kraken": "Kraken cannot be reached."})
    _, screen = await opened(qtbot, fake, detail="liquidity")
    said = screen.pane.note.text()

    assert "Kraken cannot be reached." in said
    assert "fetched" not in said


async def test_spreads_that_were_kept_from_before_say_how_old_they_are(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    seen = books.NOW - 5 * 3_600 * SECOND
    prices = {"bitcoin": 91_284.5}
    spreads = {"bitcoin": (Observed("kraken", 0.001, 0.0002, 3_600, seen - 3_600 * SECOND, seen),)}
    fake.risk.facts = Facts(prices, spreads=spreads, now=books.NOW)
    _, screen = await opened(qtbot, fake, detail="liquidity")
    (row,) = [one for one in screen.pane.model.rows() if one.way.asset == "bitcoin"]

    assert screen.pane.strip.blocks["spread"].note.text().endswith("seen 5 h ago")
    assert tip("spread", row).endswith("last at 2026-11-20 09:32:07 UTC")


async def test_a_hedge_has_a_cost_of_its_own_and_says_where_its_book_is_not_known(qtbot: QtBot) -> None:
    said, looked = list[str](), set[str]()
    quoted = Observed("binance", 0.001, 0.0002, 60, books.NOW - 60 * SECOND, books.NOW)
    market = PerpetualMarket(deep(), quoted, Volume(1e5, 30, ("binance",)))
    known: tuple[dict[tuple[str, str], PerpetualMarket], ...] = {}, {("binance", "bitcoin"): market}
    for contracts in known:
        fake = FakeWorkspace()
        fake.risk.futures = hedged()
        fake.risk.facts = Facts({"bitcoin": 100.0}, {"bitcoin": (deep(),)}, perpetuals=contracts, now=books.NOW)
        _, screen = await opened(qtbot, fake, detail="liquidity")
        (row,) = [one for one in screen.pane.model.rows() if one.way.asset == "bitcoin"]
        said += [tip(column, row) for column in ("cost", "widened", "days")]
        looked |= set(fake.risk.looked_at)

    assert said[0].endswith("without perpetuals, whose own order book is not known")
    assert said[1].endswith("without perpetuals of which it is not known how their spreads vary")
    assert said[2].endswith("perpetuals not known")
    assert said[3].endswith("of it for perpetuals")
    assert said[4].endswith("of it for perpetuals")
    assert said[5].endswith(" d")
    assert {"BTCUSDT", "SOLUSDT"} <= looked


@pytest.mark.parametrize("is_hedged", [False, True])
async def test_perpetuals_have_a_column_where_there_are_any(qtbot: QtBot, *, is_hedged: bool) -> None:
    fake = FakeWorkspace()
    fake.risk.futures = hedged() if is_hedged else ()
    _, screen = await opened(qtbot, fake, detail="liquidity")
    (row,) = [one for one in screen.pane.model.rows() if one.way.asset == "bitcoin"]
    heading, _ = screen.pane.table.seen()

    assert ("Perpetuals" in heading) == is_hedged
    assert (row.way.perpetual < 0) == is_hedged


async def test_days_follow_the_share_of_the_volume_that_is_chosen(qtbot: QtBot) -> None:
    _, screen = await opened(qtbot, detail="liquidity")
    book, pane = screen.reading.found.book, screen.pane
    before = pane.left.longest
    choose(pane.shares, "20")
    expected = leaving(book.exposures, book.facts, constant=frozenset({"usd"}), participation=0.2)

    assert pane.left == expected
    assert before == pytest.approx(2 * (expected.longest or 0))


async def test_books_are_looked_at_while_liquidity_is_seen_and_no_longer(qtbot: QtBot) -> None:
    fake = FakeWorkspace()
    shell, screen = await opened(qtbot, fake)
    before = fake.risk.looked_at
    screen.show_tab(screen.tab_named("liquidity"))
    await answered(shell, screen)
    looked = fake.risk.looked_at
    screen.show_tab(screen.tab_named("stress"))
    elsewhere = fake.risk.looked_at
    screen.show_tab(screen.tab_named("liquidity"))
    await answered(shell, screen)
    again = fake.risk.looked_at
    screen.deactivate()

    assert "bitcoin" in looked
    assert (before, elsewhere, again, fake.risk.looked_at) == ((), (), looked, ())


async def test_each_figure_says_how_it_is_computed(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot, detail="liquidity")
    told = []
    for block in screen.pane.strip.blocks.values():
        block.asked.emit()
        told.append(shell.explained[-1].title)

    assert told == [
        "Liquidity-adjusted value at risk", "Spread cost", "Exit cost", "Days to close", "Days to close",
    ]  # fmt: skip


async def test_a_masked_window_shows_no_amount(qtbot: QtBot) -> None:
    shell, screen = await opened(qtbot, detail="liquidity")
    fmt.set_mask(fmt.Mask.AMOUNTS)
    try:
        screen.masking_changed()
        await answered(shell, screen)
        shown = "".join(screen.pane.strip.blocks[kind].figure.text() for kind in ("var", "spread", "exit", "days"))
        days = [column.column_id for column in columns()].index("days")
        shown += "".join(str(screen.pane.model.index(row, days).data()) for row in range(3))
    finally:
        fmt.set_mask(fmt.Mask.NOTHING)

    assert not any(letter.isdigit() for letter in shown)
    assert texts(screen.pane)
