"""What the simulated Kraken says of earn: one bonded strategy an asset, and what is allocated to it."""

from __future__ import annotations

from typing import Any

from app.core.clock import DAY, SECOND
from app.core.money import ZERO
from app.demo.ids import dashed
from app.demo.kraken_ledger import Books
from app.demo.kraken_names import STAKED_NAMES, altname, amount

_NOTICE = {"polkadot": 28, "solana": 3, "cosmos": 21, "ethereum": 5}
"""Days from asking for what is bonded until it is free."""


def strategies(seed: int) -> dict[str, Any]:
    """Return the answer of Earn/Strategies."""
    items: list[dict[str, Any]] = [
        {
            "id": _strategy_id(seed, asset),
            "asset": altname(asset),
            "lock_type": {
                "type": "bonded",
                "payout_frequency": 7 * DAY // SECOND,
                "bonding_period": 0,
                "bonding_period_variable": False,
                "bonding_rewards": False,
                "exit_queue_period": 0,
                "unbonding_period": days * DAY // SECOND,
                "unbonding_period_variable": False,
                "unbonding_rewards": False,
            },
            "apr_estimate": None,
            "allocation_fee": "0.0000",
            "deallocation_fee": "0.0000",
            "auto_compound": {"type": "enabled"},
            "yield_source": {"type": "staking"},
            "can_allocate": True,
            "can_deallocate": True,
            "allocation_restriction_info": [],
            "user_min_allocation": "0.01",
        }
        for asset, days in sorted(_NOTICE.items())
    ]
    return {"items": items, "next_cursor": None}


def allocations(books: Books) -> dict[str, Any]:
    """Return the answer of Earn/Allocations, valued nowhere: whoever asks has prices of their own."""
    items = []
    for asset, name in sorted(STAKED_NAMES.items()):
        held = books.balances.get(name, ("", ZERO))[1]
        if not held:
            continue
        native = amount(held, asset)
        items.append(
            {
                "strategy_id": _strategy_id(books.seed, asset),
                "native_asset": altname(asset),
                "amount_allocated": {"total": {"native": native, "converted": "0.0000"}},
                "total_rewarded": {"native": amount(ZERO, asset), "converted": "0.0000"},
            }
        )
    return {
        "converted_asset": "USD",
        "total_allocated": "0.0000",
        "total_rewarded": "0.0000",
        "items": items,
        "next_cursor": None,
    }


def _strategy_id(seed: int, asset: str) -> str:
    return dashed("ES", seed, "strategy", asset)
