"""What the place of transfers shows: a row for each transfer, proposed or counting, and for what is unpaired."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.model.assets import Asset
from app.core.model.transfer_links import TransferLink
from app.core.money import EXACT
from app.core.ports import AssetRegistry
from app.core.transfers import Aside, End, Link, Pairing, Standing
from app.ui import format as fmt
from app.ui.models.cells import NOTHING, Cell, Figure, Named, Quantity, Status, Words
from app.ui.models.columns import RIGHT, Column, full_quantity, text_column
from app.ui.models.rows import Branch
from app.ui.words import tr

PROPOSED, COUNTING, UNPAIRED, REJECTED = "proposed", "counting", "unpaired", "rejected"


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One transfer that is proposed, counts or was rejected, or one end that is in none.

    Attributes:
        kind: PROPOSED, COUNTING, UNPAIRED or REJECTED.
        word: What a person decided; None where nobody did.
        others: Entry ids of other partners that are as likely.
        names: Of the accounts.
    """

    kind: str
    asset: Asset
    outs: tuple[End, ...]
    intos: tuple[End, ...]
    confidence: Decimal | None = None
    reason: str = ""
    word: TransferLink | None = None
    others: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def key(self) -> str:
        """Return what tells the row from the others."""
        return " ".join(self.ids)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the entries; of a decision all that it speaks of, also those that are in the books no more."""
        if self.word is not None:
            return (*self.word.withdrawals, *self.word.deposits)
        return tuple(end.entry_id for end in (*self.outs, *self.intos))

    @property
    def is_decided(self) -> bool:
        """Tell whether a person decided on it, which can be taken back."""
        return self.word is not None

    @property
    def at(self) -> int:
        """Return when it began."""
        return min(end.at for end in (*self.outs, *self.intos))

    @property
    def sent(self) -> Decimal | None:
        """Return what left; None for a lone deposit."""
        return _summed(self.outs)

    @property
    def arrived(self) -> Decimal | None:
        """Return what arrived; None for a lone withdrawal."""
        return _summed(self.intos)

    @property
    def lost(self) -> Decimal | None:
        """Return how much less arrived; None where one side is not known."""
        sent, arrived = self.sent, self.arrived
        return None if sent is None or arrived is None else EXACT.subtract(sent, arrived)

    def places(self, ends: Iterable[End]) -> str:
        """Return the names of accounts."""
        return ", ".join(dict.fromkeys(self.names.get(end.account, end.account) for end in ends))


def row_of(link: Link) -> str:
    """Return the key of the row of a transfer on which nobody decided."""
    return " ".join(end.entry_id for end in link.ends)


def _summed(ends: Sequence[End]) -> Decimal | None:
    if not ends:
        return None
    total = Decimal(0)
    for end in ends:
        total = EXACT.add(total, end.quantity)
    return total


def branches(found: Pairing, assets: AssetRegistry, names: Mapping[str, str]) -> tuple[Branch, ...]:
    """Return all rows; not for the main thread."""
    rows = [
        TransferRow(
            PROPOSED, assets.asset(one.link.asset), one.link.withdrawals, one.link.deposits, one.link.confidence,
            one.link.reason, others=one.others, names=names,
        )
        for one in found.proposals
    ]  # fmt: skip
    rows += [_counting(link, assets, names) for link in found.links]
    rows += [
        TransferRow(
            UNPAIRED, assets.asset(end.asset), () if end.is_deposit else (end,), (end,) if end.is_deposit else (),
            names=names,
        )
        for end in found.unpaired
    ]  # fmt: skip
    rows += [_rejected(one, assets, names) for one in found.aside if one.standing is Standing.REJECTED and one.ends]
    return tuple(Branch(row.key, row) for row in sorted(rows, key=lambda row: row.at, reverse=True))


def _counting(link: Link, assets: AssetRegistry, names: Mapping[str, str]) -> TransferRow:
    return TransferRow(
        COUNTING, assets.asset(link.asset), link.withdrawals, link.deposits, link.confidence, link.reason,
        word=link.decided, names=names,
    )  # fmt: skip


def _rejected(one: Aside, assets: AssetRegistry, names: Mapping[str, str]) -> TransferRow:
    outs, intos = (tuple(end for end in one.ends if end.is_deposit is side) for side in (False, True))
    return TransferRow(
        REJECTED, assets.asset(one.ends[0].asset), outs, intos, reason=one.word.reason, word=one.word, names=names
    )


def name(row: TransferRow) -> str:
    """Return how a row is called."""
    return f"{row.asset.symbol} {fmt.date(row.at)}"


def searched(row: TransferRow) -> str:
    """Return what the filter looks into."""
    return f"{row.asset.symbol} {row.asset.name} {row.places(row.outs)} {row.places(row.intos)} {row.reason}"


def hint(row: TransferRow) -> str:
    """Return what can be done about an end that is alone."""
    if row.intos:
        return tr(
            "Its cost is not known. Read the account that it came from, or correct the entry: a gift, an opening."
        )
    (out,) = row.outs
    went = tr("It went to %s.").replace("%s", out.address) + " " if out.address else ""
    return went + tr(
        "It counts as held elsewhere. Read the account that received it, or correct the entry: a gift, spending, loss."
    )


def decided(row: TransferRow) -> str:
    """Return when a person decided on a row; "" where nobody did."""
    if row.word is None or not row.word.recorded_ns:
        return ""
    said = tr("Rejected on %d.") if row.kind == REJECTED else tr("Accepted on %d.")
    return said.replace("%d", fmt.date(row.word.recorded_ns))


def state(row: TransferRow) -> tuple[str, str]:
    """Return in a word how a row stands, with its tone."""
    if row.kind == UNPAIRED:
        return tr("unpaired"), "warn"
    if row.kind == REJECTED:
        return tr("rejected"), "text_2"
    if row.kind == COUNTING:
        return (tr("accepted"), "ok") if row.is_decided else (tr("same hash"), "ok")
    return (tr("unclear"), "warn") if row.others else (tr("proposed"), "accent")


def _state(row: TransferRow) -> Cell:
    text, tone = state(row)
    return Status(text, tone, "check" if row.kind == COUNTING else "", is_quiet=row.kind == COUNTING)


def _confidence(row: TransferRow) -> Cell:
    if row.confidence is None or row.kind == COUNTING:
        return NOTHING
    return Figure(fmt.percent(row.confidence, places=1), "text" if not row.others else "warn")


def _lost(row: TransferRow) -> Cell:
    return Quantity(row.lost, tone="text_2") if row.lost else NOTHING


def _full(value: Decimal | None, row: TransferRow) -> str:
    return "" if value is None else full_quantity(value, row.asset.symbol)


def columns() -> Sequence[Column]:
    """Return the columns."""
    return (
        Column("state", tr("State"), lambda row: state(row)[0], _state, priority=95, width=86),
        Column("on", tr("When"), lambda row: fmt.moment(row.at), lambda row: Words(fmt.date(row.at)),
               sort_key=lambda row: row.at, priority=90, width=84, tooltip=lambda row: fmt.moment(row.at)),
        Column("asset", tr("Asset"), lambda row: row.asset.symbol,
               lambda row: Named(row.asset.symbol, row.asset.symbol), priority=100, width=72, can_hide=False),
        text_column("from", tr("From"), lambda row: row.places(row.outs) or tr("nowhere known"), priority=85, width=90),
        Column("sent", tr("Sent"), lambda row: row.sent, lambda row: Quantity(row.sent) if row.outs else NOTHING, RIGHT,
               priority=100, can_hide=False, tooltip=lambda row: _full(row.sent, row)),
        text_column("to", tr("To"), lambda row: row.places(row.intos) or tr("nowhere known"), priority=85, width=90),
        Column("arrived", tr("Received"), lambda row: row.arrived,
               lambda row: Quantity(row.arrived) if row.intos else NOTHING, RIGHT, priority=100, can_hide=False,
               tooltip=lambda row: _full(row.arrived, row)),
        Column("lost", tr("Less"), lambda row: row.lost, _lost, RIGHT, priority=60,
               tooltip=lambda row: _full(row.lost, row), about=tr("How much less arrived than was sent")),
        Column("confidence", tr("Sure"), lambda row: row.confidence, _confidence, RIGHT, priority=80,
               about=tr("How likely it is one transfer, by all that speaks for it")),
        Column("why", tr("Why"), lambda row: row.reason, lambda row: Words(fmt.prose(row.reason), "text_2"),
               gives_way=True, priority=70, width=160),
    )  # fmt: skip
