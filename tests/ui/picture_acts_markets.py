"""What is done in Markets, Risk and Track before a picture is taken."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from app.ui.application import settle
from app.ui.main_window import MainWindow
from tests.ui.made_up_markets import order_book, silence
from tests.ui.made_up_risk import hedged
from tests.ui.windows import desk


async def settled(window: MainWindow) -> None:
    await settle(window)


async def cross_index(window: MainWindow) -> None:
    await settle(window)
    screen: Any = desk(window).screen
    screen.chart.plot.move_to(len(screen.chart.course) // 3)


async def equal_weights(window: MainWindow) -> None:
    await settle(window)
    screen: Any = desk(window).screen
    screen.bar.choice.setCurrentIndex(screen.bar.choice.findData("equal"))
    screen.bar.choice.activated.emit(screen.bar.choice.currentIndex())
    screen.chart.kind.choose("beta")
    await settle(window)


async def explained_sharpe(window: MainWindow) -> None:
    await settle(window)
    screen: Any = desk(window).screen
    screen.strip.asked.emit("sharpe")


async def trade(window: MainWindow) -> None:
    await settle(window)
    screen: Any = desk(window).screen
    screen.pane.trade.amount.setText("-2500000")


async def own_stress(window: MainWindow) -> None:
    await settle(window)
    pane: Any = cast("Any", desk(window).screen).pane
    pane._begin()
    pane.form.name.setText("Everything falls by a third")
    pane.form.figure.setText("-33")
    pane.form._edited()
    pane.form.save.click()
    await settle(window)


async def shock(window: MainWindow) -> None:
    await settle(window)
    pane: Any = cast("Any", desk(window).screen).pane
    pane._begin()
    form = pane.form
    form.kind.setCurrentIndex(form.kind.findData("shock"))
    form.kind.activated.emit(form.kind.currentIndex())
    form.moves.more.click()
    row = form.moves.rows[1]
    row.subject.setCurrentIndex(row.subject.findData("class:stable"))
    row.move_field.setText("-2")
    form.moves.others.setCurrentIndex(form.moves.others.findData("bitcoin"))
    form.moves.others.activated.emit(form.moves.others.currentIndex())
    await settle(window)


async def by_issuer(window: MainWindow) -> None:
    await settle(window)
    pane: Any = cast("Any", desk(window).screen).pane
    pane.groups.choose("issuer")
    pane.groups.chosen.emit("issuer")


async def leveraged(window: MainWindow) -> None:
    cast("Any", desk(window).workspace).risk.futures = hedged()
    cast("Any", desk(window).screen).reading.compute()
    await settle(window)


async def by_garch(window: MainWindow) -> None:
    """Choose it where there are too few returns for one."""
    cast("Any", desk(window).workspace).risk.days = 90
    cast("Any", desk(window).screen).reading.compute()
    await settle(window)
    bar: Any = cast("Any", desk(window).screen).bar
    bar.model.setCurrentIndex(bar.model.findData("fhs_garch"))
    bar.model.activated.emit(bar.model.currentIndex())
    await settle(window)


async def liquidated(window: MainWindow) -> None:
    await leveraged(window)
    pane: Any = cast("Any", desk(window).screen).pane
    pane.table.choose(next(row.key for row in pane.model.rows() if row.name.startswith("Gap of")))


async def short_history(window: MainWindow) -> None:
    cast("Any", desk(window).workspace).risk.days = 120
    cast("Any", desk(window).screen).reading.compute()
    await settle(window)


async def explained_risk(window: MainWindow) -> None:
    await settle(window)
    screen: Any = desk(window).screen
    screen.pane.results.plot.move_to(screen.pane.results.plot.results.exceptions()[-1])
    screen.pane.strip.asked.emit("var")


async def market(window: MainWindow) -> None:
    # A row is read once it stays chosen for a moment.
    await asyncio.sleep(0.3)
    await settle(window)


async def market_alert(window: MainWindow) -> None:
    await market(window)
    screen: Any = desk(window).screen
    plot = screen.chart.plot
    plot.line_asked.emit(plot.candles[-1].close * 1 + 4_000)
    await settle(window)
    plot.move_to(len(plot.candles) - 30)


async def market_source(window: MainWindow) -> None:
    await market(window)
    screen: Any = desk(window).screen
    screen.table.choose("aave")
    screen.table.previewed.emit("aave")
    await asyncio.sleep(0.3)
    await settle(window)


async def market_minutes(window: MainWindow) -> None:
    await market(window)
    screen: Any = desk(window).screen
    screen.chart.interval.choose("1m")
    screen.chart.kind.choose("line")
    screen.desk.load()
    await settle(window)


async def market_depth(window: MainWindow) -> None:
    await market(window)
    screen: Any = desk(window).screen
    told = [order_book(screen.chart.plot.last, venue, seed) for seed, venue in enumerate(("kraken", "binance"))]
    cast("Any", desk(window).workspace).order_books.views["bitcoin"] = tuple(told)
    screen.chart.kind.choose("depth")
    screen.chart.view_chosen.emit("depth")
    screen.chart.depth_plot.move_to(160)
    await settle(window)


async def explained_exit(window: MainWindow) -> None:
    await settle(window)
    screen: Any = desk(window).screen
    screen.pane.strip.blocks["exit"].asked.emit()
    await settle(window)


async def market_table(window: MainWindow) -> None:
    await market(window)
    cast("Any", desk(window).screen).chart.as_table.setChecked(True)


async def market_list(window: MainWindow) -> None:
    await market(window)
    screen: Any = desk(window).screen
    screen.keeper._name_given("new", "Layer ones")
    for word in ("BTC", "sol", "litecoin"):
        await settle(window)
        screen.keeper._asset_given(word)
    await settle(window)
    screen.keeper._asset_given("XYZQ")


async def market_silent(window: MainWindow) -> None:
    await market(window)
    cast("Any", desk(window).workspace).market_data.silent = [silence("kraken-main")]
    cast("Any", desk(window).screen).beat()


async def market_without(window: MainWindow) -> None:
    screen: Any = desk(window).screen
    cast("Any", desk(window).workspace).candles.without.add("bitcoin")
    screen.chart.interval.choose("1m")
    screen.desk.load()
    await settle(window)
