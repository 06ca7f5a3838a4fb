"""Australia."""

from __future__ import annotations

from decimal import Decimal

from app.core.lots.methods import Method, Scope
from app.core.tax.calendar import more_than_a_year
from app.core.tax.jurisdiction import SAME_RIGHTS, Allowance, AllowanceKind, Jurisdiction, Measure, Rule, Source

RULES = Jurisdiction(
    code="au",
    name="Australia",
    currency="AUD",
    zone="UTC",
    usual_zone="Australia/Sydney",
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
    terms=("no discount", "discount", "both"),
    long_taxed=(1, 2),
    rules={
        "airdrops": Rule(
            "income",
            "Australian Taxation Office: money value of an established token is ordinary income; an initial "
            "allocation costs nothing.",
            "https://www.ato.gov.au/individuals-and-families/investments-and-assets/crypto-asset-investments",
        ),
        "forks": Rule(
            "zero-cost",
            "Australian Taxation Office: the new asset of a chain split has no cost base.",
            "https://www.ato.gov.au/individuals-and-families/investments-and-assets/crypto-asset-investments/"
            "crypto-chain-splits",
            is_verified=True,
        ),
        "gifts-given": Rule(
            "market-value", "ITAA 1997, section 116-30.", "https://www.legislation.gov.au/C2004A05138/latest/text"
        ),
        "gifts-received": Rule(
            "market-value", "ITAA 1997, section 112-20.", "https://www.legislation.gov.au/C2004A05138/latest/text"
        ),
        "losses": Rule(
            "deducted",
            "CGT event C1, where evidence shows the loss; private advice 1052036844823, which binds nobody else, "
            "says so of a theft.",
            "https://www.ato.gov.au/law/view/view.htm?PiT=99991231235958&docid=EV%2F1052036844823",
            is_verified=True,
        ),
        "migrations": Rule("carry-over", SAME_RIGHTS),
        "wraps": Rule(
            "disposal",
            "Australian Taxation Office: to wrap or unwrap is an exchange, a CGT event.",
            "https://www.ato.gov.au/individuals-and-families/investments-and-assets/crypto-asset-investments",
        ),
        "liquid-staking": Rule("disposal", "As a wrap."),
    },
    allowances=(
        Allowance(
            "Discount of individuals",
            AllowanceKind.DISCOUNT,
            Measure.GAIN,
            ((2000, Decimal("0.5")),),
            "ITAA 1997, Division 115",
            "https://www.legislation.gov.au/C2004A05138/latest/text",
        ),
    ),
    official_examples=(
        Source(
            "Australian Taxation Office, crypto chain splits (2024-06-16), Alex",
            "https://www.ato.gov.au/individuals-and-families/investments-and-assets/crypto-asset-investments/"
            "crypto-chain-splits",
        ),
        Source(
            "Australian Taxation Office, identifying when shares or units are acquired (2017-07-17), Boris",
            "https://www.ato.gov.au/General/Capital-gains-tax/Shares,-units-and-similar-investments/"
            "Identifying-when-shares-or-units-are-acquired/",
        ),
        Source(
            "Australian Taxation Office, guide to CGT 2001-02, the discount method, Sally",
            "https://www.ato.gov.au/Forms/Guide-to-CGT-2001-02/?page=49",
        ),
    ),
)
