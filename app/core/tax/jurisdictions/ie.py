"""Ireland."""

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
    code="ie",
    name="Ireland",
    currency="EUR",
    zone="Europe/Dublin",
    methods={Method.FIFO: ""},
    scopes={Scope.UNIVERSAL: ""},
    law="TCA 1997, section 580, sells first what was bought first, and section 581 what was bought within four weeks",
    sources=(
        Source(
            "TCA 1997, section 580, of any fungible asset by its subsection (4)",
            "https://www.irishstatutebook.ie/eli/1997/act/39/section/580/enacted/en/html",
        ),
        Source("TCA 1997, section 581", "https://www.irishstatutebook.ie/eli/1997/act/39/section/581/enacted/en/html"),
        Source(
            "Section 581 speaks of shares and securities; that it covers digital assets is the view of advisers",
            "https://www.irishfinancial.ie/",
            is_primary=False,
        ),
    ),
    options=frozenset({"four-week-rule"}),
    defaults={"four-week-rule": "on"},
    rules={
        "airdrops": Rule("income", CAUTIOUS),
        "forks": Rule("zero-cost", CAUTIOUS),
        "gifts-given": Rule(
            "market-value",
            "TCA 1997, section 547.",
            "https://www.irishstatutebook.ie/eli/1997/act/39/section/547/enacted/en/html",
        ),
        "gifts-received": Rule(
            "market-value",
            "TCA 1997, section 547.",
            "https://www.irishstatutebook.ie/eli/1997/act/39/section/547/enacted/en/html",
        ),
        "losses": Rule("not-deducted", CAUTIOUS),
        "migrations": Rule("carry-over", SAME_RIGHTS),
        "wraps": Rule("disposal", CAUTIOUS),
        "liquid-staking": Rule("disposal", CAUTIOUS),
    },
    allowances=(
        Allowance(
            "Annual exemption",
            AllowanceKind.AMOUNT,
            Measure.GAIN,
            ((2002, Decimal(1270)),),
            "TCA 1997, section 601",
            "https://www.irishstatutebook.ie/eli/1997/act/39/section/601/enacted/en/html",
        ),
    ),
)
