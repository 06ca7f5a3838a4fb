"""What of Kraken's balances is bound in earn strategies, and for how long: the balances themselves have it already.

Shapes of both answers are from memory, and that a key needs Query Funds for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.connectors.exchanges.base import Answer, Endpoint, Reader
from app.connectors.exchanges.beside import Side, amount, named, summed, unread
from app.connectors.exchanges.kraken.calls import ALLOCATIONS, STRATEGIES
from app.connectors.exchanges.rows import Row, RowError
from app.core.clock import DAY, SECOND
from app.core.errors import BadResponseError
from app.core.findings import Finding
from app.core.model.futures import Lock, Part, Told
from app.core.money import add

_FREE = ("instant", "flex")
"""Strategies that give back what is asked for at once."""
_LONGEST = 3_650 * DAY
_PAGES = 100


@dataclass(frozen=True, slots=True)
class _Strategy:
    """How long after asking something is free; None where that is not told."""

    kind: str
    notice: int | None


async def allocations(reader: Reader) -> Side:
    """Return what is bound, with the day on which it is free or the time that asking for it takes."""
    answers = await _pages(reader, ALLOCATIONS, {"hide_zero_allocations": "true"})
    rows = [raw for answer in answers for raw in answer.data["result"]["items"]]
    strategies: Mapping[str, _Strategy] = {}
    if rows:
        told = await _pages(reader, STRATEGIES, {})
        strategies = {str(raw["id"]): _strategy(raw) for one in told for raw in one.data["result"]["items"]}
        answers += told
    locks: list[Lock] = []
    findings: list[Finding] = []
    for raw in rows:
        try:
            locks += _locks(Row(raw), strategies, reader)
        except RowError as error:
            findings.append(unread(reader, "The earn allocation", named(raw, "native_asset"), error))
    return Side(Told(Part.LOCKED, (), summed(locks)), answers, findings)


async def _pages(reader: Reader, endpoint: Endpoint, asked: Mapping[str, str]) -> list[Answer]:
    answers: list[Answer] = []
    cursor = ""
    while len(answers) < _PAGES:
        answers.append(await reader.ask(endpoint, {**asked, **({"cursor": cursor} if cursor else {})}))
        following = str(answers[-1].data["result"].get("next_cursor") or "")
        if not following:
            return answers
        if following == cursor:
            break
        cursor = following
    message = "Kraken tells of ever more pages of earn."
    raise BadResponseError(message, hint="What was told before stands. Try again later.")


def _strategy(raw: Mapping[str, Any]) -> _Strategy:
    told = raw.get("lock_type")
    if not isinstance(told, Mapping):
        return _Strategy("", None)
    periods = [told.get(key) for key in ("unbonding_period", "exit_queue_period")]
    seconds = [period for period in periods if isinstance(period, int) and period > 0]
    notice = sum(seconds) * SECOND
    return _Strategy(str(told.get("type", "")), notice if 0 < notice <= _LONGEST else None)


def _locks(row: Row, strategies: Mapping[str, _Strategy], reader: Reader) -> list[Lock]:
    asset, parts = reader.asset(row.text("native_asset")), row.child("amount_allocated")
    strategy = strategies.get(row.text("strategy_id"), _Strategy("", None))
    if strategy.kind in _FREE:
        return []
    leaving = _dated(parts, "unbonding")
    coming = _dated(parts, "bonding")
    queued = amount(parts.child("exit_queue"), "native") if parts.raw.get("exit_queue") else Decimal(0)
    aside = add(queued, *(quantity for quantity, _ in (*leaving, *coming)))
    active = add(amount(parts.child("total"), "native"), -aside)
    if active < 0:
        raise RowError("its parts are more than all of it")
    now = reader.now_ns()
    found = [Lock(asset, quantity, until) for quantity, until in leaving]
    # What is not yet bound whole can be asked for only once it is.
    found += [
        Lock(asset, quantity, None, None if strategy.notice is None else max(until - now, 0) + strategy.notice)
        for quantity, until in coming
    ]
    found += [Lock(asset, queued), Lock(asset, active, None, strategy.notice)]
    return [one for one in found if one.quantity]


def _dated(parts: Row, key: str) -> Sequence[tuple[Decimal, int]]:
    """Return the quantities of a stage with the moment at which each leaves it."""
    if not parts.raw.get(key):
        return ()
    rows = parts.child(key).raw.get("allocations")
    if not isinstance(rows, list):
        raise RowError(f"its {key} has no allocations")
    return [(amount(Row(raw), "native"), Row(raw).moment("expires")[0]) for raw in rows]
