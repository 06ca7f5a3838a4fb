"""The files that are sealed with a year: the country's forms and the lists behind them, as they would be written."""

from __future__ import annotations

from datetime import date

from app.core.errors import InputError, RefusedError
from app.core.ports import Runtime
from app.core.reports.catalog import FORMS, report
from app.services.tax_reports import source_of
from app.services.tax_years import TaxYear

_OF_COUNTRY = ("csv", "pdf", "txf")
_LISTS = {"realised": ("csv",), "income": ("csv",), "holdings": ("csv",), "summary": ("csv", "pdf")}
FOLDER = "forms/"


def written_forms(
    found: TaxYear, year: int, runtime: Runtime, on: date
) -> tuple[dict[str, bytes], list[tuple[str, str]]]:
    """Return the files by name, and those that could not be written with the reason."""
    source = source_of(found, year, runtime.assets)
    code = found.profile.jurisdiction.code
    wanted = {name: _OF_COUNTRY for name, form in FORMS.items() if form.jurisdiction == code} | _LISTS
    files: dict[str, bytes] = {}
    unwritten: list[tuple[str, str]] = []
    for name, formats in wanted.items():
        try:
            made = report(name, source)
        except RefusedError as error:
            unwritten.append((f"{name}", error.line()))
            continue
        for how in formats:
            if how not in runtime.reports or (how == "txf" and made.records is None):
                continue
            try:
                files[f"{FOLDER}{name}.{how}"] = runtime.reports[how].content(made, on)
            except InputError as error:
                # Such as more rows than anybody reads on paper: the table is sealed all the same, as CSV.
                unwritten.append((f"{name}.{how}", error.line()))
    return files, unwritten
