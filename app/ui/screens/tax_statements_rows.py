"""Rows and columns of a statement of a broker or provider beside the own books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.ports import AssetRegistry
from app.core.statements.crypto_assets import Kind
from app.core.statements.lines import Matched, Status, Value
from app.services.statements_match import SALES, Answer
from app.ui import format as fmt
from app.ui.models import cells
from app.ui.models.cells import Cell, Figure, Words
from app.ui.models.columns import RIGHT, Column, full_amount, full_quantity, quantity_column, text_column
from app.ui.models.rows import Branch
from app.ui.screens.inspector_parts import Pair
from app.ui.screens.tax_proof import Proof
from app.ui.words import tr

_STATES = {
    Status.DIFFERS: ("differs", "warn"),
    Status.ONLY_THEIRS: ("only theirs", "danger"),
    Status.ONLY_OURS: ("only ours", "warn"),
    Status.AMBIGUOUS: ("ambiguous", "warn"),
    Status.MATCHED: ("matched", "text_3"),
}
"""What each is called, in the order in which they matter."""

_KINDS = {
    Kind.BOUGHT_FOR_MONEY: "bought for money",
    Kind.SOLD_FOR_MONEY: "sold for money",
    Kind.BOUGHT_FOR_CRYPTO: "bought for crypto",
    Kind.SOLD_FOR_CRYPTO: "sold for crypto",
    Kind.IN: "received",
    Kind.OUT: "sent",
    Kind.OUT_TO_WALLET: "sent to a wallet",
    Kind.RETAIL: "paid with",
}
_FIELDS = {True: ("quantity", "proceeds", "basis"), False: ("units", "amount", "transactions")}
_WORDS = {
    "quantity": "Quantity", "proceeds": "Proceeds", "basis": "Basis", "units": "Units", "amount": "Amount",
    "transactions": "Transactions",
}  # fmt: skip
_MONEY = ("proceeds", "basis", "amount")
_ENTRIES = 12
"""Entries that the inspector links to: a sum over a year can have thousands."""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A line with what people read of it."""

    found: Matched
    asset: str
    about: str
    currency: str
    is_sale: bool

    @property
    def fields(self) -> Sequence[str]:
        """Return the figures that are compared: units, money, and one more."""
        return _FIELDS[self.is_sale]

    def figure(self, side: str, place: int) -> Decimal | None:
        """Return a figure of "own" or "theirs"; None where it is not known or not said."""
        told = self.found.own if side == "own" else self.found.theirs
        value = None if told is None else told.get(self.fields[place])
        return value if isinstance(value, Decimal) else None


def state_words(status: Status) -> str:
    """Return what lines of a state are called."""
    return tr(_STATES[status][0])


def branches(answer: Answer, assets: AssetRegistry, currency: str) -> tuple[Branch, ...]:
    """Return the lines, those that need a person first. Of many it takes a while: not for the main thread."""
    order = {status: place for place, status in enumerate(_STATES)}
    made = [_row(one, assets, currency, is_sale=answer.form == SALES) for one in answer.lines]
    made.sort(key=lambda row: order[row.found.status])
    return tuple(Branch(str(place), row) for place, row in enumerate(made))


def _row(one: Matched, assets: AssetRegistry, currency: str, *, is_sale: bool) -> StatementRow:
    told = one.theirs or one.own or {}
    own = None if one.own is None else str(one.own["asset"])
    asset = str(told.get("asset") or own or tr("sale")) if is_sale or own is None else assets.asset(own).symbol or own
    about = (
        str((one.own or {}).get("sold") or told.get("sold") or "") if is_sale else tr(_KINDS[Kind(str(told["kind"]))])
    )
    return StatementRow(one, asset, about, str(told.get("currency") or currency), is_sale)


def row_name(row: StatementRow) -> str:
    """Return how a line is called."""
    return f"{row.asset} {row.about}".strip()


def search_text(row: StatementRow) -> str:
    """Return what the filter looks into."""
    return f"{row.asset} {row.about} {state_words(row.found.status)} {row.found.line} {row.found.evidence.why}"


