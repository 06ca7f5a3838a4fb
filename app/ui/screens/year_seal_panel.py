"""Every version of a sealed year beside its figures: hashes, reasons, files; why it comes out differently now."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from app.core.model.period_seals import PeriodSeal
from app.core.seal.causes import Cause
from app.core.seal.differences import Difference
from app.services.seals import Verified
from app.ui import format as fmt
from app.ui.screens.base import Shell
from app.ui.screens.inspector_parts import InspectorPanel, breakable, pairs, section, wrapped
from app.ui.screens.year_sealed import SealedCard, name, seal_pairs
from app.ui.widgets import basics as w
from app.ui.widgets.marks import Avatar
from app.ui.words import tr

_MOST = 60
"""Differences that are listed; the report of an amendment and the command line have all of them."""


class SealPanel(InspectorPanel):
    """Versions, the newest first, under what verifying found."""

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        super().__init__(tr("Seal of the year"))
        self._shell = shell
        self.card = SealedCard(shell)

    def show_versions(self, versions: Sequence[PeriodSeal], verified: Verified | None) -> None:
        """Show all versions; what verifying found is about the newest."""
        newest = versions[-1]
        count = fmt.counted(len(versions), tr("%s version"), tr("%s versions"))
        self.show_head(Avatar(newest.jurisdiction.upper(), 30), name(newest), count)
        self.card.show_seal(newest)
        parts = [] if verified is None else self._found(verified)
        parts.append(w.column(self.card, margins=(12, 12, 12, 12)))
        parts += [self._older(one) for one in reversed(versions[:-1])]
        self.show_body(*parts)

    def _found(self, verified: Verified) -> list[QWidget]:
        if verified.is_reproduced:
            told = tr("Made again from the books of now: every file came out byte by byte as it was sealed.")
            return [section(tr("Verified"), wrapped(told, "cell", "ok"))]
        causes = [self._cause(one) for one in verified.causes]
        if not causes:
            causes = [wrapped(tr("Nothing that is recorded explains it."), "cell", "text_2")]
        shown = [self._difference(one) for one in verified.differences[:_MOST]]
        if len(verified.differences) > _MOST:
            more = tr("and %s more").replace("%s", fmt.count(len(verified.differences) - _MOST))
            shown.append(wrapped(more, "cell", "text_3"))
        title = fmt.counted(len(verified.differences), tr("%s difference"), tr("%s differences"))
        return [section(tr("Why it comes out differently now"), *causes, spacing=8), section(title, *shown, spacing=8)]

    def _cause(self, one: Cause) -> QWidget:
        parts: list[w.Item] = [wrapped(fmt.prose(one.words), "cell")]
        if one.entry_id:
            show = w.button(tr("Show entry"), "link", size="small", name=f"{tr('Show entry')} {one.entry_id[:8]}")
            show.clicked.connect(partial(self._go, f"activity/{one.entry_id}"))
            parts.append(w.row(show, None))
        return w.column(*parts, spacing=2)

    def _go(self, place: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self._shell.go(place)

    @staticmethod
    def _difference(one: Difference) -> QWidget:
        where = " · ".join(filter(None, (one.part, one.subject[:12], one.field)))
        before, after = (tr("nothing") if value is None else value for value in (one.before, one.after))
        told = fmt.prose(f"[[{before}]] → [[{after}]]")
        change = "" if one.change is None else f" ({fmt.prose(f'[[{one.change}]]')})"
        return w.column(
            wrapped(where, "caption", "text_3"), wrapped(breakable(f"{told}{change}"), "mono_small"), spacing=1
        )

    def _older(self, one: PeriodSeal) -> QWidget:
        title = tr("Version %v").replace("%v", str(one.version))
        return section(title, pairs(seal_pairs(one), left=64))
