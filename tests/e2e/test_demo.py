"""The whole way, from simulated venues over real sockets to the widgets, and what it must leave behind."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import runtime
from app.core.clock import to_datetime
from app.core.ports import Runtime
from app.core.tax.profile import profile
from app.demo import books
from app.demo.faults import Fault
from app.demo.pictures import COUNTRIES, MODES, PLACES
from app.demo.serve import DemoVenues
from tests.cli.process import Program

COINBASE = "coinbase"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Program, Path, dict[str, Any]]:
    """Return a program, the folder of a headless demo that it ran, and its summary."""
    folder = tmp_path_factory.mktemp("demo")
    program = Program(folder, passphrase=books.PASSPHRASE)
    out = folder / "out"
    ended = program.call([*program.command()[:3], "demo", "--headless", "--scale", "0.03", "--out", str(out), "--json"])
    assert ended.status == 0, ended
    assert ended.document == json.loads((out / "summary.json").read_text("utf-8"))
    return program, out, ended.document


def test_the_demo_reads_three_venues_without_a_break(ran: tuple[Program, Path, dict[str, Any]]) -> None:
    _, _, summary = ran

    assert [(one["name"], one["breaks"], one["error"]) for one in summary["sources"]] == [
        ("binance", 0, None),
        ("coinbase", 0, None),
        ("kraken", 0, None),
    ]
    assert summary["entries"] == sum(one["records"] for one in summary["sources"])
    assert (summary["currency"], summary["simulated"]) == ("usd", True)


def test_the_demo_leaves_a_picture_of_every_screen_and_the_reports(ran: tuple[Program, Path, dict[str, Any]]) -> None:
    _, out, summary = ran
    files = [out / name for name in (*summary["screens"], *summary["reports"])]

    assert len(summary["screens"]) == len(MODES) * len(PLACES) + len(COUNTRIES)
    assert [file.name for file in files if file.stat().st_size < 1_000] == []


def test_figures_read_back_from_the_widgets_are_those_of_the_command_line(
    ran: tuple[Program, Path, dict[str, Any]],
) -> None:
    program, out, summary = ran
    told = program.call([*program.command("positions", "--json"), "--vault", str(out / "demo.vault")]).document
    shown = {**summary["figures"]["positions"], **summary["figures"]["overview"]}
    quantities = {f"position/{one['asset']['asset_id']}": one["quantity"] for one in told["positions"]}

    assert summary["disagreements"] == []
    assert shown["value"] == told["value"] == summary["value"]
    assert {name: shown[name] for name in quantities} == quantities


def test_value_at_risk_of_the_demo_is_that_of_the_command_line(ran: tuple[Program, Path, dict[str, Any]]) -> None:
    program, out, summary = ran
    told = program.call([*program.command("risk", "report", "--json"), "--vault", str(out / "demo.vault")]).document

    assert float(summary["var_99_1d"]) == pytest.approx(float(told["var"]["fhs"]), abs=0.005)
    assert float(summary["figures"]["risk"]["var"]) == pytest.approx(float(told["var"]["fhs"]), abs=0.005)


def test_risk_adjusted_figures_of_the_window_are_those_of_the_command_line(
    ran: tuple[Program, Path, dict[str, Any]],
) -> None:
    program, out, summary = ran
    first = f"{to_datetime(time.time_ns()).year}-01-01"
    words = ("risk", "report", "--from", first, "--json")
    told = program.call([*program.command(*words), "--vault", str(out / "demo.vault")]).document["performance"]
    names = {"total": "return", "volatility": "volatility", "sharpe": "sharpe", "sortino": "sortino"}
    # In the first weeks of a year there are too few days for a ratio, in both.
    expected = {shown: told[name] for shown, name in names.items() if name in told}

    shown = summary["figures"]["risk-adjusted"]
    assert {name: float(shown[name]) for name in names if name in shown} == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(
    ("country", "money", "form_name"),
    [("us", "USD", "us-8949"), ("uk", "GBP", "uk-sa108"), ("de", "EUR", "de-anlage-so")],
)
def test_tax_figures_and_forms_of_the_window_are_those_of_the_command_line(
    ran: tuple[Program, Path, dict[str, Any]], country: str, money: str, form_name: str
) -> None:
    program, out, summary = ran
    vault, year = str(out / "demo.vault"), str(profile(country).calendar.year_of(time.time_ns()))
    words = ("tax", "compute", "--jurisdiction", country, "--year", year, "--json")
    document = program.call([*program.command(*words), "--vault", vault]).document
    told = document["totals"]
    shown = summary["figures"][f"tax-{country}"]
    form = program.folder / f"{form_name}.csv"
    asked = ("tax", "report", "--form", form_name, "--year", year, "--out", str(form))
    program.call([*program.command(*asked), "--vault", vault])

    assert document["profile"]["currency"] == money

    assert {name: shown[f"tax/{name}"] for name in ("gain", "proceeds", "cost", "income")} == {
        name: told[name] for name in ("gain", "proceeds", "cost", "income")
    }
    assert form.read_bytes() == (out / "reports" / form.name).read_bytes()


@pytest.fixture
def apart(tmp_path: Path) -> Runtime:
    return replace(runtime(), data_folder=tmp_path, settings_folder=tmp_path)


async def test_a_missing_page_makes_exactly_the_breaks_that_it_should(apart: Runtime, tmp_path: Path) -> None:
    venues = DemoVenues()
    await venues.start(scale=0.05)
    try:
        venues.faults(COINBASE).add(Fault.MISSING_PAGE, "*fills*")
        workspace = await books.opened(apart, tmp_path / "demo.vault")
        try:
            await books.connect(workspace, venues)
            (report,) = await workspace.ingest.sync([COINBASE], lambda _share, _doing: None)
            rows = await workspace.reconciliation.reconcile([COINBASE])
        finally:
            await workspace.lock()
        truth = venues.truth.balances(COINBASE)
    finally:
        await venues.stop()
    found = {row.asset.symbol: row.difference for row in rows if row.is_break}
    ledger: dict[str, Decimal] = {}
    for row in rows:
        ledger[row.asset.symbol] = ledger.get(row.asset.symbol, Decimal(0)) + row.ledger
    held: dict[str, Decimal] = {}
    for (_, asset), quantity in truth.items():
        symbol = apart.assets.asset(asset).symbol
        held[symbol] = held.get(symbol, Decimal(0)) + quantity
    expected = {symbol: ledger.get(symbol, Decimal(0)) - held.get(symbol, Decimal(0)) for symbol in ledger | held}

    assert (report.breaks, found) == (len(found), {symbol: gap for symbol, gap in expected.items() if gap})
    assert found
