"""What is done before a picture is taken, everywhere but in Markets, Risk and Track."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any, cast

from app.core.errors import RetryableError, WrongPassphraseError
from app.ui.application import settle
from app.ui.main_window import MainWindow
from app.ui.screens.base import HowComputed
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_statements import TABLE
from tests.ui.windows import connecting, desk, palette


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
