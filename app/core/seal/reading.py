"""Figures of a closed year, read back from its sections: what the books would say today does not change them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.core.clock import SECOND, parse_iso
from app.core.letting_go import let_go
from app.core.lots.methods import Method, Scope
from app.core.lots.standing import Change
from app.core.money import exact
from app.core.seal.hashes import digest_of
from app.core.seal.sections import figures_of, rules_of
from app.core.tax.events import Transaction
from app.core.tax.figures import (
    AllowanceFigures,
    DepartureFigures,
    DisposalFigures,
    HoldingFigures,
    IncomeFigures,
    MatchFigures,
    TaxFigures,
    Term,
    Totals,
)
from app.core.tax.income import IncomeKind
from app.core.tax.jurisdiction import Jurisdiction
from app.core.tax.profile import Profile
from app.core.tax.valuations import Valuation

_CHOICES = ("method", "scope", "currency", "options", "orders")


@dataclass(frozen=True, slots=True)
class Clocks:
    """Moments of rows in the steps of their sources: a seal tells whole seconds."""

    by_row: Mapping[str, Transaction]

    def moment(self, row: str | None, text: str) -> tuple[int, int]:
        """Return the moment of a row and the step of its clock; the sealed second where the row is another now."""
        at = parse_iso(text)[0]
        known = self.by_row.get(row or "")
        if known is None or known.at // SECOND * SECOND != at:
            return at, SECOND
        return known.at, known.resolution


def hashes(figures: TaxFigures, valuations: Mapping[str, Valuation], kinds: Mapping[str, IncomeKind]) -> dict[str, str]:
    """Return what the sections that are figures would hash to if the year were closed now, by section."""
    sections = figures_of(figures, valuations, kinds)
    found = {name: digest_of(section) for name, section in sections.items()}
    free(sections)
    return found


def free(sections: Mapping[str, Any]) -> None:
    """Let go of sections that were read or made, the long ones a part at a time."""
    for section in sections.values():
        if isinstance(section, list):
            let_go(section)


def follows_the_same(rules: Mapping[str, Any], profile: Profile, year: int, currency: str) -> bool:
    """Tell whether figures follow the same choices as those that were sealed, whatever was said to get there."""
    now = rules_of(profile, year, currency)
    return all(rules[name] == now[name] for name in _CHOICES)


def sealed_profile(rules: Mapping[str, Any], asked: Profile) -> Profile:
    """Return the profile that a year was sealed under; orders that were recorded later are no part of it."""
    changes = tuple(Change(parse_iso(at)[0], wallet, Method(method)) for at, wallet, method in rules["orders"])
    return replace(asked, method=Method(rules["method"]), scope=Scope(rules["scope"]), changes=changes)


def read_figures(sections: Mapping[str, Any], law: Jurisdiction, clocks: Clocks) -> TaxFigures:
    """Return the figures of sealed sections, without findings: those are of the books of now."""
    totals = sections["totals"]
    return TaxFigures(
        sections["rules"]["currency"],
        tuple(_disposal(one, clocks) for one in sections["disposals"]),
        tuple(IncomeFigures(*_event(one, clocks), _number(one["value"])) for one in sections["income"]),
        tuple(
            HoldingFigures(one["asset"], one["wallet"], exact(one["quantity"]), _number(one["cost"]))
            for one in sections["holdings"]
        ),
        Totals(
            _number(totals["proceeds"]),
            _number(totals["cost"]),
            _number(totals["gain"]),
            exact(totals["denied"]),
            _number(totals["short_gain"]),
            _number(totals["long_gain"]),
            _number(totals["income"]),
        ),
        (),
        _number(totals["portfolio_cost"]),
        tuple(DepartureFigures(*_event(one, clocks), _number(one["cost"])) for one in sections["departures"]),
        tuple(_allowance(one, law) for one in totals["allowances"]),
    )


def read_valuations(sections: Mapping[str, Any]) -> dict[str, Valuation]:
    """Return how every value was known, by row."""
    return {row: Valuation(_number(amount), source) for row, (amount, source) in sections["valuations"].items()}


def read_kinds(sections: Mapping[str, Any]) -> dict[str, IncomeKind]:
    """Return what kind of income each receipt was, by row; an older generation did not seal that."""
    return {one["row"]: IncomeKind(one["kind"]) for one in sections["income"] if one.get("kind")}


def _event(one: Mapping[str, Any], clocks: Clocks) -> tuple[str, str, str, int, int, Decimal]:
    return one["row"], one["asset"], one["wallet"], *clocks.moment(one["row"], one["at"]), exact(one["quantity"])


def _disposal(one: Mapping[str, Any], clocks: Clocks) -> DisposalFigures:
    row, asset, wallet, at, step, quantity = _event(one, clocks)
    return DisposalFigures(
        row,
        tuple(one["rows"]),
        asset,
        wallet,
        at,
        step,
        quantity,
        _number(one["proceeds"]),
        _number(one["cost"]),
        _number(one["gain"]),
        exact(one["denied"]),
        _term(one["term"]),
        _number(one["short_gain"]),
        _number(one["long_gain"]),
        tuple(_match(match, clocks) for match in one["matches"]),
    )


def _match(one: Mapping[str, Any], clocks: Clocks) -> MatchFigures:
    held = one["lot"], one["rule"], exact(one["quantity"]), _number(one["cost"])
    # A basis that was carried over has a day of its own, which is not that of the lot's row.
    at, step = (None, SECOND) if one["acquired"] is None else clocks.moment(one["lot"], one["acquired"])
    return MatchFigures(*held, at, step, _term(one["term"]))


def _allowance(one: Mapping[str, Any], law: Jurisdiction) -> AllowanceFigures:
    """Return an allowance with the law as the country's file names it today; one that is gone names none."""
    known = next((other for other in law.allowances if other.name == one["name"]), None)
    return AllowanceFigures(
        one["name"],
        one["kind"],
        exact(one["amount"]),
        _number(one["measured"]),
        _number(one["left"]),
        one["applies"],
        _number(one["taxable"]),
        *(("", "", False) if known is None else (known.law, known.url, known.is_verified)),
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else exact(text)


def _term(text: str | None) -> Term | None:
    return None if text is None else Term(text)
