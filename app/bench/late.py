"""Late history on large books: a form from a vault in a cold process, and what one new entry costs."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from statistics import median

from app.bench.figures import AT_MOST, Figure
from app.bench.late_books import ACCOUNTS, ASSETS, build
from app.bench.processes import round_of
from app.bench.vaults import BOOK, PASSPHRASE, opened
from app.cli.main import run as command_line
from app.core.clock import DAY, to_datetime
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg
from app.core.ports import Runtime
from app.services.tax_years import Asked
from app.services.workspace import Workspace
from app.storage import header as headers
from app.storage.key_slots import PASSPHRASE as SLOT
from app.storage.stretching import Stretching

ASKED = "late.json"
_LARGE, _LARGEST, _FEW = 100_000, 400_000, 2_000
_FORM_SECONDS, _NEW_MS, _LATE_SECONDS = 5.0, 100.0, 2.0
_ROUNDS = 3
_YEAR, _LONG = 365, 4 * 365


def run(runtime: Runtime, folder: Path, *, quick: bool) -> Sequence[Figure]:
    """Measure on one vault after the other, each made for it."""
    first = _round(runtime, folder, "form", _FEW if quick else _LARGE)
    rows = f"{first['entries']:,.0f} entries, {first['rows']:,.0f} rows"
    name = f"Form 8949 as CSV from a vault of {rows}, cold process without its key derivation"
    told = _round(runtime, folder, "late", _FEW if quick else _LARGEST)
    books = f"vault of {told['entries']:,.0f} entries, {len(ASSETS)} assets"
    return [
        Figure(name, first["seconds"], "CPU s", (AT_MOST, _FORM_SECONDS)),
        Figure(f"{books}: one new entry until positions and lots are fresh", told["new"], "CPU ms", (AT_MOST, _NEW_MS)),
        Figure(f"{books}: one of a year ago", told["year"], "CPU s", (AT_MOST, _LATE_SECONDS)),
        Figure(f"{books}: one of four years ago", told["long"], "CPU s", (AT_MOST, _LATE_SECONDS)),
        Figure(f"{books}: lots of all assets for the first time", told["first"], "CPU s"),
    ]  # fmt: skip


def _round(runtime: Runtime, folder: Path, what: str, entries: int) -> dict[str, float]:
    vault = folder / f"{what}.vault"
    build(runtime, vault, entries)
    asked = folder / ASKED
    asked.write_text(json.dumps({"what": what, "vault": str(vault), "entries": entries}), "utf-8")
    try:
        told: dict[str, float] = round_of("lots", folder)
    finally:
        asked.unlink()
        runtime.vaults.destroy(vault)
    return {**told, "entries": entries}


def round_in(runtime: Runtime, folder: Path) -> dict[str, float]:
    """Measure one of both in this process."""
    asked = json.loads((folder / ASKED).read_text("utf-8"))
    here, vault = replace(runtime, data_folder=folder, settings_folder=folder), Path(asked["vault"])
    return _form(here, vault) if asked["what"] == "form" else asyncio.run(_late(here, vault))


def _form(runtime: Runtime, vault: Path) -> dict[str, float]:
    """Write the form as the command line does; everything that this process did counts, from its first import on."""
    words, out = vault.with_suffix(".words"), vault.with_suffix(".csv")
    words.touch(mode=0o600)
    words.write_text(PASSPHRASE, "utf-8")
    year = to_datetime(runtime.clock.now_ns()).year - 1
    command = ["--vault", str(vault), "--passphrase-file", str(words), "tax", "report", "--form", "us-8949"]
    with contextlib.redirect_stdout(io.StringIO()) as told:
        status = command_line([*command, "--year", str(year), "--out", str(out)], runtime)
    seconds = time.process_time()
    words.unlink()
    if status:
        message = f"The form was not written, status {status}: {told.getvalue()}"
        raise RuntimeError(message)
    return {"seconds": seconds - _derivation(vault), "rows": len(out.read_text("utf-8").splitlines()) - 1}


def _derivation(vault: Path) -> float:
    """Return the least CPU seconds that the vault's own key derivation takes here: it is as slow as it was made."""
    slot = headers.read(headers.load(vault), str(vault)).slot(SLOT)
    if slot is None:
        raise RuntimeError("The benchmark's vault has no passphrase.")
    costs = Stretching(slot.fields["memory_kib"], slot.fields["passes"], slot.fields["lanes"])
    found = []
    for _ in range(_ROUNDS):
        started = time.process_time()
        costs.key(PASSPHRASE.encode(), slot.fields["salt"])
        found.append(time.process_time() - started)
    return min(found)


async def _late(runtime: Runtime, vault: Path) -> dict[str, float]:
    async with opened(runtime, vault) as workspace:
        found = {"first": await _fresh(workspace)}
        new = []
        for _ in range(_ROUNDS):
            await _add(workspace, runtime.clock.now_ns())
            new.append(await _fresh(workspace))
        found["new"] = median(new) * 1_000
        for name, days in (("year", _YEAR), ("long", _LONG)):
            await _add(workspace, runtime.clock.now_ns() - days * DAY)
            found[name] = await _fresh(workspace)
    return found


async def _fresh(workspace: Workspace) -> float:
    """Return the CPU seconds until positions and lots follow from the books as they are now."""
    started = time.process_time()
    await workspace.portfolio.positions()
    await workspace.courses.lots(await workspace.tax.ground(Asked("us")))
    return time.process_time() - started


async def _add(workspace: Workspace, at: int) -> None:
    legs = (
        Leg(ACCOUNTS[0], "spot", ASSETS[0], Decimal("0.5")),
        Leg(ACCOUNTS[0], "spot", BOOK.base_currency, Decimal(-600)),
    )
    entry = Entry(ACCOUNTS[0], at, EntryKind.TRADE, legs, Identity("manual", ""))
    await workspace.entries.add(entry, "a late entry of the benchmark")
