"""Rows and columns of all open lots: where they lie, what they cost, what they would gain, when they are long-term."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.core.clock import DAY, EPOCH
from app.core.model.assets import Asset
from app.core.ports import AssetRegistry
from app.core.tax.events import total
from app.core.tax.figures import Term
from app.core.tax.profile import Profile
from app.services.lots import OpenLot, OpenLots
from app.ui import format as fmt
from app.ui.models.cells import Cell, Figure, Named, Status, Words
from app.ui.models.columns import LEFT, RIGHT, Column, full_amount, full_quantity, quantity_column, text_column
from app.ui.models.rows import Branch
from app.ui.screens import tax_lots_rows as rows
from app.ui.screens import tax_words as words
from app.ui.screens.base import HowComputed
from app.ui.screens.inspector_parts import Pair
from app.ui.screens.tax_proof import Proof
from app.ui.words import tr

TERM_COLUMNS = ("term", "long_from")
"""Columns that say nothing where a country asks for no terms."""
_SHOWN_ASSETS = 8
"""Assets in the words of how the total is computed."""


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One open lot with what people read of it."""

    lot: OpenLot
    asset: Asset
    wallet: str
    currency: str
    profile: Profile
    assets: AssetRegistry = field(repr=False, compare=False)

    @property
    def valued_by(self) -> str:
        """Return where the value comes from, in words."""
        return words.valued_by(self.lot.value, self.assets)


def branches(found: OpenLots, assets: AssetRegistry, accounts: Mapping[str, str]) -> tuple[Branch, ...]:
    """Return the lots; `accounts` names each account. Of many it takes a while: not for the main thread."""
    return tuple(
        Branch(f"{one.figures.wallet}/{one.figures.asset}/{one.figures.lot}", _row(one, found, assets, accounts))
        for one in found.lots
    )


def _row(one: OpenLot, found: OpenLots, assets: AssetRegistry, accounts: Mapping[str, str]) -> OpenRow:
    wallet = one.figures.wallet
    name = tr("all wallets") if wallet is None else accounts.get(wallet, wallet)
    return OpenRow(one, assets.asset(one.figures.asset), name, found.currency, found.profile, assets)


def name(row: OpenRow) -> str:
    """Return how a lot is called."""
    return f"{row.asset.symbol} {fmt.date(row.lot.figures.acquired_ns)}"


def searched(row: OpenRow) -> str:
    """Return what the filter looks into."""
    one = row.lot.figures
    held = _held(row)
    return f"{row.asset.symbol} {row.asset.name} {one.asset} {row.wallet} {fmt.date(one.acquired_ns)} {held} {one.lot}"


def _held(row: OpenRow) -> str:
    return rows.holding_words(row.lot.figures, row.profile)


def _term(row: OpenRow) -> str:
    is_long = row.lot.figures.is_long
    return "" if is_long is None else words.term(Term.LONG if is_long else Term.SHORT, row.profile)


def _days(row: OpenRow) -> Cell:
    one = row.lot.figures
    return Words(words.days_held(one.days_held, one.days_to_long, row.profile), "text_2")


def _long_from(row: OpenRow) -> str:
    day = row.lot.figures.long_from
    return "" if day is None else date.fromordinal(day).isoformat()


def _asset(row: OpenRow) -> Cell:
    return Named(row.asset.symbol, row.asset.symbol, row.asset.name)


def _money(value: Decimal | None, row: OpenRow) -> Cell:
    return Figure(fmt.amount(value, row.currency), "text_3" if value is None else "text")


def full(value: Decimal | None, currency: str) -> str:
    """Return an amount with every place it has; "" where it is not known."""
    return "" if value is None else full_amount(value, currency)


def _ahead(row: OpenRow) -> Cell:
    if not row.lot.turn:
        return Words("")
    return Status(f"{fmt.count(row.lot.turn)} · {fmt.quantity(row.lot.ahead)}", "info")


