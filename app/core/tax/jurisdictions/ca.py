"""Canada."""

from __future__ import annotations

from decimal import Decimal

from app.core.lots.methods import Method, Scope
from app.core.tax.jurisdiction import (
    CAUTIOUS,
    SAME_RIGHTS,
    Allowance,
    AllowanceKind,
    Jurisdiction,
    Measure,
    Rule,
    Source,
)

RULES = Jurisdiction(
    code="ca",
    name="Canada",
    currency="CAD",
    zone="UTC",
    usual_zone="America/Toronto",
    methods={Method.ACB: ""},
    scopes={Scope.UNIVERSAL: ""},
    law="Income Tax Act, section 47, averages the cost of identical properties over everything that the person holds",
    sources=(
        Source("Income Tax Act, section 47", "https://laws-lois.justice.gc.ca/eng/acts/I-3.3/section-47.html"),
        Source(
            "Income Tax Act, section 54, superficial loss",
            "https://laws-lois.justice.gc.ca/eng/acts/I-3.3/section-54.html",
        ),
        Source(
            "Partial superficial losses, least of S, P and B",
            "https://www.adjustedcostbase.ca/blog/what-is-the-superficial-loss-rule/",
            is_primary=False,
        ),
    ),
    options=frozenset({"superficial-loss"}),
    defaults={"superficial-loss": "on"},
    rules={
        "airdrops": Rule(
            "zero-cost", "No authority is known for receipts without any service; income otherwise, by the option."
        ),
        "forks": Rule("zero-cost", "Acquired at no cost; not verified."),
        "gifts-given": Rule(
            "market-value",
            "Income Tax Act, section 69(1)(b): a gift is made at fair market value.",
            "https://laws-lois.justice.gc.ca/eng/acts/I-3.3/section-69.html",
        ),
        "gifts-received": Rule(
            "market-value",
            "Income Tax Act, section 69(1)(c).",
            "https://laws-lois.justice.gc.ca/eng/acts/I-3.3/section-69.html",
        ),
        "losses": Rule("not-deducted", CAUTIOUS),
        "migrations": Rule("carry-over", SAME_RIGHTS),
        "wraps": Rule("disposal", CAUTIOUS),
        "liquid-staking": Rule("disposal", CAUTIOUS),
    },
    allowances=(
        Allowance(
            "Inclusion rate",
            AllowanceKind.SHARE,
            Measure.GAIN,
            ((2001, Decimal("0.5")),),
            "Income Tax Act, section 38(a)",
            "https://laws-lois.justice.gc.ca/eng/acts/I-3.3/section-38.html",
        ),
    ),
    official_examples=(
        Source(
            "Canada Revenue Agency, document 2004-0073011E5, 60 shares of which 50 are sold",
            "https://taxinterpretations.com/cra/severed-letters/2004-0073011e5",
        ),
        Source(
            "Canada Revenue Agency, IT-456R, paragraph 12, 15 of 20 bought again",
            "https://www.canada.ca/en/revenue-agency/services/forms-publications/publications/it456r.html",
            is_primary=False,
        ),
    ),
)
