"""Books of a file of holdings with a year and a half of closes: what the desk of risk is asked about."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

from app import bootstrap
from app.services import risk
from app.services.risk_books import Book

FIRST = 18_262
DAYS = 520


def closes(name: str, start: float, sway: float) -> list[str]:
    """Return a year and a half of closes that go up and down, so that nothing is constant."""
    return [
        f"{risk_day(day)},{name},{start * math.exp(sway * math.sin(day * (1 + sway)) + 0.0002 * day):.6f}"
        for day in range(DAYS)
    ]


def risk_day(day: int) -> str:
    """Return a day counted from 2020-01-01."""
    return date.fromordinal(date(2020, 1, 1).toordinal() + day).isoformat()


def book(tmp_path: Path, history: Path, *lines: str, as_of: int | None = None) -> Book:
    """Return the book of some lines of holdings."""
    held = tmp_path / "holdings.csv"
    held.write_text("\n".join(["asset,quantity,venue,chain,issuer,kind", *lines]), "utf-8")
    return risk.of_files(bootstrap.runtime(), held, history, "USD", as_of)
