"""Read models over the made-up books, computed the way the services promise them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from app.core.clock import DAY, SECOND, parse_iso, to_datetime
from app.core.findings import Finding, Severity
from app.core.ledger.entries import EntryKind
from app.core.model.accounts import Connection, ConnectionState, KeyScope
from app.core.model.assets import AssetKind
from app.core.model.market import Mark
from app.core.model.views import (
    ActivityFilter,
    ActivityPage,
    ConnectionView,
    EntryDetail,
    EntryView,
    EquityCurve,
    EquityPoint,
    Flow,
    Holding,
    Overview,
    Position,
    Positions,
    Proof,
    Reconciliation,
    Return,
    Scope,
    Share,
    StreamState,
)
from app.core.money import add
from tests.ui import made_up_books as books

ZERO = Decimal(0)
METHOD = "TWR"
_PERIOD_DAYS = {"1m": 30, "3m": 91, "1y": 365}
GAP_DAYS = range(204, 208)


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return None if part is None or not whole else books.WIDE.divide(part, whole)


def _effect(value: Decimal | None, change: Decimal | None) -> Decimal | None:
    if value is None or change is None:
        return None
    return books.WIDE.divide(books.WIDE.multiply(value, change), 1 + change)


def _in_scope(account: str, scope: Scope) -> bool:
    return not scope.accounts or account in scope.accounts


@lru_cache(maxsize=1)
def _entry_counts() -> Mapping[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for entry in books.entries():
        for asset_id in {leg.asset.asset_id for leg in entry.legs}:
            counts[asset_id] += 1
    return counts


def positions(marks: Mapping[str, Mark], scope: Scope, now: int) -> Positions:
    """Return all positions of a scope at the given marks, the most valuable first."""
    rows = []
    for held in books.HOLDINGS:
        places = [(place, quantity) for place, quantity in held.places.items() if _in_scope(place[0], scope)]
        if not places:
            continue
        holdings = tuple(Holding(a, books.ACCOUNT_NAMES[a], sub, quantity, None, None) for (a, sub), quantity in places)
        quantity = add(*(one.quantity for one in holdings))
        closes = tuple(close for _, close in books.closes(held.asset.asset_id)[-8:-1])
        entries = _entry_counts().get(held.asset.asset_id, 0)
        rows.append(Position(held.asset, quantity, None, None, None, holdings, sparkline=closes, entries=entries))
    return revalued(Positions("usd", tuple(rows), None, None, None, 0, (), now), marks, now)


def revalued(old: Positions, marks: Mapping[str, Mark], now: int) -> Positions:
    """Return the same quantities at other marks."""
    rows = []
    for row in old.positions:
        mark = marks.get(row.asset.asset_id)
        holdings = tuple(replace(one, value=books.value_of(one.quantity, mark)) for one in row.holdings)
        value = books.value_of(row.quantity, mark)
        change = mark.change_24h if mark else None
        rows.append(
            replace(
                row, mark=mark, value=value, change_24h=change, effect_24h=_effect(value, change), holdings=holdings
            )
        )
    known = [row.value for row in rows if row.value is not None]
    total = add(*known) if known else None
    effects = [row.effect_24h for row in rows if row.effect_24h is not None]
    effect = add(*effects) if effects else None
    before = total - effect if total is not None and effect is not None else None
    shared = (
        replace(
            row,
            weight=_share(row.value, total),
            holdings=tuple(replace(one, weight=_share(one.value, total)) for one in row.holdings),
        )
        for row in rows
    )
    return Positions(
        currency=old.currency,
        positions=tuple(sorted(shared, key=lambda row: row.value if row.value is not None else -1, reverse=True)),
        value=total,
        change_24h=_share(effect, before),
        effect_24h=effect,
        priced=len(known),
        unpriced=tuple(row.asset.symbol for row in rows if row.value is None),
        as_of_ns=now,
    )


@lru_cache(maxsize=1)
def _growth() -> tuple[Decimal, ...]:
    dice = random.Random(305)  # noqa: S311
    days = (books.NOW - books.START) // DAY
    return tuple(Decimal(f"{1 + dice.gauss(0.0011, 0.0135):.6f}") for _ in range(days))


def since(scope: Scope, now: int) -> int:
    """Return the first moment of a scope's period."""
    if scope.since_ns is not None:
        return scope.since_ns
    if scope.period == "ytd":
        return parse_iso(f"{to_datetime(now).year}-01-01T00:00:00Z")[0]
    days = _PERIOD_DAYS.get(scope.period)
    return books.START if days is None else now // DAY * DAY - days * DAY


