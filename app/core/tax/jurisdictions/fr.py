"""France."""

from __future__ import annotations

from app.core.lots.methods import Method, Scope
from app.core.tax.jurisdiction import Jurisdiction, Source

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
)
