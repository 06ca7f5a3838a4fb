"""What laws of lots are tried with: every method and scope, and sums over figures."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import settings

from app.core.lots.methods import BY_WALLET, Method, Scope
from app.core.money import add
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.figures import TaxFigures

AUTOMATIC = sorted(set(Method) - {Method.SPEC_ID})
WAYS = [(method, Scope.UNIVERSAL) for method in AUTOMATIC]
WAYS += [(method, Scope.PER_WALLET) for method in sorted(BY_WALLET - {Method.SPEC_ID})]
COUNTRIES = ["us", "uk", "de", "ca", "au", "fr", "ie", "jp"]

few = settings(max_examples=15)
"""Each law is tried for many methods."""

every_way = pytest.mark.parametrize(("method", "scope"), WAYS, ids=lambda word: word.value)


def known(value: Decimal | None) -> Decimal:
    assert value is not None
    return value


def bought(transactions: list[Transaction]) -> list[Transaction]:
    return [one for one in transactions if one.type in (TransactionType.BUY, TransactionType.INCOME)]


def put_in(transactions: list[Transaction]) -> Decimal:
    return add(*(known(one.value) for one in bought(transactions)))


def held_cost(found: TaxFigures) -> Decimal:
    return add(*(known(one.cost) for one in found.holdings))


def matched_cost(found: TaxFigures) -> Decimal:
    return add(*(known(match.cost) for one in found.disposals for match in one.matches))
