"""Australia."""

from __future__ import annotations

from app.core.lots.methods import Method, Scope
from app.core.tax.calendar import more_than_a_year
from app.core.tax.jurisdiction import Jurisdiction, Source

RULES = Jurisdiction(
    code="au",
    name="Australia",
    currency="AUD",
    zone="UTC",
    methods={
        Method.FIFO: "",
        Method.SPEC_ID: "Each parcel must be individually identifiable from your records.",
    },
    scopes={Scope.UNIVERSAL: "", Scope.PER_WALLET: ""},
    law="The Australian Taxation Office accepts parcels that you identify, and the earliest bought where you cannot",
    sources=(
        Source("ITAA 1997, Division 115, discount", "https://www.legislation.gov.au/C2004A05138/latest/text"),
        Source(
            "Identifying when shares or units were acquired",
            "https://www.ato.gov.au/individuals-and-families/investments-and-assets/capital-gains-tax",
        ),
    ),
    year_starts=(7, 1),
    is_year_named_by_end=True,
    is_long=more_than_a_year,
    long_means="held for at least 12 months, the days of purchase and sale not counted: the discount applies",
    long_taxed=(1, 2),
)
