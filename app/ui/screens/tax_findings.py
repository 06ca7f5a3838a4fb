"""What stands between the figures and a return: findings of a tax year by kind, each with its fix and its entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.core.findings import Finding
from app.core.tax.from_entries import entry_of
from app.services.tax_years import TaxYear
from app.ui import format as fmt
from app.ui import hints
from app.ui.screens.inspector_parts import wrapped
from app.ui.widgets import basics as w
from app.ui.widgets.finding_lines import SEVERITY_LOOKS
from app.ui.widgets.marks import Badge
from app.ui.words import tr

Open = Callable[[str], None]
_NAMED = 3
"""Entries of a kind of finding that are offered one by one."""


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one kind, of which the first speaks for all."""

    first: Finding
    count: int
    entries: tuple[str, ...]


def groups(found: TaxYear) -> tuple[Group, ...]:
    """Return the findings of a tax year by severity and kind, in their order."""
    kinds: dict[tuple[object, str], list[Finding]] = {}
    for finding in found.findings:
        kinds.setdefault((finding.severity, finding.code), []).append(finding)
    return tuple(
        Group(same[0], len(same), tuple(dict.fromkeys(entry for one in same for entry in one.entries)))
        for same in kinds.values()
    )


def days(found: TaxYear) -> Mapping[str, str]:
    """Return the day of each entry that a finding names."""
    named = {entry for finding in found.findings for entry in finding.entries}
    made: dict[str, str] = {}
    for one in found.transactions:
        entry = entry_of(one.row)
        if entry in named and entry not in made:
            made[entry] = fmt.date(one.at)
    return made


class GroupCard(QFrame):
    """One kind of finding: sign, what is so, how often, what to do, the way to its entries."""

    def __init__(self, group: Group, on: Mapping[str, str], open_: Open) -> None:
        """Take the group, the days of its entries and what opens a place."""
        super().__init__()
        self.setObjectName("card")
        first = group.first
        what = fmt.prose(first.message)
        self.setAccessibleName(what)
        icon, tone = SEVERITY_LOOKS[first.severity]
        head: list[w.Item] = [w.glyph(icon, tone, 16), w.text(first.code, "mono_small", "text_3"), None]
        if group.count > 1:
            head.append(Badge(fmt.count(group.count), tone if tone != "info" else "text_2"))
        parts: list[w.Item] = [w.row(*head, spacing=8), wrapped(what, "medium")]
        texts = filter(None, (first.detail, hints.shown(first.fix)))
        parts += [wrapped(fmt.prose(text), "cell", "text_2") for text in texts]
        links: list[w.Item] = [self._link(entry, on.get(entry, ""), open_) for entry in group.entries[:_NAMED]]
        if links:
            parts.append(w.row(*links, None, spacing=2))
        if len(group.entries) > _NAMED:
            more = tr("and %s more, all in the audit workbook").replace("%s", fmt.count(len(group.entries) - _NAMED))
            parts.append(w.text(more, "caption", "text_3"))
        w.fill(QVBoxLayout(self), parts, 5, (12, 10, 12, 10))

    @staticmethod
    def _link(entry: str, day: str, open_: Open) -> QWidget:
        label = day or entry[:8]
        made = w.button(label, "link", size="small", name=tr("Show the entry of %s").replace("%s", label))
        made.clicked.connect(partial(_opened, open_, entry))
        return made


def _opened(open_: Open, entry: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
    open_(f"activity/{entry}")


def cards(shown: Sequence[Group], on: Mapping[str, str], open_: Open) -> list[w.Item]:
    """Return a card a kind."""
    return [GroupCard(group, on, open_) for group in shown]
