"""The engine beside rules written as plainly as can be, over histories made up by hypothesis."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.lots.methods import Method, Scope
from app.core.tax.events import Transaction
from tests.core.lots import oracle
from tests.core.lots.histories import figures, histories

NEAR = Fraction(1, 10**25)
some = settings(max_examples=40)


def differs(number: Decimal | None, wanted: Fraction) -> bool:
    return number is None or abs(Fraction(number) - wanted) > NEAR


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("method", list(oracle.KEYS))
@some
@given(st.data())
def test_lots_cost_what_plain_rules_say(method: Method, scope: Scope, data: st.DataObject) -> None:
    transactions = data.draw(histories(is_covered=True))
    wanted = oracle.by_lot(transactions, method, scope)
    found = figures(transactions, method, scope)

    assert [one.row for one in found.disposals if differs(one.cost, wanted[one.row])] == []
    assert len(found.disposals) == len(wanted)


@some
@given(histories(is_covered=True))
def test_the_united_kingdom_costs_what_plain_rules_say(transactions: list[Transaction]) -> None:
    wanted = oracle.section_104(transactions)
    found = figures(transactions, code="uk", options={"day-zone": "UTC"})

    assert [one.row for one in found.disposals if differs(one.cost, wanted[one.asset, one.at // DAY])] == []
    assert len(found.disposals) == len(wanted)


@some
@given(histories(is_covered=True))
def test_canada_denies_what_plain_rules_say(transactions: list[Transaction]) -> None:
    wanted = oracle.canada(transactions)
    found = figures(transactions, code="ca")

    assert [one.row for one in found.disposals if differs(one.cost, wanted[one.row][0])] == []
    assert [one.row for one in found.disposals if differs(one.denied, wanted[one.row][1])] == []
    assert len(found.disposals) == len(wanted)
