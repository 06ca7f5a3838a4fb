"""Made-up books that agree with themselves: quantities are sums of legs, values are quantity × mark, digit by digit."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from functools import lru_cache
from pathlib import Path

from app.core.clock import DAY, SECOND, parse_iso
from app.core.ledger.entries import EntryKind, Role, Stated
from app.core.model.accounts import Account, Book
from app.core.model.assets import Asset
from app.core.model.market import Mark
from app.core.model.registry import StaticAssetRegistry
from app.core.model.views import EntryView, LegView
from app.core.money import multiply

NOW, _ = parse_iso("2026-11-20T14:32:07Z")
START, _ = parse_iso("2025-01-01T00:00:00Z")
BOOK = Book("demo", "Demo Fund I", "usd", simulated=True)
WIDE = Context(prec=34)
DRAWN = 1_960

REGISTRY = StaticAssetRegistry.from_json(
    (Path(__file__).parents[2] / "resources" / "data" / "assets.json").read_text(encoding="utf-8")
)

ACCOUNTS = (
    Account("kraken-main", "Kraken", "kraken"),
    Account("coinbase-prime", "Coinbase Prime", "coinbase"),
    Account("binance-main", "Binance", "binance"),
    Account("kraken-desk", "Kraken desk", "kraken"),
    Account("coinbase-fund", "Coinbase fund", "coinbase"),
    Account("binance-old", "Binance old", "binance"),
)
ACCOUNT_NAMES = {account.account_id: account.name for account in ACCOUNTS}
VENUE_NAMES = {"kraken": "Kraken", "coinbase": "Coinbase", "binance": "Binance"}

# asset id | mark | change over 24 h | account sub-place quantity, …
_HOLDINGS = """
bitcoin|91284.50|0.0142|coinbase-prime custody 150.00000000, kraken-main spot 41.22816842, binance-main spot 20.10000000, coinbase-fund spot 3.05290000
ethereum|3412.18|-0.0086|kraken-main spot 1804.10573381, coinbase-prime custody 1120.00000000, binance-main earn 40.00000000
usd-coin|0.9998|0.0000|coinbase-prime spot 4100000.000000, binance-main spot 1640118.423911, kraken-desk spot 500000
coinbase-staked-ether|3709.02|-0.0091|coinbase-prime custody 1120.44180266
solana|168.42|0.0317|kraken-main earn 12000.000000000, binance-main spot 6402.771040000
eur|1.0842|0.0012|kraken-main spot 1204331.18
chainlink|17.84|0.0205|coinbase-prime spot 61250.40
aave|214.60|-0.0231|coinbase-prime spot 3180.221904
usd|1|0|kraken-main spot 412908.77, coinbase-prime spot 208114.02
uniswap|8.12|-0.0118|binance-main spot 74000
monero|331.40|0.0064|kraken-main spot 1220.119400003125
polkadot|4.61|-0.0043|kraken-main earn 38200.0411298
arbitrum|0.4127|-0.0362|binance-main spot 412000
lido|1.0219|0.0109|coinbase-prime spot 120000
cosmos|5.08|0.0039|kraken-main earn 14250.117204
avalanche|21.37|0.0088|binance-main spot 4120.5
the-graph|0.1611|-0.0177|coinbase-prime spot 310442.118290331
curve|0.5108|-0.0209|kraken-main spot 88310.55
tether|1.0001|0.0001|binance-main spot 20418.904112
dogecoin|0.2214|0.0481|binance-old spot 41250.9
kraken:ETHW|||kraken-main spot 31500
"""  # noqa: E501

# moment | account | amount in dollars: what enters and leaves the whole book
_FLOWS = """
2025-02-03T09:12:44Z|kraken-main|1500000
2025-06-19T10:02:09Z|coinbase-prime|2200000
2025-10-07T15:40:31Z|coinbase-prime|-450000
2026-03-03T09:31:15Z|kraken-main|2500000
2026-06-16T11:05:52Z|coinbase-prime|1200000
2026-09-09T16:20:08Z|kraken-main|-800000
"""


@dataclass(frozen=True, slots=True)
class Holding:
    """One made-up position: asset, price, change and where it lies."""

    asset: Asset
    price: Decimal | None
    change: Decimal | None
    places: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)


def _holding(line: str) -> Holding:
    asset_id, price, change, places = line.split("|")
    where = {}
    for place in places.split(", "):
        account, sub_place, quantity = place.split()
        where[account, sub_place] = Decimal(quantity)
    asset = REGISTRY.asset(asset_id)
    return Holding(asset, Decimal(price) if price else None, Decimal(change) if change else None, where)


HOLDINGS = tuple(_holding(line) for line in _HOLDINGS.strip().splitlines())


def marks(now: int = NOW, age: int = 2 * SECOND, without: Sequence[str] = ()) -> dict[str, Mark]:
    """Return the marks of all assets that have a price."""
    made = {}
    for held in HOLDINGS:
        asset_id = held.asset.asset_id
        if held.price is None or asset_id in without:
            continue
        source = (
            "base currency" if asset_id == "usd" else "Kraken" if ("kraken-main", "spot") in held.places else "Binance"
        )
        made[asset_id] = Mark(asset_id, held.price, "usd", source, now - age, held.change)
    return made


def identity(*parts: object) -> str:
    """Return 64 hex digits that always are the same for the same parts."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def leg(account: str, sub_place: str, asset: Asset, quantity: Decimal, role: Role = Role.PRINCIPAL) -> LegView:
    """Return a leg with its names."""
    return LegView(account, ACCOUNT_NAMES[account], sub_place, asset, quantity, role)


