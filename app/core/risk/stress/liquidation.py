"""What a venue closes on the way: perpetuals whose margin is gone, loans that nothing covers any more.

Nothing of it changes the loss that is shown: what a venue would do, and at which price, nobody knows in advance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from app.core.risk.exposures import NOBODY, Exposure, Kind, PairLimit

Moves = Mapping[str, float | None]
"""Relative move of the price by asset; None where it is not known."""

_WHOLE = 0.05
"""Moves that whole percents tell well enough."""

_DUST = 1e-9
"""By so much a ratio of two moves is off in floats."""


def liquidations(exposures: Sequence[Exposure], moves: Moves, name: Callable[[str], str]) -> tuple[str, ...]:
    """Return what would be liquidated if prices moved so, a sentence each."""
    return (*_crossed(exposures, moves, name), *_by_wallet(exposures, moves, name))


def _crossed(exposures: Sequence[Exposure], moves: Moves, name: Callable[[str], str]) -> Iterable[str]:
    """Tell perpetuals whose price of liquidation lies on the way."""
    for one in exposures:
        move, last = moves.get(one.asset), one.liquidation
        if one.kind is not Kind.PERPETUAL or last is None or move is None:
            continue
        if (move <= last) if one.value > 0 else (move >= last):
            where = "" if one.places.venue in ("", NOBODY) else f" at {name(one.places.venue)}"
            what = f"The perpetual of {name(one.asset)}{where}"
            yield _liquidated(what, last, is_below=one.value > 0)


def _liquidated(what: str, move: float, of: str = "", *, is_below: bool) -> str:
    """Say that something is liquidated after a move; one the other way, or none, is not needed any more."""
    share = f"{move:+.0%}" if abs(move) >= _WHOLE else f"{move:+.1%}"
    if move >= 0 if is_below else move <= 0:
        return f"{what} is beyond its price of liquidation already, at {share}{of}."
    return f"{what} is liquidated on the way, at {share}{of}."


def _by_wallet(exposures: Sequence[Exposure], moves: Moves, name: Callable[[str], str]) -> Iterable[str]:
    """Tell wallets of a venue that no longer cover what they answer for; each answers for its own alone."""
    for venue, wallet in sorted({(one.places.venue, one.wallet) for one in exposures}):
        if venue == NOBODY:
            continue
        there = [one for one in exposures if (one.places.venue, one.wallet) == (venue, wallet)]
        where = f"at {name(venue)}" if venue else "where the place is not known"
        where += f" ({wallet})" if wallet else ""
        yield from _perpetuals(there, moves, where)
        yield from _loans(there, moves, where, name)


def _perpetuals(there: Sequence[Exposure], moves: Moves, where: str) -> Iterable[str]:
    futures = [one for one in there if one.kind is Kind.PERPETUAL]
    changed = math.fsum(_gain(one, moves) for one in futures)
    wallet = [one for one in there if one.kind is Kind.COLLATERAL]
    answering = math.fsum(one.claim for one in futures) + math.fsum(one.value + _gain(one, moves) for one in wallet)
    if changed < 0 and not answering and not any(one.liquidation is not None for one in futures):
        yield f"What answers for the perpetuals {where} is not known, nor whether they would be liquidated."
    elif changed < 0 and answering + changed <= 0:
        yield f"The perpetuals {where} lose more than the margin there: they are liquidated on the way."


def _loans(there: Sequence[Exposure], moves: Moves, where: str, name: Callable[[str], str]) -> Iterable[str]:
    """Tell loans whose price of liquidation lies on the way, and those that nothing covers any more.

    Collateral that answers for perpetuals covers none.
    """
    debts = [one for one in there if one.kind is Kind.DEBT]
    limit = next((one.limit for one in debts if one.limit is not None), None)
    if limit is not None and _is_crossed(limit, moves):
        pair = f"{name(limit.base)} in {name(limit.quote)}"
        yield _liquidated(f"The loan {where}", limit.move, f" of {pair}", is_below=limit.is_below)
        return
    covers = {Kind.HOLDING, Kind.STAKED}
    if not any(one.kind is Kind.PERPETUAL for one in there):
        covers.add(Kind.COLLATERAL)
    held = [one for one in there if one.kind in covers]
    owed = math.fsum(-one.value - _gain(one, moves) for one in debts)
    covering = math.fsum(one.value + _gain(one, moves) for one in held)
    was_covered = math.fsum(one.value for one in held) >= math.fsum(-one.value for one in debts)
    if owed > 0 and covering < owed and was_covered:
        yield f"What is held {where} no longer covers what is owed there: the loan is liquidated on the way."


def _is_crossed(limit: PairLimit, moves: Moves) -> bool:
    """Tell whether the price of a pair moves so far; what is not known of its quote does not move."""
    base, quote = moves.get(limit.base), moves.get(limit.quote) or 0.0
    if base is None or quote <= -1:
        return False
    moved = (1 + base) / (1 + quote) - 1
    return moved <= limit.move + _DUST if limit.is_below else moved >= limit.move - _DUST


def _gain(one: Exposure, moves: Moves) -> float:
    return one.value * (moves.get(one.asset) or 0.0)
