"""What a rule would have measured on a day is the same, whatever prices came after that day."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.alerts.machine import Reading
from app.core.alerts.sentence import parse
from app.core.risk.exposures import net
from app.services.alert_history import _correlations, _tails
from app.services.alert_readings import past_of
from app.services.risk_books import Book
from tests.core.alerts.as_written import AsWritten
from tests.services.risk_holdings import DAYS, FIRST, book, closes

CHANGED = 9
"""The last days, whose prices are others in the second world."""


def world(folder: Path, left: float) -> Book:
    """Return a book whose assets lose all but a part on the first of the last days."""
    folder.mkdir()
    rows = [line.split(",") for line in (*closes("BTC", 7_000, 0.04), *closes("ETH", 130, 0.06))]
    late = {day for day, _, _ in rows[DAYS - CHANGED : DAYS]}
    moved = [f"{day},{asset},{float(close) * (left if day in late else 1)}" for day, asset, close in rows]
    path = folder / "prices.csv"
    path.write_text("\n".join(["date,asset,close", *moved]), "utf-8")
    return book(folder, path, "BTC,2,kraken", "ETH,10,kraken", as_of=(FIRST + DAYS - 1) * 86_400 * 10**9)


def until(readings: list[Reading], day: int) -> list[Reading]:
    return [one for one in readings if one.at < day * 86_400 * 10**9]


@pytest.mark.parametrize("measure", ["tail", "correlation"])
def test_a_past_reading_knows_no_later_price(tmp_path: Path, measure: str) -> None:
    told = []
    worlds = [world(tmp_path / name, left) for name, left in (("plain", 1.0), ("other", 0.3))]
    held = worlds[0].exposures
    for found in worlds:
        past = past_of(found.market, net(held), "USD", found.market.returns.at.size)
        if measure == "tail":
            rule = parse("VaR 99 % 1 d is above 5 USD", "usd", AsWritten(), "a")
            told.append(list(_tails(rule, past, held)))
        else:
            rule = parse("correlation of BTC and ETH is above 0.9", "usd", AsWritten(), "a")
            told.append(list(_correlations(rule, past)))
    turned = FIRST + DAYS - CHANGED
    # The forecast of the first changed day was made the day before; its correlation is of its own close.
    kept = turned + 1 if measure == "tail" else turned

    assert until(told[0], kept)
    assert until(told[0], kept) == until(told[1], kept)
    assert told[0][-1] != told[1][-1]
