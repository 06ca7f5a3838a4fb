"""The canonical output of a tax year, section by section: plain values that depend on nothing but books and rules.

Nothing in it says when, where, by whom or in which order anything was recorded, so that two vaults which know the same
of a year give the same bytes. Exact numbers are texts, moments are whole seconds in UTC (a statement and an interface
tell of one event in different steps), lists are in an order of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from app.core.clock import DAY, SECOND, iso
from app.core.findings import Finding
from app.core.ledger.entries import Entry
from app.core.model.price_overrides import PriceOverride
from app.core.model.transfer_links import TransferLink
from app.core.money import plain
from app.core.seal.engine import ENGINE
from app.core.seal.hashes import canonical, digest
from app.core.tax.figures import DisposalFigures, MatchFigures, TaxFigures
from app.core.tax.income import IncomeKind
from app.core.tax.look_back import days_before
from app.core.tax.profile import Profile
from app.core.tax.selections import Identified
from app.core.tax.valuations import Valuation
from app.core.transfers.links import decided
from app.core.valuation.set_prices import in_force

SECTIONS = (
    "rules", "entries", "decisions", "valuations", "selections", "disposals", "income", "departures", "holdings",
    "totals", "findings",
)  # fmt: skip

Sections = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SealSource:
    """What a year is sealed from.

    Attributes:
        entries: All current entries of the books, as (id, entry).
        waived: Findings that a person waived, as (code, subject).
        kinds: What kind of income each receipt is, by its row.
        links: What persons ever said of transfers, oldest first; likewise the prices that they set.
        reported: What brokers reported of the year, by the name of the form, as it was read.
    """

    year: int
    figures: TaxFigures
    profile: Profile
    findings: Sequence[Finding]
    valuations: Mapping[str, Valuation]
    identified: Mapping[str, Identified]
    entries: Sequence[tuple[str, Entry]]
    waived: Sequence[tuple[str, str]] = ()
    kinds: Mapping[str, IncomeKind] = field(default_factory=dict)
    links: Sequence[TransferLink] = ()
    overrides: Sequence[PriceOverride] = ()
    reported: Mapping[str, str] = field(default_factory=dict)


def sections_of(source: SealSource) -> Sections:
    """Return every section by its name."""
    figures, entries = source.figures, _entries(source)
    return {
        "rules": rules_of(source.profile, source.year, figures.currency),
        "entries": entries,
        "decisions": decisions_of(source),
        # Of the year only: what is selected for later sales goes on after it.
        "selections": {
            one.row: _selection(source.identified[one.row]) for one in figures.disposals if one.row in source.identified
        },
        **figures_of(figures, source.valuations, source.kinds),
        "findings": _findings(source, entries["listed"]),
    }


def figures_of(
    figures: TaxFigures, valuations: Mapping[str, Valuation], kinds: Mapping[str, IncomeKind]
) -> dict[str, Any]:
    """Return the sections that are figures, by their name."""
    return {
        "valuations": {row: [_number(one.amount), one.source] for row, one in valuations.items()},
        "disposals": [_disposal(one) for one in sorted(figures.disposals, key=lambda one: (one.at, one.row))],
        "income": [
            {**_event(one), "value": _number(one.value), "kind": kinds[one.row].value if one.row in kinds else None}
            for one in sorted(figures.income, key=lambda one: (one.at, one.row))
        ],
        "departures": [
            {**_event(one), "cost": _number(one.cost)}
            for one in sorted(figures.departures, key=lambda one: (one.at, one.row))
        ],
        **outcome_of(figures),
    }


def outcome_of(figures: TaxFigures) -> dict[str, Any]:
    """Return the sections that tell what a year came to: its totals, and what it hands on to the next."""
    return {
        "holdings": [
            {"asset": one.asset, "wallet": one.wallet, "quantity": plain(one.quantity), "cost": _number(one.cost)}
            for one in sorted(figures.holdings, key=lambda one: (one.asset, one.wallet or ""))
        ],
        "totals": _totals(figures),
    }


def year_document(sections: Mapping[str, bytes]) -> bytes:
    """Return the one document of a year, put together from the canonical bytes of its sections."""
    inside = b",".join(b'"%s":%s' % (name.encode(), sections[name].removesuffix(b"\n")) for name in sorted(sections))
    return b"{%s}\n" % inside


def section_bytes(sections: Sections) -> dict[str, bytes]:
    """Return the canonical bytes of each section, in the order of the seal."""
    return {name: canonical(sections[name]) for name in SECTIONS}


def until(profile: Profile, year: int) -> int:
    """Return the moment before which everything lies that figures of a year can follow from.

    Some countries match a sale with purchases after it, so that is later than the end of the year.
    """
    last = profile.calendar.bounds(year)[1].toordinal()
    return profile.calendar.start_of(date.fromordinal(last + days_before(profile) + 1))


def rules_of(profile: Profile, year: int, currency: str) -> dict[str, Any]:
    """Return everything that decides a figure besides the books: what a country declares, and what a person chose."""
    rules, (first, last) = profile.jurisdiction, profile.calendar.bounds(year)
    return {
        "engine": ENGINE,
        "jurisdiction": rules.code,
        "year": year,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "method": profile.method.value,
        "scope": profile.scope.value,
        "currency": currency,
        "options": dict(profile.options),
        "orders": [[iso(one.at), one.wallet, one.method.value] for one in profile.changes],
        "declaration": {
            "zone": rules.zone,
            "methods": [one.value for one in rules.methods],
            "scopes": [one.value for one in rules.scopes],
            "long": "" if rules.is_long is None else rules.is_long.__name__,
            "long_taxed": [str(part) for part in rules.long_taxed],
            "has_deadline": bool(rules.choice_deadline),
            "rules": {name: one.value for name, one in rules.rules.items()},
            "allowances": [
                [one.name, one.kind.value, one.measure.value, _number(one.amount(year)), one.is_inclusive]
                for one in rules.allowances
            ],
        },
    }


def decisions_of(source: SealSource) -> dict[str, Any]:
    """Return what persons decided that figures of the year can follow from, as it holds, whenever it was said.

    Selections of lots, standing orders and waivers stand in sections of their own.
    """
    end = until(source.profile, source.year)
    concerned = {entry_id for entry_id, entry in source.entries if entry.at < end}
    said = decided(source.links)
    joined = (one for one in said.links if concerned & one.ids)
    apart = (sorted(ids) for ids in said.rejected if concerned & ids)
    return {
        "joined": sorted([sorted(one.withdrawals), sorted(one.deposits)] for one in joined),
        "apart": sorted(apart),
        "prices": [
            [asset, _moment(day * DAY)[: len("2026-01-01")], _number(one.price), one.currency]
            for asset, days in sorted(in_force(source.overrides).items())
            for day, one in sorted(days.items())
            if day * DAY < end
        ],
        "reported": {name: digest(text.encode()) for name, text in source.reported.items()},
    }


def entry_line(entry_id: str, entry: Entry) -> list[str]:
    """Return what an entry says: a row of the table of entries."""
    legs = sorted(
        f"{leg.account}/{leg.sub_place} {plain(leg.quantity)} {leg.asset} {leg.role.value}" for leg in entry.legs
    )
    held = entry.references.get("acquired", "")
    state = "provisional" if entry.is_provisional else "final"
    return [entry_id, _moment(entry.at), entry.kind.value, entry.account, "; ".join(legs), held, state]


def _entries(source: SealSource) -> dict[str, Any]:
    """Return entries of the year one by one, and those of before as one hash a month."""
    calendar, year = source.profile.calendar, source.year
    first, end = calendar.start_of(calendar.bounds(year)[0]), until(source.profile, year)
    listed: list[list[str]] = []
    before: dict[str, list[str]] = {}
    for entry_id, entry in source.entries:
        if entry.at >= end:
            continue
        line = entry_line(entry_id, entry)
        if entry.at >= first:
            listed.append(line)
        else:
            before.setdefault(line[1][: len("2026-01")], []).append("\t".join(line))
    listed.sort(key=lambda line: (line[1], line[0]))
    months = {
        month: [str(len(lines)), hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()]
        for month, lines in before.items()
    }
    return {"listed": listed, "before": months}


def _selection(one: Identified) -> dict[str, Any]:
    return {
        "lots": [[row, plain(quantity)] for row, quantity in one.selection.lots],
        "is_late": one.is_late,
        "is_followed": one.is_followed,
    }


def _disposal(one: DisposalFigures) -> dict[str, Any]:
    return {
        **_event(one),
        "rows": list(one.rows),
        "proceeds": _number(one.proceeds),
        "cost": _number(one.cost),
        "gain": _number(one.gain),
        "denied": plain(one.denied),
        "term": one.term,
        "short_gain": _number(one.short_gain),
        "long_gain": _number(one.long_gain),
        "matches": [_match(match) for match in one.matches],
    }


def _match(one: MatchFigures) -> dict[str, Any]:
    return {
        "lot": one.lot,
        "rule": one.rule,
        "quantity": plain(one.quantity),
        "cost": _number(one.cost),
        "acquired": None if one.acquired_ns is None else _moment(one.acquired_ns),
        "term": one.term,
    }


def _event(one: Any) -> dict[str, Any]:
    return {
        "row": one.row,
        "asset": one.asset,
        "wallet": one.wallet,
        "at": _moment(one.at),
        "quantity": plain(one.quantity),
    }


def _totals(figures: TaxFigures) -> dict[str, Any]:
    totals = figures.totals
    return {
        "proceeds": _number(totals.proceeds),
        "cost": _number(totals.cost),
        "gain": _number(totals.gain),
        "denied": plain(totals.denied),
        "short_gain": _number(totals.short_gain),
        "long_gain": _number(totals.long_gain),
        "income": _number(totals.income),
        "portfolio_cost": _number(figures.portfolio_cost),
        "allowances": [
            {
                "name": one.name,
                "kind": one.kind,
                "amount": plain(one.amount),
                "measured": _number(one.measured),
                "left": _number(one.left),
                "applies": one.applies,
                "taxable": _number(one.taxable),
            }
            for one in figures.allowances
        ],
    }


def _findings(source: SealSource, listed: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return which entries of the year something was found about, and what was waived.

    Without the words: they may name the moment of a record, or be said better one day. What names no entry is about
    rules, which stand in their own section, or about the whole history, which goes on after the year.
    """
    known = {line[0] for line in listed}
    found: dict[tuple[str, str], set[str]] = {}
    for one in source.findings:
        concerned = known.intersection(one.entries)
        if concerned:
            found.setdefault((one.severity.value, one.code), set()).update(concerned)
    return {
        "found": [[severity, code, sorted(found[severity, code])] for severity, code in sorted(found)],
        "waived": [list(one) for one in sorted(set(source.waived))],
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _moment(at: int) -> str:
    return iso(at, SECOND)
