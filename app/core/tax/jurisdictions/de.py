"""Germany."""

from __future__ import annotations

from decimal import Decimal

from app.core.lots.methods import Method, Scope
from app.core.tax.calendar import after_the_anniversary
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
    code="de",
    name="Germany",
    currency="EUR",
    zone="Europe/Berlin",
    methods={
        Method.FIFO: "",
        Method.SPEC_ID: "Each unit must be documented without a gap from purchase to sale.",
        Method.LIFO: "Accepted by the Finanzgericht Nürnberg (judgment of 2025-01-22), not by the ministry's letter.",
    },
    scopes={Scope.PER_WALLET: "", Scope.UNIVERSAL: "The ministry's letter looks at each wallet by itself."},
    law="§ 23 EStG with the ministry's letter of 2025-03-06 asks which units were sold, and takes the earliest where "
    "that is not documented",
    sources=(
        Source("§ 23 EStG", "https://www.gesetze-im-internet.de/estg/__23.html"),
        Source("BMF, letter of 2025-03-06, IV C 1 - S 2256/00042/064/043", "https://datenbank.nwb.de/Dokument/1064578"),
        Source(
            "Finanzgericht Nürnberg, judgment of 2025-01-22, as reported",
            "https://www.steuerberater-klein.de/kryptowerte-2025-fuer-privatanleger-ein-genauerer-blick-auf-das-bmf-schreiben-vom-maerz-2025",
            is_primary=False,
        ),
    ),
    is_long=after_the_anniversary,
    long_means="held for more than one year, and not taxed",
    terms=("within 1 year", "after 1 year", "both"),
    long_taxed=(0, 1),
    rules={
        "airdrops": Rule(
            "income", "BMF, letter of 2025-03-06: income where something is done for it; the cautious side is taken."
        ),
        "forks": Rule(
            "zero-cost",
            "BMF, letters of 2022-05-10 (paragraphs 66 to 68) and 2025-03-06, as reported: the cost of the old asset "
            "is divided by market prices at the fork, and the new one counts as acquired on the old one’s day; that "
            "division is not made here.",
        ),
        "gifts-given": Rule(
            "no-disposal",
            "§ 23 EStG asks for a sale against payment.",
            "https://www.gesetze-im-internet.de/estg/__23.html",
        ),
        "gifts-received": Rule(
            "givers-basis",
            "§ 23 Abs. 1 Satz 3 EStG: the acquisition by the giver counts.",
            "https://www.gesetze-im-internet.de/estg/__23.html",
        ),
        "losses": Rule(
            "not-deducted",
            "§ 23 EStG asks for a sale; theft and loss are none.",
            "https://www.gesetze-im-internet.de/estg/__23.html",
        ),
        "migrations": Rule("carry-over", SAME_RIGHTS),
        "wraps": Rule("disposal", CAUTIOUS),
        "liquid-staking": Rule("disposal", CAUTIOUS),
    },
    allowances=(
        Allowance(
            "Freigrenze of private sales",
            AllowanceKind.CLIFF,
            Measure.SHORT_GAIN,
            ((2024, Decimal(1000)), (2008, Decimal(600))),
            "§ 23 Abs. 3 Satz 5 EStG",
            "https://www.gesetze-im-internet.de/estg/__23.html",
        ),
        Allowance(
            "Freigrenze of other services",
            AllowanceKind.CLIFF,
            Measure.INCOME,
            ((2002, Decimal(256)),),
            "§ 22 Nr. 3 Satz 2 EStG",
            "https://www.gesetze-im-internet.de/estg/__22.html",
        ),
    ),
)
