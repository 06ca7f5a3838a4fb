"""Which pictures there are: a place, what is done there, and the made-up books each is taken of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.core.clock import SECOND
from app.ui import format as fmt
from app.ui.main_window import MainWindow
from tests.ui import picture_acts as acts
from tests.ui import picture_acts_markets as markets

SIZES = {"": (1440, 900), "-1280x720": (1280, 720)}
Act = Callable[[MainWindow], Awaitable[None] | None]


@dataclass(frozen=True)
class Shot:
    """One picture: a place, what is done there, and the made-up books it is taken of."""

    name: str
    place: str = "overview"
    act: Act | None = None
    empty: bool = False
    stale_ns: int = 2 * SECOND
    sizes: tuple[str, ...] = ("", "-1280x720")
    mask: fmt.Mask = fmt.Mask.NOTHING


SHOTS = (
    Shot("overview"),
    Shot("overview-empty", empty=True),
    Shot("overview-stale", stale_ns=34 * 60 * SECOND),
    Shot("overview-masked", mask=fmt.Mask.AMOUNTS),
    Shot("overview-hidden", mask=fmt.Mask.EVERYTHING, sizes=("",)),
    Shot("performance", "performance", act=acts.cross),
    Shot("performance-return", "performance", act=acts.returned, sizes=("",)),
    Shot("performance-accounts", "performance", act=acts.by_account, sizes=("",)),
    Shot("performance-explained", "performance", act=acts.explained, sizes=("",)),
    Shot("performance-unknown", "performance", act=acts.unknown, sizes=("",)),
    Shot("performance-masked", "performance", mask=fmt.Mask.AMOUNTS, sizes=("",)),
    Shot("performance-empty", "performance", empty=True, sizes=("",)),
    Shot("track", "track", act=markets.cross_index),
    Shot("track-equal", "track", act=markets.equal_weights, sizes=("",)),
    Shot("track-explained", "track", act=markets.explained_sharpe, sizes=("",)),
    Shot("track-masked", "track", act=markets.settled, mask=fmt.Mask.AMOUNTS, sizes=("",)),
    Shot("track-hidden", "track", act=markets.settled, mask=fmt.Mask.EVERYTHING, sizes=("",)),
    Shot("track-empty", "track", empty=True, sizes=("",)),
    Shot("markets", "markets/bitcoin", act=markets.market),
    Shot("markets-alert", "markets/bitcoin", act=markets.market_alert, sizes=("",)),
    Shot("markets-source", "markets/bitcoin", act=markets.market_source),
    Shot("markets-minutes", "markets/bitcoin", act=markets.market_minutes, sizes=("",)),
    Shot("markets-depth", "markets/bitcoin", act=markets.market_depth),
    Shot("markets-table", "markets/bitcoin", act=markets.market_table, sizes=("",)),
    Shot("markets-list", "markets/bitcoin", act=markets.market_list),
    Shot("markets-silent", "markets/bitcoin", act=markets.market_silent, stale_ns=34 * 60 * SECOND, sizes=("",)),
    Shot("markets-without", "markets/bitcoin", act=markets.market_without, sizes=("",)),
    Shot("markets-masked", "markets/bitcoin", act=markets.market, mask=fmt.Mask.AMOUNTS, sizes=("",)),
    Shot("markets-hidden", "markets/bitcoin", act=markets.market, mask=fmt.Mask.EVERYTHING, sizes=("",)),
    Shot("markets-empty", "markets", empty=True, sizes=("",)),
    Shot("risk", "risk"),
    Shot("risk-correlation", "risk/correlation"),
    Shot("risk-contributions", "risk/contributions", act=markets.trade),
    Shot("risk-drawdown", "risk/drawdown", sizes=("",)),
    Shot("risk-stress", "risk/stress"),
    Shot("risk-stress-own", "risk/stress", act=markets.own_stress, sizes=("",)),
    Shot("risk-stress-shock", "risk/stress", act=markets.shock, sizes=("",)),
    Shot("risk-leveraged", "risk/concentration", act=markets.leveraged, sizes=("",)),
    Shot("risk-liquidated", "risk/stress", act=markets.liquidated, sizes=("",)),
    Shot("risk-concentration", "risk/concentration", act=markets.by_issuer, sizes=("",)),
    Shot("risk-liquidity", "risk/liquidity"),
    Shot("risk-liquidity-hedged", "risk/liquidity", act=markets.leveraged, sizes=("",)),
    Shot("risk-garch", "risk", act=markets.by_garch, sizes=("",)),
    Shot("risk-liquidity-explained", "risk/liquidity", act=markets.explained_exit, sizes=("",)),
    Shot("risk-liquidity-masked", "risk/liquidity", mask=fmt.Mask.AMOUNTS, sizes=("",)),
    Shot("risk-card", "risk/card"),
    Shot("risk-short", "risk", act=markets.short_history, sizes=("",)),
    Shot("risk-explained", "risk", act=markets.explained_risk, sizes=("",)),
    Shot("risk-masked", "risk", mask=fmt.Mask.AMOUNTS, sizes=("",)),
    Shot("risk-hidden", "risk", mask=fmt.Mask.EVERYTHING, sizes=("",)),
    Shot("risk-stale", "risk", stale_ns=34 * 60 * SECOND, sizes=("",)),
    Shot("risk-empty", "risk", empty=True, sizes=("",)),
    Shot("alerts", "alerts", act=acts.fires),
    Shot("alerts-new", "alerts/new", act=acts.write_alert),
    Shot("alerts-happened", "alerts/happened", act=acts.fires, sizes=("",)),
    Shot("alerts-delivery", "alerts/delivery", sizes=("",)),
    Shot("alerts-empty", "alerts", empty=True, sizes=("",)),
    Shot("alerts-masked", "alerts", mask=fmt.Mask.AMOUNTS, sizes=("",)),
    Shot("positions", "positions"),
    Shot("positions-inspector", "positions/bitcoin"),
    Shot("positions-hidden", "positions/bitcoin", mask=fmt.Mask.EVERYTHING, sizes=("",)),
    Shot("positions-empty", "positions", empty=True, sizes=("",)),
    Shot("activity", "activity"),
    Shot("activity-entry", "activity", act=acts.entry),
    Shot("tax", "tax"),
    Shot("tax-disposals", "tax/disposals"),
    Shot("tax-income", "tax/income", act=acts.receipt),
    Shot("tax-losses", "tax/losses"),
    Shot("tax-forms", "tax/forms"),
    Shot("general-ledger", "tax/forms", act=acts.general_ledger),
    Shot("tax-compare", "tax/compare"),
    Shot("tax-lots", "tax/lots"),
    Shot("tax-lots-own", "tax/lots", act=acts.choose_lots),
    Shot("tax-lots-hidden", "tax/lots", mask=fmt.Mask.EVERYTHING, sizes=("",)),
    Shot("tax-lots-open", "tax/lots/open", act=acts.sell_next),
    Shot("tax-lots-parts", "tax/lots/open", act=acts.sell_parts),
    Shot("tax-statements", "tax/statements", act=acts.reported_lines),
    Shot("tax-1099-da", "tax/forms/us-8949", act=acts.broker_lines),
    Shot("tax-sealed", "close/us/2025/seal", act=acts.seal_and_verify),
    Shot("close-scope", "close/us/2025/scope"),
    Shot("close-health", "close/us/2025/health"),
    Shot("close-transfers", "close/us/2025/transfers"),
    Shot("close-prices", "close/us/2025/prices"),
    Shot("close-lots", "close/us/2025/lots"),
    Shot("close-review", "close/us/2025/review"),
    Shot("close-review-before", "close/us/2025/review", act=acts.before),
    Shot("close-blocked", "close/us/2025/seal"),
    Shot("close-ready", "close/us/2025/seal", act=acts.waive_breaks),
    Shot("close-sealed", "close/us/2025/seal", act=acts.seal),
    Shot("connections", "connections"),
    Shot("connections-inspector", "connections/coinbase-fund"),
    Shot("connections-import", "connections", act=acts.statement),
    Shot("connections-add", "connections/add"),
    Shot("findings", "findings"),
    Shot("findings-group", "findings/quarantined-row", act=acts.waive),
    Shot("findings-empty", "findings", empty=True, sizes=("",)),
    Shot("reconciliation", "reconciliation"),
    Shot("reconciliation-break", "reconciliation/binance-main/usd-coin/spot"),
    Shot("reconciliation-propose", "reconciliation/kraken-main/polkadot/earn", act=acts.propose, sizes=("",)),
    Shot("transfers", "transfers"),
    Shot("transfers-unpaired", "transfers/unpaired", sizes=("",)),
    Shot("prices", "prices"),
    Shot("prices-set", "prices", act=acts.price),
    Shot("audit", "audit"),
    Shot("audit-verified", "audit", act=acts.check, sizes=("",)),
    Shot("audit-break", "audit", act=acts.broken),
    Shot("settings", "settings"),
    Shot("palette", act=acts.search),
    Shot("jobs", act=acts.jobs, sizes=("",)),
    Shot("keys", act=acts.keys),
    Shot("bell", act=acts.bell, sizes=("",)),
    Shot("fault", act=acts.fault, sizes=("",)),
    Shot("toast", act=acts.toast, sizes=("",)),
    Shot("unlock", act=acts.unlock, sizes=("",)),
    Shot("unlock-wrong", act=acts.wrong, sizes=("",)),
    Shot("first-run", act=acts.first),
    Shot("first-run-connect", act=acts.connect),
)
