"""How figures are to be computed: a jurisdiction's rules with what a person chose, checked before anything is read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.core.errors import RefusedError, UsageError
from app.core.findings import Finding, Severity
from app.core.lots.methods import BY_WALLET, Method, Scope
from app.core.lots.standing import Change
from app.core.tax.calendar import Calendar, HoldingTest, more_than_a_year, more_than_days
from app.core.tax.figures import Term
from app.core.tax.jurisdiction import Jurisdiction
from app.core.tax.jurisdictions import JURISDICTIONS

COMMON_OPTIONS = frozenset(
    {
        "airdrops", "day-zone", "forks", "gifts-given", "gifts-received", "liquid-staking", "losses", "migrations",
        "rank-by", "transfer-fee", "unidentified", "wraps",
    }
)  # fmt: skip
_CHOICES = {
    "airdrops": ("income", "zero-cost"),
    "forks": ("zero-cost", "income"),
    "gifts-given": ("no-disposal", "market-value"),
    "gifts-received": ("market-value", "givers-basis", "dual-basis"),
    "liquid-staking": ("carry-over", "disposal"),
    "losses": ("not-deducted", "deducted"),
    "migrations": ("carry-over", "disposal"),
    "wraps": ("carry-over", "disposal"),
    "four-week-rule": ("off", "on"),
    "late-selection": ("set-aside", "follow"),
    "rank-by": ("unit-price", "cost"),
    "safe-harbor": ("none", "global"),
    "superficial-loss": ("off", "on"),
    "taxpayer": ("individual", "company"),
    "transfer-fee": ("disposal", "to-basis"),
    "unidentified": ("refuse", "fifo"),
}
"""Options with a few values, the first by default."""

_PERIOD = re.compile(r"none|1y|(\d{1,5})d", re.ASCII)


@dataclass(frozen=True, slots=True)
class SafeHarbor:
    """A global allocation of unused basis: from this day on lots belong to wallets."""

    day: date
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that decides a figure besides the transactions.

    Attributes:
        options: Every option that has a value, given or by default.
        changes: When wallets go on under another method, in the order of time.
    """

    jurisdiction: Jurisdiction
    method: Method
    scope: Scope
    calendar: Calendar
    options: Mapping[str, str]
    is_long: HoldingTest | None
    safe_harbor: SafeHarbor | None
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...] = ()

    def has(self, option: str, value: str = "on") -> bool:
        """Tell whether an option has this value."""
        return self.options.get(option) == value

    def has_deadline(self, at: int) -> bool:
        """Tell whether the lots of a sale at this moment must have been selected no later than that."""
        rules = self.jurisdiction
        if not rules.choice_deadline or rules.choice_deadline_from is None:
            return bool(rules.choice_deadline)
        return self.calendar.day(at) >= rules.choice_deadline_from.toordinal()

    def term_word(self, term: Term) -> str:
        """Return what the country says of units that were held for short, for long, or of both together."""
        return self.jurisdiction.terms[list(Term).index(term)]


def profile(
    code: str, *, method: Method | None = None, scope: Scope | None = None, options: Mapping[str, str] | None = None
) -> Profile:
    """Return the profile of a jurisdiction with a person's choices.

    Raises:
        UsageError: An option is unknown or has a value that it cannot have.
        RefusedError: The jurisdiction does not allow the method or the scope.
    """
    rules = JURISDICTIONS[code]
    chosen = method or rules.method
    where = scope or _scope(rules, chosen)
    _check_allowed(rules, chosen, where)
    values = _options(rules, options or {})
    zone = values.get("day-zone") or ("Europe/London" if chosen is Method.SECTION_104 else rules.zone)
    _check_fit(chosen, where, values)
    return Profile(
        rules,
        chosen,
        where,
        Calendar(_zone(zone), rules.year_starts, rules.is_year_named_by_end),
        {**values, "day-zone": zone},
        _holding(rules, values),
        _safe_harbor(values),
        _findings(rules, chosen, where),
    )


def _scope(rules: Jurisdiction, method: Method) -> Scope:
    return rules.scope if method in BY_WALLET else Scope.UNIVERSAL


