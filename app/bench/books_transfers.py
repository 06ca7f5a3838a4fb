"""Pairing of withdrawals and deposits whose true transfers are known: how long it takes, and whether it is right."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from app.bench.figures import AT_LEAST, AT_MOST, Figure, best_of
from app.bench.statements import START
from app.core.clock import DAY, SECOND, from_datetime
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role
from app.core.transfers import pairing

_MANY, _FEW = 100_000, 2_000
_ASSETS = ("bitcoin", "ethereum", "tether", "usd-coin", "solana", "ripple", "litecoin")
_ACCOUNTS = ("binance", "kraken", "coinbase", "ledger", "metamask", "tron")
_YEARS = 3 * 365
_FEE = Decimal("0.0012")
_ALONE = 10
"""Of so many payments one goes to a stranger or comes from one: it has no other end in the books."""

Told = tuple[str, Entry]
Ids = frozenset[str]


def figures(*, quick: bool) -> Sequence[Figure]:
    """Pair made-up ends of three years."""
    entries, true = _world(_FEW if quick else _MANY)
    best = best_of(1 if quick else 2, lambda: pairing(entries))
    simple = best_of(1 if quick else 2, lambda: _simple(entries))
    found = pairing(entries)
    told = {one.ids for one in (*found.links, *(proposal.link for proposal in found.proposals))}
    name = f"pairing, {len(entries):,} withdrawals and deposits"
    return [
        Figure(name, best, "s", (AT_MOST, 5), "first equal amount within two days, no clue weighed", simple),
        Figure("pairing, right of what it names", len(told & true) / len(told), "share", (AT_LEAST, 0.99)),
        Figure("pairing, found of what there is", len(told & true) / len(true), "share", (AT_LEAST, 0.98)),
        Figure("pairing, the simple way: found of what there is", len(_simple(entries) & true) / len(true), "share"),
    ]


def _world(count: int) -> tuple[list[Told], set[Ids]]:
    """Return entries in the order of time, and the transfers among them by their entries."""
    dice = random.Random(11)  # noqa: S311 - a made-up life, no secret
    entries: list[Told] = []
    true: set[Ids] = set()
    while len(entries) < count:
        made = list(_payment(dice, len(entries)))
        if dice.randrange(_ALONE):
            true.add(frozenset(entry_id for entry_id, _ in made))
        else:
            made = [dice.choice(made)]
        entries += made
    return sorted(entries, key=lambda one: (one[1].at, one[0])), true


def _payment(dice: random.Random, number: int) -> Iterator[Told]:
    """Yield what left and what arrived; each end tells the hash, or does not, as sources do."""
    source, target = dice.sample(_ACCOUNTS, 2)
    asset, tx_hash = dice.choice(_ASSETS), f"{dice.getrandbits(256):064x}"
    at = from_datetime(START) + dice.randrange(_YEARS * DAY // SECOND) * SECOND
    quantity = (Decimal(dice.lognormvariate(0, 2)) + 1).quantize(Decimal(1).scaleb(-dice.choice((8, 3, 1))))
    is_inside = dice.random() < 0.4  # noqa: PLR2004 - of the fees are taken out of what was sent
    arrived = quantity - _FEE if is_inside else quantity
    later = at + dice.randrange(60, 5_400) * SECOND
    for into, account, moment, amount in ((False, source, at, -quantity), (True, target, later, arrived)):
        legs = [Leg(account, "spot", asset, amount)]
        if not into and not is_inside:
            legs.append(Leg(account, "spot", asset, -_FEE, Role.FEE))
        told = {"tx_hash": tx_hash} if dice.random() < 0.7 else {}  # noqa: PLR2004 - of the ends tell it
        kind = EntryKind.DEPOSIT if into else EntryKind.WITHDRAWAL
        name = f"e{number:07d}{'b' if into else 'a'}"
        yield name, Entry(account, moment, kind, tuple(legs), Identity("made-up", name), SECOND, told)


def _simple(entries: Sequence[Told]) -> set[Ids]:
    """Pair each deposit with the first equal withdrawal of the two days before it, as a spreadsheet would."""
    left: dict[tuple[str, Decimal], list[Told]] = defaultdict(list)
    found = set()
    for entry_id, entry in entries:
        moved = entry.legs[0]
        waiting = left[moved.asset, abs(moved.quantity)]
        if entry.kind is EntryKind.WITHDRAWAL:
            waiting.append((entry_id, entry))
            continue
        other = next((one for one in waiting if entry.at - one[1].at <= 2 * DAY), None)
        if other is not None:
            waiting.remove(other)
            found.add(frozenset({other[0], entry_id}))
    return found
