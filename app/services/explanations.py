"""How a figure came to be: its trail, with the records that prove the entries it follows from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.core.findings import Finding
from app.core.model.views import Proof
from app.core.names import AS_TOLD, Names
from app.core.tax.trail import Trail, figure, trail
from app.services.portfolio import Portfolio
from app.services.tax_years import Asked, TaxYear, TaxYears


@dataclass(frozen=True, slots=True)
class Explanation:
    """A trail with its proofs.

    Attributes:
        proofs: By entry, of those that the figure follows from directly.
        findings: Those that concern these entries; all of the year for a sum.
        head: The state of the books.
    """

    trail: Trail
    proofs: dict[str, Proof]
    findings: tuple[Finding, ...]
    is_blocked: bool
    head: str


async def explain(name: str, asked: Asked, tax: TaxYears, portfolio: Portfolio) -> Explanation:
    """Return how a figure came to be.

    Args:
        name: Of the figure; see `app.core.tax.trail`.
        asked: Method, scope, currency and options; country and year are those of the figure.
        tax: Computes.
        portfolio: Knows the records of entries.

    Raises:
        UsageError: It is no name of a figure.
        InputError: The year has no such disposal or receipt.
        RefusedError: The country does not allow the method or the scope.
    """
    wanted = figure(name)
    found = await tax.compute(replace(asked, jurisdiction=wanted.country, year=wanted.year))
    return await followed(name, found, portfolio, Names(tax.symbol))


async def followed(name: str, found: TaxYear, portfolio: Portfolio, names: Names = AS_TOLD) -> Explanation:
    """Return how a figure of a year that is computed came to be, in words that call assets by their names."""
    made = trail(figure(name), found.figures, found.profile, found.valuations, names)
    proofs = dict(await portfolio.proofs(tuple(made.entries)))
    concerned = tuple(one for one in found.findings if not made.entries or set(one.entries) & set(made.entries))
    return Explanation(made, proofs, concerned, made.value is None, found.head)