def _state(row: StatementRow) -> Cell:
    words, tone = _STATES[row.found.status]
    is_quiet = row.found.status is Status.MATCHED
    return cells.Status(tr(words), tone, "check" if is_quiet else "", is_quiet=is_quiet)


def _money(row: StatementRow, side: str) -> Cell:
    value = row.figure(side, 1)
    return Figure(fmt.amount(value, row.currency), "text_3" if value is None else "text")


def _full(row: StatementRow, side: str) -> str:
    value = row.figure(side, 1)
    return "" if value is None else full_amount(value, row.currency)


def columns() -> Sequence[Column]:
    """Return the columns of a statement."""
    return (
        Column("state", tr("Line"), lambda row: state_words(row.found.status), _state, priority=100, width=92,
               can_hide=False, tooltip=lambda row: fmt.prose(row.found.evidence.why)),
        text_column("asset", tr("Asset"), lambda row: row.asset, priority=98, width=70, gives_way=False),
        text_column("about", tr("What"), lambda row: row.about, priority=95, width=120),
        quantity_column("units", tr("Reported units"), lambda row: row.figure("theirs", 0), lambda row: row.asset,
                        priority=85),
        quantity_column("own_units", tr("Own units"), lambda row: row.figure("own", 0), lambda row: row.asset,
                        priority=80),
        Column("amount", tr("Reported amount"), lambda row: row.figure("theirs", 1),
               lambda row: _money(row, "theirs"), RIGHT, priority=90, tooltip=lambda row: _full(row, "theirs")),
        Column("own_amount", tr("Own amount"), lambda row: row.figure("own", 1), lambda row: _money(row, "own"), RIGHT,
               priority=88, tooltip=lambda row: _full(row, "own")),
        Column("why", tr("Why"), lambda row: row.found.evidence.why,
               lambda row: Words(fmt.prose(row.found.evidence.why), "text_2"), priority=70, width=190, gives_way=True,
               tooltip=lambda row: fmt.prose(row.found.evidence.why)),
        text_column("line", tr("Where"), lambda row: row.found.line, tone="text_3", priority=40, width=70),
    )  # fmt: skip


def proof(row: StatementRow) -> Proof:
    """Return both sides of a line, field by field, and the entries that show it."""
    one = row.found
    told = [Pair(tr("Compared by"), one.evidence.rule or tr("nothing: the other side has no such line"))]
    for name in row.fields:
        theirs, own = (_said(side, name, row) for side in (one.theirs, one.own))
        told.append(Pair(tr(_WORDS[name]), tr("reported %t, own %o").replace("%t", theirs).replace("%o", own)))
    for name, by in one.difference.items():
        word = tr("Difference, %f").replace("%f", tr(_WORDS[name]).lower())
        told.append(Pair(word, tr("not known") if by is None else _figure(by, name, row)))
    if one.evidence.why:
        told.append(Pair(tr("Why"), fmt.prose(one.evidence.why)))
    entries = [(tr("Entry %n").replace("%n", entry[:8]), entry) for entry in one.evidence.entries[:_ENTRIES]]
    more = len(one.evidence.entries) - len(entries)
    note = tr("The first %n of all entries are linked; the command line names all.").replace("%n", fmt.count(_ENTRIES))
    where, state = one.line or tr("in the own books only"), state_words(one.status).capitalize()
    return Proof(row.asset, row_name(row), where, state, "", told, note if more else "", entries)


def _said(side: Mapping[str, Value] | None, name: str, row: StatementRow) -> str:
    value = None if side is None else side.get(name)
    return _figure(value, name, row) if isinstance(value, Decimal) else fmt.UNKNOWN


def _figure(value: Decimal, name: str, row: StatementRow) -> str:
    """Return a figure with every place it has."""
    if name in _MONEY:
        return full_amount(value, row.currency)
    return full_quantity(value, "" if name == "transactions" else row.asset)
