"""What each law makes of units that are bought shortly before or after they were sold at a loss.

One place for all countries. What is not the law itself, or was not checked against it, says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.lots.methods import Method
from app.core.tax.jurisdiction import Source
from app.core.tax.profile import Profile


@dataclass(frozen=True, slots=True)
class Repurchase:
    """A country's rule.

    Attributes:
        before: Units acquired on the day of the sale or so many days before it are touched; None where none are.
        after: Likewise for the days after the sale; None where the law names no days.
        recent: What becomes of units that were acquired in the days before; begins a sentence with their quantity.
        is_verified: The text of the law was read and covers this; otherwise it is an account by others.
    """

    says: str
    source: Source
    before: int | None = None
    after: int | None = None
    recent: str = ""
    is_verified: bool = True


_MATCHED = "are matched to a sale on this day first, at their own cost"
_UK = Repurchase(
    "Units bought on the day of a sale, or in the 30 days after it, are matched to that sale before the pool: the loss "
    "is then measured by what they cost, not by the pool.",
    Source("TCGA 1992, sections 105 and 106A", "https://www.legislation.gov.uk/ukpga/1992/12/section/106A"),
    before=0,
    after=30,
    recent=_MATCHED,
)
_UK_COMPANY = Repurchase(
    "Units that a company bought on the day of a sale, or in the 10 days before it, are matched to that sale before "
    "the pool.",
    Source("TCGA 1992, sections 105 and 107", "https://www.legislation.gov.uk/ukpga/1992/12/section/107"),
    before=10,
    recent=_MATCHED,
)
_CANADA = Repurchase(
    "A loss is superficial where the same property is acquired from 30 days before until 30 days after the sale and is "
    "held at the end of those days: loss × least of (sold, acquired, held) ÷ sold is denied, and added to the cost of "
    "what is held. Acquisitions by a spouse or by a company that you control count, and are not in this book.",
    Source(
        "Income Tax Act, section 54, superficial loss",
        "https://laws-lois.justice.gc.ca/eng/acts/I-3.3/section-54.html",
    ),
    before=30,
    after=30,
    recent="deny as much of the loss as you still hold 30 days after the sale; where all is sold, nothing is denied",
)
_IRELAND = Repurchase(
    "Units bought in the four weeks before a sale are sold first. A loss is set aside as far as the same asset is "
    "bought again in the four weeks after the sale: it then counts only against a gain on those units. The section "
    "speaks of shares and securities; section 580, first in first out, covers any asset that is dealt in without "
    "naming the unit, and this one does not say so.",
    Source("TCA 1997, section 581", "https://www.irishstatutebook.ie/eli/1997/act/39/section/581/enacted/en/html"),
    before=28,
    after=28,
    recent="are sold first, at their own cost",
    # The text was read; that it covers digital assets stands nowhere in it.
    is_verified=False,
)
_US = Repurchase(
    "The wash sale rule speaks of stock and securities; crypto-assets are property, and it does not cover them as the "
    "law stands. A sale without any purpose but the loss may still be questioned.",
    Source("26 U.S.C. § 1091", "https://www.law.cornell.edu/uscode/text/26/1091"),
    is_verified=False,
)
_AUSTRALIA = Repurchase(
    "No number of days is named. The Tax Office may deny the loss of a sale that is followed by a purchase of the same "
    "asset, where the loss was the purpose of both.",
    Source("Taxation Ruling TR 2008/1", "https://www.ato.gov.au/law/view/document?docid=TXR/TR20081/NAT/ATO/00001"),
    is_verified=False,
)


def repurchase(profile: Profile) -> Repurchase | None:
    """Return the rule that a profile follows; None where no rule of its country is known to this program."""
    if profile.method is Method.SECTION_104:
        return _UK_COMPANY if profile.has("taxpayer", "company") else _UK
    rules: Mapping[str, tuple[Repurchase, str]] = {
        "ca": (_CANADA, "superficial-loss"),
        "ie": (_IRELAND, "four-week-rule"),
        "us": (_US, ""),
        "au": (_AUSTRALIA, ""),
    }
    rule, option = rules.get(profile.jurisdiction.code, (None, ""))
    return rule if not option or profile.has(option) else None
