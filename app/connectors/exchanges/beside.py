"""What venues tell beside their balances: each part by itself, so that one that is not to be had hides no other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.connectors.exchanges.base import Answer, Reader
from app.connectors.exchanges.errors import NoneThereError
from app.connectors.exchanges.rows import Row, RowError
from app.core.errors import BadResponseError, CredentialsError, RateLimitedError, RetryableError, SourceError
from app.core.findings import Finding, Severity
from app.core.model.futures import Lock, MarginWallet, Part, Told
from app.core.money import ZERO, add, brief


@dataclass(frozen=True, slots=True)
class Side:
    """A part with the answers that it was read in, and what was odd about them."""

    told: Told
    answers: Sequence[Answer] = ()
    findings: Sequence[Finding] = ()


_MOST = 30
"""A quantity of more digits is none: what there is most of has fifteen."""

Read = Callable[[Reader], Awaitable[Side]]


async def side(reader: Reader, part: Part, read: Read, *, is_needed: bool = False) -> Side:
    """Return a part; one that the key may not see, or that the venue does not answer now, is told as not read.

    What concerns every call of the key is raised: a clock that is off, and a venue that asks to wait. Without a part
    that balances are made of (`is_needed`) there are none now, so a fault of now is raised too.
    """
    reader.would_need(f"{part} of {reader.account}", 0, 1)
    try:
        return await read(reader)
    except RateLimitedError:
        raise
    except (RetryableError, BadResponseError) as fault:
        if is_needed:
            raise
        return Side(Told(part, is_read=False), findings=(_unanswered(reader, part, fault),))
    except NoneThereError:
        return Side(Told(part))
    except SourceError as fault:
        # The same key has just read the balances: it is sound.
        if is_not_offered(fault):
            return Side(Told(part, is_read=False))
        raise


def is_not_offered(fault: SourceError) -> bool:
    """Tell whether a venue refuses one question to a key that it answers others: all else is a fault of now."""
    return isinstance(fault, CredentialsError) or type(fault) is SourceError


def wallet_of(
    collateral: Mapping[str, Decimal], owed: Mapping[str, Decimal] | None = None, name: str = ""
) -> MarginWallet:
    """Return a wallet without positions; what is zero is left out."""
    return MarginWallet(_told(collateral), (), _told(owed or {}), name)


def summed(locks: Sequence[Lock]) -> tuple[Lock, ...]:
    """Return locks with what is free at the same moment added up, in one order whatever that of the answer."""
    sums: dict[tuple[str, int | None, int | None], Decimal] = {}
    for one in locks:
        key = one.asset, one.until, one.notice
        sums[key] = add(sums.get(key, ZERO), one.quantity)
    found = [Lock(asset, quantity, until, notice) for (asset, until, notice), quantity in sums.items()]
    return tuple(sorted(found, key=lambda one: (one.asset, one.until or 0, one.notice or 0)))


def amount(row: Row, key: str) -> Decimal:
    """Return a quantity that is not below zero, and no more than anything there is."""
    number = sane(row.quantity(key), key)
    if number < 0:
        raise RowError(f"its {key} {brief(number)} is below zero")
    return number


def sane(number: Decimal, key: str) -> Decimal:
    """Return a number, unless it is more than anything there is."""
    if number and number.adjusted() > _MOST:
        raise RowError(f"its {key} {brief(number)} is more than there can be")
    return number


def unread(reader: Reader, what: str, subject: str, error: RowError) -> Finding:
    """Return what a person is told about a row that is in no figure of risk."""
    return Finding(
        Severity.WARNING, "futures-unread", f"{what} {subject[:40]} cannot be read: {error}.", subject[:40],
        "It is in no figure of risk.", "Read the source again", source=reader.source,
    )  # fmt: skip


def named(raw: Any, key: str) -> str:
    """Return by what a row is called in a finding."""
    return str(raw.get(key, "?")) if isinstance(raw, Mapping) else "?"


def _told(sums: Mapping[str, Decimal]) -> tuple[tuple[str, Decimal], ...]:
    return tuple(sorted((asset, quantity) for asset, quantity in sums.items() if quantity))


def _unanswered(reader: Reader, part: Part, fault: SourceError) -> Finding:
    return Finding(
        Severity.WARNING, "futures-unread", f"The {part} of {reader.source} could not be read: {fault.line()}",
        part, "What was told before stands, with its day.", "Read the source again", source=reader.source,
    )  # fmt: skip
