"""A demo vault with defects, and the way from it to closed years on the command line."""

from __future__ import annotations

import shlex
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.bootstrap import runtime
from app.core.clock import to_datetime
from app.core.ports import Runtime
from app.demo import books, defective
from app.demo.defects import Defect
from app.demo.serve import DemoVenues
from app.services.workspace import Workspace
from tests.cli.process import Program

SCALE = 0.03
COUNTRIES = ("us", "uk", "de")
REASON = "As the venue's own list has it"
STANDS = "Too little to look for"
FEE, GAP = "break@binance@fee", "price-gap"
YEAR = str(to_datetime(runtime().clock.now_ns()).year - 1)


def apart(folder: Path) -> Runtime:
    """Return a runtime that touches nobody's folders."""
    return replace(runtime(), data_folder=folder, settings_folder=folder)


async def read(workspace: Workspace, venues: DemoVenues) -> None:
    """Connect and read every venue, with its prices."""
    await books.connect(workspace, venues)
    await books.read(workspace, lambda _share, _doing: None)


async def defective_vault(folder: Path, seed: int = 7, scale: float = SCALE) -> tuple[Defect, ...]:
    """Make demo.vault in a folder, with what lies beside it; returns what is wrong with it."""
    venues = DemoVenues()
    await venues.start(seed, scale, with_defects=True)
    try:
        defective.write(venues.truth, folder)
        workspace = await books.opened(apart(folder), folder / "demo.vault")
        try:
            await read(workspace, venues)
        finally:
            await workspace.lock()
    finally:
        await venues.stop()
    return venues.defects.seeded


def copied(made: Path, folder: Path) -> Program:
    """Return a program with a copy of the vault and of the statements beside it."""
    copy(made, folder, "books")
    return Program(folder, passphrase=books.PASSPHRASE)


def copy(made: Path, folder: Path, name: str = "demo") -> None:
    """Copy a vault under a name, and what lies beside it, into a folder where it was never opened."""
    shutil.copytree(made / defective.STATEMENTS, folder / defective.STATEMENTS)
    shutil.copy(made / defective.LIST, folder)
    for suffix in ("", "-keys", "-prices"):
        shutil.copy(made / f"demo.vault{suffix}", folder / f"{name}.vault{suffix}")


def statement(program: Program, name: str) -> str:
    """Return where a statement lies."""
    return str(program.folder / defective.STATEMENTS / f"{name}.csv")


def mended(program: Program) -> None:
    """Do what the program proposes for every finding, until only what is waived is left."""
    program.json("import", statement(program, "coinbase"))
    for command in dict.fromkeys(row["command"] for row in program.json("reconcile", "--breaks") if not _is_fee(row)):
        program.json(*[REASON if word == "WORDS" else word for word in shlex.split(command)[1:]])
    program.json("waive", FEE, "--reason", STANDS)
    for gap in [one for one in program.json("findings") if one["code"] == GAP]:
        set_prices(program, gap["subject"])
    program.json("pair", "accept", "--sure")


def _is_fee(row: Any) -> bool:
    return bool(row["likely"][0]["cause"] == "fee")


def set_prices(program: Program, asset: str) -> None:
    """Set the price of every day without one to what the last source says."""
    bounds = ("--from", f"{YEAR}-01-01", "--to", f"{YEAR}-12-31")
    days = program.json("price", "list", "--asset", asset, "--gaps", *bounds)
    for day in days:
        said = day["left_out"][-1]["price"]
        program.json("price", "set", "--asset", asset, "--on", day["day"], "--price", said, "--reason", REASON)
