"""What every report has around its tables: what it is about, what is not known, what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.findings import Finding, Severity
from app.core.names import counted
from app.core.reports.source import ReportSource
from app.core.reports.table import ExchangeRecord, Reference, Report, Table

_NAMED = 10
"""Findings that are named one by one; the audit workbook has them all."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is a report's own: see `Report`; a form with an edition counts as unverified until somebody compared it."""

    form: str
    title: str
    tables: Sequence[Table]
    notes: Sequence[str]
    edition: str = ""
    references: tuple[Reference, ...] = ()
    records: tuple[ExchangeRecord, ...] | None = None
    no_records: str = "TXF carries sales of Form 8949 only."


def framed(source: ReportSource, content: Content) -> Report:
    """Return a report with its frame."""
    rules = source.profile.jurisdiction
    stands = [Reference(one.title, one.url) for one in rules.sources if one.is_primary]
    return Report(
        content.form,
        content.title,
        facts(source),
        tuple(content.tables),
        (
            *content.notes,
            *filter(None, (rules.checked,)),
            *_secondary(source),
            *_unfinished(source),
            *_findings(source),
        ),
        content.edition,
        (*content.references, *stands),
        False if content.edition else None,
        _is_blocked(source, content.tables),
        content.records,
        content.no_records,
    )


def facts(source: ReportSource) -> tuple[tuple[str, str], ...]:
    """Return what a report is about."""
    first, last = source.period
    profile = source.profile
    simulated = (("Books", "simulated: nothing in them is real"),) if source.is_simulated else ()
    return (
        *simulated,
        ("Jurisdiction", profile.jurisdiction.name),
        ("Tax year", f"{first.isoformat()} to {last.isoformat()}"),
        ("Method", f"{profile.method.value}, {profile.scope.value}"),
        ("Currency", source.currency or "none stated"),
        ("Tax days in", profile.calendar.zone.key),
    )


def _secondary(source: ReportSource) -> list[str]:
    return [
        f"Unverified, from a secondary source: {one.title} ({one.url})."
        for one in source.profile.jurisdiction.sources
        if not one.is_primary
    ]


def _findings(source: ReportSource) -> list[str]:
    concerning = [one for one in source.findings if not source.is_later(one)]
    found = [one for one in concerning if one.severity is not Severity.INFO]
    told = [_told(source, one) for one in found[:_NAMED]]
    if len(found) > _NAMED:
        told.append(f"And {counted(len(found) - _NAMED, 'more finding')}: see the report audit.")
    infos = [one for one in concerning if one.severity is Severity.INFO]
    return [*told, *(one.message for one in infos[:_NAMED])]


def _told(source: ReportSource, finding: Finding) -> str:
    day = source.day_of(finding)
    words = [f"{finding.severity.value.capitalize()}:", f"{day.isoformat()}:" if day else "", finding.message]
    return " ".join(filter(None, (*words, finding.fix)))


def _unfinished(source: ReportSource) -> list[str]:
    """Return that the year goes on after what the books know."""
    last, until = source.as_of or source.period[1], source.known_until
    if until is None or until >= last:
        return []
    return [
        (
            f"Prices are known until {until.isoformat()}, and these figures run until {last.isoformat()}: "
            "what happened later is not in them."
        )
    ]


def _is_blocked(source: ReportSource, tables: Sequence[Table]) -> bool:
    figures = source.figures
    gains = any(one.gain is None for one in figures.disposals)
    if source.is_incomplete or gains or any(one.value is None for one in figures.income):
        return True
    return any(None in row for table in tables for row in (*table.rows, *table.totals))
