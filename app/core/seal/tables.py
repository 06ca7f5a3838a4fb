"""The canonical tables of a tax year: its sections as CSV with one form only, for programs and people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_Row = Sequence[str | None]

_ENTRIES = ("entry_id", "at", "kind", "account", "legs", "acquired", "state")
_EVENT = ("row", "at", "asset", "wallet", "quantity")
_DISPOSAL = ("proceeds", "cost", "gain", "denied", "term", "short_gain", "long_gain")
_MATCH = ("lot", "rule", "quantity", "cost", "acquired", "term")
_TOTALS = ("proceeds", "cost", "gain", "denied", "short_gain", "long_gain", "income", "portfolio_cost")


def tables_of(sections: Mapping[str, Any]) -> dict[str, bytes]:
    """Return each table by the name of its file; an unknown figure is an empty cell."""
    disposals = sections["disposals"]
    return {
        "entries.csv": _csv(_ENTRIES, sections["entries"]["listed"]),
        "valuations.csv": _csv(
            ("row", "amount", "source"), ((row, *sections["valuations"][row]) for row in sorted(sections["valuations"]))
        ),
        "disposals.csv": _csv((*_EVENT, *_DISPOSAL), _cells(disposals, (*_EVENT, *_DISPOSAL))),
        "matches.csv": _csv(("row", *_MATCH), _matches(disposals)),
        "income.csv": _csv((*_EVENT, "value", "kind"), _cells(sections["income"], (*_EVENT, "value", "kind"))),
        "departures.csv": _csv((*_EVENT, "cost"), _cells(sections["departures"], (*_EVENT, "cost"))),
        "holdings.csv": _csv(
            ("asset", "wallet", "quantity", "cost"),
            _cells(sections["holdings"], ("asset", "wallet", "quantity", "cost")),
        ),
        "totals.csv": _csv(("name", "amount"), ((name, sections["totals"][name]) for name in _TOTALS)),
    }


def _matches(disposals: Sequence[Mapping[str, Any]]) -> Iterator[_Row]:
    for one in disposals:
        for match in _cells(one["matches"], _MATCH):
            yield one["row"], *match


def _cells(items: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Iterator[_Row]:
    for one in items:
        yield [one[name] for name in names]


def _csv(columns: Sequence[str], rows: Iterator[_Row] | Sequence[_Row]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()
