"""Coinbase's US futures: cash and contracts are told beside the balances, and a contract by what it is about."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.core.model.futures import FuturesPosition, MarginWallet, Part, Told
from tests.connectors.exchanges.coinbase_case import SmallCoinbase
from tests.connectors.exchanges.contract import Case
from tests.connectors.exchanges.reading import in_json, recorded
from tests.connectors.exchanges.scripted import Reply

VENUE = SmallCoinbase


def usd(value: str) -> dict[str, str]:
    return {"value": value, "currency": "USD"}


def position(**told: Any) -> dict[str, Any]:
    return {
        "product_id": "BIP-20DEC30-CDE", "side": "LONG", "number_of_contracts": "2", "contract_size": "0.01",
        "current_price": usd("50000"), "avg_entry_price": usd("49000"), "liquidation_price": usd("40000"),
    } | told  # fmt: skip


def contract(product_id: str, root: str, size: str) -> dict[str, Any]:
    details = {"contract_root_unit": root, "contract_size": size}
    return {"product_id": product_id, "product_type": "FUTURE", "future_product_details": details}


@pytest.fixture
def opened(server: SmallCoinbase) -> SmallCoinbase:
    """Return the venue with a futures account in which nothing is open."""
    server.cfm_balance = {"balance_summary": {"cfm_usd_balance": usd("1500.25"), "unrealized_pnl": usd("20")}}
    server.cfm_positions = {"positions": []}
    server.contracts = {
        "BIP-20DEC30-CDE": contract("BIP-20DEC30-CDE", "BTC", "0.01"),
        "ET-28JUL23-CDE": contract("ET-28JUL23-CDE", "ETH", "0.1"),
    }
    return server


BITCOIN = FuturesPosition(
    "BIP-20DEC30-CDE", "bitcoin", Decimal("0.02"), "usd", Decimal(49_000), Decimal(50_000), liquidation=Decimal(40_000)
)


async def test_a_recorded_position_is_in_units_of_what_its_contract_is_about(
    case: Case, opened: SmallCoinbase, data_folder: Path
) -> None:
    opened.cfm_positions = in_json(recorded(data_folder, "coinbase", "http_cfm_positions.json"))
    page = await case.open().balances()

    assert page.beside == (Told(Part.FUTURES, (MarginWallet((("usd", Decimal("1500.25")),), (BITCOIN,)),)),)
    assert "usd" in {one.asset for one in page.balances}
    assert page.findings == []


async def test_a_short_is_below_zero_and_what_is_bare_or_missing_is_read_all_the_same(
    case: Case, opened: SmallCoinbase
) -> None:
    opened.cfm_positions = {"positions": [
        position(product_id="ET-28JUL23-CDE", side="SHORT", number_of_contracts="3", contract_size=None,
                 current_price="3000", avg_entry_price="3100.5", liquidation_price=None),
        position(number_of_contracts="0"),
    ]}  # fmt: skip
    page = await case.open().balances()

    assert page.beside[0].wallets[0].positions == (
        FuturesPosition("ET-28JUL23-CDE", "ethereum", Decimal("-0.3"), "usd", Decimal("3100.5"), Decimal(3000)),
    )


async def test_without_positions_no_product_is_asked_for(case: Case, opened: SmallCoinbase) -> None:
    opened.cfm_balance = {"balance_summary": None}
    page = await case.open().balances()

    assert page.beside == (Told(Part.FUTURES),)
    assert opened.count("/market/products/") == 0


async def test_a_key_that_may_not_see_them_reads_all_else(case: Case) -> None:
    page = await case.open().balances()

    assert page.beside == (Told(Part.FUTURES, is_read=False),)
    assert page.balances


@pytest.mark.parametrize(
    "odd",
    [
        position(side="SIDEWAYS"),
        position(number_of_contracts="-2"),
        position(number_of_contracts="NaN"),
        position(number_of_contracts="1E+99"),
        position(contract_size="0"),
        position(avg_entry_price=usd("0")),
        position(current_price={"currency": "USD"}),
        position(product_id="UNHEARD-OF"),
    ],
)
async def test_a_position_that_cannot_be_read_is_told_and_the_others_are_read(
    case: Case, opened: SmallCoinbase, odd: dict[str, Any]
) -> None:
    opened.cfm_positions = {"positions": [odd, position()]}
    page = await case.open().balances()

    assert page.beside[0].wallets[0].positions == (BITCOIN,)
    assert [(one.code, one.subject) for one in page.findings] == [("futures-unread", odd["product_id"])]


@pytest.mark.parametrize("balance", [{}, {"balance_summary": {"cfm_usd_balance": usd("much")}}, Reply({}, 500)])
async def test_a_balance_that_cannot_be_read_leaves_what_was_told_before(
    case: Case, opened: SmallCoinbase, balance: Any
) -> None:
    opened.cfm_balance = balance
    page = await case.open().balances()

    assert page.beside == (Told(Part.FUTURES, is_read=False),)
    assert [one.subject for one in page.findings] == ["futures"]
    assert page.balances
