"""Rows and columns of the comparison: one way to compute a year a row, with what it gives or why it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.errors import RefusedError, UsageError
from app.core.lots.methods import Method, Scope
from app.core.money import EXACT
from app.core.tax.figures import Totals
from app.core.tax.jurisdictions import JURISDICTIONS
from app.core.tax.profile import profile
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui.models.cells import NOTHING, Cell, Delta, Figure, Status, Words
from app.ui.models.columns import RIGHT, Column, full_amount
from app.ui.models.rows import Branch
from app.ui.screens import tax_words as words
from app.ui.screens.positions_rows import seen_change
from app.ui.words import tr

IN_FORCE = "in-force"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to compute a year; without a method it is the one in force.

    Attributes:
        totals: None while it is not computed, or where it is refused.
        blocked: Disposals whose gain is not known.
        refused: Why the law does not allow it.
        difference: Of its gain to the one in force.
    """

    method: Method | None
    scope: Scope | None
    currency: str
    name: str
    totals: Totals | None = None
    blocked: int = 0
    refused: str = ""
    difference: Decimal | None = None

    @property
    def key(self) -> str:
        """Return what tells it from the others."""
        return IN_FORCE if self.method is None else f"{self.method.value}/{self.scope.value if self.scope else ''}"


def ways(asked: Asked, found: TaxYear) -> list[Way]:
    """Return every way for the question's country: the one in force, what may be chosen, what the law refuses."""
    rules, currency = JURISDICTIONS[asked.jurisdiction], found.figures.currency
    made = [Way(None, None, currency, tr("In force"))]
    for method in rules.methods:
        made += [_way(asked, currency, method, scope) for scope in rules.scopes]
    # What works on single lots is what people know from elsewhere and ask for.
    known = (Method.FIFO, Method.LIFO, Method.HIFO, Method.LOFO)
    made += [_way(asked, currency, method, None) for method in known if method not in rules.methods]
    # A pool has no wallets: its second scope is no way of its own.
    return [way for way in made if not (way.refused and way.method in rules.methods and len(rules.scopes) > 1)]


def _way(asked: Asked, currency: str, method: Method, scope: Scope | None) -> Way:
    name = words.method(method)
    try:
        profile(asked.jurisdiction, method=method, scope=scope, options=asked.options)
    except (RefusedError, UsageError) as fault:
        return Way(method, scope, currency, name, refused=fault.message)
    return Way(method, scope, currency, name)


def difference(one: Totals | None, base: Totals | None) -> Decimal | None:
    """Return how much a gain is above another; None where one of them is not known."""
    if one is None or base is None or one.gain is None or base.gain is None:
        return None
    return EXACT.subtract(one.gain, base.gain)


def branches(rows: Sequence[Way]) -> tuple[Branch, ...]:
    """Return the ways as rows."""
    return tuple(Branch(row.key, row) for row in rows)


def row_name(row: Way) -> str:
    """Return how a way is called."""
    return f"{row.name} {_scope(row)}".strip()


def _scope(row: Way) -> str:
    return "" if row.scope is None else words.scope(row.scope)


def _value(row: Way, name: str) -> Decimal | None:
    value: Decimal | None = None if row.totals is None else getattr(row.totals, name)
    return value


def _amount(row: Way, name: str) -> Cell:
    if row.refused or row.totals is None:
        return NOTHING
    value = _value(row, name)
    role = "cell_strong" if name == "gain" else "cell"
    return Figure(fmt.amount(value, row.currency, sign="gain" in name), "text_3" if value is None else "text", role)


def _difference(row: Way) -> Cell:
    if row.method is None or row.totals is None:
        return NOTHING
    return Delta(seen_change(row.difference), fmt.amount(row.difference, row.currency, sign=True))


def _state(row: Way) -> Cell:
    if row.refused:
        return Words(row.refused, "text_3", "caption", "ban")
    if row.totals is None:
        return Words(tr("not computed"), "text_3")
    if row.blocked:
        words_ = fmt.counted(row.blocked, tr("%s disposal blocked"), tr("%s disposals blocked"))
        return Status(words_, "danger")
    return Words(tr("complete"), "text_3", icon="check", icon_tone="ok")


def _money(column_id: str, title: str, priority: int, about: str = "") -> Column:
    return Column(
        column_id, title, lambda row: _value(row, column_id), lambda row: _amount(row, column_id), RIGHT,
        priority=priority, about=about,
        tooltip=lambda row: "" if _value(row, column_id) is None else full_amount(_value(row, column_id), row.currency),
    )  # fmt: skip


def columns() -> Sequence[Column]:
    """Return the columns of the comparison."""
    return (
        Column(
            "method", tr("Method"), lambda row: row.name,
            lambda row: Words(row.name, "text_3" if row.refused else "text", "cell_strong"),
            priority=100, width=90, gives_way=True, can_sort=False,
        ),
        Column(
            "scope", tr("Wallets"), _scope, lambda row: Words(_scope(row), "text_2"), priority=90, width=110,
            can_sort=False,
        ),
        _money("gain", tr("Gain"), 100),
        Column(
            "difference", tr("Against in force"), lambda row: row.difference, _difference, RIGHT, priority=95,
            about=tr("How much more gain than the way in force"),
        ),
        _money("short_gain", tr("Short-term"), 70),
        _money("long_gain", tr("Long-term"), 70),
        _money("income", tr("Income"), 50),
        Column(
            "state", tr("State"), lambda row: row.refused or str(row.blocked), _state, priority=80, width=120,
            gives_way=True, can_sort=False, tooltip=lambda row: row.refused,
        ),
    )  # fmt: skip
