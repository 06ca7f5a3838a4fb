"""How far back figures may change when something becomes known: the look-back of each rule, in this one place.

- Lots and running averages follow from what came before, so figures change from that moment on.
- United Kingdom, TCGA 1992 section 106A: a sale is matched with purchases of the 30 days after it.
- Canada, ITA section 54: a loss is superficial by what is bought, and still held, until 30 days after it.
- Ireland, TCA 1997 section 581: a loss is set aside by what is bought until four weeks after it.
- Japan, article 119-2: the average is that of a whole year, so figures change from the start of the year.
- France, CGI article 150 VH bis: every sale takes its share of the whole portfolio's cost, so all assets change.
"""

from __future__ import annotations

from datetime import date

from app.core.lots.methods import Method
from app.core.tax.profile import Profile

_THIRTY, _FOUR_WEEKS = 30, 28


def days_before(profile: Profile) -> int:
    """Return how many days before something a figure may depend on it."""
    if profile.method is Method.SECTION_104 or profile.has("superficial-loss"):
        return _THIRTY
    return _FOUR_WEEKS if profile.has("four-week-rule") else 0


def is_of_whole_portfolio(profile: Profile) -> bool:
    """Tell whether the figures of one asset depend on all the others."""
    return profile.method is Method.PMP


def begins(profile: Profile, day: int) -> bool:
    """Tell whether a checkpoint may stand at the start of a day: a month starts, as the tax year counts its months."""
    first = date.fromordinal(day)
    month, start = profile.jurisdiction.year_starts
    if profile.method is Method.TOTAL_AVERAGE:
        return (first.month, first.day) == (month, start)
    return first.day == start


def starts_after(profile: Profile) -> int | None:
    """Return the moment before which there are no checkpoints; None where there is no such moment.

    Where a safe harbour deals out lots to wallets, that needs every movement before it.
    """
    harbor = profile.safe_harbor
    return None if harbor is None else profile.calendar.start_of(harbor.day)
