"""The form of a stress that has not happened: what fails or moves, by how much, under which name it is kept."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.core.errors import InputError
from app.core.money import plain
from app.ui import format as fmt
from app.ui.screens.risk_found import Found, exact
from app.ui.screens.risk_stress_moves import Moves
from app.ui.screens.risk_typed import factor_of, share_of_percent
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Choice
from app.ui.words import tr

if TYPE_CHECKING:
    from app.core.risk.stress.hypothetical import Hypothesis

_ALL, _NONE = Decimal(100), Decimal(0)
_MOST_GAIN = Decimal(1000)


def _kinds() -> tuple[tuple[str, str, str], ...]:
    """Return each kind with its words and the words of its figure."""
    return (
        ("venue", tr("A venue defaults"), tr("Recovered, %")),
        ("depeg", tr("A stablecoin loses its peg"), tr("Worth, % of its value")),
        ("bridge", tr("A bridge is emptied"), tr("Recovered, %")),
        ("gap", tr("Every price opens elsewhere"), tr("Move, %")),
        ("shock", tr("Prices move"), ""),
        ("volatility", tr("Volatility is multiplied"), tr("Factor")),
    )


class StressForm(QFrame):
    """The form.

    Signals:
        changed: What is typed is another scenario now: it, or None where it is none.
        save_wanted: The scenario shall be kept under this name.
        delete_wanted: The scenario of this name shall be forgotten.
    """

    changed = Signal(object)
    save_wanted = Signal(str, object)
    delete_wanted = Signal(str)

    def __init__(self) -> None:
        """Start without a scenario."""
        super().__init__()
        self.found: Found | None = None
        self._spared: tuple[str, ...] = ()
        self._confidence = 0.99
        self._own, self.is_edited = "", False
        self._shown: Hypothesis | None = None
        self.kind = Choice(tr("Kind of stress"), is_large=False)
        for code, words, _ in _kinds():
            self.kind.addItem(words, code)
        self.subject = Choice(tr("What fails or moves"), is_large=False)
        self.moves = Moves()
        self.label = w.text("", "caption", "text_3")
        self.figure = w.field("", name=tr("Figure of the stress"))
        self.figure.setMaximumWidth(self.figure.fontMetrics().averageCharWidth() * 10)
        self.name = w.field("", tr("Name"), name=tr("Name of the scenario"))
        self.save = w.button(tr("Save"), "", "save", size="small", name=tr("Save scenario"))
        self.delete = w.icon_button("trash-2", tr("Delete this scenario"), side=26)
        self.trouble = w.text("", "caption", "danger", wrap=True)
        self.trouble.hide()
        w.fill(
            QVBoxLayout(self),
            [
                w.row((self.kind, 3), (self.subject, 2), spacing=8),
                self.moves,
                w.row(self.label, self.figure, (self.name, 1), self.save, self.delete, spacing=8),
                self.trouble,
            ],
            8,
            (14, 10, 14, 10),
        )
        self.kind.activated.connect(self._kind_chosen)
        self.subject.activated.connect(self._edited)
        self.moves.changed.connect(self._edited)
        self.figure.textEdited.connect(self._edited)
        self.name.textEdited.connect(self._named)
        self.save.clicked.connect(self._save)
        self.name.returnPressed.connect(self._save)
        self.delete.clicked.connect(self._delete)

    # what is in it -------------------------------------------------------------------------------------------------
    def show_found(self, found: Found) -> None:
        """Take the book, whose venues, issuers, chains and assets can be chosen."""
        self.found = found
        self.moves.offer(found)

    def show_scenario(self, what: Hypothesis, own: str) -> None:
        """Show a scenario to be edited; `own` is its name where a person made it."""
        from app.core.risk.stress.shocks import Shock  # noqa: PLC0415 - loaded with the answer, on a thread
        from app.services.risk_scenarios import KINDS  # noqa: PLC0415

        kind = next(code for code, kind in KINDS.items() if isinstance(what, kind))
        self._own = own
        self._spared = getattr(what, "spared", self._spared)
        self._confidence = getattr(what, "confidence", self._confidence)
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self._offer(kind)
        if isinstance(what, Shock):
            self.moves.show_shock(what)
        self._shown = what
        subject, figure = _parts(what)
        at = self.subject.findData(subject)
        if at < 0 and subject:
            self.subject.addItem(subject, subject)
            at = self.subject.count() - 1
        self.subject.setCurrentIndex(at)
        self.figure.setText(figure)
        self.name.setText(own)
        self.name.setCursorPosition(0)
        self.name.setToolTip(own)
        self.delete.setVisible(bool(own))
        self.is_edited = False
        self._tell("")

    def _offer(self, kind: str) -> None:
        """Offer what can fail or move in a stress of a kind."""
        self.label.setText(next(words for code, _, words in _kinds() if code == kind))
        self.subject.clear()
        for key, words in self._subjects(kind):
            self.subject.addItem(words, key)
        self.subject.setVisible(kind in ("venue", "depeg", "bridge"))
        self.moves.setVisible(kind == "shock")
        self.label.setVisible(kind != "shock")
        self.figure.setVisible(kind != "shock")

    def _subjects(self, kind: str) -> list[tuple[str, str]]:
        if self.found is None:
            return []
        from app.core.risk.exposures import NOBODY  # noqa: PLC0415 - loaded with the answer, on a thread

        found, exposures = self.found, self.found.book.exposures
        field = {"venue": "venue", "depeg": "issuer", "bridge": "bridge"}.get(kind)
        if field is not None:
            names = sorted({getattr(one.places, field) for one in exposures} - {"", NOBODY})
            return [(name, found.place(name)) for name in names]
        return []

    def scenario(self) -> Hypothesis:
        """Return what is typed; InputError where it is none."""
        from app.core.risk.stress import hypothetical as of  # noqa: PLC0415

        kind, subject, text = str(self.kind.currentData()), str(self.subject.currentData() or ""), self.figure.text()
        if self.subject.isVisibleTo(self) and not subject:
            raise InputError("Nothing of this book can fail so.", hint=tr("Choose another kind of stress."))
        match kind:
            case "venue":
                return of.VenueDefault(subject, float(share_of_percent(text, _NONE, _ALL)))
            case "bridge":
                if isinstance(self._shown, of.BridgeLoss) and self._shown.chain == subject:
                    return replace(self._shown, recovery=float(share_of_percent(text, _NONE, _ALL)))
                return of.BridgeLoss(bridge=subject, recovery=float(share_of_percent(text, _NONE, _ALL)))
            case "depeg":
                return of.Depeg(float(share_of_percent(text, _NONE, _ALL)), issuer=subject)
            case "gap":
                return of.Gap(float(share_of_percent(text, -_ALL, _MOST_GAIN)), self._still())
            case "shock":
                return self.moves.shock()
        return of.VolatilityUp(float(factor_of(text)), self._confidence)

    def _still(self) -> tuple[str, ...]:
        """Return what keeps its price in a gap: what the book's own gap spares, unless the scenario says otherwise."""
        if self._spared or self.found is None:
            return self._spared
        from app.core.risk.stress.hypothetical import Gap  # noqa: PLC0415
        from app.services.risk import concerning  # noqa: PLC0415

        return next((one.spared for one in concerning(self.found.book) if isinstance(one, Gap)), ())

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(int)
    def _kind_chosen(self, _index: int) -> None:
        kind = str(self.kind.currentData())
        self._offer(kind)
        if kind == "shock":
            self.moves.begin()
        self.figure.setText({"venue": "0", "bridge": "0", "depeg": "90", "volatility": "3"}.get(kind, "-50"))
        self._edited()

    @Slot(str)
    def _named(self, _name: str) -> None:
        self.is_edited = True

    @Slot()
    def _edited(self, *_of: Any) -> None:
        self.is_edited = True
        try:
            what: Hypothesis | None = self.scenario()
            self._tell("")
        except InputError as fault:
            what = None
            self._tell(f"{fault.message} {fault.hint}")
        self.changed.emit(what)

    def tell(self, words: str) -> None:
        """Say what cannot be done with what is typed."""
        self._tell(words)

    def _tell(self, words: str) -> None:
        self.trouble.setText(fmt.prose(words))
        self.trouble.setVisible(bool(words))

    @Slot()
    def _save(self) -> None:
        try:
            what = self.scenario()
        except InputError as fault:
            self._tell(f"{fault.message} {fault.hint}")
            return
        self.save_wanted.emit(self.name.text(), what)

    @Slot()
    def _delete(self) -> None:
        if self._own:
            self.delete_wanted.emit(self._own)


def _parts(what: Hypothesis) -> tuple[str, str]:
    """Return what fails or moves, and the figure as a person types it."""
    values = {name: getattr(what, name, None) for name in ("venue", "issuer", "bridge", "chain", "factor")}
    if isinstance(values["factor"], str):
        return "", ""
    if values["factor"] is not None:
        return "", plain(Decimal(repr(values["factor"])))
    subject = next((str(values[name]) for name in ("venue", "issuer", "bridge", "chain") if values[name]), "")
    shares = (getattr(what, name) for name in ("recovery", "price", "move") if hasattr(what, name))
    return subject, _percent(next(shares, 0.0))


def _percent(share: float) -> str:
    value = exact(share)
    return "" if value is None else plain(value.scaleb(2))
