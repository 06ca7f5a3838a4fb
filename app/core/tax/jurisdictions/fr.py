"""France."""

from __future__ import annotations

from decimal import Decimal

from app.core.lots.methods import Method, Scope
from app.core.tax.jurisdiction import CAUTIOUS, Allowance, AllowanceKind, Jurisdiction, Measure, Rule, Source

RULES = Jurisdiction(
    code="fr",
    name="France",
    currency="EUR",
    zone="Europe/Paris",
    methods={Method.PMP: ""},
    scopes={Scope.UNIVERSAL: ""},
    law="CGI, article 150 VH bis, takes the share of the sale in the whole portfolio's value out of its total cost",
    sources=(
        Source("CGI, article 150 VH bis", "https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006069577/"),
        Source("BOFiP, BOI-RPPM-PVBMC-30-20", "https://bofip.impots.gouv.fr/bofip/11968-PGP.html"),
    ),
    rules={
        "airdrops": Rule(
            "zero-cost", "No authority is known for receipts without any service; income otherwise, by the option."
        ),
        "forks": Rule("zero-cost", CAUTIOUS),
        "gifts-given": Rule(
            "no-disposal",
            "CGI, article 150 VH bis, I, taxes disposals against payment.",
            "https://www.doctrine.fr/l/texts/codes/LEGITEXT000006069577/articles/LEGIARTI000037943263",
            is_verified=True,
        ),
        "gifts-received": Rule(
            "market-value", "The value on which gift tax was assessed counts; the value of the day stands for it."
        ),
        "losses": Rule(
            "not-deducted",
            "CGI, article 150 VH bis, I, asks for a disposal against payment.",
            "https://www.doctrine.fr/l/texts/codes/LEGITEXT000006069577/articles/LEGIARTI000037943263",
            is_verified=True,
        ),
        "migrations": Rule(
            "carry-over",
            "CGI, article 150 VH bis, II A: an exchange without cash is not taxed.",
            "https://www.doctrine.fr/l/texts/codes/LEGITEXT000006069577/articles/LEGIARTI000037943263",
            is_verified=True,
        ),
        "wraps": Rule(
            "carry-over",
            "CGI, article 150 VH bis, II A: an exchange without cash is not taxed.",
            "https://www.doctrine.fr/l/texts/codes/LEGITEXT000006069577/articles/LEGIARTI000037943263",
            is_verified=True,
        ),
        "liquid-staking": Rule(
            "carry-over",
            "CGI, article 150 VH bis, II A: an exchange without cash is not taxed.",
            "https://www.doctrine.fr/l/texts/codes/LEGITEXT000006069577/articles/LEGIARTI000037943263",
            is_verified=True,
        ),
    },
    allowances=(
        Allowance(
            "Threshold of sales",
            AllowanceKind.CLIFF,
            Measure.PROCEEDS,
            ((2019, Decimal(305)),),
            "CGI, article 150 VH bis, II B",
            "https://www.doctrine.fr/l/texts/codes/LEGITEXT000006069577/articles/LEGIARTI000037943263",
            is_inclusive=True,
            is_verified=True,
        ),
    ),
    official_examples=(
        Source(
            "BOFiP, BOI-RPPM-PVBMC-30-20 (2019-09-02), § 110, two sales of one portfolio",
            "https://bofip.impots.gouv.fr/bofip/11968-PGP.html",
            is_primary=False,
        ),
    ),
)
