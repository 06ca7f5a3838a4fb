"""United States."""

from __future__ import annotations

from datetime import date

from app.core.lots.methods import Method, Scope
from app.core.tax.calendar import more_than_a_year
from app.core.tax.jurisdiction import CAUTIOUS, SAME_RIGHTS, Jurisdiction, Rule, Source

_DEADLINE = (
    "Treas. Reg. § 1.1012-1(j) asks for the identification no later than the date and time of the sale, and otherwise "
    "takes the units that were acquired first, unless a standing order in the books says which. Notices 2025-7 and "
    "2026-20 let your own books do so for units that a broker holds, until the end of 2026."
)

_BEFORE = (
    "Treas. Reg. § 1.1012-1(j) applies to sales since 2025-01-01. For earlier ones the IRS’s answers 39 to 41 on "
    "virtual currency ask for records that identify the units, and name no moment; no ruling is known here on a choice "
    "that was recorded afterwards."
)

_ORDER = "A standing order of specific identification: it must be in your books before the sale."

RULES = Jurisdiction(
    code="us",
    name="United States",
    currency="USD",
    zone="UTC",
    usual_zone="America/New_York",
    methods={
        Method.FIFO: "",
        Method.SPEC_ID: "Each choice must be in your books no later than the date and time of the sale.",
        Method.HIFO: _ORDER,
        Method.LIFO: _ORDER,
        Method.LOFO: _ORDER,
    },
    scopes={Scope.PER_WALLET: "", Scope.UNIVERSAL: "Only for sales before 2025-01-01."},
    law="Treas. Reg. § 1.1012-1(j) identifies single units, and the earliest acquired where none are identified",
    sources=(
        Source("Treas. Reg. § 1.1012-1(j)", "https://www.ecfr.gov/current/title-26/section-1.1012-1"),
        Source("Notice 2025-7, own books for units held by a broker", "https://www.irs.gov/pub/irs-drop/n-25-07.pdf"),
        Source("Rev. Proc. 2024-28", "https://www.irs.gov/pub/irs-drop/rp-24-28.pdf"),
        Source("26 U.S.C. § 1222, more than one year", "https://www.law.cornell.edu/uscode/text/26/1222"),
    ),
    is_long=more_than_a_year,
    long_means="held for more than one year",
    choice_deadline=_DEADLINE,
    choice_deadline_from=date(2025, 1, 1),
    choice_before=_BEFORE,
    options=frozenset({"late-selection", "safe-harbor", "safe-harbor-date", "wallet-order"}),
    rules={
        "airdrops": Rule(
            "income",
            "Rev. Rul. 2019-24: income at its value when one can dispose of it.",
            "https://www.irs.gov/pub/irs-drop/rr-19-24.pdf",
        ),
        "forks": Rule(
            "income",
            "Rev. Rul. 2019-24: income where new units are received.",
            "https://www.irs.gov/pub/irs-drop/rr-19-24.pdf",
        ),
        "gifts-given": Rule(
            "no-disposal",
            "A gift is no sale; the basis goes to whoever receives it (26 U.S.C. § 1015).",
            "https://www.law.cornell.edu/uscode/text/26/1015",
        ),
        "gifts-received": Rule(
            "dual-basis",
            "26 U.S.C. §§ 1015 and 1223(2), as the IRS answers it: the giver’s basis and day; for a loss the lower "
            "value at the gift. Gift tax that the giver paid is not added.",
            "https://www.irs.gov/faqs/capital-gains-losses-and-sale-of-home/property-basis-sale-of-home-etc/"
            "property-basis-sale-of-home-etc",
            is_verified=True,
        ),
        "losses": Rule(
            "not-deducted",
            "26 U.S.C. § 165(h)(5) has suspended personal theft and casualty losses since 2018; § 165(c)(2) may "
            "allow some.",
            "https://www.law.cornell.edu/uscode/text/26/165",
        ),
        "migrations": Rule("carry-over", SAME_RIGHTS),
        "wraps": Rule("disposal", CAUTIOUS),
        "liquid-staking": Rule("disposal", CAUTIOUS),
    },
    official_examples=(
        Source(
            "IRS Publication 544 (2024), holding period",
            "https://www.irs.gov/publications/p544",
            is_primary=False,
        ),
    ),
    examples_tell_apart=False,
)
