"""United Kingdom."""

from __future__ import annotations

from app.core.lots.methods import Method, Scope
from app.core.tax.jurisdiction import Jurisdiction, Source

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
)
