"""The worklist: findings by their root cause, counted, in the order of what they may change of the value."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import takewhile

from app.core.findings import Finding, Severity
from app.core.money import add

Effect = Callable[[Finding], Decimal | None]
"""How much money a finding is about; None where that is unknown."""

_NUMBERS = re.compile(r"(\d{1,18})")
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_ALIKE = {
    "break": "balances differ",
    "past-break": "balances differed for a time and agree since: healed",
    "unpaired-withdrawal": "withdrawals arrived in no account of these books",
    "unpaired-deposit": "deposits came from no account of these books",
    "broken-transfer": "transfers that you accepted no longer fit their entries",
    "quarantined-row": "rows could not be read",
    "unknown-operation": "rows of an unknown kind could not be read",
    "unread-history": "parts of the history cannot be read",
    "no-price": "assets have no price",
    "price-gap": "prices of days are missing",
    "close-apart": "assets have closes that are not believed",
    "closes-disagree": "assets have days about whose close the sources disagree",
    "unmapped-asset": "assets are known to one venue only",
    "source-failed": "sources cannot be read",
    "alert-fires": "limits are passed and nobody has seen it",
    "stale-source": "sources were not read for a day or more",
    "key-may-withdraw": "keys may withdraw funds",
    "prices-unreachable": "venues do not answer with prices",
    "prices-disagree": "sources disagree about a price",
    "price-apart": "a source is too far off with a price",
    "ticks-refused": "live prices that are none",
    "candle-gap": "markets have gaps in their candles",
    "candles-refused": "markets have candles that are none",
    "late-entry-in-sealed-year": "closed years have entries that were recorded later",
    "changed-entry-in-sealed-year": "closed years have entries that were changed since",
    "late-decision-in-sealed-year": "closed years have decisions that were recorded later",
    "sealed-year-differs": "closed years come out differently now",
    "opening-differs-from-sealed-closing": "years begin with other holdings than those before were sealed with",
}
"""What several findings of one kind have in common, in words after their number."""

_OF_A_SOURCE = ("break", "past-break", "quarantined-row", "unknown-operation", "unread-history")
"""What is a matter of one account: elsewhere it has another root."""

_OF_A_ROOT = {
    "unpaired-withdrawal": "withdrawals to %s arrived in no account of these books",
    "candle-gap": "markets of %s have gaps in their candles",
    "candles-refused": "markets of %s have candles that are none",
    "close-apart": "assets have closes of %s that are not believed",
}
"""The same where they have one root: it comes early, for a line that is cut must not read like another."""

_LONGEST, _HEAD, _FOOT = 20, 8, 6

_WITHOUT_EFFECT = (
    "stale-source", "key-may-withdraw", "prices-unreachable", "past-break", "ticks-refused", "candle-gap",
    "candles-refused", "close-apart", "opening-differs-from-sealed-closing",
)  # fmt: skip
"""What changes no figure as it stands, or what another finding tells the effect of."""


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings that come from one thing and are put right by one thing.

    Attributes:
        name: How a person names it on the command line.
        title: What is so, with the number of findings where there are several.
        root: What they come from; "" where that is not known.
        members: The findings, those with the largest effect first.
        amount: What those are about whose effect is known, in the base currency; None where none is.
        unknown: Findings whose effect is not known.
        fix: What to do, as verb and object.
        place: Where that is done.
    """

    name: str
    severity: Severity
    code: str
    source: str
    title: str
    root: str
    members: tuple[Finding, ...]
    amount: Decimal | None
    unknown: int
    fix: str
    place: str

    @property
    def is_waived(self) -> bool:
        """Tell whether a person lets all of it stand."""
        return all(one.waived for one in self.members)


def group_name(finding: Finding) -> str:
    """Return the name of the group that a finding belongs to."""
    source = finding.source if finding.code in _OF_A_SOURCE else ""
    parts = (finding.code, source, finding.root)
    return "@".join(part for part in parts if part)


def groups(
    findings: Iterable[Finding], effect: Effect, labels: Mapping[str, str] | None = None
) -> tuple[FindingGroup, ...]:
    """Return the groups, the most pressing first: by severity, then by what they may change, the unknown after that.

    Args:
        findings: Each once.
        effect: How much money a finding is about.
        labels: What sources are called, by their id.
    """
    by_name: dict[tuple[str, bool], list[Finding]] = defaultdict(list)
    for finding in findings:
        by_name[group_name(finding), bool(finding.waived)].append(finding)
    made = [_group(name, members, effect, labels or {}) for (name, _), members in by_name.items()]
    return tuple(sorted(made, key=_rank))


def headline(group: FindingGroup) -> Finding:
    """Return a group as one finding, for lists that only show what is most pressing: a flood is one line there."""
    first = group.members[0]
    if len(group.members) == 1:
        return first
    return replace(first, message=group.title, subject=group.name, entries=(), place=f"findings/{group.code}")


def _rank(group: FindingGroup) -> tuple[bool, int, Decimal, int, str]:
    return group.is_waived, _ORDER[group.severity], -(group.amount or Decimal(0)), -group.unknown, group.name


def _group(name: str, members: list[Finding], effect: Effect, labels: Mapping[str, str]) -> FindingGroup:
    amounts = {id(one): None if one.code in _WITHOUT_EFFECT else effect(one) for one in members}
    known = [amount for amount in amounts.values() if amount is not None]
    ordered = sorted(members, key=lambda one: (-(amounts[id(one)] or Decimal(0)), _natural(one.subject)))
    first = ordered[0]
    return FindingGroup(
        name=name,
        severity=min((one.severity for one in members), key=lambda one: _ORDER[one]),
        code=first.code,
        source=first.source,
        title=_title(ordered, labels),
        root=first.root,
        members=tuple(ordered),
        amount=add(*known) if known else None,
        unknown=0 if first.code in _WITHOUT_EFFECT else len(members) - len(known),
        fix=first.fix,
        place=first.place if len(members) == 1 or first.code in _OF_A_SOURCE else _shared(ordered),
    )


def _natural(subject: str) -> list[tuple[int, str]]:
    """Return what puts row 2 before row 10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in _NUMBERS.split(subject)]


def _title(members: list[Finding], labels: Mapping[str, str]) -> str:
    first = members[0]
    if len(members) == 1:
        return first.message
    alike = _ALIKE.get(first.code)
    if alike is None:
        return f"{first.message.removesuffix('.')}, and {len(members) - 1} more like it."
    where = f"{labels.get(first.source, first.source)}: " if first.code in _OF_A_SOURCE and first.source else ""
    of_root = _OF_A_ROOT.get(first.code, "") if first.root else ""
    told = of_root.replace("%s", _brief(first.root)) if of_root else alike
    return f"{where}{len(members)} {told}."


def _brief(root: str) -> str:
    """Return both ends of an address, by which people know it; the whole of it stands in each finding."""
    return f"{root[:_HEAD]}…{root[-_FOOT:]}" if len(root) > _LONGEST and " " not in root else root


def _shared(members: list[Finding]) -> str:
    """Return the screen on which all of them are, and the part of it that has them all, without a row of it."""
    parts = [one.place.split("/") for one in members]
    shared = [each[0] for each in takewhile(lambda each: len(set(each)) == 1, zip(*parts, strict=False))]
    return "/".join(shared)