@dataclass(frozen=True, slots=True)
class _Draft:
    at: int
    kind: EntryKind
    account: str
    legs: tuple[LegView, ...]
    stated: Stated | None = None
    references: Mapping[str, str] = field(default_factory=dict)


def _flows() -> Iterator[_Draft]:
    usd = REGISTRY.asset("usd")
    for line in _FLOWS.strip().splitlines():
        at, account, amount = line.split("|")
        money = Decimal(amount)
        kind = EntryKind.DEPOSIT if money > 0 else EntryKind.WITHDRAWAL
        note = "fund partners" if money > 0 else "fees and redemptions"
        moment = parse_iso(at)[0]
        yield _Draft(moment, kind, account, (leg(account, "spot", usd, money),), Stated(money, "usd"), {"note": note})
        yield _invested(moment, account, money)


def _invested(moment: int, account: str, money: Decimal) -> _Draft:
    """Return the trade that turns what came in into bitcoin, or bitcoin into what goes out."""
    price = Decimal(88_000)
    bought = (money / price).quantize(Decimal("0.00000001"))
    sub_place = "spot" if account == "kraken-main" else "custody"
    legs = (
        leg(account, sub_place, REGISTRY.asset("bitcoin"), bought),
        leg(account, "spot", REGISTRY.asset("usd"), -money),
    )
    references = {"order": identity("order", moment)[:12].upper()}
    moment += 3_600 * SECOND if money > 0 else -3_600 * SECOND
    return _Draft(moment, EntryKind.TRADE, account, legs, Stated(abs(money), "usd"), references)


def _trade(dice: random.Random, held: Holding, place: tuple[str, str], at: int, size: Decimal) -> _Draft:
    usd = REGISTRY.asset("usd")
    price = ((held.price or Decimal(1)) * Decimal(dice.randrange(700, 1_200)) / 1_000).quantize(Decimal("0.0001"))
    side = dice.choice((1, -1))
    cost = (size * price).quantize(Decimal("0.01"))
    legs = (
        leg(*place, held.asset, size * side),
        leg(place[0], "spot", usd, -cost * side),
        leg(place[0], "spot", usd, -(cost * Decimal("0.0016")).quantize(Decimal("0.0001")), Role.FEE),
    )
    references = {"order": identity("order", at)[:12].upper()}
    return _Draft(at, EntryKind.TRADE, place[0], legs, Stated(cost, "usd"), references)


def _drafted(dice: random.Random, at: int) -> _Draft:
    held = dice.choices(HOLDINGS[:-1], weights=[9, 8, 6, 3, 6, 3, 4, 3, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2])[0]
    place, total = dice.choice(list(held.places.items()))
    size = (total * Decimal(dice.randrange(1, 60)) / 100_000).quantize(Decimal(1).scaleb(-held.asset.places))
    size = max(size, Decimal(1).scaleb(-held.asset.places))
    what = dice.random()
    is_money = held.asset.asset_id in ("usd", "eur")
    if what < 0.62 and not is_money:
        return _trade(dice, held, place, at, size)
    if what < 0.78 and not is_money:
        note = {"note": "staking reward", "source": "earn"}
        return _Draft(at, EntryKind.REWARD, place[0], (leg(*place, held.asset, size / 100),), None, note)
    if what < 0.86:
        other = "earn" if place[1] != "earn" else "spot"
        legs = (leg(*place, held.asset, -size), leg(place[0], other, held.asset, size))
        back = (leg(place[0], other, held.asset, -size), leg(*place, held.asset, size))
        return _Draft(at, EntryKind.MOVE, place[0], dice.choice((legs, back)))
    kind, side = dice.choice(((EntryKind.DEPOSIT, 1), (EntryKind.WITHDRAWAL, -1)))
    references = {"tx_hash": identity("tx", at), "network": held.asset.name}
    return _Draft(at, kind, place[0], (leg(*place, held.asset, size * side),), None, references)


