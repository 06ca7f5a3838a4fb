"""What stands against closing a tax year: figures that are not known, differences that nobody explained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.core.clock import iso
from app.core.errors import RefusedError, UsageError, VerificationError
from app.core.findings import Finding, Severity
from app.core.lots.methods import Method
from app.core.names import counted
from app.core.seal.sections import until
from app.services.reconciliation import ReconciliationService
from app.services.tax_years import TaxYear


class NotReadyError(VerificationError):
    """A year cannot be closed yet: what stands against it is in `findings`."""

    code = "not-ready"

    def __init__(self, message: str, findings: tuple[Finding, ...], *, hint: str) -> None:
        """Take what blocks beside the usual parts."""
        super().__init__(message, hint=hint)
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a year can be closed.

    Attributes:
        blocking: What must be mended, explained or waived first.
        waived: What a person waived: closing then needs a reason.
    """

    found: TaxYear
    blocking: tuple[Finding, ...] = ()
    waived: tuple[Finding, ...] = ()

    def check(self, name: str, reason: str) -> None:
        """Raise where the year cannot be closed."""
        if self.blocking:
            message = f"{name} cannot be closed over {counted(len(self.blocking), 'finding')}."
            raise NotReadyError(message, self.blocking, hint="Mend, explain or waive each of them, and try again.")
        if self.waived and not reason:
            message = (
                f"{name} has {counted(len(self.waived), 'waived finding')}, and closing it all the same needs a reason."
            )
            raise UsageError(message, hint="Add --reason WORDS; they are sealed with the year.")


def check_is_over(found: TaxYear, year: int, now_ns: int) -> None:
    """Refuse a year whose figures can still change by what happens from now on."""
    end = until(found.profile, year)
    if now_ns < end:
        message = f"The figures of {year} can still change until {iso(end)}."
        raise RefusedError(message, hint="Seal it after that: what happens until then belongs to them.")


def blocked(found: TaxYear, moments: Mapping[str, int], end: int) -> Iterator[Finding]:
    """Yield what keeps figures of the year from being known, not those of later years."""
    if not found.is_blocked:
        return
    named = False
    for one in found.findings:
        at = min((moments[entry] for entry in one.entries if entry in moments), default=0)
        if one.severity is Severity.ERROR and at < end:
            named = True
            yield one
    figures = found.figures
    costs = [one.cost for one in figures.holdings]
    if found.profile.method is Method.PMP:
        costs = [figures.portfolio_cost]
    if not named and (not figures.totals.are_known or None in costs):
        yield Finding(
            Severity.ERROR,
            "unknown-figures",
            "Figures of this year are not known.",
            found.profile.jurisdiction.code,
            fix="Look at the findings of the tax year.",
        )


async def breaks(reconciliation: ReconciliationService, end: int) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return the differences in which a year ends: those that nobody explained, and those that a person waived."""
    found = await reconciliation.period_breaks(end)
    return tuple(one for one in found if not one.waived), tuple(one for one in found if one.waived)