@lru_cache(maxsize=16)
def _values(total: Decimal) -> tuple[Decimal, ...]:
    """Return values at the end of each day, back from today's."""
    flows = {flow.at // DAY: flow.amount or ZERO for flow in flows_of(Scope(), books.START)}
    growth, made = _growth(), [total]
    for index in range(len(growth), 0, -1):
        flow = flows.get(books.START // DAY + index, ZERO)
        made.append(books.WIDE.divide(made[-1] - flow, growth[index - 1]).quantize(Decimal("0.01")))
    return tuple(reversed(made))


def flows_of(scope: Scope, start: int) -> tuple[Flow, ...]:
    """Return what entered or left the book since a moment, oldest first."""
    return tuple(
        Flow(entry.at, entry.stated.amount, entry.entry_id)
        for entry in reversed(books.entries())
        if entry.kind in (EntryKind.DEPOSIT, EntryKind.WITHDRAWAL)
        and entry.stated is not None
        and entry.at >= start
        and _in_scope(entry.account_id, scope)
    )


def curve(total: Decimal | None, scope: Scope, now: int) -> EquityCurve:
    """Return daily values; four days have no price, and there the line has a gap."""
    if total is None:
        return EquityCurve("usd", (), ())
    start = since(scope, now)
    values, growth, points = _values(total), _growth(), []
    without: Decimal | None = None
    for index, value in enumerate(values):
        at = books.START + (index + 1) * DAY
        if at < start:
            continue
        without = (
            value if without is None else books.WIDE.multiply(without, growth[index - 1]).quantize(Decimal("0.01"))
        )
        gap = len(values) - index in GAP_DAYS
        points.append(EquityPoint(at, None if gap else value, None if gap else without))
    left_out = ("ETHW",) if _in_scope("kraken-main", scope) else ()
    return EquityCurve("usd", tuple(points), flows_of(scope, start), left_out)


def _return(days: int, total: Decimal | None) -> Return:
    if total is None:
        return Return(None, METHOD, "nothing in this scope has a price")
    product = Decimal(1)
    for factor in _growth()[-days:]:
        product = books.WIDE.multiply(product, factor)
    return Return((product - 1).quantize(Decimal("0.000001")), METHOD)


def _shares(found: Positions, key: Callable[[Position, Holding], tuple[str, str]]) -> tuple[Share, ...]:
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in found.positions:
        for one in row.holdings:
            if one.value is not None:
                sums[key(row, one)] = add(sums[key(row, one)], one.value)
    made = (Share(*names, value, _share(value, found.value) or ZERO) for names, value in sums.items())
    return tuple(sorted(made, key=lambda share: share.value, reverse=True))


_VENUES = {account.account_id: account.venue for account in books.ACCOUNTS}
_KINDS = {
    AssetKind.CRYPTO: "Coins and tokens",
    AssetKind.STABLE: "Stablecoins",
    AssetKind.FIAT: "Money at venues",
    AssetKind.UNMAPPED: "Not mapped",
}


def overview(found: Positions, scope: Scope, now: int, worklist: tuple[Finding, ...]) -> Overview:
    """Return everything the Overview screen shows."""
    cash = [
        row.value
        for row in found.positions
        if row.asset.kind in (AssetKind.STABLE, AssetKind.FIAT) and row.value is not None
    ]
    today = to_datetime(now)
    return Overview(
        positions=found,
        curve=curve(found.value, scope, now),
        month_to_date=_return(today.day, found.value),
        year_to_date=_return(today.timetuple().tm_yday, found.value),
        cash=add(*cash) if found.value is not None else None,
        by_venue=_shares(found, lambda _, one: (_VENUES[one.account_id], books.VENUE_NAMES[_VENUES[one.account_id]])),
        by_kind=_shares(found, lambda row, _: (str(row.asset.kind), _KINDS[row.asset.kind])),
        findings=worklist,
    )


def _touches(entry: EntryView, asked: ActivityFilter) -> bool:
    if asked.kinds and entry.kind not in asked.kinds:
        return False
    if asked.accounts and not any(leg.account_id in asked.accounts for leg in entry.legs):
        return False
    if asked.assets and not any(leg.asset.asset_id in asked.assets for leg in entry.legs):
        return False
    if asked.since_ns is not None and entry.at < asked.since_ns:
        return False
    if asked.until_ns is not None and entry.at > asked.until_ns:
        return False
    words = [entry.account_name, *entry.references.values()]
    words += [word for leg in entry.legs for word in (leg.asset.symbol, leg.asset.name)]
    return not asked.text or asked.text.lower() in " ".join(words).lower()


def activity(asked: ActivityFilter, offset: int, limit: int) -> ActivityPage:
    """Return a slice of the activity, newest first."""
    found = [entry for entry in books.entries() if _touches(entry, asked)]
    return ActivityPage(tuple(found[offset : offset + limit]), len(found), offset)


def detail(entry: EntryView) -> EntryDetail:
    """Return an entry with its proof."""
    is_manual = entry.kind in (EntryKind.OPENING, EntryKind.ADJUSTMENT)
    stream = "" if is_manual else "ledger"
    proof = Proof(
        record=entry.record,
        records=len(books.entries()) + 10,
        device="this computer",
        record_hash=books.identity("record", entry.record),
        previous_hash=books.identity("record", entry.record - 1),
        recorded_at_ns=entry.at + 95 * SECOND,
        observation_hash="" if is_manual else books.identity("page", entry.record // 50),
        observation_stream=stream,
        observation_row=None if is_manual else entry.record % 50,
        observation_read_ns=None if is_manual else entry.at + 90 * SECOND,
        normaliser="" if is_manual else "kraken-ledger 3",
        is_verified=True,
    )
    row = ", ".join(f'"{leg.asset.symbol}": "{leg.quantity}"' for leg in entry.legs)
    raw = "" if is_manual else f'{{"txid": "{entry.entry_id[:16].upper()}", "time": {entry.at // SECOND}, {row}}}'
    history = ("2026-11-02 09:14 UTC: fee changed by the venue",) if entry.state == "revised" else ()
    return EntryDetail(entry, proof, raw, history)


def reconciliations(accounts: Sequence[str]) -> tuple[Reconciliation, ...]:
    """Return ledger against reported balances; two rows differ, one was never reported."""
    breaks = {("binance-main", "usd-coin"): Decimal("1250.00"), ("kraken-main", "polkadot"): Decimal("-4.2")}
    made = []
    for held in books.HOLDINGS:
        for (account, sub_place), quantity in held.places.items():
            if accounts and account not in accounts:
                continue
            difference = breaks.get((account, held.asset.asset_id), ZERO)
            is_read = account != "coinbase-fund"
            made.append(
                Reconciliation(
                    account_id=account,
                    account_name=books.ACCOUNT_NAMES[account],
                    sub_place=sub_place,
                    asset=held.asset,
                    ledger=quantity,
                    reported=quantity + difference if is_read else None,
                    difference=difference if is_read else None,
                    read_at_ns=books.NOW - 127 * SECOND if is_read else None,
                    causes=("one missing history page",) if difference else (),
                )
            )
    return tuple(made)


def _finding(line: str) -> Finding:
    severity, code, subject, place, message, what, fix = (part.strip() for part in line.split("|"))
    touched = tuple(
        entry.entry_id for entry in books.entries()[:400] if subject.rpartition("/")[2] in entry.references.values()
    )
    return Finding(Severity(severity), code, message, subject, what, fix, touched[:3], place)


_FINDINGS = """
error|source-failed|coinbase-fund|connections/coinbase-fund|Coinbase fund cannot be read|The key is refused since 09:14 UTC; your books are complete to that time|Replace key
error|break|binance-main/usd-coin|positions/usd-coin|Break of [[+1,250.00]] USDC at Binance|Likely cause: one missing history page|Show position
error|break|kraken-main/polkadot|positions/polkadot|Break of [[−4.2]] DOT at Kraken|Likely cause: a staking reward not read yet|Show position
warning|no-price|kraken:ETHW|positions/kraken:ETHW|1 position has no price|ETHW · [[31,500]] units, left out of the value|Show position
warning|price-gap|polkadot|positions/polkadot|3 days without a price for DOT|11 to 13 Oct 2026; the value chart has a gap there|Show position
warning|unmapped-asset|kraken:ETHW|positions/kraken:ETHW|ETHW is not in the asset list|Held at Kraken under its own name; never merged with another|Show position
info|unpaired|coinbase-prime|activity|14 withdrawals without a pair|11 have a match above 95 %|Show entries
info|provisional|kraken-main|activity|3 entries may still change|The venue has not settled them|Show entries
"""  # noqa: E501


@lru_cache(maxsize=1)
def findings() -> tuple[Finding, ...]:
    """Return eight findings, the most pressing first."""
    return tuple(_finding(line) for line in _FINDINGS.strip().splitlines())


READ_ONLY = KeyScope(may_read=True, may_trade=False, may_withdraw=False)
# name | state | right | records | minutes since the last read | budget | breaks | note
_CONNECTIONS = """
kraken-main|ok|read|811|2|0.18|1|
coinbase-prime|reading|read|604|1|0.34|0|ledger, 62 % read
binance-main|ok|trade|488|2|0.09|1|
kraken-desk|waiting|read|42|9|0.97|0|Venue asked to wait; goes on by itself at 14:34:10
coinbase-fund|failed|read|37|318||0|The key is refused since 09:14 UTC
binance-old|paused|withdraw|18|44640||0|Paused by you on 20 Oct 2026
"""


def _scope(right: str) -> KeyScope:
    return replace(READ_ONLY, may_trade=right != "read", may_withdraw=right == "withdraw")


def _connection(line: str) -> ConnectionView:
    name, state, right, records, minutes, budget, breaks, note = line.split("|")
    account = next(one for one in books.ACCOUNTS if one.account_id == name)
    read_at = books.NOW - int(minutes) * 60 * SECOND
    connection = Connection(
        name=name,
        venue=account.venue,
        account_id=name,
        key_hint=books.identity("key", name)[:6],
        is_paused=state == "paused",
        allow_withdraw=right == "withdraw",
        scope=_scope(right),
        added_at_ns=books.START,
        last_read_ns=read_at,
        last_error=note if state == "failed" else "",
    )
    streams = tuple(
        StreamState(stream, books.identity(name, stream)[:12], read_at, int(records) // 3)
        for stream in ("trades", "ledger", "balances")
    )
    return ConnectionView(
        connection=connection,
        account_name=account.name,
        state=ConnectionState(state),
        records=int(records),
        history_from_ns=books.START,
        last_read_ns=read_at,
        budget_used=Decimal(budget) if budget else None,
        breaks=int(breaks),
        note=note,
        streams=streams,
    )


def connections() -> tuple[ConnectionView, ...]:
    """Return six connections in every state but new."""
    return tuple(_connection(line) for line in _CONNECTIONS.strip().splitlines())
