"""Validation: what cannot become an entry, in words. The row stays in its observation either way."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from app.core.clock import DAY, SECOND, iso
from app.core.findings import Finding, Severity
from app.core.ledger.entries import Entry, Leg
from app.core.money import brief, check_limbs

EARLIEST = 1_230_940_800 * SECOND
"""2009-01-03, the day of Bitcoin's first block: nothing of ours is older."""

Scale = Callable[[str], int]
"""Decimal places in which an asset is kept, by its id."""


def fault(entry: Entry, now: int, scale: Scale) -> str:
    """Return why an entry cannot be recorded; "" where it can."""
    if not entry.legs:
        return "it moves nothing: there is no leg"
    if not EARLIEST <= entry.at <= now + DAY:
        return f"its moment {_moment(entry.at)} is not between 2009-01-03 and tomorrow"
    if not entry.account:
        return "it names no account"
    if not _is_text(entry):
        return "a text in it is not Unicode"
    for leg in entry.legs:
        wrong = _leg_fault(leg, scale)
        if wrong:
            return wrong
    return ""


def _leg_fault(leg: Leg, scale: Scale) -> str:
    asset = leg.asset
    quantity: object = leg.quantity
    if not isinstance(quantity, Decimal) or not quantity.is_finite():
        return f"the quantity {quantity!r} of {asset} is not an exact number"
    if not quantity:
        return f"a {leg.role.value} leg of {asset} has the quantity 0"
    if not leg.account or not asset:
        return "a leg names no account or no asset"
    try:
        check_limbs(quantity, scale(asset))
    except ValueError as error:
        return f"the quantity of {asset} cannot be kept exactly: {error}"
    return ""


def _is_text(entry: Entry) -> bool:
    """Tell whether all words can be written down: JSON can spell halves of characters that are none."""
    identity, references = entry.identity, entry.references
    words = [entry.account, identity.space, identity.native_id, identity.part]
    if references:
        words += [*references, *references.values()]
    for leg in entry.legs:
        words += leg.account, leg.sub_place, leg.asset
    together = "".join(words)
    if together.isascii():
        return True
    try:
        together.encode()
    except UnicodeEncodeError:
        return False
    return True


def _moment(at: int) -> str:
    try:
        return iso(at)
    except (OverflowError, ValueError, OSError):
        return f"{at} ns"


def quarantined(source: str, stream: str, row: int, entry: Entry, why: str) -> Finding:
    """Return what a person is told about a row that could not become an entry; an event with an id is awaited."""
    identity = entry.identity
    awaited = _written(entry.account), identity.space, _written(identity.native_id), _written(identity.part)
    quantities = ", ".join(f"{_number(leg.quantity)} {leg.asset}" for leg in entry.legs)
    # Lines of a file are counted from 1, as its own faults and every editor do.
    shown = row + 1 if stream.startswith("statement:") else row
    return Finding(
        severity=Severity.ERROR,
        code="quarantined-row",
        message=f"Row {shown} of {stream} cannot become an entry: {why}.",
        # The same event in another page or file is the same finding; another event in the same row is not.
        subject=_written(f"{source}/{stream}/{entry.identity.native_id or f'{_moment(entry.at)} {quantities}'}"),
        detail=_written(f"{entry.kind.value} {entry.identity.native_id}: {quantities}"),
        fix="Enter it by hand, or read again after an update",
        place=f"connections/{source}",
        awaits=(awaited,) if identity.native_id else (),
    )


def _written(text: str) -> str:
    return text.strip().encode(errors="backslashreplace").decode()


def _number(quantity: Decimal) -> str:
    return brief(quantity) if quantity.is_finite() else str(quantity)
