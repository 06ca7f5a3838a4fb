"""Ledger against reported balances at every reading, what a difference is made of, and what can be done about it."""

from app.core.reconciliation.compare import reconcile

__all__ = ["reconcile"]