def _drafts() -> list[_Draft]:
    dice = random.Random(7)  # noqa: S311
    made = list(_flows())
    span = NOW - START - DAY
    while len(made) < DRAWN:
        at = START + DAY + int(dice.random() * span) // SECOND * SECOND
        made.append(_drafted(dice, at))
    return made


def _missing(drafts: Sequence[_Draft]) -> Mapping[tuple[str, str, str], Decimal]:
    """Return what is not explained yet, so that the sums of legs are today's quantities."""
    missing: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for held in HOLDINGS:
        for (account, sub_place), quantity in held.places.items():
            missing[account, sub_place, held.asset.asset_id] += quantity
    for draft in drafts:
        for one in draft.legs:
            missing[one.account_id, one.sub_place, one.asset.asset_id] -= one.quantity
    return missing


def _balancing(drafts: Sequence[_Draft]) -> Iterator[_Draft]:
    """Yield what was there at the start, and what went to a wallet that these books do not hold."""
    missing = _missing(drafts)
    moved, _ = parse_iso("2025-12-30T10:00:00Z")
    for account in ACCOUNTS:
        legs = [
            leg(owner, sub_place, REGISTRY.asset(asset_id), quantity)
            for (owner, sub_place, asset_id), quantity in missing.items()
            if owner == account.account_id and quantity
        ]
        opened = tuple(one for one in legs if one.quantity > 0)
        yield _Draft(START, EntryKind.OPENING, account.account_id, opened, None, {"note": "opening balance"})
        for index, one in enumerate(part for part in legs if part.quantity < 0):
            at = moved + index * 60 * SECOND
            yield _Draft(at, EntryKind.WITHDRAWAL, account.account_id, (one,), None, {"note": "own wallet"})


@lru_cache(maxsize=1)
def entries() -> tuple[EntryView, ...]:
    """Return all entries, newest first."""
    drafts = _drafts()
    drafts += _balancing(drafts)
    drafts.sort(key=lambda draft: draft.at)
    made = []
    for number, draft in enumerate(drafts):
        state = "revised" if number % 211 == 0 else "provisional" if number > len(drafts) - 4 else "recorded"
        made.append(
            EntryView(
                entry_id=identity("entry", number)[:32],
                at=draft.at,
                resolution=SECOND,
                kind=draft.kind,
                account_id=draft.account,
                account_name=ACCOUNT_NAMES[draft.account],
                legs=draft.legs,
                stated=draft.stated,
                references=dict(draft.references),
                state=state,
                record=number + 11,
            )
        )
    return tuple(reversed(made))


@lru_cache(maxsize=64)
def closes(asset_id: str) -> tuple[tuple[int, Decimal], ...]:
    """Return daily closes since the start; they end at today's mark, and Polkadot has three days without one."""
    held = next((one for one in HOLDINGS if one.asset.asset_id == asset_id), None)
    if held is None or held.price is None:
        return ()
    if asset_id == "usd":
        return ()
    spread = 0.0006 if held.asset.kind in ("stable", "fiat") else 0.028
    dice = random.Random(asset_id)  # noqa: S311
    days = (NOW - START) // DAY
    price, backward = held.price, []
    for index in range(days, -1, -1):
        backward.append((START + index * DAY, price))
        step = (
            held.change if index == days and held.change is not None else Decimal(f"{dice.gauss(0.0006, spread):.5f}")
        )
        price = WIDE.divide(price, 1 + max(step, Decimal("-0.2"))).quantize(Decimal(1).scaleb(-8))
    made = tuple(reversed(backward))
    return made[:-40] + made[-37:] if asset_id == "polkadot" else made


def value_of(quantity: Decimal, mark: Mark | None) -> Decimal | None:
    """Return quantity × mark, exactly."""
    return None if mark is None else multiply(quantity, mark.price)
