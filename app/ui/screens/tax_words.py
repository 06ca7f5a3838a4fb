"""What the words of taxes are on screen: methods, scopes, years, terms, rules."""

from __future__ import annotations

from app.core.lots.methods import Method, Scope
from app.core.ports import AssetRegistry
from app.core.tax.figures import Term
from app.core.tax.jurisdiction import Jurisdiction
from app.core.tax.profile import Profile
from app.core.tax.valuation_words import in_words
from app.core.tax.valuations import Valuation
from app.services.tax_years import Asked
from app.ui import format as fmt
from app.ui.words import tr

_METHODS = {
    Method.FIFO: "FIFO",
    Method.LIFO: "LIFO",
    Method.HIFO: "HIFO",
    Method.LOFO: "LOFO",
    Method.SPEC_ID: "Specific identification",
    Method.SECTION_104: "Section 104 pool",
    Method.ACB: "Adjusted cost base",
    Method.PMP: "Average of the portfolio",
    Method.TOTAL_AVERAGE: "Total average",
    Method.MOVING_AVERAGE: "Moving average",
}
_SCOPES = {Scope.UNIVERSAL: "all wallets together", Scope.PER_WALLET: "per wallet"}
_TERM_TITLES = {Term.SHORT: "Short-term", Term.LONG: "Long-term", Term.MIXED: "Both terms"}


def valued_by(value: Valuation | None, assets: AssetRegistry) -> str:
    """Return where a value comes from, with assets by their symbols."""
    return fmt.UNKNOWN if value is None else in_words(value.source, lambda asset: assets.asset(asset).symbol)


def method(one: Method) -> str:
    """Return what a method is called."""
    return tr(_METHODS[one])


def scope(one: Scope) -> str:
    """Return what a scope is called."""
    return tr(_SCOPES[one])


def term(one: Term | None, chosen: Profile) -> str:
    """Return how long something was held, in the country's words; "" where the country does not ask."""
    return "" if one is None else tr(chosen.term_word(one))


def term_title(one: Term, chosen: Profile) -> str:
    """Return the same as the heading of a figure: "Short-term", or what the country says."""
    word = chosen.term_word(one)
    return tr(_TERM_TITLES[one]) if word == one.value else tr(word.capitalize())


def term_gain(one: Term, chosen: Profile) -> str:
    """Return the heading of the gain of one term: "Short-term gain", or "Gain, within 1 year"."""
    word = chosen.term_word(one)
    if word == one.value:
        return tr("%t gain").replace("%t", tr(_TERM_TITLES[one]))
    return tr("Gain, %t").replace("%t", tr(word))


def holding(days: int, to_long: int | None, chosen: Profile) -> str:
    """Return how long something is held, and what that means where the country asks: "352 days · long in 14 d"."""
    held = fmt.counted(days, tr("%s day"), tr("%s days"))
    if to_long is None:
        return held
    if not to_long:
        is_usual = chosen.term_word(Term.LONG) == Term.LONG.value
        return f"{held} · {tr('long-term') if is_usual else term(Term.LONG, chosen)}"
    return f"{held} · {term_ahead(to_long, chosen)}"


def days_held(days: int, to_long: int | None, chosen: Profile) -> str:
    """Return how long something is held and in how many days its term changes, where the term stands beside it."""
    held = fmt.counted(days, tr("%s day"), tr("%s days"))
    if not to_long:
        return held
    is_usual = chosen.term_word(Term.LONG) == Term.LONG.value
    ahead = tr("long in %n d") if is_usual else tr("%n d to go")
    return f"{held} · {ahead.replace('%n', fmt.count(to_long))}"


def from_word(chosen: Profile) -> str:
    """Return the heading of the day from which on the other term holds."""
    if chosen.term_word(Term.LONG) == Term.LONG.value:
        return tr("Long from")
    return tr("Term changes")


def term_ahead(to_long: int, chosen: Profile) -> str:
    """Return the term of what is not long yet, and in how many days it changes."""
    count = fmt.count(to_long)
    if chosen.term_word(Term.LONG) == Term.LONG.value:
        return tr("long in %n d").replace("%n", count)
    return f"{term(Term.SHORT, chosen)} · {tr('%n d to go').replace('%n', count)}"


def year(rules: Jurisdiction, number: int | None) -> str:
    """Return a tax year as its country writes it: 2026, or 2025/26 where it spans two calendar years."""
    if number is None:
        return tr("All years")
    if rules.year_starts == (1, 1):
        return str(number)
    first = number - 1 if rules.is_year_named_by_end else number
    return f"{first}/{(first + 1) % 100:02}"


def rules(chosen: Profile, currency: str) -> str:
    """Return how figures were computed, in a line."""
    how = method(chosen.method)
    if chosen.changes:
        ordered = dict.fromkeys(method(change.method) for change in chosen.changes)
        how = tr("%m, by order %o").replace("%m", how).replace("%o", ", ".join(ordered))
    late = tr("late selections followed") if chosen.has("late-selection", "follow") else ""
    return " · ".join(part for part in (how, scope(chosen.scope), late, currency.upper()) if part)


def key(asked: Asked) -> tuple[object, ...]:
    """Return what tells one question from another."""
    return (
        asked.jurisdiction, asked.method, asked.scope, asked.currency, asked.year, tuple(sorted(asked.options.items())),
    )  # fmt: skip


_RULES = {
    "same-day": "same day",
    "thirty-day": "bought within 30 days after",
    "ten-day": "bought within 10 days before",
    "section-104": "pool",
    "average-cost": "average",
    "portfolio-average": "portfolio",
    "total-average": "year's average",
}


def rule(name: str) -> str:
    """Return the rule by which a part of a disposal was matched."""
    if name in _RULES:
        return tr(_RULES[name])
    return method(Method(name)) if name in set(Method) else name
