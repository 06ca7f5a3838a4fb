"""Canada."""

from __future__ import annotations

from app.core.lots.methods import Method, Scope
from app.core.tax.jurisdiction import Jurisdiction, Source

RULES = Jurisdiction(
    code="ca",
    name="Canada",
    currency="CAD",
    zone="UTC",
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
)
