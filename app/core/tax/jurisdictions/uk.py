"""United Kingdom."""

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
    code="uk",
    name="United Kingdom",
    currency="GBP",
    zone="Europe/London",
    methods={Method.SECTION_104: ""},
    scopes={Scope.UNIVERSAL: ""},
    law="TCGA 1992, sections 104 to 107, match the same day, then 30 days after (companies: 10 days before), then one "
    "pool of everything that the person holds",
    sources=(
        Source("TCGA 1992, sections 104 to 107", "https://www.legislation.gov.uk/ukpga/1992/12/part/IV/chapter/I"),
        Source(
            "HMRC Cryptoassets Manual, CRYPTO22200 and following",
            "https://www.gov.uk/hmrc-internal-manuals/cryptoassets-manual/crypto22200",
        ),
    ),
    year_starts=(4, 6),
    options=frozenset({"taxpayer"}),
    rules={
        "airdrops": Rule(
            "zero-cost",
            "HMRC CRYPTO21250: no income where nothing was done for it; income otherwise, by the option.",
            "https://www.gov.uk/hmrc-internal-manuals/cryptoassets-manual/crypto21250",
        ),
        "forks": Rule(
            "zero-cost",
            "TCGA 1992, sections 43 and 52(4), divide the pooled cost of the old asset between both on a just and "
            "reasonable basis, for which HMRC prescribes no method (CRYPTO22300, CRYPTO41600); that division is not "
            "made here.",
            "https://www.gov.uk/hmrc-internal-manuals/cryptoassets-manual/crypto41600",
        ),
        "gifts-given": Rule(
            "market-value",
            "TCGA 1992, section 17; a gift to a spouse or civil partner is neither gain nor loss.",
            "https://www.legislation.gov.uk/ukpga/1992/12/section/17",
        ),
        "gifts-received": Rule(
            "market-value", "TCGA 1992, section 17.", "https://www.legislation.gov.uk/ukpga/1992/12/section/17"
        ),
        "losses": Rule(
            "not-deducted",
            "HMRC sees no disposal in a theft or a lost key; a negligible value claim may be possible.",
            "https://www.gov.uk/hmrc-internal-manuals/cryptoassets-manual/crypto22500",
        ),
        "migrations": Rule("carry-over", SAME_RIGHTS),
        "wraps": Rule("disposal", CAUTIOUS),
        "liquid-staking": Rule(
            "disposal",
            "HMRC CRYPTO61620: a disposal where beneficial ownership passes.",
            "https://www.gov.uk/hmrc-internal-manuals/cryptoassets-manual/crypto61620",
        ),
    },
    allowances=(
        Allowance(
            "Annual exempt amount",
            AllowanceKind.AMOUNT,
            Measure.GAIN,
            ((2024, Decimal(3000)), (2023, Decimal(6000)), (2020, Decimal(12300))),
            "TCGA 1992, section 1K",
            "https://www.legislation.gov.uk/ukpga/1992/12/section/1K",
        ),
    ),
    official_examples=tuple(
        Source(
            f"HMRC Cryptoassets Manual, CRYPTO{page}, example {number}",
            f"https://www.gov.uk/hmrc-internal-manuals/cryptoassets-manual/crypto{page}",
        )
        for number, page in ((1, 22251), (3, 22253), (5, 22255), (6, 22256))
    ),
)
