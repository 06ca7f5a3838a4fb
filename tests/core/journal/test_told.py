"""What records say in words: figures are marked, erased content and unknown kinds are said to be so."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.core.journal.encoding import decode, encode
from app.core.journal.records import RecordKind
from app.core.journal.told import told

BUY = {
    "kind": "trade",
    "legs": [
        ["kraken", "spot", "bitcoin", "principal", Decimal("0.5")],
        ["kraken", "spot", "usd", "principal", Decimal("-45500.25")],
        ["kraken", "spot", "usd", "fee", Decimal("-11.4")],
    ],
}
SAID: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("entry", BUY, "trade: [[+0.5]] bitcoin, [[-45500.25]] usd, [[-11.4]] usd fee"),
    ("revision", {"revised": None, "reason": "twice"}, "an entry was voided: twice"),
    ("revision", {"revised": BUY, "reason": "a fee"}, "an entry was corrected: a fee"),
    ("note", {"text": "asked the venue"}, "asked the venue"),
    ("observation", {"stream": "ledger"}, "a page of ledger, as the source gave it"),
    ("commit", {"count": 48}, "signature over 48 records"),
    (
        "alert_rule",
        {"id": "3fa1", "of": {"measure": "price"}, "above": False, "threshold": Decimal(50_000), "removed": True},
        "alert 3fa1: price below [[50000]], no longer looked at",
    ),
    ("alert_event", {"rule": "3fa1", "what": "fired", "value": Decimal("49999.5")}, "alert 3fa1 fired at [[49999.5]]"),
    ("alert_event", {"rule": "3fa1", "what": "acknowledged", "value": None}, "alert 3fa1 acknowledged"),
    (
        "waiver",
        {"code": "break", "subject": "kraken/usd/spot", "reason": "dust", "taken_back": False},
        "break of kraken/usd/spot, let stand: dust",
    ),
    (
        "waiver",
        {"code": "break", "subject": "kraken/usd/spot", "reason": "found it", "taken_back": True},
        "break of kraken/usd/spot, no longer let stand: found it",
    ),
    (
        "transfer_link",
        {"withdrawals": [b"a"], "deposits": [b"b", b"c"], "transfer": True, "reason": "31 min"},
        "1 out, 2 in: one transfer: 31 min",
    ),
    (
        "transfer_link",
        {"withdrawals": [b"a"], "deposits": [b"b"], "transfer": None, "reason": "wrong"},
        "1 out, 1 in: taken back: wrong",
    ),
    (
        "price_override",
        {"asset": "bitcoin", "day": 20_000, "price": Decimal(61_000), "currency": "usd", "reason": "own close"},
        "bitcoin on 2024-10-04: [[61000]] usd: own close",
    ),
    (
        "price_override",
        {"asset": "bitcoin", "day": 20_000, "price": None, "currency": "usd", "reason": "they agree"},
        "bitcoin on 2024-10-04: sources decide again: they agree",
    ),
    (
        "standing_order",
        {"jurisdiction": "us", "year": 2025, "method": "hifo", "reason": "advice"},
        "US from 2025 on: hifo: advice",
    ),
    ("period_seal", {"jurisdiction": "us", "year": 2025, "version": 2, "reason": "late"}, "US 2025, version 2: late"),
    ("lot_selection", {"jurisdiction": "us", "asset": "bitcoin", "lots": [["a", 1]]}, "US: 1 lot of bitcoin chosen"),
)


@pytest.mark.parametrize(("kind", "fields", "words"), SAID)
def test_a_record_says_what_it_is_about(kind: str, fields: dict[str, Any], words: str) -> None:
    assert words == told(kind, decode(encode(fields)))


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("entry", BUY, "trade: [[+0.5]] BTC, [[-45500.25]] USD, [[-11.4]] USD fee"),
        (
            "lot_selection",
            {"jurisdiction": "us", "asset": "bitcoin", "lots": []},
            "US: lots of BTC are no longer chosen",
        ),
        (
            "price_override",
            {"asset": "bitcoin", "day": 20_000, "price": Decimal(61_000), "currency": "usd", "reason": "bitcoin"},
            "BTC on 2024-10-04: [[61000]] USD: bitcoin",
        ),
    ],
)
def test_assets_are_called_by_their_symbols_where_they_are_known(kind: str, fields: dict[str, Any], words: str) -> None:
    symbols = {"bitcoin": "BTC", "usd": "USD"}

    assert words == told(kind, decode(encode(fields)), lambda asset: symbols.get(asset, asset))


def test_an_entry_of_many_legs_names_the_first_and_counts_the_rest() -> None:
    legs = [["kraken", "spot", f"asset-{number}", "principal", Decimal(1)] for number in range(6)]

    assert told("entry", decode(encode({"kind": "trade", "legs": legs}))).endswith("[[+1]] asset-3 and 2 more")


def test_erased_content_is_said_to_be_erased() -> None:
    assert told("entry", None) == "its content was erased"


def test_a_kind_that_is_not_known_is_called_by_its_own_word() -> None:
    assert told("vote_of_board", {"x": 1}) == "vote of board"


@pytest.mark.parametrize("kind", [kind.value for kind in RecordKind])
def test_content_that_cannot_be_read_is_told_and_never_raises(kind: str) -> None:
    assert told(kind, {})
