"""The one home of what a division leaves: a part takes its share cut to the unit, the rest keeps the remainder."""

from __future__ import annotations


def share(amount: int, whole: int, part: int) -> int:
    """Return what belongs to `part` of `whole`, cut to the unit.

    Whoever takes shares one after another subtracts each from `amount` and from `whole`: the last part then takes
    everything that is left, so that the shares add up to the amount, to the last digit.
    """
    return amount if part == whole else amount * part // whole
