"""Official exchange rates as the command line tells of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.core.clock import EPOCH
from app.core.names import counted
from app.services.rates import RatesState


def document(state: RatesState) -> dict[str, Any]:
    """Return the state as JSON has it."""
    return {
        "authority": state.authority,
        "is_on": state.is_on,
        "endpoint": state.endpoint or None,
        "asked_from": _day(state.first),
        "asked_to": _day(state.last),
        "newest": _day(state.newest),
        "fault": state.fault or None,
    }


def line(state: RatesState, today: int) -> str:
    """Return the state in one line, with the age of the newest rates."""
    if not state.is_on:
        return f"Rates of the {state.authority} are not read. Use them: counterfoil price rates use"
    where = f" (at {state.endpoint})" if state.endpoint else ""
    fault = f" {state.fault}" if state.fault else ""
    return f"Rates of the {state.authority}{where} are read once a day: {_newest(state, today)}.{fault}"


def _newest(state: RatesState, today: int) -> str:
    if state.newest is None:
        return "none yet"
    days = today - state.newest
    age = "of today" if days <= 0 else f"{counted(days, 'day')} old"
    return f"the newest of {_day(state.newest)}, {age}"


def _day(number: int | None) -> str | None:
    return None if number is None else date.fromordinal(EPOCH + number).isoformat()
