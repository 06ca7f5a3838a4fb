"""What can be measured, as words with gaps: one table for the parser, the printer and the pickers of the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from app.core.alerts.tokens import Words, name_text, percent
from app.core.alerts.words import GROUPS, MARKS, Lexicon
from app.core.errors import InputError
from app.core.model.alert_rules import Measure, Measured


class Slot(StrEnum):
    """A gap that a person fills in."""

    CONFIDENCE = "confidence"
    HORIZON = "horizon"
    DAYS = "days"
    ASSET = "asset"
    OTHER = "other"
    GROUP = "group"
    MEMBER = "member"
    SOURCE = "source"


Part = str | Slot


@dataclass(frozen=True, slots=True)
class Form:
    """How one measure is said; the first word tells it from all others."""

    measure: Measure
    parts: tuple[Part, ...]

    @property
    def first(self) -> str:
        """Return the word that it begins with, in small letters."""
        return str(self.parts[0]).casefold()

    def example(self) -> str:
        """Return the form with its gaps named."""
        return " ".join(_EXAMPLES.get(part, part) if isinstance(part, Slot) else part for part in self.parts)


FORMS = (
    Form(Measure.VALUE_AT_RISK, ("VaR", Slot.CONFIDENCE, Slot.HORIZON)),
    Form(Measure.SHORTFALL, ("ES", Slot.CONFIDENCE, Slot.HORIZON)),
    Form(Measure.EXPOSURE, ("exposure", "to", Slot.ASSET)),
    Form(Measure.GROSS, ("gross", "exposure")),
    Form(Measure.NET, ("net", "exposure")),
    Form(Measure.SHARE, ("share", "of", Slot.GROUP, Slot.MEMBER)),
    Form(Measure.SHARE, ("largest", Slot.GROUP, "share")),
    Form(Measure.DRAWDOWN, ("drawdown",)),
    Form(Measure.CORRELATION, ("correlation", "of", Slot.ASSET, "and", Slot.OTHER)),
    Form(Measure.AVERAGE_CORRELATION, ("average", "correlation")),
    Form(Measure.PRICE, ("price", "of", Slot.ASSET)),
    Form(Measure.CHANGE, ("change", "of", Slot.ASSET, "over", Slot.DAYS)),
    Form(Measure.AGE, ("age", "of", Slot.SOURCE)),
)
_EXAMPLES: Mapping[Slot, str] = {
    Slot.CONFIDENCE: "99 %", Slot.HORIZON: "1 d", Slot.DAYS: "1 d", Slot.ASSET: "NAME", Slot.OTHER: "NAME",
    Slot.GROUP: "venue", Slot.MEMBER: "NAME", Slot.SOURCE: "SOURCE",
}  # fmt: skip
_BY_WORD = {form.first: form for form in FORMS}
_WITHOUT_SCOPE = frozenset((Measure.PRICE, Measure.CHANGE, Measure.CORRELATION))
_HUNDRED = Decimal(100)


def form_of(of: Measured) -> Form:
    """Return how a measure is said."""
    is_largest = of.measure is Measure.SHARE and not of.name
    return next(form for form in FORMS if form.measure is of.measure and (form.first == "largest") is is_largest)


def has_scope(of: Measured) -> bool:
    """Tell whether a measure is another one in another account; a price, a correlation or a source is not."""
    return of.measure not in _WITHOUT_SCOPE and not (of.measure is Measure.AGE and of.name)


# reading -------------------------------------------------------------------------------------------------------------
def read(words: Words, names: Lexicon) -> Measured:
    """Return what the next words measure."""
    there = ", ".join(form.example() for form in FORMS)
    word = words.next_word(f"what is measured ({there})")
    form = _BY_WORD.get(word.casefold())
    if form is None:
        raise InputError(f"{word!r} is nothing that can be measured.", hint=f"There are: {there}.")
    found = Measured(form.measure)
    for part in form.parts[1:]:
        if isinstance(part, Slot):
            found = _READ[part](found, words, names)
        else:
            words.take(part)
    return found


def _confidence(found: Measured, words: Words, _names: Lexicon) -> Measured:
    number = words.number()
    words.take("%")
    return replace(found, confidence=number / _HUNDRED)


def _horizon(found: Measured, words: Words, _names: Lexicon) -> Measured:
    return replace(found, days=words.days() if words.is_number() else 1)


def _days(found: Measured, words: Words, _names: Lexicon) -> Measured:
    return replace(found, days=words.days())


def _asset(found: Measured, words: Words, names: Lexicon) -> Measured:
    return replace(found, name=names.id_of("asset", words.name()))


def _other(found: Measured, words: Words, names: Lexicon) -> Measured:
    return replace(found, other=names.id_of("asset", words.name()))


def _group(found: Measured, words: Words, _names: Lexicon) -> Measured:
    return replace(found, group=words.choice({one: one for one in GROUPS}, f"one of {', '.join(GROUPS)}"))


def _member(found: Measured, words: Words, names: Lexicon) -> Measured:
    return replace(found, name=names.id_of(found.group, words.name()))


def _source(found: Measured, words: Words, names: Lexicon) -> Measured:
    is_marks = words.is_at(MARKS)
    name = words.name()
    return replace(found, name="" if is_marks else names.id_of("source", name))


_READ: Mapping[Slot, Callable[[Measured, Words, Lexicon], Measured]] = {
    Slot.CONFIDENCE: _confidence, Slot.HORIZON: _horizon, Slot.DAYS: _days, Slot.ASSET: _asset, Slot.OTHER: _other,
    Slot.GROUP: _group, Slot.MEMBER: _member, Slot.SOURCE: _source,
}  # fmt: skip


# writing -------------------------------------------------------------------------------------------------------------
def written(of: Measured, names: Lexicon) -> str:
    """Return what is measured in words: "share of venue kraken"."""
    parts = form_of(of).parts
    return " ".join(slot_text(part, of, names) if isinstance(part, Slot) else part for part in parts)


def slot_text(slot: Slot, of: Measured, names: Lexicon) -> str:
    """Return what stands in a gap."""
    return _WRITTEN[slot](of, names)


def _source_word(of: Measured, names: Lexicon) -> str:
    return name_text(names.word_of("source", of.name)) if of.name else MARKS


_WRITTEN: Mapping[Slot, Callable[[Measured, Lexicon], str]] = {
    Slot.CONFIDENCE: lambda of, _names: percent(of.confidence or Decimal(0)),
    Slot.HORIZON: lambda of, _names: f"{of.days} d",
    Slot.DAYS: lambda of, _names: f"{of.days} d",
    Slot.ASSET: lambda of, names: name_text(names.word_of("asset", of.name)),
    Slot.OTHER: lambda of, names: name_text(names.word_of("asset", of.other)),
    Slot.GROUP: lambda of, _names: of.group,
    Slot.MEMBER: lambda of, names: name_text(names.word_of(of.group, of.name)),
    Slot.SOURCE: _source_word,
}
