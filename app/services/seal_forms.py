"""The files that are sealed with a year: the country's forms and the lists behind them, as they would be written."""

from __future__ import annotations

from datetime import date

from app.core.errors import InputError, RefusedError
from app.core.ports import Runtime
from app.core.reports.broker import read_lines
from app.core.reports.catalog import FORMS, report
from app.services.broker_forms import BrokerForm
from app.services.tax_reports import source_of
from app.services.tax_years import TaxYear

_OF_COUNTRY = ("csv", "pdf", "txf")
_LISTS = {"realised": ("csv",), "income": ("csv",), "holdings": ("csv",), "summary": ("csv", "pdf")}
FOLDER = "forms/"
STATEMENT = "us-1099-da-as-reported"


def written_forms(
    found: TaxYear, year: int, runtime: Runtime, on: date, reported: BrokerForm | None = None
) -> tuple[dict[str, bytes], list[tuple[str, str]]]:
    """Return the files by name, and those that could not be written with the reason.

    What brokers reported is one of them, as it was read, beside the forms that take it into account.
    """
    lines = None if reported is None else read_lines(reported.text)
    source = source_of(found, year, runtime.assets, lines)
    code = found.profile.jurisdiction.code
    wanted = {name: _OF_COUNTRY for name, form in FORMS.items() if form.jurisdiction == code} | _LISTS
    files = {} if reported is None else {f"{FOLDER}{STATEMENT}.csv": reported.text.encode()}
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