def columns() -> Sequence[Column]:
    """Return the columns of all open lots."""
    return (
        Column("asset", tr("Asset"), lambda row: row.asset.symbol, _asset, priority=100, width=110, gives_way=True,
               can_hide=False),
        text_column("wallet", tr("Wallet"), lambda row: row.wallet, tone="text_2", priority=60, width=90),
        Column("acquired", tr("Acquired"), lambda row: fmt.date(row.lot.figures.acquired_ns),
               lambda row: Words(fmt.date(row.lot.figures.acquired_ns)),
               sort_key=lambda row: row.lot.figures.acquired_ns, priority=95, width=84,
               tooltip=lambda row: f"{fmt.moment(row.lot.figures.acquired_ns)}\n{row.lot.figures.lot}"),
        quantity_column("quantity", tr("Quantity"), lambda row: row.lot.figures.quantity, lambda row: row.asset.symbol,
                        priority=90),
        Column("unit_cost", tr("Unit cost"), lambda row: row.lot.figures.unit_cost,
               lambda row: rows.unit_cost_cell(row.lot.figures, row.currency), RIGHT, priority=70),
        Column("cost", tr("Cost"), lambda row: row.lot.figures.cost, lambda row: _money(row.lot.figures.cost, row),
               RIGHT, priority=80, tooltip=lambda row: full(row.lot.figures.cost, row.currency)),
        Column("holding", tr("Holding"), lambda row: row.lot.figures.days_held,
               _days, LEFT, priority=65, width=128, gives_way=True, tooltip=_held),
        text_column("term", tr("Term"), _term, tone="text_2", priority=62, width=48,
                    gives_way=False, about=tr("What a sale on that day would be")),
        Column("long_from", tr("Long from"), _long_from, lambda row: Words(_long_from(row), "text_2"), priority=58,
               width=84, about=tr("The first day on which a sale is of the other term")),
        Column("ahead", tr("Sold next"), lambda row: row.lot.ahead or None, _ahead,
               sort_key=lambda row: row.lot.turn or None, priority=55, width=60,
               about=tr("What the next sales from this wallet use up, as you selected in advance")),
        Column("value", tr("Value"), lambda row: row.lot.value.amount,
               lambda row: _money(row.lot.value.amount, row), RIGHT, priority=75,
               tooltip=lambda row: fmt.prose(row.valued_by),
               about=tr("At the newest price that the books know, or at that of the day which is asked for")),
        Column("gain", tr("Unrealised gain"), lambda row: row.lot.gain,
               lambda row: rows.gain_cell(row.lot.gain, row.currency), RIGHT, priority=100, can_hide=False,
               tooltip=lambda row: full(row.lot.gain, row.currency), about=tr("Value less cost")),
        Column("source", tr("Valued by"), lambda row: row.valued_by,
               lambda row: Words(fmt.prose(row.valued_by), "text_3"), priority=20, width=110, gives_way=True),
    )  # fmt: skip


def sums(fitting: Sequence[OpenRow]) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Return cost, value and gain of lots together; what is not known of a lot is left out of its sum."""
    return (
        _known(row.lot.figures.cost for row in fitting),
        _known(row.lot.value.amount for row in fitting),
        _known(row.lot.gain for row in fitting),
    )


def _known(values: Iterable[Decimal | None]) -> Decimal | None:
    found = [one for one in values if one is not None]
    return total(found) if found else None


def proof(row: OpenRow) -> Proof:
    """Return what the gain of a lot follows from."""
    one, currency = row.lot.figures, row.currency
    told = [
        Pair(tr("Value"), fmt.amount(row.lot.value.amount, currency)),
        Pair(tr("Valued by"), fmt.prose(row.valued_by)),
        Pair(tr("Cost"), fmt.amount(one.cost, currency)),
        Pair(tr("Unit cost"), rows.unit_cost_cell(one, currency).text),
        Pair(tr("Holding"), _held(row)),
    ]
    if one.long_from is not None:
        told.append(Pair(words.from_word(row.profile), fmt.day((one.long_from - EPOCH) * DAY)))
    gain = fmt.amount(row.lot.gain, currency, sign=True)
    return Proof(
        row.asset.symbol,
        tr("Lot of %q").replace("%q", full_quantity(one.quantity, row.asset.symbol)),
        f"{row.wallet} · {tr('acquired %s').replace('%s', fmt.moment(one.acquired_ns))}",
        gain if row.lot.gain is not None else tr("Gain not known"),
        full(row.lot.gain, row.currency),
        told,
        tr("Gain = value − cost of what is left of the lot, exact. Fees of a sale are not taken off."),
        ((tr("Acquisition"), one.lot),),
    )


def explained(fitting: Sequence[OpenRow], currency: str, head: str) -> HowComputed:
    """Return how the gain of all lots that are shown is computed."""
    by_asset: dict[str, list[OpenRow]] = {}
    for row in fitting:
        by_asset.setdefault(row.asset.symbol, []).append(row)
    shown = sorted(by_asset.items(), key=lambda pair: abs(sums(pair[1])[2] or Decimal(0)), reverse=True)
    inputs = [_input(symbol, of, currency) for symbol, of in shown[:_SHOWN_ASSETS]]
    if len(shown) > _SHOWN_ASSETS:
        rest = [row for _, of in shown[_SHOWN_ASSETS:] for row in of]
        more = tr("%n more").replace("%n", fmt.count(len(shown) - _SHOWN_ASSETS))
        inputs.append(_input(more, rest, currency))
    unknown = sum(row.lot.gain is None for row in fitting)
    covered = tr("%n of %m lots known").replace("%n", fmt.count(len(fitting) - unknown))
    return HowComputed(
        tr("Unrealised gain"),
        tr("Value of each open lot at the price of its day, less the cost of what is left of it; added up exactly."),
        (tr("Asset"), tr("Lots"), tr("Cost"), tr("Value"), tr("Gain")),
        tuple(inputs),
        covered.replace("%m", fmt.count(len(fitting))),
        head,
        "activity",
    )


def _input(name_: str, of: Sequence[OpenRow], currency: str) -> tuple[str, ...]:
    cost, value, gain = sums(of)
    count = fmt.count(len(of))
    return name_, count, fmt.amount(cost, currency), fmt.amount(value, currency), fmt.amount(gain, currency, sign=True)
