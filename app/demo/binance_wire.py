"""Rows of the simulated Binance, field by field as the venue writes them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.core.clock import MILLISECOND, SECOND, to_datetime
from app.core.money import plain
from app.demo.events import Event
from app.demo.ids import hexadecimal
from app.demo.ids import number as made_up_number
from app.demo.instruments import symbol

Row = dict[str, Any]

DAY_MS = 86_400_000
LOCK_DAYS = {"bnb": 60, "solana": 90}
"""Days for which locked products bind an asset."""

_EIGHT = Decimal("1e-8")
_CONFIRMATIONS = {"BTC": 2, "ETH": 6, "SOL": 1}


def eight(value: Decimal) -> str:
    """Return a quantity with the eight places that Binance writes."""
    return f"{value.quantize(_EIGHT):f}"


def milliseconds(at: int) -> int:
    """Return a moment as the venue counts it."""
    return at // MILLISECOND


def pair_id(base: str, quote: str) -> str:
    """Return the venue's name of a market: BTCUSDT."""
    return symbol(base) + symbol(quote)


def trade_row(event: Event) -> Row:
    """Return a fill as /api/v3/myTrades gives it."""
    return {
        "symbol": pair_id(event.base, event.quote),
        "id": int(event.native_id),
        "orderId": int(event.order_id),
        "orderListId": -1,
        "price": eight(event.price),
        "qty": eight(event.quantity),
        "quoteQty": eight(event.cost),
        "commission": eight(event.fee),
        "commissionAsset": symbol(event.fee_asset or event.quote),
        "time": milliseconds(event.at),
        "isBuyer": event.side == "buy",
        "isMaker": event.is_maker,
        "isBestMatch": True,
    }


def deposit_row(event: Event) -> Row:
    """Return an arrival as /sapi/v1/capital/deposit/hisrec gives it."""
    needed = _CONFIRMATIONS.get(event.network, 12)
    return {
        "id": event.native_id,
        "amount": plain(event.quantity),
        "coin": symbol(event.base),
        "network": event.network,
        "status": 1,
        "address": event.address,
        "addressTag": "",
        "txId": event.tx_hash,
        "insertTime": milliseconds(event.at),
        "completeTime": milliseconds(event.at),
        "transferType": 0,
        "confirmTimes": f"{needed}/{needed}",
        "unlockConfirm": needed,
        "walletType": 0,
        "travelRuleStatus": 0,
    }


def withdrawal_row(event: Event) -> Row:
    """Return a departure as /sapi/v1/capital/withdraw/history gives it; its times are text in whole seconds."""
    return {
        "id": event.native_id,
        "amount": plain(event.quantity),
        "transactionFee": plain(event.fee),
        "coin": symbol(event.base),
        "status": 6,
        "address": event.address,
        "addressTag": "",
        "txId": event.tx_hash,
        "applyTime": _text(event.at),
        "network": event.network,
        "transferType": 0,
        "info": "",
        "confirmNo": _CONFIRMATIONS.get(event.network, 12),
        "walletType": 0,
        "txKey": "",
        "completeTime": _text(event.at + 240 * SECOND),
    }


def _text(at: int) -> str:
    return to_datetime(at).strftime("%Y-%m-%d %H:%M:%S")


def fiat_row(event: Event) -> Row:
    """Return a bank transfer as /sapi/v1/fiat/orders gives it: what was sent, what was credited, and the fee."""
    return {
        "orderNo": event.native_id,
        "fiatCurrency": symbol(event.base),
        "indicatedAmount": f"{event.quantity + event.fee:.2f}",
        "amount": f"{event.quantity:.2f}",
        "totalFee": f"{event.fee:.2f}",
        "method": "BankAccount",
        "status": "Successful",
        "createTime": milliseconds(event.at),
        "updateTime": milliseconds(event.at + 60 * SECOND),
    }


def convert_row(event: Event, seed: int) -> Row:
    """Return a conversion as /sapi/v1/convert/tradeFlow gives it."""
    return {
        "quoteId": hexadecimal(seed, 32, "quote", event.native_id),
        "orderId": int(event.native_id),
        "orderStatus": "SUCCESS",
        "fromAsset": symbol(event.base),
        "fromAmount": plain(event.quantity),
        "toAsset": symbol(event.quote),
        "toAmount": plain(event.cost),
        "ratio": _ratio(event.cost, event.quantity),
        "inverseRatio": _ratio(event.quantity, event.cost),
        "createTime": milliseconds(event.at),
    }


def _ratio(part: Decimal, whole: Decimal) -> str:
    return plain((part / whole).quantize(_EIGHT)) if whole else "0"


def dribblet_row(events: list[Event]) -> Row:
    """Return one sweep of small balances into BNB as /sapi/v1/asset/dribblet gives it."""
    number = int(events[0].group or events[0].native_id)
    at = milliseconds(events[0].at)
    details = [
        {
            "transId": number,
            "serviceChargeAmount": plain(event.fee),
            "amount": plain(event.quantity),
            "operateTime": at,
            "transferedAmount": plain(net(event, event.quote)),
            "fromAsset": symbol(event.base),
        }
        for event in events
    ]
    return {
        "operateTime": at,
        "totalTransferedAmount": plain(sum((net(event, event.quote) for event in events), Decimal(0))),
        "totalServiceChargeAmount": plain(sum((event.fee for event in events), Decimal(0))),
        "transId": number,
        "userAssetDribbletDetails": details,
    }


def net(event: Event, asset: str) -> Decimal:
    """Return what an event changed of an asset over all places."""
    return sum((move.quantity for move in event.moves if move.asset == asset), Decimal(0))


