"""Japan."""

from __future__ import annotations

from app.core.lots.methods import Method, Scope
from app.core.tax.jurisdiction import CAUTIOUS, SAME_RIGHTS, Jurisdiction, Rule, Source

RULES = Jurisdiction(
    code="jp",
    name="Japan",
    currency="JPY",
    zone="Asia/Tokyo",
    methods={
        Method.TOTAL_AVERAGE: "",
        Method.MOVING_AVERAGE: "Only where the tax office was notified of the choice.",
    },
    scopes={Scope.UNIVERSAL: ""},
    law="所得税法施行令第119条の2 knows the total average, and the moving average where it was chosen",
    sources=(
        Source("所得税法施行令第119条の2", "https://laws.e-gov.go.jp/law/340CO0000000096"),
        Source(
            "国税庁 暗号資産等に関する税務上の取扱い",
            "https://www.nta.go.jp/publication/pamph/pdf/virtual_currency_faq_03.pdf",
        ),
    ),
    rules={
        "airdrops": Rule("income", CAUTIOUS),
        "forks": Rule(
            "zero-cost",
            "The National Tax Agency’s answers give what a split brings a cost of 0 yen.",
            "https://www.nta.go.jp/publication/pamph/pdf/virtual_currency_faq_03.pdf",
        ),
        "gifts-given": Rule("market-value", "所得税法第40条: a gift counts as sold at its value."),
        "gifts-received": Rule("market-value", "所得税法第40条."),
        "losses": Rule("not-deducted", CAUTIOUS),
        "migrations": Rule("carry-over", SAME_RIGHTS),
        "wraps": Rule("disposal", CAUTIOUS),
        "liquid-staking": Rule("disposal", CAUTIOUS),
    },
    official_examples=(
        Source(
            "国税庁 仮想通貨に関する所得の計算方法等について (2017-12-01), 問4: cost after a further purchase",
            "https://www.nta.go.jp/law/joho-zeikaishaku/shotoku/shinkoku/171127/01.pdf",
            is_primary=False,
        ),
    ),
)
