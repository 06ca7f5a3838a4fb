"""Read models of performance: what a period brought, day by day, as a whole and in parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.core.clock import DAY
from app.core.model.views import Return
from app.core.money import EXACT, SHARES, add

_YEAR = 365


class By(StrEnum):
    """What the parts of a period are."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Step:
    """From one priced day to the next: growth = (after − flow) ÷ before, None where a part is not known.

    Attributes:
        at: End of the day on which it ends.
    """

    at: int
    before: Decimal
    flow: Decimal | None
    after: Decimal
    growth: Decimal | None


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a period, for a chart; None is a gap.

    Attributes:
        at: Its end.
        contributed: The value that it was measured from, and what flowed in less what flowed out since.
        grown: The time-weighted return since then.
    """

    at: int
    value: Decimal | None
    contributed: Decimal | None
    grown: Decimal | None


@dataclass(frozen=True, slots=True)
class Performance:
    """What a period brought: after − before − flows = gain; None where a part is not known.

    Attributes:
        since: The close from which it is measured; None where no day of the period is priced.
        fees: What was paid in fees, less what was given back of them; it has lowered the gain.
        income: What came in by itself, less interest that was paid; it is part of the gain.
        annual: The money-weighted return of a year.
        priced_days: Days of the period with a value, of `days`.
        left_out: Symbols that have no price at all.
        steps: How it came about, day by day.
        unknown: Why amounts are not known, in sentences.
    """

    currency: str
    since: int | None
    until: int | None
    before: Decimal | None
    after: Decimal | None
    flowed_in: Decimal | None
    flowed_out: Decimal | None
    gain: Decimal | None
    time_weighted: Return
    annual: Return
    simple: Return
    priced_days: int
    days: int
    left_out: tuple[str, ...]
    steps: tuple[Step, ...]
    fees: Decimal | None
    income: Decimal | None
    unknown: tuple[str, ...]

    @property
    def is_short(self) -> bool:
        """Tell whether it is shorter than a year, so that a yearly rate says more than what came about."""
        return self.days < _YEAR

    @property
    def money_weighted(self) -> Return:
        """Return the money-weighted return of the period itself, which stands beside the time-weighted one."""
        if self.annual.value is None or self.since is None or self.until is None:
            return self.annual
        years = SHARES.divide(Decimal(self.until - self.since), Decimal(_YEAR * DAY))
        grown = SHARES.power(SHARES.add(self.annual.value, 1), years)
        return Return(SHARES.subtract(grown, 1), self.annual.method)

    @property
    def by_prices(self) -> Decimal | None:
        """Return the part of the gain that is neither income nor fees: prices that moved, and trades at other ones."""
        if self.gain is None or self.fees is None or self.income is None:
            return None
        return EXACT.subtract(add(self.gain, self.fees), self.income)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a study.

    Attributes:
        name: "2026-03", "2026 Q1", "2026", or the name of an account.
        first, last: Its days, both included.
        account_id: Where it is that of one account.
    """

    name: str
    first: date
    last: date
    performance: Performance
    account_id: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """What a person asked for.

    Attributes:
        first, last: The days that were asked for, both included.
        accounts: Names of the accounts; empty where it is the whole book.
        days: The whole day by day.
        head: The state of the books that it was made of.
    """

    first: date
    last: date
    accounts: tuple[str, ...]
    whole: Performance
    days: tuple[Day, ...]
    parts: tuple[Part, ...]
    by: By | None
    head: str
    is_simulated: bool = False
