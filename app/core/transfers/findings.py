"""What of transfers waits for a person: proposals, ends that are alone, and words that fit their entries no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from app.core.findings import Finding, Severity
from app.core.names import Names
from app.core.transfers import End, Pairing

PLACE = "transfers"
_ALONE = f"{PLACE}/unpaired"


def findings_of(found: Pairing, names: Names) -> tuple[Finding, ...]:
    """Return everything that a person should look at."""
    return (*_proposals(found), *_broken(found, names), *_alone(found.unpaired, names))


def _proposals(found: Pairing) -> Iterator[Finding]:
    if found.proposals:
        count = len(found.proposals)
        words = f"{count} proposals of transfers wait" if count > 1 else "A proposal of a transfer waits"
        detail = "Until one is accepted, what left counts as held elsewhere and what came has no known cost."
        yield Finding(
            Severity.WARNING, "transfer-proposals", f"{words} for your word.", PLACE, detail, "Review transfers", (),
            PLACE,
        )  # fmt: skip


def _broken(found: Pairing, names: Names) -> Iterator[Finding]:
    for one in found.broken:
        yield Finding(
            Severity.WARNING,
            "broken-transfer",
            f"A transfer that you accepted on {names.on(one.recorded_ns)} no longer fits its entries.",
            one.record,
            "An entry of it was voided or corrected since; it is not followed.",
            "Review it",
            tuple(sorted(one.ids)),
            PLACE,
        )


def _alone(ends: Sequence[End], names: Names) -> Iterator[Finding]:
    """Yield what left to nowhere and came from nowhere; what went to one address has one cause, which is named."""
    addresses = Counter(end.address for end in ends if end.address and not end.is_deposit)
    for end in ends:
        told = f"{names.amount(end.quantity, end.asset)} {{}} {names.account(end.account)} on {names.on(end.at)}"
        if end.is_deposit:
            message = f"{told.format('reached')} from no account of these books."
            detail = "The cost is not known, and no gain on a sale is, until the other end or a cost is."
        else:
            message = f"{told.format('left')} and arrived in no account of these books."
            detail = "Counts as held elsewhere, with dates and costs kept: not as sold."
            if end.address:
                detail = f"Sent to the address {end.address}. {detail}"
        yield Finding(
            Severity.WARNING,
            "unpaired-deposit" if end.is_deposit else "unpaired-withdrawal",
            message,
            end.entry_id,
            detail,
            "Find its other end, or record what it was",
            (end.entry_id,),
            f"{_ALONE}/{end.entry_id}",
            asset=end.asset,
            quantity=end.quantity,
            root=end.address if addresses[end.address] > 1 and not end.is_deposit else "",
        )
