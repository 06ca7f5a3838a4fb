"""What the worklist shows: a row for each group, and a row for each finding of one group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.findings import Finding, Severity
from app.core.worklist import FindingGroup
from app.ui import format as fmt
from app.ui.models.cells import NOTHING, Cell, Figure, Words
from app.ui.models.columns import RIGHT, Column, full_amount, text_column
from app.ui.models.rows import Branch
from app.ui.widgets.finding_lines import SEVERITY_LOOKS
from app.ui.words import tr

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group, with its place in the order of the worklist.

    Attributes:
        currency: The book's, in which effects are told.
    """

    group: FindingGroup
    rank: int
    currency: str

    @property
    def key(self) -> str:
        """Return what tells the row from the others: what is waived of a group is a row of its own."""
        return f"{self.group.name}{'/waived' if self.group.is_waived else ''}"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One finding with what it is about in the book's currency; None is unknown."""

    finding: Finding
    effect: Decimal | None
    currency: str


def group_branches(groups: Iterable[FindingGroup], currency: str) -> tuple[Branch, ...]:
    """Return a row for each group, in their order."""
    rows = [GroupRow(group, rank, currency) for rank, group in enumerate(groups)]
    return tuple(Branch(row.key, row) for row in rows)


def member_branches(
    group: FindingGroup, effect: Callable[[Finding], Decimal | None], currency: str
) -> tuple[Branch, ...]:
    """Return a row for each finding of a group."""
    return tuple(Branch(one.name, MemberRow(one, effect(one), currency)) for one in group.members)


def effect_words(group: FindingGroup, currency: str) -> str:
    """Return what a group is about: a sum, what of it is unknown, or nothing where no figure changes by it."""
    if group.amount is None:
        return tr("unknown") if group.unknown else ""
    known = fmt.amount(group.amount, currency)
    if not group.unknown:
        return known
    return tr("%a and %n unknown").replace("%a", known).replace("%n", fmt.count(group.unknown))


def _what(row: GroupRow) -> Cell:
    icon, tone = SEVERITY_LOOKS[row.group.severity]
    if row.group.is_waived:
        return Words(fmt.prose(row.group.title), "text_3", icon="check", icon_tone="text_3")
    return Words(fmt.prose(row.group.title), "text", icon=icon, icon_tone=tone)


def _count(row: GroupRow) -> Cell:
    return Figure(fmt.count(len(row.group.members)), "text_2")


def _effect(row: GroupRow) -> Cell:
    words = effect_words(row.group, row.currency)
    return Figure(words, "text" if row.group.amount is not None else "text_3") if words else NOTHING


def group_columns() -> Sequence[Column]:
    """Return the columns of the groups."""
    return (
        Column("what", tr("What"), lambda row: row.group.title, _what, priority=100, width=180, gives_way=True,
               can_hide=False, sort_key=lambda row: row.rank),
        Column("count", tr("Count"), lambda row: len(row.group.members), _count, RIGHT, priority=90),
        Column("effect", tr("About"), lambda row: row.group.amount, _effect, RIGHT, priority=100,
               about=tr("What the quantities concerned are worth now; it may be more or less of the value or the tax"),
               tooltip=lambda row: full_amount(row.group.amount, row.currency)),
    )  # fmt: skip


def _message(row: MemberRow) -> Cell:
    return Words(fmt.prose(row.finding.message), "text_3" if row.finding.waived else "text")


def _value(row: MemberRow) -> Cell:
    if row.effect is not None:
        return Figure(fmt.amount(row.effect, row.currency))
    return Figure(tr("unknown"), "text_3") if row.finding.quantity is not None else NOTHING


def second(row: MemberRow) -> str:
    """Return why it stands, or what is likely."""
    one = row.finding
    return tr("Waived: %s").replace("%s", one.waived) if one.waived else fmt.prose(one.detail)


def member_columns() -> Sequence[Column]:
    """Return the columns of the findings of a group."""
    return (
        Column("what", tr("Finding"), lambda row: row.finding.message, _message, priority=100, width=200,
               gives_way=True, can_hide=False, tooltip=lambda row: f"{fmt.prose(row.finding.message)}\n{second(row)}"),
        text_column("why", tr("Likely, or why it stands"), second, tone="text_2", priority=70, width=160),
        Column("effect", tr("About"), lambda row: row.effect, _value, RIGHT, priority=90,
               tooltip=lambda row: full_amount(row.effect, row.currency)),
        text_column("fix", tr("What to do"), lambda row: "" if row.finding.waived else row.finding.fix,
                    tone="link", priority=80, width=110),
    )  # fmt: skip


def group_name(row: GroupRow) -> str:
    """Return how the row of a group is called."""
    return f"{tr(row.group.severity.value)}: {fmt.prose(row.group.title)}"


def member_name(row: MemberRow) -> str:
    """Return how the row of a finding is called."""
    return fmt.prose(row.finding.message)


def group_search(row: GroupRow) -> str:
    """Return what the filter looks into."""
    one = row.group
    return " ".join((one.title, one.name, *(f"{member.message} {member.subject}" for member in one.members[:200])))
