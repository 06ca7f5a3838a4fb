"""What came after a tax year was closed and changes it: a finding for the year, and one for the opening of the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.core.findings import Finding, Severity
from app.core.model.period_seals import LaterRecord, PeriodSeal
from app.core.money import ZERO, add
from app.core.names import Names
from app.core.seal.differences import Difference, shown, totals_first

LATE, CHANGED = "late-entry-in-sealed-year", "changed-entry-in-sealed-year"
DECIDED, DIFFERS = "late-decision-in-sealed-year", "sealed-year-differs"
OPENING = "opening-differs-from-sealed-closing"

_NAMED = 3
_PLACES = {"quantity": 8, "cost": 2}


@dataclass(frozen=True, slots=True)
class Later:
    """What was recorded after a seal and counts for its year.

    Attributes:
        entries: Ids of entries that were recorded later.
        changed: Ids of entries that were there, and were corrected or voided.
        decisions: How many decisions of persons.
    """

    entries: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    decisions: int = 0

    def __bool__(self) -> bool:
        """Tell whether there is anything."""
        return bool(self.entries or self.changed or self.decisions)

    def joined(self, records: Sequence[LaterRecord], decisions: int) -> Later:
        """Return this with what was recorded after it."""
        entries, changed = dict.fromkeys(self.entries), dict.fromkeys(self.changed)
        for one in records:
            if one.kind == "entry":
                entries[one.entry_id] = None
            elif one.entry_id not in entries:
                changed[one.entry_id] = None
        return Later(tuple(entries), tuple(changed), self.decisions + decisions)

    def words(self) -> list[tuple[str, str]]:
        """Return a code and words for each kind that there is, the most telling first."""
        kinds = (
            (LATE, len(self.entries), "{} that {} for it came later", "entry", "entries"),
            (CHANGED, len(self.changed), "{} that {} for it changed", "entry", "entries"),
            (DECIDED, self.decisions, "{} that {} for it came later", "decision", "decisions"),
        )
        return [
            (code, text.format(f"{count} {several if count > 1 else one}", "count" if count > 1 else "counts"))
            for code, count, text, one, several in kinds
            if count
        ]


def coming(seal: PeriodSeal, later: Later) -> Finding:
    """Return that something came after a year was closed, of which nobody knows the effect yet."""
    return _of_year(seal, later, Severity.WARNING, "what that changes is being computed")


def late_findings(
    seal: PeriodSeal, later: Later, found: Sequence[Difference], money: str, names: Names
) -> Iterator[Finding]:
    """Yield what a person should know of a closed year that is not what was sealed any more.

    Args:
        seal: The newest version of the year.
        later: What was recorded since.
        found: What differs of its outcome by the books of now.
        money: The asset id of the money of its figures.
        names: How people call what is held.
    """
    severity = Severity.WARNING if found or later.entries or later.changed else Severity.INFO
    made = _of_year(seal, later, severity, totals_first(found) or "gain and income stay")
    yield replace(made, asset=money, quantity=_effect(found))
    yield from _opening(seal, found, names)


def _of_year(seal: PeriodSeal, later: Later, severity: Severity, effect: str) -> Finding:
    kinds = later.words()
    what = ", ".join(words for _, words in kinds) or "it comes out differently now"
    return Finding(
        severity,
        kinds[0][0] if kinds else DIFFERS,
        f"{seal.jurisdiction.upper()} {seal.year} is sealed, and {what}: {effect}.",
        f"{seal.jurisdiction}/{seal.year}",
        "What was sealed stays as it is until the year is amended; tax verify names each cause and every difference.",
        "Amend the year",
        (*later.entries, *later.changed),
        f"close/{seal.jurisdiction}/{seal.year}",
    )


def _effect(found: Sequence[Difference]) -> Decimal | None:
    """Return by how much gain and income changed together, without a sign; None where one of them is not known."""
    sums = [one for one in found if one.part == "totals" and one.subject == "year" and one.field in ("gain", "income")]
    changes = [one.change for one in sums]
    if None in changes:
        return None
    return add(*(abs(Decimal(one)) for one in changes if one is not None)) if changes else ZERO


def _opening(seal: PeriodSeal, found: Sequence[Difference], names: Names) -> Iterator[Finding]:
    """Yield that the next year does not begin with what this one was closed with."""
    held = [one for one in found if one.part == "holdings"]
    if not held:
        return
    # Of what is held in a place the quantity tells more than its cost, which is another then too.
    places = {one.subject: one for one in sorted(held, key=lambda one: one.field == "quantity")}
    told = "; ".join(_holding(places[place], names) for place in sorted(places)[:_NAMED])
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


def _holding(one: Difference, names: Names) -> str:
    asset, _, wallet = one.subject.rpartition("/")
    where = f" in {names.account(wallet)}" if wallet else ""
    if not one.field:
        return f"{names.symbol(asset)}{where} is {'new' if one.before is None else 'gone'}"
    sides = (shown(side, _PLACES.get(one.field, 8)) for side in (one.before, one.after))
    return f"{names.symbol(asset)}{where}, {one.field} {' → '.join(sides)}"
