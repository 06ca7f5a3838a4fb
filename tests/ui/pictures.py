"""Pictures of every screen with made-up books, to be looked at: python tests/ui/pictures.py OUTDIR [NAME …]."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import qasync
from PySide6.QtWidgets import QApplication

from app.core.clock import SECOND
from app.core.errors import RetryableError, WrongPassphraseError
from app.services.workspace import Workspace
from app.ui import format as fmt
from app.ui import theme
from app.ui.application import grab, open_window, prepare, settle
from app.ui.main_window import MainWindow
from app.ui.preferences import Preferences
from app.ui.screens.base import HowComputed
from tests.ui.fake_vaults import runtime_with_vaults
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_markets import order_book, silence
from tests.ui.made_up_risk import hedged
from tests.ui.made_up_statements import TABLE
from tests.ui.windows import connecting, desk, palette

SIZES = {"": (1440, 900), "-1280x720": (1280, 720)}
Act = Callable[[MainWindow], Awaitable[None] | None]


@dataclass(frozen=True)
class Shot:
    """One picture: a place, what is done there, and the made-up books it is taken of."""

    name: str
    place: str = "overview"
    act: Act | None = None
    empty: bool = False
    stale_ns: int = 2 * SECOND
    sizes: tuple[str, ...] = ("", "-1280x720")
    mask: fmt.Mask = fmt.Mask.NOTHING


def search(window: MainWindow) -> None:
    desk(window).commands.run("palette")
    palette(window).field.setText("bt")


async def price(window: MainWindow) -> None:
    screen: Any = desk(window).screen
    screen.day_table.choose(screen.days.lines()[0].key)
    screen.form.ask_price()


def jobs(window: MainWindow) -> None:
    cast("FakeWorkspace", desk(window).workspace).show_jobs()


def keys(window: MainWindow) -> None:
    desk(window).commands.run("keys")


def bell(window: MainWindow) -> None:
    desk(window).commands.run("notifications")


def unlock(window: MainWindow) -> None:
    window.show_unlock()


def wrong(window: MainWindow) -> None:
    screen = window.show_unlock()
    screen._show_form()
    screen.form.field.setText("a passphrase that is wrong")
    screen._show_trouble(WrongPassphraseError("no"))


def first(window: MainWindow) -> None:
    wizard = window.show_first_run(Path("/home/me/books.vault"))
    wizard.vault_page.passphrase.setText("correct horse battery staple")
    wizard.vault_page.again.setText("correct horse battery staple")


async def connect(window: MainWindow) -> None:
    _, form = connecting(window, FakeWorkspace(runtime=window.runtime))
    form.choose("kraken")
    for field in form._fields.values():
        field.setText("qG7vT2mXqG7vT2mXqG7vT2mXqG7vT2mX")
    form.try_key()


def fault(window: MainWindow) -> None:
    desk(window).show_fault("Reading marks", RetryableError("No network since 13:58 UTC.", hint="Nothing is lost."))
    text = HowComputed(
        "Year to date, TWR",
        "Value before each deposit or withdrawal ÷ value after the one before, chained over 2 parts.",
        ("Part", "Return"),
        (("1 Jan – 2 Mar", "+4.912 %"), ("3 Mar – today", "−3.118 %")),
        "20 of 21 assets",
        "9f3c71e0" * 8,
        "activity",
    )
    desk(window).explain(desk(window).header, text)


def toast(window: MainWindow) -> None:
    desk(window).toast("2 entries paired as transfer", "Undo", window.repaint)


async def entry(window: MainWindow) -> None:
    desk: Any = window.desk
    table = desk.screen.activity.table
    key = next(line.key for line in table.table_model.lines() if not line.is_heading)
    table.choose(key)
    table.previewed.emit(key)


async def statement(window: MainWindow) -> None:
    desk: Any = window.desk
    await desk.screen.preview(Path("/home/me/kraken-ledgers-2026.csv"))


def general_ledger(window: MainWindow) -> None:
    desk(window).commands.run("export-gl")
    panel: Any = desk(window).inspector.panel
    panel.program.setCurrentIndex(panel.program.findData("quickbooks"))
    panel._tell()
    panel.last.setText("2025-13-01")
    panel.export.click()


def cross(window: MainWindow) -> None:
    screen: Any = desk(window).screen
    screen.chart.view.plot.move_to(len(screen.chart.view.course) // 2)


def returned(window: MainWindow) -> None:
    screen: Any = desk(window).screen
    screen.chart.kind.choose("return")
    screen.chart._show_view()


def fires(window: MainWindow) -> None:
    cast("FakeWorkspace", desk(window).workspace).alerts.forget_seen()


async def write_alert(window: MainWindow) -> None:
    screen: Any = desk(window).screen
    await settle(window)
    screen.builder.line.setText("If share of venue Kraken is above 40 % then notify by desktop")
    screen.builder.line.textEdited.emit(screen.builder.line.text())
    screen.builder._ask()


async def by_account(window: MainWindow) -> None:
    screen: Any = desk(window).screen
    screen.by.choose("account")
    screen.by.chosen.emit("account")
    screen.chart.as_table.setChecked(True)
    await settle(window)


def explained(window: MainWindow) -> None:
    screen: Any = desk(window).screen
    screen.strip.asked.emit("twr")


async def unknown(window: MainWindow) -> None:
    screen: Any = desk(window).screen
    cast("Any", desk(window).workspace).performance.unpriced_flow = True
    screen._load()
    await settle(window)


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


async def choose_lots(window: MainWindow) -> None:
    desk: Any = window.desk
    pane = desk.screen.pane
    number = pane.sales.rowCount() - 1
    pane.list.choose(pane.sales.sale(number).row)
    await settle(window)
    pane.picker.lots.used.emit(pane.picker.shown.choosing.lots[0].lot, "2")
    pane.picker.lots.used.emit(pane.picker.shown.choosing.lots[1].lot, "6.12345678")
    pane._record()
    await asyncio.sleep(2)


async def sell_next(window: MainWindow) -> None:
    desk: Any = window.desk
    pane = desk.screen.pane
    table, key = pane.open.table, pane.open.model.line(3).key
    table.choose(key)
    pane.ahead.record.click()
    await asyncio.sleep(1)
    desk.inspector.panel.record.click()
    await asyncio.sleep(2)
    table.choose(key)


async def sell_parts(window: MainWindow) -> None:
    desk: Any = window.desk
    pane = desk.screen.pane
    pane.filter.setText("solana")
    pane.open.table.selectAll()
    pane.ahead.record.click()
    desk.inspector.panel.fields[1].setText("999")
    await asyncio.sleep(1)


async def receipt(window: MainWindow) -> None:
    desk: Any = window.desk
    table = desk.screen.pane.table
    table.choose(table.table_model.line(0).key)
    table.previewed.emit(table.current_key())


async def broker_lines(window: MainWindow) -> None:
    desk: Any = window.desk
    pane = desk.screen.pane
    rows = list(dict.fromkeys(row[-1] for row in pane.report.tables[0].rows))
    lines = [f"{row},,{1_000 + place}.50,900,yes" for place, row in enumerate(rows[:3])]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "broker-2026.csv"
        file.write_text("\n".join(["id,term,proceeds,basis,basis_reported", *lines, "nobody,,5,,no", ",,x,,"]))
        await pane.broker.preview(file)


async def reported_lines(window: MainWindow) -> None:
    desk: Any = window.desk
    pane = desk.screen.pane
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "provider-2026.csv"
        file.write_text(TABLE)
        await pane.read(file)
    key = pane.table.table_model.line(0).key
    pane.table.choose(key)
    pane.table.previewed.emit(key)


async def waive(window: MainWindow) -> None:
    screen: Any = desk(window).screen
    screen.member_table.choose(screen.members.lines()[2].key)
    screen.bar.ask_waive()


def propose(window: MainWindow) -> None:
    screen: Any = desk(window).screen
    screen._propose(screen.found[1].likely[0].proposal)


async def seal(window: MainWindow) -> None:
    screen: Any = desk(window).screen
    await waive_breaks(window)
    screen.page.reason.setText("Two dust differences, below one dollar together")
    screen.page.begin()
    await asyncio.sleep(1)


async def waive_breaks(window: MainWindow) -> None:
    screen: Any = desk(window).screen
    findings = screen.shell.workspace.findings
    for one in await findings.everything():
        if one.code == "break":
            await findings.waive(one.name, "below one dollar, written off")
    screen.closing.compute()
    await asyncio.sleep(1)


async def seal_and_verify(window: MainWindow) -> None:
    await seal(window)
    place: Any = desk(window)
    place.workspace.seals.differs = True
    place.go("tax")
    await settle(window)
    screen: Any = place.screen
    screen._ask(screen.shell.workspace.tax.asked[0])
    await asyncio.sleep(1)
    screen.seal_line.start()
    await asyncio.sleep(1)


def before(window: MainWindow) -> None:
    screen: Any = desk(window).screen
    screen.page.view.choose("before")
    screen.page.show_view("before")


async def check(window: MainWindow) -> None:
    screen: Any = desk(window).screen
    screen.start()
    await asyncio.sleep(1)


async def broken(window: MainWindow) -> None:
    place: Any = desk(window)
    place.workspace.audit.first_break = "record 215 of device 4b9f34b5: its body was changed after it was sealed"
    await check(window)
    place.dock.open_dock(is_open=False)


SHOTS = (
    Shot("overview"),
    Shot("overview-empty", empty=True),
    Shot("overview-stale", stale_ns=34 * 60 * SECOND),
    Shot("overview-masked", mask=fmt.Mask.AMOUNTS),
    Shot("overview-hidden", mask=fmt.Mask.EVERYTHING, sizes=("",)),
    Shot("performance", "performance", act=cross),
    Shot("performance-return", "performance", act=returned, sizes=("",)),
    Shot("performance-accounts", "performance", act=by_account, sizes=("",)),
    Shot("performance-explained", "performance", act=explained, sizes=("",)),
    Shot("performance-unknown", "performance", act=unknown, sizes=("",)),
    Shot("performance-masked", "performance", mask=fmt.Mask.AMOUNTS, sizes=("",)),
    Shot("performance-empty", "performance", empty=True, sizes=("",)),
    Shot("track", "track", act=cross_index),
    Shot("track-equal", "track", act=equal_weights, sizes=("",)),
    Shot("track-explained", "track", act=explained_sharpe, sizes=("",)),
    Shot("track-masked", "track", act=settled, mask=fmt.Mask.AMOUNTS, sizes=("",)),
    Shot("track-hidden", "track", act=settled, mask=fmt.Mask.EVERYTHING, sizes=("",)),
    Shot("track-empty", "track", empty=True, sizes=("",)),
    Shot("markets", "markets/bitcoin", act=market),
    Shot("markets-alert", "markets/bitcoin", act=market_alert, sizes=("",)),
    Shot("markets-source", "markets/bitcoin", act=market_source),
    Shot("markets-minutes", "markets/bitcoin", act=market_minutes, sizes=("",)),
    Shot("markets-depth", "markets/bitcoin", act=market_depth),
    Shot("markets-table", "markets/bitcoin", act=market_table, sizes=("",)),
    Shot("markets-list", "markets/bitcoin", act=market_list),
    Shot("markets-silent", "markets/bitcoin", act=market_silent, stale_ns=34 * 60 * SECOND, sizes=("",)),
    Shot("markets-without", "markets/bitcoin", act=market_without, sizes=("",)),
    Shot("markets-masked", "markets/bitcoin", act=market, mask=fmt.Mask.AMOUNTS, sizes=("",)),
    Shot("markets-hidden", "markets/bitcoin", act=market, mask=fmt.Mask.EVERYTHING, sizes=("",)),
    Shot("markets-empty", "markets", empty=True, sizes=("",)),
    Shot("risk", "risk"),
    Shot("risk-correlation", "risk/correlation"),
    Shot("risk-contributions", "risk/contributions", act=trade),
    Shot("risk-drawdown", "risk/drawdown", sizes=("",)),
    Shot("risk-stress", "risk/stress"),
    Shot("risk-stress-own", "risk/stress", act=own_stress, sizes=("",)),
    Shot("risk-stress-shock", "risk/stress", act=shock, sizes=("",)),
    Shot("risk-leveraged", "risk/concentration", act=leveraged, sizes=("",)),
    Shot("risk-liquidated", "risk/stress", act=liquidated, sizes=("",)),
    Shot("risk-concentration", "risk/concentration", act=by_issuer, sizes=("",)),
    Shot("risk-liquidity", "risk/liquidity"),
    Shot("risk-liquidity-explained", "risk/liquidity", act=explained_exit, sizes=("",)),
    Shot("risk-liquidity-masked", "risk/liquidity", mask=fmt.Mask.AMOUNTS, sizes=("",)),
    Shot("risk-card", "risk/card"),
    Shot("risk-short", "risk", act=short_history, sizes=("",)),
    Shot("risk-explained", "risk", act=explained_risk, sizes=("",)),
    Shot("risk-masked", "risk", mask=fmt.Mask.AMOUNTS, sizes=("",)),
    Shot("risk-hidden", "risk", mask=fmt.Mask.EVERYTHING, sizes=("",)),
    Shot("risk-stale", "risk", stale_ns=34 * 60 * SECOND, sizes=("",)),
    Shot("risk-empty", "risk", empty=True, sizes=("",)),
    Shot("alerts", "alerts", act=fires),
    Shot("alerts-new", "alerts/new", act=write_alert),
    Shot("alerts-happened", "alerts/happened", act=fires, sizes=("",)),
    Shot("alerts-delivery", "alerts/delivery", sizes=("",)),
    Shot("alerts-empty", "alerts", empty=True, sizes=("",)),
    Shot("alerts-masked", "alerts", mask=fmt.Mask.AMOUNTS, sizes=("",)),
    Shot("positions", "positions"),
    Shot("positions-inspector", "positions/bitcoin"),
    Shot("positions-hidden", "positions/bitcoin", mask=fmt.Mask.EVERYTHING, sizes=("",)),
    Shot("positions-empty", "positions", empty=True, sizes=("",)),
    Shot("activity", "activity"),
    Shot("activity-entry", "activity", act=entry),
    Shot("tax", "tax"),
    Shot("tax-disposals", "tax/disposals"),
    Shot("tax-income", "tax/income", act=receipt),
    Shot("tax-losses", "tax/losses"),
    Shot("tax-forms", "tax/forms"),
    Shot("general-ledger", "tax/forms", act=general_ledger),
    Shot("tax-compare", "tax/compare"),
    Shot("tax-lots", "tax/lots"),
    Shot("tax-lots-own", "tax/lots", act=choose_lots),
    Shot("tax-lots-hidden", "tax/lots", mask=fmt.Mask.EVERYTHING, sizes=("",)),
    Shot("tax-lots-open", "tax/lots/open", act=sell_next),
    Shot("tax-lots-parts", "tax/lots/open", act=sell_parts),
    Shot("tax-statements", "tax/statements", act=reported_lines),
    Shot("tax-1099-da", "tax/forms/us-8949", act=broker_lines),
    Shot("tax-sealed", "close/us/2025/seal", act=seal_and_verify),
    Shot("close-scope", "close/us/2025/scope"),
    Shot("close-health", "close/us/2025/health"),
    Shot("close-transfers", "close/us/2025/transfers"),
    Shot("close-prices", "close/us/2025/prices"),
    Shot("close-lots", "close/us/2025/lots"),
    Shot("close-review", "close/us/2025/review"),
    Shot("close-review-before", "close/us/2025/review", act=before),
    Shot("close-blocked", "close/us/2025/seal"),
    Shot("close-ready", "close/us/2025/seal", act=waive_breaks),
    Shot("close-sealed", "close/us/2025/seal", act=seal),
    Shot("connections", "connections"),
    Shot("connections-inspector", "connections/coinbase-fund"),
    Shot("connections-import", "connections", act=statement),
    Shot("connections-add", "connections/add"),
    Shot("findings", "findings"),
    Shot("findings-group", "findings/quarantined-row", act=waive),
    Shot("findings-empty", "findings", empty=True, sizes=("",)),
    Shot("reconciliation", "reconciliation"),
    Shot("reconciliation-break", "reconciliation/binance-main/usd-coin/spot"),
    Shot("reconciliation-propose", "reconciliation/kraken-main/polkadot/earn", act=propose, sizes=("",)),
    Shot("transfers", "transfers"),
    Shot("transfers-unpaired", "transfers/unpaired", sizes=("",)),
    Shot("prices", "prices"),
    Shot("prices-set", "prices", act=price),
    Shot("audit", "audit"),
    Shot("audit-verified", "audit", act=check, sizes=("",)),
    Shot("audit-break", "audit", act=broken),
    Shot("settings", "settings"),
    Shot("palette", act=search),
    Shot("jobs", act=jobs, sizes=("",)),
    Shot("keys", act=keys),
    Shot("bell", act=bell, sizes=("",)),
    Shot("fault", act=fault, sizes=("",)),
    Shot("toast", act=toast, sizes=("",)),
    Shot("unlock", act=unlock, sizes=("",)),
    Shot("unlock-wrong", act=wrong, sizes=("",)),
    Shot("first-run", act=first),
    Shot("first-run-connect", act=connect),
)


async def take(shot: Shot, folder: Path, mode: str) -> None:
    with tempfile.TemporaryDirectory() as settings:
        runtime = runtime_with_vaults(Path(settings))
        Preferences(Path(settings)).keep("look/mode", mode)
        Preferences(Path(settings)).keep("mask", int(shot.mask))
        workspace = FakeWorkspace(empty=shot.empty, stale_ns=shot.stale_ns, runtime=runtime)
        window = open_window(runtime, cast("Workspace", workspace), shot.place)
        window.show()
        window.activateWindow()
        await settle(window)
        if shot.act is not None:
            doing = shot.act(window)
            if doing is not None:
                await doing
        for suffix in shot.sizes:
            window.resize(*SIZES[suffix])
            await settle(window)
            grab(window, folder / f"{shot.name}-{mode}{suffix}.png")
            if suffix:
                grab(window, folder / f"{shot.name}-{mode}-200pct.png", density=2)
        await window.end()
        window.close()


async def take_all(folder: Path, wanted: list[str]) -> None:
    for mode in ("dark", "light", "contrast"):
        for shot in SHOTS:
            if not wanted or shot.name in wanted:
                await take(shot, folder, mode)
                sys.stdout.write(f"{shot.name} {mode}\n")


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as settings:
        application, _ = prepare(runtime_with_vaults(Path(settings)))
    theme.use(mode="dark")
    loop = qasync.QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(take_all(folder, sys.argv[2:]))
    QApplication.processEvents()


if __name__ == "__main__":
    main()