def _check_allowed(rules: Jurisdiction, method: Method, scope: Scope) -> None:
    if method not in rules.methods:
        allowed = ", ".join(one.value for one in rules.methods)
        raise RefusedError(
            f"{rules.name} does not allow the method {method.value}: {rules.law}.",
            hint=f"Choose {allowed}, or --jurisdiction generic for a figure that follows no law.",
        )
    if scope not in rules.scopes:
        raise RefusedError(
            f"{rules.name} does not allow the scope {scope.value}: {rules.law}.",
            hint=f"Choose {', '.join(one.value for one in rules.scopes)}, or --jurisdiction generic.",
        )
    if scope is Scope.PER_WALLET and method not in BY_WALLET:
        raise RefusedError(
            f"The method {method.value} has one pool for everything that is held, not one for each wallet.",
            hint="Choose --scope universal.",
        )


def _options(rules: Jurisdiction, given: Mapping[str, str]) -> dict[str, str]:
    known = COMMON_OPTIONS | rules.options
    for name, value in given.items():
        if name not in known:
            raise UsageError(f"{rules.name} has no option {name!r}.", hint=f"There are: {', '.join(sorted(known))}.")
        if name in _CHOICES and value not in _CHOICES[name]:
            raise UsageError(f"The option {name} cannot be {value!r}.", hint=f"It is {' or '.join(_CHOICES[name])}.")
    values = {name: _CHOICES[name][0] for name in sorted(known) if name in _CHOICES}
    return {**values, **{name: rule.value for name, rule in rules.rules.items()}, **rules.defaults, **given}


def _check_fit(method: Method, scope: Scope, values: Mapping[str, str]) -> None:
    has_harbor = values.get("safe-harbor", "none") != "none"
    if has_harbor and scope is not Scope.PER_WALLET:
        raise UsageError(
            "A safe harbour allocates lots to wallets, which the scope universal does not know.",
            hint="Choose --scope per-wallet.",
        )
    if has_harbor and method in (Method.ACB, Method.MOVING_AVERAGE):
        raise UsageError("A safe harbour allocates lots, which an average does not know.", hint="Choose fifo.")
    if values.get("superficial-loss") == "on" and scope is Scope.PER_WALLET:
        raise UsageError("The superficial loss rule looks at everything that is held.", hint="--scope universal")
    if values.get("four-week-rule") == "on" and (method is not Method.FIFO or scope is Scope.PER_WALLET):
        raise UsageError("The four-week rule belongs to fifo over everything that is held.", hint="--scope universal")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"There is no time zone {name!r}.", hint="Examples: Europe/London, Asia/Tokyo.") from error


def _holding(rules: Jurisdiction, values: Mapping[str, str]) -> HoldingTest | None:
    period = values.get("holding-period")
    if period is None:
        return rules.is_long
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise UsageError(f"The option holding-period cannot be {period!r}.", hint="Examples: 1y, 365d, none.")
    if period == "none":
        return None
    return more_than_days(int(match[1])) if match[1] else more_than_a_year


def _safe_harbor(values: Mapping[str, str]) -> SafeHarbor | None:
    if values.get("safe-harbor", "none") == "none":
        for name in ("safe-harbor-date", "wallet-order"):
            if name in values:
                raise UsageError(f"The option {name} says nothing by itself.", hint="Add safe-harbor=global.")
        return None
    text = values.get("safe-harbor-date", "2025-01-01")
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"The option safe-harbor-date cannot be {text!r}.", hint="Example: 2025-01-01.") from error
    order = tuple(filter(None, (wallet.strip() for wallet in values.get("wallet-order", "").split(";"))))
    if len(set(order)) != len(order):
        raise UsageError("The option wallet-order names a wallet twice.", hint="Name each wallet once.")
    return SafeHarbor(day, order)


def _findings(rules: Jurisdiction, method: Method, scope: Scope) -> tuple[Finding, ...]:
    notes: Sequence[tuple[str, str, str]] = (
        ("method-note", method.value, rules.methods[method]),
        ("scope-note", scope.value, rules.scopes[scope]),
    )
    return tuple(
        Finding(Severity.INFO, code, f"{rules.name}, {name}: {text}", f"{rules.code}/{name}")
        for code, name, text in notes
        if text
    )
