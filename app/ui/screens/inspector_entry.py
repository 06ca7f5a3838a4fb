"""The inspector of an entry: legs, references, the source's own row, and the proof down to record and hash."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.core.model.views import EntryDetail, EntryView, LegView, Proof
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.columns import full_quantity
from app.ui.screens import activity_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.inspector_edit import EntryEdit
from app.ui.screens.inspector_parts import InspectorPanel, Pair, breakable, pairs, section, wrapped
from app.ui.widgets import basics as w
from app.ui.widgets.clipboard import CopyButton
from app.ui.widgets.marks import Avatar, Pill
from app.ui.words import tr

_REFERENCES = {
    "tx_hash": "Transaction", "address": "Address", "order": "Order", "network": "Network",
    "counterparty": "Counterparty", "note": "Note", "trade": "Trade", "acquired": "Held since",
}  # fmt: skip
_MONO = ("tx_hash", "address", "order", "trade")


class EntryPanel(InspectorPanel):
    """Everything that is known of one entry.

    Signals:
        changed: A note, a correction or a void was recorded.
    """

    changed = Signal()

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        super().__init__(tr("Entry"))
        self._shell = shell
        self._detail: EntryDetail | None = None
        self.entry_id = ""
        self.edit = EntryEdit(shell)
        self.edit.done.connect(self.changed)
        self.foot_box.addWidget(self.edit)
        self.foot.hide()

    @property
    def detail(self) -> EntryDetail | None:
        """Return what is shown; None while it is read."""
        return self._detail

    def show_entry(self, entry: EntryView) -> None:
        """Show what the table knows at once, and read the rest."""
        self.entry_id = entry.entry_id
        if self._detail is None or self._detail.entry.entry_id != entry.entry_id:
            self._detail = None
            self.foot.hide()
            self._show_head(entry)
            self.show_body(self._summary(entry), self._legs(entry))
        self.reload()

    def reload(self) -> None:
        """Read the entry with its proof."""
        if self.entry_id:
            self._shell.run(self._read(self.entry_id), what=tr("Reading the entry"))

    async def _read(self, entry_id: str) -> None:
        detail = await self._shell.workspace.portfolio.entry(entry_id)
        if entry_id == self.entry_id:
            self.show_detail(detail)

    def show_detail(self, detail: EntryDetail) -> None:
        """Show an entry with its proof."""
        self._detail = detail
        self.entry_id = detail.entry.entry_id
        self._show_head(detail.entry)
        parts = [self._summary(detail.entry), self._legs(detail.entry)]
        if detail.entry.references:
            parts.append(self._references(detail.entry))
        parts += [self._proof(detail.entry, detail.proof), self._row(detail)]
        if detail.history:
            lines = [wrapped(fmt.prose(text), "cell", "text_2") for text in detail.history]
            parts.append(section(tr("Versions"), *lines, spacing=4))
        self.show_body(*parts)
        self.edit.show_entry(detail.entry)
        self.foot.show()

    def redraw(self) -> None:
        """Write every figure anew, because more or less is hidden."""
        if self._detail is not None:
            self.show_detail(self._detail)

    # parts ---------------------------------------------------------------------------------------------------------
    def _show_head(self, entry: EntryView) -> None:
        icon = w.glyph(rows.KINDS[entry.kind][1], "accent", 20)
        self.show_head(icon, rows.kind_word(entry.kind), f"{entry.account_name} · {fmt.moment(entry.at)}")
        self.setToolTip("")

    def _summary(self, entry: EntryView) -> QWidget:
        texts = [text for is_out in (False, True) if (text := rows.side(entry, is_out=is_out))]
        lines: list[w.Item] = [w.text(text, "title" if place == 0 else "heading") for place, text in enumerate(texts)]
        state = rows.state_cell(entry.state)
        told = rows.detail(entry)
        if entry.stated is not None:
            stated = fmt.amount(entry.stated.amount, entry.stated.currency)
            lines.append(w.text(tr("%s stated by the source").replace("%s", stated), "cell", "text_2"))
        if told and not entry.references:
            lines.append(wrapped(told, "cell", "text_2"))
        pill: list[w.Item] = [] if state.is_quiet else [w.row(Pill(state.text, state.tone, icon=state.icon), None)]
        return w.column(*lines, *pill, spacing=3, margins=(16, 2, 16, 12))

    def _legs(self, entry: EntryView) -> QWidget:
        title = fmt.counted(len(entry.legs), tr("%s leg"), tr("%s legs"))
        return section(title, *(self._leg(leg) for leg in entry.legs), spacing=5)

    def _leg(self, leg: LegView) -> QWidget:
        role = "" if leg.role == "principal" else f" · {tr(str(leg.role))}"
        where = w.elided(f"{leg.account_name} {leg.sub_place}{role}", "cell", "text_2")
        figure = w.text(rows.shown_quantity(leg.quantity, leg.asset, sign=True), "cell")
        figure.setToolTip(full_quantity(leg.quantity, leg.asset.symbol))
        return w.row(Avatar(leg.asset.symbol, 18), (where, 1), figure, spacing=8)

    def _references(self, entry: EntryView) -> QWidget:
        told = []
        for name, text in entry.references.items():
            is_mono = name in _MONO
            shown = rows.hash_text(text) if is_mono else fmt.prose(text)
            word = tr(_REFERENCES.get(name, name.replace("_", " ").capitalize()))
            told.append(Pair(word, shown, "mono_small" if is_mono else "cell", copied=text if is_mono else ""))
        return section(tr("References"), pairs(told))

    def _proof(self, entry: EntryView, proof: Proof) -> QWidget:
        pill = (
            Pill(tr("verified"), "ok", icon="check")
            if proof.is_verified
            else Pill(tr("does not verify"), "danger", icon="triangle-alert")
        )
        number = tr("#%s of %t").replace("%s", fmt.count(proof.record)).replace("%t", fmt.count(proof.records))
        told = [
            Pair(tr("Entry"), rows.hash_text(entry.entry_id), "mono_small", copied=entry.entry_id),
            Pair(tr("Record"), number),
            Pair(tr("Recorded"), fmt.moment(proof.recorded_at_ns)),
            Pair(tr("Hash"), rows.hash_text(proof.record_hash), "mono_small", copied=proof.record_hash),
            Pair(tr("Previous"), rows.hash_text(proof.previous_hash), "mono_small", copied=proof.previous_hash),
            Pair(tr("Device"), _device(proof.device), "mono_small" if len(proof.device) > 20 else "cell"),  # noqa: PLR2004
        ]
        if proof.observation_hash:
            told += self._observation(proof)
        return section(tr("Proof"), pairs(told), right=[pill])

    def _observation(self, proof: Proof) -> list[Pair]:
        page = rows.hash_text(proof.observation_hash)
        told = [Pair(tr("Observation"), page, "mono_small", copied=proof.observation_hash)]
        if proof.observation_stream:
            told.append(Pair(tr("Stream"), proof.observation_stream))
        if proof.observation_row is not None:
            told.append(Pair(tr("Row"), fmt.count(proof.observation_row)))
        if proof.observation_read_ns is not None:
            told.append(Pair(tr("Read at"), fmt.moment(proof.observation_read_ns)))
        if proof.normaliser:
            told.append(Pair(tr("Normaliser"), proof.normaliser))
        return told

    def _row(self, detail: EntryDetail) -> QWidget:
        if not detail.raw_row:
            why = tr("There is no row: a person entered this, or the page was erased.")
            return section(tr("As the source gave it"), wrapped(why, "cell", "text_3"))
        is_hidden = fmt.mask() is not fmt.Mask.NOTHING
        shown = tr("Hidden while amounts are hidden.") if is_hidden else breakable(detail.raw_row)
        text = wrapped(shown, "cell" if is_hidden else "mono_small", "text_3" if is_hidden else "text_2")
        box = w.frame("inset", text, margins=(10, 8, 10, 8))
        box.setMinimumHeight(theme.px(32))
        copy: list[w.Item] = [] if is_hidden else [CopyButton(detail.raw_row, tr("the row"))]
        return section(tr("As the source gave it"), box, right=copy)


def _device(name: str) -> str:
    is_id = len(name) > 20 and all(letter in "0123456789abcdef" for letter in name)  # noqa: PLR2004
    return rows.hash_text(name) if is_id else name
