"""The order of transactions that were made of entries: by time, and at one moment whichever way they were read."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from app.core.tax.events import Transaction, TransactionType

_ORDER = {TransactionType.BUY: 0, TransactionType.INCOME: 0, TransactionType.SELL: 2}


def in_order(transactions: list[Transaction], entry_of: Callable[[str], str]) -> list[Transaction]:
    """Return transactions in the order of time; in which order anything was read changes no figure.

    What several entries did at one moment is ordered by what it is, what comes in before what goes out, and then by
    the ids that are sealed in the records.
    """
    found = sorted(transactions, key=attrgetter("at"))
    place = 0
    while place < len(found):
        end, at = place + 1, found[place].at
        while end < len(found) and found[end].at == at:
            end += 1
        if end > place + 1 and _is_several(found[place:end], entry_of):
            found[place:end] = sorted(found[place:end], key=lambda one: (_ORDER.get(one.type, 1), one.row))
        place = end
    return found


def _is_several(together: list[Transaction], entry_of: Callable[[str], str]) -> bool:
    """Tell whether one moment has several entries, or one that does several things to an asset.

    The latter too, so that the order of an asset's transactions is the same whichever others are looked at.
    """
    entries, assets = {entry_of(one.row) for one in together}, {one.asset for one in together}
    return len(entries) > 1 or len(assets) < len(together)
