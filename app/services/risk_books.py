"""The book of risk: what is held, owed and bet on, with whom and what it depends on; of the books, or of a file.

Where something lies on no known chain, or nobody is known who owes it, that is said and never guessed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from app.core.clock import DAY, iso
from app.core.errors import InputError
from app.core.findings import Finding, Severity
from app.core.model.accounts import Account
from app.core.model.assets import Asset, AssetKind
from app.core.model.chains import bridge_to, called, chain_of
from app.core.model.futures import Part
from app.core.model.market_files import HeldLine
from app.core.model.views import Holding, Position
from app.core.money import ZERO, add
from app.core.risk.exposures import NOBODY, Exposure, Places, collateral, debt, holding, perpetual, worth
from app.core.risk.leaving_facts import Facts
from app.core.risk.prices import Prices
from app.core.risk.study import Market, market
from app.core.transfers import Link
from app.services.accounts import BY_HAND, FROM_FILE

_STALE = 3 * DAY
"""A close so much older than the day that is asked for is no price of that day."""

_NAMED = 5
"""So many names of a price file are told where none of those that are held is among them."""

_LOCKED = ("staked", "locked", "bonded")
"""Sub-places that nothing can be sold from before a while; what is in flexible products can."""

_EARN = "earn"

_OWN = ("wallet", "self", "self-custody", "own")
"""Words in a file of positions for what no venue keeps."""


class Bound(NamedTuple):
    """Some of an asset that cannot be sold before a day; None where the day is not known."""

    asset: str
    quantity: Decimal
    until: int | None


class Book(NamedTuple):
    """What a desk looks at.

    Attributes:
        value: Of what is priced, in the currency: holdings, margins and open gains, less debt.
        names: Names of assets for people, by asset.
        ids: Ids of the registry, by the name that the book gives an asset.
        classes: Kinds of assets, by the name that the book gives them.
        venues: Names of venues for people, by id.
        is_simulated: Whether its prices are those of a market that never was.
        facts: What is known of the markets that it would be closed in.
        unread: Parts of accounts of which nothing was ever told, by the name of the account.
    """

    exposures: Sequence[Exposure]
    market: Market
    value: float
    currency: str
    names: Mapping[str, str]
    ids: Mapping[str, str]
    findings: tuple[Finding, ...] = ()
    classes: Mapping[str, str] = {}
    venues: Mapping[str, str] = {}
    is_simulated: bool = False
    facts: Facts = Facts()
    unread: tuple[tuple[str, Part], ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What is in the risk and in no positions of the books, such as futures; with the assets that it is about.

    Attributes:
        locks: What of an account's positions cannot be sold yet, and until when, by account.
        unread: Parts of accounts of which nothing was ever told, by the name of the account.
    """

    exposures: Sequence[Exposure] = ()
    assets: Sequence[Asset] = ()
    findings: tuple[Finding, ...] = ()
    locks: Mapping[str, Sequence[Bound]] = field(default_factory=dict)
    unread: tuple[tuple[str, Part], ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What is known around positions.

    Attributes:
        venues: Names of venues by id.
        chains: By account and asset, where no venue keeps the account.
        beside: What is in no position.
    """

    currency: str
    accounts: Mapping[str, Account]
    venues: Mapping[str, str] = field(default_factory=dict)
    chains: Mapping[tuple[str, str], str] = field(default_factory=dict)
    is_simulated: bool = False
    beside: Beside = field(default_factory=Beside)


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What is known around the lines of a file: the market, and assets by the file's names."""

    market: Market
    currency: str
    assets: Mapping[str, Asset]
    venues: Mapping[str, str]


def places_of(asset: Asset, venue: str, chain: str = "", issuer: str = "", bridge: str = "") -> Places:
    """Return whom and what a holding depends on.

    A coin lies on its chain whoever keeps it. A token that several chains have is known to lie on one only where
    somebody says so: a venue pays it out over whichever its customer asks for.
    """
    is_money, is_known = asset.kind is AssetKind.FIAT, asset.kind is not AssetKind.UNMAPPED
    there = called(chain) or (asset.chains[0] if len(asset.chains) == 1 else "")
    owed_by = issuer or asset.issuer or (NOBODY if is_known else "")
    keeper = venue if venue not in ("", NOBODY) else ""
    named = owed_by if owed_by != NOBODY else ""
    return Places(
        venue=venue,
        chain=NOBODY if is_money else there,
        issuer=owed_by,
        counterparty=keeper or named or (NOBODY if venue == owed_by == NOBODY else ""),
        bridge="" if is_money else bridge or bridge_to(there, asset),
    )


def venue_of(account: Account | None) -> str:
    """Return the venue that keeps an account; "" where that is not known: one that a person keeps may be anywhere."""
    return "" if account is None or account.venue in (BY_HAND, FROM_FILE) else account.venue


def chains_of(links: Iterable[Link]) -> dict[tuple[str, str], str]:
    """Return by account and asset over which chain transfers brought it there, where all of them took one."""
    found: dict[tuple[str, str], set[str]] = {}
    for link in links:
        told = {chain_of(end.network) for end in link.ends if end.network}
        for end in link.deposits:
            found.setdefault((end.account, end.asset), set()).update(told or {""})
    return {place: chain for place, (chain, *others) in found.items() if chain and not others}


def of_positions(
    held: Sequence[Position], known: Known, closes: Mapping[str, Mapping[int, object]], as_of: int | None = None
) -> Book:
    """Return the book of positions at their marks; InputError where none has a price."""
    exposures, unpriced = exposures_of(held, known), [one for one in held if one.mark is None]
    if not exposures:
        raise InputError("Nothing that is held has a price.", hint="Read the connections first: counterfoil sync.")
    histories = {
        asset: [(day * DAY, float(str(price))) for day, price in sorted(days.items())] for asset, days in closes.items()
    }
    assets = [*(position.asset for position in held), *known.beside.assets]
    return Book(
        exposures,
        market(histories, as_of),
        worth(exposures),
        known.currency,
        {asset.asset_id: asset.symbol for asset in assets},
        {asset.asset_id: asset.asset_id for asset in assets},
        (*(_unpriced(one.asset.symbol) for one in unpriced), *known.beside.findings),
        {asset.asset_id: asset.kind.value for asset in assets},
        known.venues,
        known.is_simulated,
        unread=known.beside.unread,
    )


def exposures_of(held: Sequence[Position], known: Known) -> list[Exposure]:
    """Return the exposure of each holding that has a price, and of what is beside the positions."""
    holdings = [
        line
        for position in held
        if position.mark is not None
        for one, bound in _bound(position, known.beside.locks)
        for line in _exposures(position.asset, one, bound, known)
    ]
    return [*holdings, *known.beside.exposures]


def _bound(position: Position, locks: Mapping[str, Sequence[Bound]]) -> list[tuple[Holding, list[Bound]]]:
    """Return each holding with what of it is bound: no more than there is, and first where nothing is free anyway.

    A venue tells what is bound of an account, and in which of its sub-places that lies the ledger knows.
    """
    found: list[tuple[Holding, list[Bound]]] = [(one, []) for one in position.holdings if one.quantity]
    for account in {one.account_id for one, _ in found} & locks.keys():
        there = sorted((one for one in found if one[0].account_id == account), key=lambda one: _rank(one[0]))
        room = [max(one.quantity, ZERO) for one, _ in there]
        for lock in (one for one in locks[account] if one.asset == position.asset.asset_id):
            left = lock.quantity
            for index, (_, bound) in enumerate(there):
                part = min(left, room[index])
                if part:
                    bound.append(lock._replace(quantity=part))
                    room[index], left = add(room[index], -part), add(left, -part)
    return found


def _rank(held: Holding) -> int:
    return 0 if held.sub_place in _LOCKED else 1 if held.sub_place == _EARN else 2


def _exposures(asset: Asset, held: Holding, bound: Sequence[Bound], known: Known) -> list[Exposure]:
    """Return a holding as a line, and a line for each day on which a part of it is free."""
    venue = venue_of(known.accounts.get(held.account_id))
    places = places_of(asset, venue, known.chains.get((held.account_id, asset.asset_id), ""))
    value, whole = float(held.value or 0), held.quantity
    if value < 0:
        return [debt(asset.asset_id, value, places)]
    lines = [
        holding(
            asset.asset_id, value * float(one.quantity / whole), places, is_locked=True, locked_until=one.until
        )
        for one in bound
    ]  # fmt: skip
    rest = add(whole, *(-one.quantity for one in bound))
    if rest or not lines:
        left = value * float(rest / whole) if lines else value
        lines.append(holding(asset.asset_id, left, places, is_locked=held.sub_place in _LOCKED))
    return lines


def of_lines(lines: Sequence[HeldLine], told: Sequence[Finding], around: Surroundings) -> Book:
    """Return the book of a file's lines at the last closes; InputError where none has a price.

    `told` is what is odd about the files already.
    """
    day, currency = around.market.last, around.currency
    exposures: list[Exposure] = []
    findings = [*told]
    for line in lines:
        price, at = (1.0, day) if line.asset == currency else _close(around.market.prices, line.asset, day)
        if price is None:
            # What was odd about its prices is why it has none.
            findings += (one for one in around.market.returns.findings if one.asset == line.asset)
            findings.append(_unpriced(line.asset, day))
            continue
        if at < day:
            findings.append(_older(line.asset, at, day))
        exposures.append(_of_line(line, around.assets[line.asset], price, day))
    if not exposures:
        raise InputError(
            f"No line of {len(lines)} has a price on {iso(day)[:10]}.",
            hint=f"Name assets as the price file does ({', '.join(around.market.prices.assets[:_NAMED])}), or give "
            "another day: --as-of DATE.",
        )
    ids = {name: asset.asset_id for name, asset in around.assets.items()}
    classes = {name: asset.kind.value for name, asset in around.assets.items()}
    return Book(
        exposures, around.market, worth(exposures), currency, {}, ids, tuple(findings), classes, around.venues
    )  # fmt: skip


def _of_line(line: HeldLine, asset: Asset, price: float, day: int) -> Exposure:
    quantity = float(line.quantity)
    venue = NOBODY if line.venue.casefold() in _OWN else line.venue
    places = places_of(asset, venue, line.chain, line.issuer, line.bridge)
    match line.kind.casefold():
        case "perpetual" | "future" | "swap":
            return perpetual(
                line.asset, quantity, price,
                margin=float(line.margin or 0), entry=_float(line.entry), liquidation=_float(line.liquidation),
                places=places,
            )  # fmt: skip
        case "collateral" | "margin":
            return collateral(line.asset, quantity * price, places)
        case "debt" | "loan" | "short":
            return debt(line.asset, quantity * price, places)
        case "staked" | "locked" | "" | "holding" | "spot" if quantity >= 0:
            is_locked = line.locked_until is not None and line.locked_until > day
            is_named = line.locked_until is None and line.kind.casefold() in ("staked", "locked")
            return holding(
                line.asset, quantity * price, places,
                is_locked=is_named, locked_until=line.locked_until if is_locked else None,
            )  # fmt: skip
        case "" | "holding" | "spot":
            return debt(line.asset, quantity * price, places)
        case "staked" | "locked":
            raise InputError(
                f"{line.asset} is staked with the quantity {line.quantity}.",
                hint="A stake is above zero; a debt is no stake.",
            )
    raise InputError(
        f"{line.asset} is of the kind {line.kind!r}.",
        hint="Kinds are holding, staked, collateral, perpetual, debt and short.",
    )


def _float(value: object) -> float | None:
    return None if value is None else float(str(value))


def _close(found: Prices, asset: str, day: int) -> tuple[float | None, int]:
    """Return the last close of an asset that is not too old, and its day; None where there is none."""
    if asset not in found.assets:
        return None, day
    column = found.closes[:, found.assets.index(asset)]
    for row in range(column.size - 1, -1, -1):
        if day - int(found.at[row]) > _STALE:
            break
        if not math.isnan(column[row]):
            return float(column[row]), int(found.at[row])
    return None, day


def _older(name: str, at: int, day: int) -> Finding:
    said = f"The newest price of {name} that counts is of {iso(at)[:10]}, and the day is {iso(day)[:10]}."
    return Finding(Severity.WARNING, "price-older", said, name, "Its exposure is at that price.",
                   "Check the price source", asset=name)  # fmt: skip


def _unpriced(name: str, day: int | None = None) -> Finding:
    when = "" if day is None else f" within three days of {iso(day)[:10]}"
    return Finding(Severity.WARNING, "exposure-unpriced", f"{name} has no price{when}: its exposure is unknown.",
                   name, "Every figure leaves it out.", "Check the price source", asset=name)  # fmt: skip
