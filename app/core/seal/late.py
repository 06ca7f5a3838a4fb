"""What came after a tax year was closed and changes it: a finding for the year, and one for the opening of the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from app.core.findings import Finding, Severity
from app.core.model.period_seals import PeriodSeal
from app.core.money import ZERO, add
from app.core.seal.causes import Cause
from app.core.seal.differences import Difference, totals_first

LATE, CHANGED = "late-entry-in-sealed-year", "changed-entry-in-sealed-year"
DECIDED, DIFFERS = "late-decision-in-sealed-year", "sealed-year-differs"
OPENING = "opening-differs-from-sealed-closing"

_KINDS = (
    (
        LATE,
        "entry-later",
        "entry that counts for it came later",
        "entries that count for it came later",
    ),
    (CHANGED, "entry-changed", "entry that counts for it was changed", "entries that count for it were changed"),
    (DECIDED, "decision-later", "decision about it came later", "decisions about it came later"),
)
"""Codes by the causes that they stand for, the first that there is first, with words for one and for several."""

_NAMED = 3


def late_findings(
    seal: PeriodSeal,
    found: Sequence[Difference],
    why: Sequence[Cause],
    money: str,
    named: Callable[[str], str],
) -> Iterator[Finding]:
    """Yield what a person should know of a closed year that comes out differently now.

    Args:
        seal: The newest version of the year.
        found: What differs, as it is now from what was sealed.
        why: Its causes.
        money: The asset id of the money of its figures; "" where that is unknown.
        named: Returns what people call an asset.
    """
    if not found:
        return
    count = Counter(one.code for one in why)
    kinds = [(code, count[cause], words[count[cause] > 1]) for code, cause, *words in _KINDS if count[cause]]
    what = ", ".join(f"{number} {words}" for _, number, words in kinds) or "it comes out differently now"
    totals = totals_first(found)
    country = seal.jurisdiction.upper()
    yield Finding(
        Severity.WARNING if kinds or totals else Severity.INFO,
        kinds[0][0] if kinds else DIFFERS,
        f"{country} {seal.year} is sealed, and {what}: {totals or 'gain and income stay'}.",
        f"{seal.jurisdiction}/{seal.year}",
        "What was sealed stays as it is until the year is amended; tax verify names each cause and every difference.",
        "Amend the year",
        tuple(dict.fromkeys(one.entry_id for one in why if one.entry_id)),
        f"close/{seal.jurisdiction}/{seal.year}",
        asset=money,
        quantity=_effect(found),
    )
    yield from _opening(seal, found, named)


def _effect(found: Sequence[Difference]) -> Decimal | None:
    """Return by how much gain and income changed together, without a sign; None where one of them is not known."""
    sums = [one for one in found if one.part == "totals" and one.subject == "year" and one.field in ("gain", "income")]
    changes = [one.change for one in sums]
    if None in changes:
        return None
    return add(*(abs(Decimal(one)) for one in changes if one is not None)) if changes else ZERO


def _opening(seal: PeriodSeal, found: Sequence[Difference], named: Callable[[str], str]) -> Iterator[Finding]:
    """Yield that the next year does not begin with what this one was closed with."""
    held = [one for one in found if one.part == "holdings"]
    if not held:
        return
    # Of what is held in a place the quantity tells more than its cost, which is another then too.
    places = {one.subject: one for one in sorted(held, key=lambda one: one.field == "quantity")}
    told = "; ".join(_holding(places[place], named) for place in sorted(places)[:_NAMED])
    more = f"; and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
    country, following = seal.jurisdiction.upper(), seal.year + 1
    yield Finding(
        Severity.WARNING,
        OPENING,
        f"{country} {following} begins with other holdings than those with which {seal.year} was sealed: {told}{more}.",
        f"{seal.jurisdiction}/{following}",
        f"Figures of {following} follow from the books of now, and no longer from what was sealed of {seal.year}.",
        f"Amend {seal.year}",
        place=f"close/{seal.jurisdiction}/{seal.year}",
    )


def _holding(one: Difference, named: Callable[[str], str]) -> str:
    asset, _, wallet = one.subject.partition("/")
    what = f" {one.field}" if one.field else ""
    where = f" in {wallet}" if wallet else ""
    return f"{named(asset)}{where}{what} {one.before or 'none'} → {one.after or 'none'}"
