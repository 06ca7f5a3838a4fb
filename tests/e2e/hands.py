"""The way from a vault with defects to closed years in the window, by keys alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from app.core.clock import DAY, parse_iso
from app.core.money import plain
from app.core.tax.jurisdictions import JURISDICTIONS
from app.demo import books, defective
from app.ui.application import prepare
from app.ui.main_window import MainWindow
from app.ui.screens import tax_words
from tests.e2e.closing import COUNTRIES, REASON, STANDS, YEAR, apart
from tests.e2e.keyboard import Keyboard

SIZE = (1440, 900)
_STEPS = 7
_PROPOSED = (("unpaired-transfer", "Record the deposit"), ("duplicate", "Void"), ("wrong-sign", "Correct"))


async def close_years(folder: Path) -> tuple[int, dict[str, str]]:
    """Close the year of demo.vault in a folder; returns how many keys that took, and each country's output hash."""
    runtime = apart(folder)
    _, preferences = prepare(runtime)
    window = MainWindow(runtime, preferences)
    window.show_unlock(folder / "demo.vault")
    window.resize(*SIZE)
    window.show()
    keys = Keyboard(window)
    wrong = {one["kind"]: one for one in json.loads((folder / defective.LIST).read_text("utf-8"))}
    try:
        await keys.wait()
        await _unlock(keys)
        await _import(keys, folder / defective.STATEMENTS / "coinbase.csv")
        await _mend(keys, wrong)
        await _set_price(keys, wrong["price-gap"])
        await keys.press("G, T")
        await keys.press("Return")
        for country in COUNTRIES:
            await _close(keys, country)
        assert window.desk is not None
        seals = await window.desk.workspace.seals.all()
        return keys.count, {one.jurisdiction: one.output for one in seals}
    finally:
        await window.end()
        window.close()


async def _unlock(keys: Keyboard) -> None:
    await keys.type(books.PASSPHRASE)
    await keys.press("Return")
    await keys.until(lambda: keys.window.desk is not None)


async def _import(keys: Keyboard, file: Path) -> None:
    """Name a statement, see what it would change, and import it."""
    await keys.press("Ctrl+I")
    await keys.until(lambda: QApplication.activeModalWidget() is not None)
    await keys.type(str(file))
    await keys.press("Return")
    await keys.finish()
    await keys.go_to("Import ")
    await keys.press("Space")
    await keys.finish()


async def _mend(keys: Keyboard, wrong: dict[str, Any]) -> None:
    """Do what is proposed for each break, and let the smallest stand."""
    await keys.press("G, R")
    for kind, proposal in _PROPOSED:
        await keys.down_to(_place(wrong[kind]))
        await keys.press("Return", "F6")
        await keys.go_to(proposal)
        await keys.press("Space")
        await keys.type(REASON)
        await keys.press("Return")
    await keys.down_to(_place(wrong["fee"]))
    await keys.press("Return", "F6")
    await keys.go_to("Waive")
    await keys.press("Space")
    await keys.type(STANDS)
    await keys.press("Return")


def _place(defect: dict[str, Any]) -> str:
    return f"{defect['source']}/{defect['assets'][0]}/spot"


async def _set_price(keys: Keyboard, gap: dict[str, Any]) -> None:
    """Set the price of the first gap to what the last source said, which its row tells."""
    assert keys.window.desk is not None
    day = parse_iso(gap["at"])[0] // DAY
    (told,) = await keys.window.desk.workspace.prices.days(gap["assets"][0], day, day)
    assert told.told is not None
    await keys.press("G, D")
    await keys.go_to("Prices by day")
    await keys.press("Return")
    await keys.type(plain(told.told.left_out[-1].price))
    await keys.press("Tab")
    await keys.type(REASON)
    await keys.press("Return")
    await keys.finish()


async def _close(keys: Keyboard, country: str) -> None:
    """Choose a country and the year, and go through the steps of closing it."""
    rules = JURISDICTIONS[country]
    await keys.press("G, X")
    await keys.finish()
    await keys.go_to("Country")
    await keys.choose(rules.name)
    await keys.go_to("Tax year")
    await keys.choose(tax_words.year(rules, int(YEAR)))
    await keys.press("G, Y")
    await keys.finish()
    for _ in range(_STEPS - 1):
        await keys.press("Ctrl+Return")
        await keys.finish()
    await keys.type(STANDS)
    await keys.press("Return")
    await keys.finish()
