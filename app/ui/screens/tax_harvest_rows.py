"""What the tab of losses shows: a row for each lot or pool below its cost, and what is said of buying again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.clock import DAY, EPOCH
from app.core.model.assets import Asset
from app.core.money import add
from app.core.ports import AssetRegistry
from app.core.tax.events import negative
from app.core.tax.figures import Term
from app.core.tax.harvest import Harvest, Loss
from app.core.tax.profile import Profile
from app.services.harvest import Harvested
from app.ui import format as fmt
from app.ui.models.cells import NOTHING, Cell, Delta, Figure, Named, Words
from app.ui.models.columns import LEFT, RIGHT, Column, full_amount, full_quantity, quantity_column, text_column
from app.ui.models.rows import Branch
from app.ui.screens import tax_words as words
from app.ui.screens.inspector_parts import Pair
from app.ui.screens.positions_rows import seen_change
from app.ui.screens.tax_proof import Proof
from app.ui.words import tr


@dataclass(frozen=True, slots=True)
class LossRow:
    """Units below their cost, with what people read of them."""

    loss: Loss
    asset: Asset
    wallet: str
    currency: str
    recent_says: str
    profile: Profile
    assets: AssetRegistry = field(repr=False, compare=False)

    @property
    def valued_by(self) -> str:
        """Return where the value comes from, in words."""
        return words.valued_by(self.loss.value, self.assets)

    @property
    def key(self) -> str:
        """Return what tells the row from the others."""
        return f"{self.loss.wallet}/{self.loss.asset}/{self.loss.lot}"


def branches(made: Harvested, assets: AssetRegistry, accounts: Mapping[str, str]) -> tuple[Branch, ...]:
    """Return the losses, the greatest first; `accounts` names each account. Not for the main thread."""
    says = "" if made.found.rule is None else made.found.rule.recent
    rows = [
        LossRow(
            one, assets.asset(one.asset), _place(one.wallet, accounts), made.currency, says, made.found.profile, assets
        )
        for one in made.found.losses
    ]  # fmt: skip
    return tuple(Branch(row.key, row) for row in rows)


def _place(wallet: str | None, accounts: Mapping[str, str]) -> str:
    return tr("all wallets") if wallet is None else accounts.get(wallet, wallet)


def name(row: LossRow) -> str:
    """Return how a row is called."""
    return f"{row.asset.symbol} {acquired(row)}"


def searched(row: LossRow) -> str:
    """Return what the filter looks into."""
    return f"{row.asset.symbol} {row.asset.name} {row.wallet} {acquired(row)} {term_words(row)} {row.loss.lot or ''}"


def acquired(row: LossRow) -> str:
    """Return when it was acquired; a pool has no day."""
    return tr("pool") if row.loss.acquired_ns is None else fmt.date(row.loss.acquired_ns)


def term_words(row: LossRow) -> str:
    """Return short or long, and in how many days it is long; "" where the country does not ask."""
    one = row.loss
    if one.is_long is None:
        return ""
    if one.is_long:
        word = words.term(Term.LONG, row.profile)
        return word if one.counts else f"{word} · {tr('loss not counted')}"
    return words.term_ahead(one.days_to_long or 0, row.profile)


def recent_tip(row: LossRow) -> str:
    """Return which acquisitions of the last days the law looks at, and what becomes of them."""
    if not row.loss.recent:
        return ""
    lines = [f"{fmt.date(one.at)} · {full_quantity(one.quantity, row.asset.symbol)}" for one in row.loss.recent]
    return "\n".join([*lines, f"{tr('These units')} {row.recent_says}."])


def before_tip(row: LossRow) -> str:
    """Return how much a sale takes before these units."""
    return full_quantity(row.loss.sold_before, row.asset.symbol) if row.loss.sold_before else ""


def _money(value: Decimal | None, row: LossRow) -> Cell:
    return Figure(fmt.amount(value, row.currency), "text_3" if value is None else "text")


def _full(value: Decimal | None, row: LossRow) -> str:
    return "" if value is None else full_amount(value, row.currency)


def _loss(row: LossRow) -> Cell:
    gain = negative(row.loss.loss)
    text = fmt.amount(gain, row.currency, sign=True)
    return Delta(seen_change(gain), text) if row.loss.counts else Figure(text, "text_3")


def _recent(row: LossRow) -> Cell:
    if not row.loss.recent:
        return NOTHING
    return Figure(fmt.quantity(row.loss.recent_quantity), "warn", icon="clock-alert")


def _before(row: LossRow) -> Cell:
    if not row.loss.sold_before:
        return NOTHING
    return Figure(fmt.quantity(row.loss.sold_before), "text_2")


def columns() -> Sequence[Column]:
    """Return the columns of the losses."""
    return (
        Column("asset", tr("Asset"), lambda row: row.asset.symbol,
               lambda row: Named(row.asset.symbol, row.asset.symbol, row.asset.name), priority=100, width=110,
               gives_way=True, can_hide=False),
        text_column("wallet", tr("Wallet"), lambda row: row.wallet, tone="text_2", priority=60, width=90),
        Column("acquired", tr("Acquired"), acquired, lambda row: Words(acquired(row)),
               sort_key=lambda row: row.loss.acquired_ns, priority=85, width=84,
               tooltip=lambda row: "" if row.loss.acquired_ns is None
               else f"{fmt.moment(row.loss.acquired_ns)}\n{row.loss.lot}"),
        quantity_column("quantity", tr("Quantity"), lambda row: row.loss.quantity, lambda row: row.asset.symbol,
                        priority=90),
        Column("cost", tr("Cost"), lambda row: row.loss.cost, lambda row: _money(row.loss.cost, row), RIGHT,
               priority=80, tooltip=lambda row: _full(row.loss.cost, row)),
        Column("value", tr("Value now"), lambda row: row.loss.value.amount,
               lambda row: _money(row.loss.value.amount, row), RIGHT, priority=75,
               tooltip=lambda row: fmt.prose(row.valued_by), about=tr("At the newest price that the books know")),
        Column("loss", tr("Loss"), lambda row: negative(row.loss.loss), _loss, RIGHT, priority=100, can_hide=False,
               tooltip=lambda row: _full(negative(row.loss.loss), row), about=tr("Value now less cost")),
        Column("term", tr("Term"), term_words, lambda row: Words(term_words(row), "text_2"), LEFT,
               sort_key=lambda row: row.loss.days_to_long, priority=65, width=96, gives_way=True),
        Column("before", tr("Goes first"), lambda row: row.loss.sold_before, _before, RIGHT, priority=40,
               tooltip=before_tip,
               about=tr("Units that a sale takes before these, as lots go where none are selected")),
        Column("recent", tr("Bought lately"), lambda row: row.loss.recent_quantity, _recent, RIGHT, priority=95,
               tooltip=recent_tip, about=tr("Units acquired in the days before, which the law looks at")),
    )  # fmt: skip


def notice(found: Harvest) -> tuple[str, str, str]:
    """Return tone, what is so, and what the law says, of buying again after a sale today."""
    rule, country = found.rule, found.profile.jurisdiction.name
    if rule is None:
        what = tr("%c: no rule on buying again is known here.").replace("%c", country)
        return "info", what, tr("Ask an adviser before you count on that.")
    says = f"{rule.says} ({rule.source.title})"
    if not rule.is_verified:
        says += " " + tr("This was not checked against the law: ask an adviser.")
    if found.not_before is None:
        return "info", tr("%c: no days are named in which buying again is harmful.").replace("%c", country), says
    day = fmt.day((found.not_before.toordinal() - EPOCH) * DAY)
    what = tr("After a sale today, do not buy the same asset before %d.").replace("%d", day)
    return "warn", what, says


def total(rows: Sequence[LossRow], *, is_long: bool | None = None) -> Decimal:
    """Return the sum of the losses that count, below zero; of one term only where that is asked."""
    kept = [row.loss.loss for row in rows if row.loss.counts and is_long in (None, bool(row.loss.is_long))]
    return negative(add(*kept))


def proof(row: LossRow) -> Proof:
    """Return what the loss of a lot or pool follows from."""
    one = row.loss
    told = [
        Pair(tr("Value"), fmt.amount(one.value.amount, row.currency)),
        Pair(tr("Valued by"), fmt.prose(row.valued_by)),
        Pair(tr("Cost"), fmt.amount(one.cost, row.currency)),
    ]
    if one.is_long is not None:
        told.append(Pair(tr("Term"), term_words(row)))
    if one.sold_before:
        told.append(Pair(tr("Goes first"), before_tip(row)))
    if one.recent:
        told.append(Pair(tr("Bought lately"), recent_tip(row)))
    gain = negative(one.loss)
    return Proof(
        row.asset.symbol,
        tr("%q below their cost").replace("%q", fmt.quantity(one.quantity, row.asset.symbol)),
        f"{row.wallet} · {acquired(row)}",
        fmt.amount(gain, row.currency, sign=True),
        _full(gain, row),
        told,
        tr("Loss = value − cost, exact, at the newest price that the books know. Fees of a sale are not taken off."),
        () if one.lot is None else ((tr("Acquisition"), one.lot),),
    )
