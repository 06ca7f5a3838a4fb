"""No country: every method and every rule may be chosen, to compare or for a law that is not known here."""

from __future__ import annotations

from app.core.lots.methods import Method, Scope
from app.core.tax.jurisdiction import Jurisdiction

RULES = Jurisdiction(
    code="generic",
    name="No jurisdiction",
    currency="",
    zone="UTC",
    methods=dict.fromkeys(Method, ""),
    scopes=dict.fromkeys(Scope, ""),
    law="",
    sources=(),
    defaults={"holding-period": "1y"},
    options=frozenset(
        {
            "four-week-rule",
            "holding-period",
            "safe-harbor",
            "safe-harbor-date",
            "superficial-loss",
            "taxpayer",
            "wallet-order",
        }
    ),
)