def dividend_row(event: Event, seed: int) -> Row:
    """Return a distribution as /sapi/v1/asset/assetDividend gives it."""
    return {
        "id": int(event.native_id),
        "amount": eight(event.quantity),
        "asset": symbol(event.base),
        "divTime": milliseconds(event.at),
        "enInfo": event.detail or f"{symbol(event.base)} distribution",
        "tranId": int(made_up_number(seed, 12, "dividend", event.native_id)),
        "direction": 1,
    }


def subscription_row(event: Event) -> Row:
    """Return money put into a flexible product."""
    return {
        "amount": eight(event.quantity),
        "asset": symbol(event.base),
        "time": milliseconds(event.at),
        "purchaseId": event.native_id,
        "productId": product_id(event.base),
        "type": "NORMAL",
        "sourceAccount": "SPOT",
        "amtFromSpot": eight(event.quantity),
        "amtFromFunding": "0.00000000",
        "status": "SUCCESS",
    }


def redemption_row(event: Event) -> Row:
    """Return money taken out of a flexible product."""
    return {
        "amount": eight(event.quantity),
        "asset": symbol(event.base),
        "time": milliseconds(event.at),
        "projectId": product_id(event.base),
        "redeemId": event.native_id,
        "destAccount": "SPOT",
        "status": "PAID",
    }


def reward_row(event: Event) -> Row:
    """Return interest of a flexible product; the venue gives it no id."""
    return {
        "asset": symbol(event.base),
        "rewards": eight(event.quantity),
        "projectId": product_id(event.base),
        "type": reward_type(event),
        "time": milliseconds(event.at),
    }


def reward_type(event: Event) -> str:
    """Return how a reward is paid: REALTIME into the product, BONUS and REWARDS into the spot wallet."""
    return event.detail if event.detail in {"REALTIME", "BONUS"} else "REWARDS"


def product_id(asset: str) -> str:
    """Return the id of an asset's flexible product."""
    return f"{symbol(asset)}001"


def locked_subscription_row(event: Event) -> Row:
    """Return money put into a locked product."""
    return {
        "positionId": event.native_id,
        "purchaseId": event.native_id,
        "projectId": project_id(event.base),
        "time": milliseconds(event.at),
        "asset": symbol(event.base),
        "amount": eight(event.quantity),
        "lockPeriod": str(LOCK_DAYS[event.base]),
        "type": "NORMAL",
        "sourceAccount": "SPOT",
        "amtFromSpot": eight(event.quantity),
        "amtFromFunding": "0.00000000",
        "status": "SUCCESS",
    }


def locked_redemption_row(event: Event) -> Row:
    """Return money handed out of a locked product."""
    return {
        "positionId": event.native_id,
        "redeemId": event.native_id,
        "time": milliseconds(event.at),
        "asset": symbol(event.base),
        "lockPeriod": str(LOCK_DAYS[event.base]),
        "amount": eight(event.quantity),
        "type": "NEW_REDEEM_EARLY",
        "deliverDate": str(milliseconds(event.at)),
        "status": "PAID",
    }


def locked_reward_row(event: Event) -> Row:
    """Return interest of a locked product."""
    return {
        "positionId": project_id(event.base),
        "time": milliseconds(event.at),
        "asset": symbol(event.base),
        "lockPeriod": str(LOCK_DAYS[event.base]),
        "amount": eight(event.quantity),
        "type": "Locked Rewards",
    }


def locked_row(asset: str, number: str, quantity: Decimal, bought_ms: int, now_ms: int) -> Row:
    """Return a locked position as /sapi/v1/simple-earn/locked/position gives it, in the term that runs now."""
    length = LOCK_DAYS[asset] * DAY_MS
    begun = bought_ms + (now_ms - bought_ms) // length * length
    return {
        "positionId": number,
        "parentPositionId": number,
        "projectId": project_id(asset),
        "asset": symbol(asset),
        "amount": eight(quantity),
        "purchaseTime": str(begun),
        "duration": str(LOCK_DAYS[asset]),
        "accrualDays": str((now_ms - begun) // DAY_MS),
        "rewardAsset": symbol(asset),
        "APY": "0.0410",
        "rewardAmt": "0.00000000",
        "nextPay": "0.00000000",
        "nextPayDate": str((now_ms // DAY_MS + 1) * DAY_MS),
        "payPeriod": "1",
        "redeemAmountEarly": eight(quantity),
        "rewardsEndDate": str(begun + length),
        "deliverDate": str(begun + length + DAY_MS),
        "redeemPeriod": "1",
        "redeemTo": "SPOT",
        "canRedeemEarly": True,
        "autoSubscribe": True,
        "type": "NORMAL",
        "status": "HOLDING",
        "canReStake": True,
    }


def project_id(asset: str) -> str:
    """Return the id of an asset's locked product."""
    return f"{symbol(asset)}*{LOCK_DAYS[asset]}"


def position_row(asset: str, quantity: Decimal, rewards: Decimal, yesterday: Decimal) -> Row:
    """Return a flexible position as /sapi/v1/simple-earn/flexible/position gives it."""
    return {
        "totalAmount": eight(quantity),
        "tierAnnualPercentageRate": {},
        "latestAnnualPercentageRate": "0.02599895",
        "yesterdayAirdropPercentageRate": "0.00000000",
        "asset": symbol(asset),
        "airDropAsset": symbol(asset),
        "canRedeem": True,
        "collateralAmount": "0.00000000",
        "productId": product_id(asset),
        "yesterdayRealTimeRewards": eight(yesterday),
        "cumulativeBonusRewards": "0.00000000",
        "cumulativeRealTimeRewards": eight(rewards),
        "cumulativeTotalRewards": eight(rewards),
        "autoSubscribe": False,
    }
