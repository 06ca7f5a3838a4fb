"""Standing orders: which method a person decided on, by country, from a year on, also for single wallets."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.lots.methods import Method, Scope


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """One order; it holds from its year on, until another one for the same wallet replaces it.

    Attributes:
        jurisdiction: The code of the country for whose figures it is given.
        scope: None where the order does not speak of it.
        wallet: An account id; "" for all that have no order of their own.
        recorded_ns: When the journal sealed it; 0 before.
    """

    jurisdiction: str
    year: int
    method: Method
    reason: str
    scope: Scope | None = None
    wallet: str = ""
    recorded_ns: int = 0
