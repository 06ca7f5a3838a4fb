"""A small Coinbase: fills and wallets in pages as the real one gives them, for a key that signs with ES256."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from app.core.clock import MILLISECOND, SECOND, iso
from tests.connectors.exchanges.contract import Case
from tests.connectors.exchanges.scripted import Asked, Reply, ScriptedVenue

START = 1_700_000_000
NOW_NS = (START + 400_000) * SECOND
FILLS, ROWS = 100, 25
KEY = ec.derive_private_key(0x5EC0FF, ec.SECP256R1())
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
).decode()
NAME = "organizations/5b3d7e1a/apiKeys/c0ffee00"
Row = dict[str, Any]


def fill(number: int, second: int, deed: str) -> Row:
    """Return a fill of "BUY 0.5 BTC-USD at 100 fee 1"."""
    side, size, product, _, price, _, fee = deed.split()
    return {
        "entry_id": f"e-{number}",
        "trade_id": f"t-{number}",
        "order_id": f"o-{number}",
        "trade_time": iso((START + second) * SECOND + 123_456_000, 1_000),
        "trade_type": "FILL",
        "price": price,
        "size": size,
        "commission": fee,
        "product_id": product,
        "sequence_timestamp": iso((START + second) * SECOND + 125_000_000, MILLISECOND),
        "size_in_quote": False,
        "side": side,
    }


def transaction(name: str, second: int, kind: str, amount: str, **more: Any) -> Row:
    """Return a transaction of "-0.5 BTC"."""
    quantity, currency = amount.split()
    return {
        "id": name,
        "type": kind,
        "status": "completed",
        "amount": {"amount": quantity, "currency": currency},
        "native_amount": {"amount": "1.00", "currency": "USD"},
        "description": None,
        "created_at": iso((START + second) * SECOND),
        "updated_at": iso((START + second) * SECOND),
        "resource": "transaction",
    } | more


class SmallCoinbase(ScriptedVenue):
    """Answers as Coinbase does, from rows (oldest first) that a test may change."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.fills = [fill(n, 1_000 + n, "BUY 0.001 BTC-USD at 100 fee 0.001") for n in range(250)]
        self.wallets: dict[str, list[Row]] = {
            "USD": [transaction("usd-1", 0, "fiat_deposit", "1000.00 USD")],
            "BTC": [
                transaction("btc-1", 10, "receive", "0.5 BTC", network={"hash": "0xbeef"}),
                transaction("btc-2", 2_000, "advanced_trade_fill", "0.25 BTC"),
                transaction("btc-3", 3_000, "trade", "-0.1 BTC", trade={"id": "conversion-1"}),
            ],
            "ETH": [
                transaction("eth-1", 3_000, "trade", "1.5 ETH", trade={"id": "conversion-1"}),
                transaction("eth-2", 3_500, "staking_transfer", "-0.5 ETH"),
                *(transaction(f"eth-r{n}", 4_000 + n, "staking_reward", "0.001 ETH") for n in range(60)),
                transaction("eth-9", 9_000, "send", "-0.2 ETH"),
            ],
            "ETH2": [transaction("eth2-1", 3_500, "staking_transfer", "0.5 ETH2")],
        }
        self.shells = ["XLM", "ADA"]
        self.accounts = {"USD": ("974.75", "0"), "BTC": ("0.6", "0.05"), "ETH": ("0.86", "0"), "SOL": ("0", "0")}
        self.products: list[Row] = []
        self.contracts: dict[str, Row] = {}
        refused = Reply({"error": "PERMISSION_DENIED", "message": "Missing required scopes"}, 403)
        self.cfm_balance: Any = refused
        self.cfm_positions: Any = refused
        self.candles: list[Row] = []
        self.permissions: Row = {
            "can_view": True,
            "can_trade": False,
            "can_transfer": False,
            "portfolio_uuid": "p-1",
            "portfolio_type": "DEFAULT",
        }

    def _answer(self, asked: Asked) -> Any:
        public = self._public(asked)
        if public is not None:
            return public
        if not _is_signed(asked):
            return Reply({"error": "unauthorized", "message": "Unauthorized"}, 401)
        answers: dict[str, Callable[[], Any]] = {
            "/api/v3/brokerage/orders/historical/fills": lambda: self._fills(asked),
            "/api/v3/brokerage/accounts": self._accounts,
            "/api/v3/brokerage/key_permissions": lambda: self.permissions,
            "/api/v3/brokerage/cfm/balance_summary": lambda: self.cfm_balance,
            "/api/v3/brokerage/cfm/positions": lambda: self.cfm_positions,
            "/v2/accounts": lambda: self._paged([self._wallet(code) for code in self._codes()], asked, 3),
        }
        if asked.path in answers:
            return answers[asked.path]()
        _, _, _, code, *rest = asked.path.split("/")
        code = code.removeprefix("id-")
        if rest != ["transactions"] or code not in self.wallets:
            return Reply({"errors": [{"id": "not_found", "message": "Not found"}]}, 404)
        return self._paged(list(reversed(self.wallets[code])), asked, ROWS)

    def _codes(self) -> list[str]:
        return [*self.wallets, *self.shells]

    def _public(self, asked: Asked) -> Row | Reply | None:
        """Return what is answered without a key; None for all else."""
        if asked.path == "/api/v3/brokerage/time":
            # The clocks agree: a refused key is one.
            now = time.time_ns()
            millis = now // MILLISECOND
            return {"iso": iso(now), "epochSeconds": str(millis // 1_000), "epochMillis": str(millis)}
        if asked.path.startswith(("/v2/currencies", "/v2/exchange-rates")):
            return {"data": {"currency": "USD", "rates": {}} if "rates" in asked.path else []}
        if asked.path == "/api/v3/brokerage/market/products":
            kind = asked.fields.get("product_type", "SPOT")
            rows = [row for row in self.products if row["product_type"] == kind]
            return {"products": rows, "num_products": len(rows)}
        product = asked.path.removeprefix("/api/v3/brokerage/market/products/")
        if product != asked.path and "/" not in product:
            missing = Reply({"error": "NOT_FOUND", "message": "product not found"}, 404)
            return self.contracts.get(product, missing)
        return {"candles": self.candles} if asked.path.endswith("/candles") else None

    def _fills(self, asked: Asked) -> Row:
        since = asked.fields.get("start_sequence_timestamp", "")
        rows = [row for row in reversed(self.fills) if row["sequence_timestamp"] >= since]
        begin = int(asked.fields.get("cursor", "0"))
        following = begin + FILLS
        return {"fills": rows[begin:following], "cursor": str(following) if following < len(rows) else ""}

    def _accounts(self) -> Row:
        rows = [
            {
                "uuid": f"id-{code}",
                "name": f"{code} Wallet",
                "currency": code,
                "available_balance": {"value": free, "currency": code},
                "hold": {"value": held, "currency": code},
                "type": "ACCOUNT_TYPE_CRYPTO",
            }
            for code, (free, held) in self.accounts.items()
        ]
        return {"accounts": rows, "has_next": False, "cursor": "", "size": len(rows)}

    def _wallet(self, code: str) -> Row:
        is_shell = code in self.shells
        held = "0.5" if code == "ETH2" else "0"
        return {
            "id": code if is_shell else f"id-{code}",
            "name": f"{code} Wallet",
            "type": "wallet",
            "currency": {"code": code, "name": code},
            "balance": {"amount": held, "currency": code},
            "created_at": None if is_shell else iso(START * SECOND),
            "updated_at": None if is_shell else iso(START * SECOND),
        }

    @staticmethod
    def _paged(rows: list[Row], asked: Asked, most: int) -> Row:
        after = asked.fields.get("starting_after", "")
        begin = [row["id"] for row in rows].index(after) + 1 if after else 0
        page = rows[begin : begin + min(int(asked.fields["limit"]), most)]
        following = page[-1]["id"] if begin + len(page) < len(rows) else None
        uri = None if following is None else f"{asked.path}?starting_after={following}"
        pagination = {"limit": most, "order": "desc", "next_starting_after": following, "next_uri": uri}
        return {"pagination": pagination, "data": page}


def _is_signed(asked: Asked) -> bool:
    """Tell whether the token was signed with the key for this very request."""
    scheme, _, token = asked.headers.get("authorization", "").partition(" ")
    parts = token.split(".")
    if scheme != "Bearer" or len(parts) != 3:
        return False
    head, claims = (json.loads(_unpacked(part)) for part in parts[:2])
    raw = _unpacked(parts[2])
    signature = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    KEY.public_key().verify(signature, f"{parts[0]}.{parts[1]}".encode(), ec.ECDSA(hashes.SHA256()))
    is_named = head["kid"] == claims["sub"] == NAME
    return bool(is_named and claims["uri"] == f"GET api.coinbase.com{asked.path}")


def _unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def coinbase_case(server: SmallCoinbase) -> Case:
    """Return Coinbase for the contract."""
    return Case(
        venue="coinbase",
        server=server,
        credentials={"apiKey": NAME, "secret": PEM},
        history_path="/historical/fills",
        balance_path="/brokerage/accounts",
        entries=250 + 66,
        held={"spot usd 974.75", "spot bitcoin 0.65", "spot ethereum 0.86", "staked ethereum 0.5"},
        wrong_key=Reply("Unauthorized", 401, media_type="text/plain"),
        too_many=lambda seconds: Reply({"error": "RESOURCE_EXHAUSTED"}, 429, {"Retry-After": str(seconds)}),
        wrong_clock=Reply({"errors": [{"id": "authentication_error", "message": "request timestamp expired"}]}, 401),
        odd_shapes=(
            {"code": 0},
            {"accounts": {}},
            {"accounts": [{"uuid": "1", "currency": "BTC"}], "has_next": False},
            {"accounts": [_odd("one")], "has_next": False},
            {"accounts": [_odd("-1")], "has_next": False},
            {"accounts": [_odd("1")], "has_next": True, "cursor": ""},
            [1, 2],
        ),
        empty_balance={"accounts": [], "has_next": False, "cursor": ""},
        now_ns=NOW_NS,
    )


def _odd(value: str) -> Row:
    return {"uuid": "1", "currency": "BTC", "available_balance": {"value": value}, "hold": {"value": "0"}}
