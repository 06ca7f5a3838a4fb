"""What is asked of tax years and what is answered: figures with their sources, and how they stand to a seal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core.findings import Finding
from app.core.lots.methods import Method, Scope
from app.core.model.period_seals import PeriodSeal
from app.core.model.standing_orders import StandingOrder
from app.core.tax.events import Transaction
from app.core.tax.figures import TaxFigures
from app.core.tax.from_entries import Made
from app.core.tax.income import IncomeKind
from app.core.tax.profile import Profile, profile
from app.core.tax.selections import Followed, Identified
from app.core.tax.valuations import Prices, Valuation

_OPTION = "option:"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures are wanted.

    Attributes:
        jurisdiction: The code of the country whose rules apply.
        method: None takes the jurisdiction's; likewise the scope.
        currency: Of every value, by ticker or asset id; "" takes the jurisdiction's where the books know its daily
            rates, and else the book's own.
        year: As the jurisdiction names its years; None is the whole history.
    """

    jurisdiction: str
    method: Method | None = None
    scope: Scope | None = None
    currency: str = ""
    year: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """How figures stand to the seal of their year.

    Attributes:
        seal: The newest version of the closed year.
        is_asked: The question is the one that was sealed, and the figures are those of the seal.
        is_same: The books of now give the same figures; of another question, nobody compares.
    """

    seal: PeriodSeal
    is_asked: bool
    is_same: bool = True

    @property
    def is_held(self) -> bool:
        """Tell whether the seal holds figures that the books of now would not give."""
        return self.is_asked and not self.is_same


@dataclass(frozen=True, slots=True)
class TaxYear:
    """The figures of one year, or of all, with how every value in them is known.

    Attributes:
        valuations: By the row of a transaction: of the disposals, of the lots that they used, and of the income.
        is_blocked: A figure is not known, or units arrived somewhere without their lots.
        head: The state of the books that they follow from.
        transactions: The whole history that was matched, in the order of time; sales name the lots selected for them.
        identified: By the row of a sale, the selection of lots that concerns it.
        prices: Of everything in the books, in the currency of the figures.
        income_kinds: What kind of income each receipt of the year is, by its row.
        is_simulated: Nothing in the books is real.
        standing: How the figures stand to the seal of the year; None where it is open.
    """

    figures: TaxFigures
    profile: Profile
    findings: tuple[Finding, ...]
    valuations: Mapping[str, Valuation]
    is_blocked: bool
    head: str
    transactions: tuple[Transaction, ...] = field(default=(), repr=False)
    identified: Mapping[str, Identified] = field(default_factory=dict)
    prices: Prices | None = field(default=None, repr=False)
    income_kinds: Mapping[str, IncomeKind] = field(default_factory=dict, repr=False)
    is_simulated: bool = False
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What figures are computed from.

    Attributes:
        selected: The transactions, whose sales name the lots selected for them.
        currency: The symbol of every value.
    """

    profile: Profile
    orders: tuple[StandingOrder, ...]
    made: Made
    selected: Followed
    prices: Prices
    currency: str
    head: str


def asked_profile(asked: Asked) -> tuple[Profile, bool]:
    """Return how figures are computed, and whether they follow what a person recorded: orders and selections."""
    options = asked.options
    if asked.method is Method.SPEC_ID:
        # Of a sale for which nobody selected lots the law takes the oldest; a file is refused instead.
        options = {"unidentified": "fifo", **options}
    chosen = profile(asked.jurisdiction, method=asked.method, scope=asked.scope, options=options)
    # Whoever names a method or a scope wants to see that, whatever was ordered.
    return chosen, asked.method is None and asked.scope is None


def question_of(seal: PeriodSeal) -> Asked:
    """Return what was asked for when a year was sealed."""
    words = seal.question
    return Asked(
        seal.jurisdiction,
        Method(words["method"]) if "method" in words else None,
        Scope(words["scope"]) if "scope" in words else None,
        words.get("currency", ""),
        seal.year,
        {name.removeprefix(_OPTION): value for name, value in words.items() if name.startswith(_OPTION)},
    )


def words_of(asked: Asked) -> dict[str, str]:
    """Return what was chosen of a question, as its seal keeps it."""
    words = {f"{_OPTION}{name}": value for name, value in asked.options.items()}
    words |= {"method": asked.method.value} if asked.method else {}
    words |= {"scope": asked.scope.value} if asked.scope else {}
    return words | ({"currency": asked.currency} if asked.currency else {})
