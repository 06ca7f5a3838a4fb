"""What a key may do, line by line, and what will be read with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError, InputError
from app.core.model.accounts import KeyScope
from app.core.model.venues import VenueInfo
from app.ui import hints, theme
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Progress
from app.ui.words import tr

_KINDS = {
    "live": "Live prices",
    "fees": "Fees, each with its entry",
    "rewards": "Staking and rewards",
    "funding": "Funding payments",
    "futures": "Futures and margin, as they are now",
}


def _line(sign: tuple[str, str], what: str, need: str, state: str, state_tone: str = "text_2") -> QWidget:
    icon, tone = sign
    shown = w.text(state, "label", state_tone)
    shown.setMinimumWidth(theme.px(78))
    shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    parts: list[w.Item] = [
        w.glyph(icon, tone, 16),
        w.text(what, "body"),
        None,
        w.text(need, "caption", "text_3"),
        shown,
    ]
    made = w.row(*parts, spacing=10, margins=(14, 6, 12, 6))
    made.setAccessibleName(f"{what}: {state}")
    return made


def _state(may: bool | None) -> str:  # noqa: FBT001
    return tr("not known") if may is None else tr("allowed") if may else tr("not allowed")


def _right(what: str, need: str, may: bool | None, *, is_wanted: bool) -> QWidget:  # noqa: FBT001
    if may is None:
        return _line(("circle-question-mark", "warn"), what, need, _state(may), "warn")
    if may:
        return _line(("check", "ok" if is_wanted else "text_2"), what, need, _state(may))
    return _line(("x", "danger") if is_wanted else ("minus", "text_2"), what, need, _state(may))


class KeyPanel(w.Panel):
    """The rights of a key, and whether they are what Counterfoil needs.

    Signals:
        try_wanted: The key shall be tried.
        insisted: The person wants the key in spite of its rights.
    """

    try_wanted = Signal()
    insisted = Signal()

    def __init__(self) -> None:
        """Start with a key that was not tried."""
        self.try_button = w.button(tr("Try key"), "", "plug-zap", size="small")
        super().__init__(tr("What this key may do"), right=[self.try_button])
        self.try_button.clicked.connect(self.try_wanted)
        self.verdict = ""
        self.show_untried(can_try=False)

    def _put(self, *items: w.Item) -> None:
        host = QWidget()
        w.fill(QVBoxLayout(host), [*items], 0)
        self.show_body(host)

    def _verdict(self, icon: str, tone: str, what: str, meaning: str) -> QWidget:
        self.verdict = what
        lines: list[w.Item] = [w.text(what, "strong", wrap=True)]
        lines += [w.text(meaning, "caption", "text_2", wrap=True)] if meaning else []
        words = w.column(*lines, spacing=1)
        sign = w.column(w.glyph(icon, tone, 18), None)
        return w.row(sign, (words, 1), spacing=10, margins=(14, 10, 14, 12))

    def show_untried(self, *, can_try: bool) -> None:
        """Show that the key was not tried yet."""
        self.try_button.setEnabled(can_try)
        w.tint(self.try_button)
        meaning = tr("The venue is asked what the key may do. Nothing is kept until you add it.")
        self._put(self._verdict("info", "text_3", tr("Not tried yet."), meaning))

    def show_trying(self, venue: str) -> None:
        """Show that the venue is being asked."""
        self.try_button.setEnabled(False)
        w.tint(self.try_button)
        bar = w.row((Progress(None), 1), margins=(14, 0, 14, 12))
        self._put(self._verdict("loader-circle", "accent", tr("Asking %s…").replace("%s", venue), ""), bar)

    def show_scope(self, scope: KeyScope) -> None:
        """Show the rights line by line and the verdict below."""
        self.try_button.setEnabled(True)
        w.tint(self.try_button)
        lines: list[w.Item] = [
            _right(tr("Read balances and history"), tr("needed"), scope.may_read, is_wanted=True),
            w.hline(),
        ]
        lines += [_right(tr("Create and cancel orders"), tr("not needed"), scope.may_trade, is_wanted=False), w.hline()]
        lines += [self._withdraw(scope), w.hline()]
        if scope.may_withdraw is False:
            lines.append(self._harmless(scope))
        else:
            lines += self._harmful(scope)
        self._put(*lines)

    def _withdraw(self, scope: KeyScope) -> QWidget:
        what, need = tr("Withdraw funds"), tr("must be off")
        if scope.may_withdraw is False:
            return _line(("shield-check", "ok"), what, need, _state(may=False))
        icon = "shield-alert" if scope.may_withdraw else "shield-question-mark"
        tone = "danger" if scope.may_withdraw else "warn"
        return _line((icon, tone), what, need, _state(scope.may_withdraw), tone)

    def _harmless(self, scope: KeyScope) -> QWidget:
        if scope.may_trade:
            what, meaning = (
                tr("The key works. It may also trade."),
                tr("Counterfoil does not need that; a read-only key is safer."),
            )
            return self._verdict("circle-check", "ok", what, scope.detail or meaning)
        return self._verdict("circle-check", "ok", tr("The key works and can only read."), scope.detail)

    def _harmful(self, scope: KeyScope) -> list[w.Item]:
        if scope.may_withdraw:
            what = tr("This key may withdraw funds.")
            meaning = tr("Make a read-only one; Counterfoil never needs more.")
            card = self._verdict("shield-alert", "danger", what, meaning)
        else:
            what = tr("The venue does not say whether this key may withdraw.")
            meaning = tr("Check the key's rights at the venue before you add it.")
            card = self._verdict("shield-question-mark", "warn", what, scope.detail or meaning)
        self._insist = w.button(tr("Use it anyway…"), "ghost", size="small")
        self._insist.clicked.connect(self._ask)
        self._asked = w.button(tr("Yes, keep a key that may move funds"), "danger", size="small")
        self._asked.clicked.connect(self._sure)
        self._asked.hide()
        return [card, w.row(27, self._insist, self._asked, None, margins=(14, 0, 14, 12))]

    def _ask(self) -> None:
        self._insist.hide()
        self._asked.show()
        self._asked.setFocus()

    def _sure(self) -> None:
        self._asked.setEnabled(False)
        self.insisted.emit()

    def show_fault(self, fault: CounterfoilError) -> None:
        """Show why the key could not be tried."""
        self.try_button.setEnabled(True)
        w.tint(self.try_button)
        other_name = tr("Choose another name; one that an account has makes the key read into that account.")
        is_about_names = isinstance(fault, InputError)
        meaning = hints.hint(fault, other_name if is_about_names else "")
        self._put(self._verdict("circle-x", "danger", fault.message, meaning))


class ReadPanel(w.Panel):
    """What a venue lets a key read."""

    def __init__(self) -> None:
        """Start empty."""
        self._note = w.text("", "caption", "text_3")
        super().__init__(tr("What will be read"), right=[self._note])

    def show_venue(self, info: VenueInfo) -> None:
        """Show the kinds of records, and how far back they go."""
        lines: list[w.Item] = []
        for kind, can_read in info.reads.items():
            words = tr(_KINDS.get(kind, kind.replace("_", " ").capitalize()))
            state = tr("read") if can_read else tr("not offered by the venue")
            sign = w.glyph("check" if can_read else "minus", "ok" if can_read else "text_3", 14)
            shown = w.text(state, "caption", "text_2" if can_read else "text_3")
            lines.append(w.row(sign, w.text(words, "body"), None, shown, spacing=9, margins=(14, 4, 12, 4)))
        host = w.column(w.text(info.history, "caption", "text_3", wrap=True), margins=(14, 6, 14, 0))
        self.show_body(w.column(*lines, *([host] if info.history else []), spacing=0, margins=(0, 5, 0, 8)))
        self._note.setText(tr("in the background"))
