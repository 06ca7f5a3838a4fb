"""Made-up histories of deposits and withdrawals whose true transfers are known: what a matcher is judged by.

The rules here were written before any matcher and know none. Each case belongs to a class; the hard ones are those
that people report of other programs: batched withdrawals, fees inside the amount or in another asset, equal amounts on
one day, look-alikes from outside, a leg that is missing, clocks of another time zone, days of delay, parts, round
amounts, one coin on two chains. What happens in the world decides the label; what a source tells of it is another
matter: hashes, networks and addresses are there or not as they are at real venues.

Frozen: a case may be mended only where its label is wrong, and the reason belongs into the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.clock import DAY, SECOND
from app.core.ledger.entries import Entry
from tests.core.transfers.made_up_world import ACCOUNTS, ASSETS, HOUR, ROUND, WALLETS, World

Ids = frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    """Some ends with what truly happened.

    Attributes:
        transfers: (withdrawals, deposits) that are one transfer each.
        alike: Ends of which nobody could tell one from the other: any of them is right in the other's place.
    """

    kind: str
    entries: tuple[tuple[str, Entry], ...]
    transfers: tuple[tuple[Ids, Ids], ...] = ()
    alike: tuple[Ids, ...] = ()


@dataclass
class Labelled:
    """A whole history: entries in the order of time, and the cases that it is made of."""

    cases: list[Case] = field(default_factory=list)

    @property
    def entries(self) -> list[tuple[str, Entry]]:
        """Return all entries, oldest first."""
        return sorted((one for case in self.cases for one in case.entries), key=lambda one: (one[1].at, one[0]))

    @property
    def kinds(self) -> dict[str, str]:
        """Return the class of each entry."""
        return {entry_id: case.kind for case in self.cases for entry_id, _ in case.entries}


def _one(made: World, kind: str, *, hashes: tuple[float, float] = (0.6, 0.6), wait: int | None = None,  # noqa: PLR0913
         shift: int = 0, asset: str = "", amount: Decimal | None = None) -> Case:  # fmt: skip
    """One withdrawal and its one deposit."""
    source, target = made.pair()
    asset = asset or made.asset()
    at, tx_hash = made.moment(), made.hash()
    beside, inside = made.fee(source, asset)
    quantity = max(amount or made.amount(asset), inside * 3)
    out = made.sent(source, target, at, asset, quantity, fee=beside, tx_hash=made.told(source, tx_hash, rate=hashes[0]))
    late = made.delay(asset) if wait is None else wait
    into = made.received(
        target, at + late + shift, asset, quantity - inside, tx_hash=made.told(target, tx_hash, rate=hashes[1])
    )
    return Case(kind, (out, into), ((frozenset({out[0]}), frozenset({into[0]})),))


def clean(made: World) -> Iterator[Case]:
    """The ordinary transfer: both ends tell its hash."""
    yield _one(made, "clean", hashes=(1.0, 1.0))


def half_told(made: World) -> Iterator[Case]:
    """Only one end, or none, tells the hash."""
    yield _one(made, "half-told", hashes=made.rng.choice([(1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]))


def slow(made: World) -> Iterator[Case]:
    """It arrives hours or days later: held by a venue, or a chain that stood still."""
    yield _one(made, "slow", wait=made.rng.randrange(3 * HOUR // SECOND, 3 * DAY // SECOND) * SECOND)


def early(made: World) -> Iterator[Case]:
    """By the clocks of the two sources it arrived before it left."""
    yield _one(made, "early", wait=0, shift=-made.rng.randrange(5, 300) * SECOND)


def other_zone(made: World) -> Iterator[Case]:
    """One source told local time for UTC: whole hours off."""
    hours = made.rng.choice([-11, -8, -7, -5, -4, 1, 2, 3, 8, 9])
    yield _one(made, "other-zone", shift=hours * HOUR)


def round_amount(made: World) -> Iterator[Case]:
    """An amount that many people send."""
    asset = made.asset("tether", "usd-coin", "ripple")
    yield _one(made, "round", asset=asset, amount=Decimal(made.rng.choice(ROUND)))


def fee_elsewhere(made: World) -> Iterator[Case]:
    """The fee was paid in another asset; what was sent arrived whole."""
    source, target = made.exchanges()
    asset, at, tx_hash = made.asset("tether", "usd-coin", "ripple", "solana"), made.moment(), made.hash()
    quantity = made.amount(asset)
    out = made.sent(
        source, target, at, asset, quantity, fee=Decimal("0.0021"), fee_asset="bnb", tx_hash=made.told(source, tx_hash)
    )
    into = made.received(target, at + made.delay(asset), asset, quantity, tx_hash=made.told(target, tx_hash))
    yield Case("fee-elsewhere", (out, into), ((frozenset({out[0]}), frozenset({into[0]})),))


def batched(made: World) -> Iterator[Case]:
    """Several withdrawals in one transaction: one deposit of their sum, or each its own deposit."""
    sources = made.rng.sample([one for one in ACCOUNTS if one not in WALLETS], 2)
    asset, at, tx_hash = made.asset("bitcoin", "litecoin", "ethereum", "tether"), made.moment(), made.hash()
    amounts = [made.amount(asset), made.amount(asset)]
    if made.rng.random() < 0.5:
        target = made.rng.choice(WALLETS)
        outs = [
            made.sent(sources[0], target, at + n * made.rng.randrange(1, 40) * SECOND, asset, amount,
                      fee=Decimal(ASSETS[asset][1]), tx_hash=made.written(tx_hash))
            for n, amount in enumerate(amounts)
        ]  # fmt: skip
        into = made.received(
            target, at + made.delay(asset), asset, sum(amounts, Decimal(0)), tx_hash=made.written(tx_hash)
        )
        yield Case("batched", (*outs, into), ((frozenset(one[0] for one in outs), frozenset({into[0]})),))
        return
    targets = made.rng.sample(WALLETS, 2)
    outs = [
        made.sent(sources[0], target, at, asset, amount, fee=Decimal(ASSETS[asset][1]), tx_hash=made.written(tx_hash))
        for target, amount in zip(targets, amounts, strict=True)
    ]
    late = made.delay(asset)
    intos = [
        made.received(target, at + late, asset, amount, tx_hash=made.written(tx_hash))
        for target, amount in zip(targets, amounts, strict=True)
    ]
    same = amounts[0] == amounts[1]
    pairs = tuple((frozenset({out[0]}), frozenset({into[0]})) for out, into in zip(outs, intos, strict=True))
    yield Case("batched", (*outs, *intos), pairs, (frozenset(one[0] for one in outs),) if same else ())


def split(made: World) -> Iterator[Case]:
    """One withdrawal that reached two accounts in one transaction."""
    source = made.rng.choice(WALLETS)
    targets = made.rng.sample([one for one in ACCOUNTS if one not in WALLETS], 2)
    asset, at, tx_hash = made.asset("bitcoin", "litecoin"), made.moment(), made.hash()
    amounts = [made.amount(asset), made.amount(asset)]
    network_fee = Decimal("0.00003812")
    out = made.sent(source, targets[0], at, asset, sum(amounts, network_fee), tx_hash=made.written(tx_hash))
    late = made.delay(asset)
    intos = [
        made.received(target, at + late, asset, amount, tx_hash=made.written(tx_hash))
        for target, amount in zip(targets, amounts, strict=True)
    ]
    yield Case("split", (out, *intos), ((frozenset({out[0]}), frozenset(one[0] for one in intos)),))


def in_parts(made: World) -> Iterator[Case]:
    """What was sent arrived in two parts, credited one after the other; no hash at the receiving end."""
    source, target = made.exchanges()
    asset, at = made.asset("bitcoin", "ethereum", "solana"), made.moment()
    first, second = made.amount(asset), made.amount(asset)
    out = made.sent(
        source, target, at, asset, first + second, fee=Decimal(ASSETS[asset][1]), tx_hash=made.told(source, made.hash())
    )
    late = made.delay(asset)
    later = late + made.rng.randrange(1, 20) * HOUR
    intos = [made.received(target, at + late, asset, first), made.received(target, at + later, asset, second)]
    yield Case("parts", (out, *intos), ((frozenset({out[0]}), frozenset(one[0] for one in intos)),))


def equal_on_one_day(made: World) -> Iterator[Case]:
    """The same amount sent twice on one day, to two accounts or to one."""
    source, target = made.exchanges()
    asset, at = made.asset("bitcoin", "ethereum", "tether", "ripple"), made.moment()
    quantity, gap = made.amount(asset), made.rng.randrange(2, 9) * HOUR
    found, pairs = [], []
    for turn in range(2):
        tx_hash, begun = made.hash(), at + turn * gap
        out = made.sent(
            source, target, begun, asset, quantity, fee=Decimal(ASSETS[asset][1]),
            tx_hash=made.told(source, tx_hash, rate=0.8),
        )  # fmt: skip
        into = made.received(target, begun + made.delay(asset), asset, quantity,
                             tx_hash=made.told(target, tx_hash, rate=0.8))  # fmt: skip
        found += [out, into]
        pairs.append((frozenset({out[0]}), frozenset({into[0]})))
    yield Case("equal", tuple(found), tuple(pairs))


def two_chains(made: World) -> Iterator[Case]:
    """The same amount of one coin over two chains at about one time."""
    source = made.rng.choice(["binance", "kraken", "coinbase"])
    asset, at = made.asset("tether", "usd-coin"), made.moment()
    quantity = Decimal(made.rng.choice(ROUND))
    found, pairs = [], []
    for target, network in (("metamask", "eth"), ("tron-wallet", "trx")):
        tx_hash = made.hash()
        out = made.sent(
            source, target, at + made.rng.randrange(0, 600) * SECOND, asset, quantity, network=network,
            fee=Decimal(ASSETS[asset][1]), tx_hash=made.told(source, tx_hash, rate=0.5),
        )  # fmt: skip
        into = made.received(
            target,
            at + 600 * SECOND + made.delay(asset),
            asset,
            quantity,
            network=network,
            tx_hash=made.written(tx_hash),
        )
        found += [out, into]
        pairs.append((frozenset({out[0]}), frozenset({into[0]})))
    yield Case("two-chains", tuple(found), tuple(pairs))


def one_leg(made: World) -> Iterator[Case]:
    """Something went to a stranger, or came from one: there is no other end in the books."""
    account = made.rng.choice(ACCOUNTS)
    asset, at = made.asset(), made.moment()
    if made.rng.random() < 0.5:
        beside, _ = made.fee(account, asset)
        yield Case("one-leg", (made.sent(account, "", at, asset, made.amount(asset), fee=beside,
                                         tx_hash=made.told(account, made.hash())),))  # fmt: skip
    else:
        into = made.received(account, at, asset, made.amount(asset), tx_hash=made.told(account, made.hash()))
        yield Case("one-leg", (into,))


def look_alike(made: World) -> Iterator[Case]:
    """A payment to a stranger, and within hours a payment from another one of about the same amount."""
    source, target = made.pair()
    asset, at = made.asset(), made.moment()
    beside, _ = made.fee(source, asset)
    quantity = made.amount(asset)
    out = made.sent(source, "", at, asset, quantity, fee=beside, tx_hash=made.told(source, made.hash(), rate=0.9))
    places = Decimal(1).scaleb(-ASSETS[asset][2])
    off = quantity * Decimal(f"{made.rng.uniform(-0.02, 0.02):.5f}")
    into = made.received(
        target, at + made.rng.randrange(-6, 24) * HOUR + made.delay(asset), asset, (quantity + off).quantize(places),
        tx_hash=made.told(target, made.hash(), rate=0.9),
    )  # fmt: skip
    yield Case("look-alike", (out, into))


def bought_outside(made: World) -> Iterator[Case]:
    """A round amount came from a stranger on a day on which the same round amount went to another one."""
    source, target = made.exchanges()
    asset, at = made.asset("tether", "usd-coin"), made.moment()
    quantity = Decimal(made.rng.choice(ROUND))
    out = made.sent(
        source,
        "",
        at,
        asset,
        quantity,
        fee=Decimal(ASSETS[asset][1]),
        tx_hash=made.written(made.hash()),
        knows_address=1,
    )
    into = made.received(
        target,
        at + made.rng.randrange(1, 12) * HOUR,
        asset,
        quantity,
        tx_hash=made.written(made.hash()),
        knows_address=1,
    )
    yield Case("bought-outside", (out, into))


CLASSES: Mapping[str, tuple[Callable[[World], Iterator[Case]], int]] = {
    "clean": (clean, 30),
    "half-told": (half_told, 18),
    "slow": (slow, 6),
    "early": (early, 4),
    "other-zone": (other_zone, 4),
    "round": (round_amount, 6),
    "fee-elsewhere": (fee_elsewhere, 5),
    "batched": (batched, 5),
    "split": (split, 3),
    "parts": (in_parts, 2),
    "equal": (equal_on_one_day, 4),
    "two-chains": (two_chains, 3),
    "one-leg": (one_leg, 14),
    "look-alike": (look_alike, 8),
    "bought-outside": (bought_outside, 3),
}
"""By class: what makes a case, and how often it happens beside the others."""


def labelled(seed: int, cases: int = 2_700) -> Labelled:
    """Return a history of more than 5,000 ends."""
    made, found = World(seed), Labelled()
    kinds = [kind for kind, (_, weight) in CLASSES.items() for _ in range(weight)]
    for _ in range(cases):
        found.cases += CLASSES[made.rng.choice(kinds)][0](made)
    return found
