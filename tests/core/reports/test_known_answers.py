"""Every report of every known answer: none fails, and its gains are those of the tax year."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.core.errors import InputError, RefusedError
from app.core.lots.methods import Method, Scope
from app.core.reports.catalog import FORMS, report
from app.core.reports.source import ReportSource, Wanted, from_transactions
from app.core.reports.table import Cell, Report
from app.core.tax.profile import profile
from app.core.tax.transactions import read

CENT = Decimal("0.01")
GAINS = {"realised": (1, 7), "us-8949": (0, 9), "ca-schedule-3": (0, 7), "ie-cgt": (2, 7)}
"""Table and column of the gains of single rows."""


def sources(folder: Path) -> Iterator[tuple[str, ReportSource]]:
    """Yield every tax year with a sale of every case that is not to be refused."""
    for path in sorted(folder.glob("*/expected.json")):
        expected: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if expected.get("refuse"):
            continue
        method, scope = Method(expected["method"]), Scope(expected["scope"])
        chosen = profile(expected["jurisdiction"], method=method, scope=scope, options=expected.get("options"))
        text = (path.parent / "transactions.csv").read_text("utf-8")
        found = read(text, currency=expected["currency"], with_lots=method is Method.SPEC_ID)
        for year in sorted({chosen.calendar.year_of(one.at) for one in found.transactions if one.type == "sell"}):
            yield path.parent.name, from_transactions(found.transactions, chosen, Wanted(year, found.currency))


def gain_of(made: Report) -> tuple[Decimal | None, int]:
    """Return the sum of the gains of the rows, and how many there are."""
    table, place = GAINS[made.form]
    cells: list[Cell] = [row[place] for row in made.tables[table].rows]
    return (None if None in cells else sum((one for one in cells if isinstance(one, Decimal)), Decimal(0))), len(cells)


def test_every_report_of_every_known_answer_tells_the_gain_of_its_year(data_folder: Path) -> None:
    wrong, made_of = [], set()
    for name, source in sources(data_folder / "tax" / "cases"):
        for form in FORMS:
            try:
                made = report(form, source)
            except (RefusedError, InputError):
                continue
            made_of.add(form)
            if form not in GAINS:
                continue
            (told, count), exact = gain_of(made), source.figures.totals.gain
            is_same = told is exact if told is None or exact is None else abs(told - exact) <= CENT * count
            if not is_same:
                wrong.append((name, source.year, form, told, exact))

    assert wrong == []
    assert {"us-8949", "uk-sa108", "ca-schedule-3", "fr-2086", "realised", "audit", "summary"} <= made_of
