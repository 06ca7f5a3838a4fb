"""What a country's law fixes and what it leaves open: the declaration that each jurisdiction's file makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.core.lots.methods import Method, Scope
from app.core.names import counted
from app.core.tax.calendar import HoldingTest


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule stands.

    Attributes:
        is_primary: The law, or the authority that applies it; anything else is an account by others.
    """

    title: str
    url: str
    is_primary: bool = True


class AllowanceKind(StrEnum):
    """How an allowance works."""

    AMOUNT = "amount"
    """It comes off what is taxed."""
    CLIFF = "cliff"
    """Nothing is taxed until there, and everything beyond."""
    SHARE = "share"
    """Only this share is taxed."""
    DISCOUNT = "discount"
    """This share of a gain on what was held for long is not taxed, after losses."""


class Measure(StrEnum):
    """What an allowance looks at."""

    GAIN = "gain"
    SHORT_GAIN = "short-gain"
    INCOME = "income"
    PROCEEDS = "proceeds"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a country leaves untaxed in a year.

    Attributes:
        amounts: By the first tax year in which each holds, the newest first: of money, or a share of one.
        is_inclusive: A cliff still leaves untaxed what is just as much.
        is_verified: The law was read.
    """

    name: str
    kind: AllowanceKind
    measure: Measure
    amounts: tuple[tuple[int, Decimal], ...]
    law: str
    url: str
    is_inclusive: bool = False
    is_verified: bool = False

    def amount(self, year: int) -> Decimal | None:
        """Return the amount of a tax year; None where none is known for it."""
        return next((amount for first, amount in self.amounts if year >= first), None)


CAUTIOUS = "No authority is known to say otherwise; the cautious side is taken."
SAME_RIGHTS = "One token replaces the other and nothing else changes; no authority is known to call that a disposal."


@dataclass(frozen=True, slots=True)
class Rule:
    """What an option is by default, and why.

    Attributes:
        is_verified: The source was read; anything else is taken from what others say of it, or is the cautious side.
    """

    value: str
    why: str
    url: str = ""
    is_verified: bool = False


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """The rules of one country.

    Attributes:
        currency: In which its returns are made; "" leaves it open.
        zone: Whose days count. A country with several zones has none of its own: UTC, until `day-zone` names one.
        methods: What may be chosen, the first by default, each with what a person should know ("" for nothing).
        usual_zone: Where most of its people live, if it has none of its own: only to tell whose year another day is in.
        scopes: Likewise.
        law: Why no other method may be chosen; begins a sentence that names the methods.
        year_starts: Month and day.
        is_long: Tells whether something was held for long; None where that changes nothing.
        terms: What is said of units held for short, for long, and of both together.
        long_taxed: The (numerator, denominator) of a long-term gain that is taxed; rates that hang on the person are
            no part of it.
        choice_deadline: Why lots must be selected no later than the sale; "" where no law here names such a moment.
        choice_deadline_from: The first day whose sales that is asked of; None for all.
        choice_before: What was asked of earlier sales.
        options: Names of options beyond those that every jurisdiction has.
        defaults: Values of options that are not given.
        rules: Likewise, of options that say what gifts, losses, airdrops and the like are, with their reason.
        allowances: What a year leaves untaxed.
        official_examples: The authority's own worked examples that come out here; of one that is not primary the
            figures were read where somebody else quotes them.
        examples_tell_apart: Some of these examples comes out otherwise without the country's rules.
    """

    code: str
    name: str
    currency: str
    zone: str
    methods: Mapping[Method, str]
    scopes: Mapping[Scope, str]
    law: str
    sources: tuple[Source, ...]
    usual_zone: str = ""
    year_starts: tuple[int, int] = (1, 1)
    is_year_named_by_end: bool = False
    is_long: HoldingTest | None = None
    long_means: str = ""
    terms: tuple[str, str, str] = ("short", "long", "mixed")
    long_taxed: tuple[int, int] = (1, 1)
    choice_deadline: str = ""
    choice_deadline_from: date | None = None
    choice_before: str = ""
    options: frozenset[str] = frozenset()
    defaults: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    allowances: tuple[Allowance, ...] = ()
    official_examples: tuple[Source, ...] = ()
    examples_tell_apart: bool = True

    @property
    def method(self) -> Method:
        """Return the method that applies where none is chosen."""
        return next(iter(self.methods))

    @property
    def scope(self) -> Scope:
        """Return the scope that applies where none is chosen."""
        return next(iter(self.scopes))

    @property
    def official_example(self) -> str:
        """Return how many of the authority's own examples come out here and which; "" where none was found."""
        if not self.official_examples:
            return ""
        named = "; ".join(
            f"{one.title}{'' if one.is_primary else ' (as quoted by others)'}" for one in self.official_examples
        )
        return f"{counted(len(self.official_examples), 'official example')}: {named}"

    @property
    def checked(self) -> str:
        """Return in a sentence what these rules were checked against; "" for no country."""
        if not self.law:
            return ""
        if not self.official_examples:
            told = "none of the authority's own was found to check these rules against"
            return f"Unsupported by an official example: {told}."
        if not self.examples_tell_apart:
            return (
                f"Unsupported by an official example of their own: these rules pass {self.official_example}, "
                "as any rules would."
            )
        return f"These rules pass {self.official_example}."
