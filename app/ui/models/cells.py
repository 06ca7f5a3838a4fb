"""Cells: small values that say what is shown; the delegate paints them. Texts come through the gate of `format`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from msgspec import Struct

from app.ui import format as fmt

_HALF = Decimal("0.5")


def _point() -> str:
    """Return the decimal point as the gate writes it now; a masked figure has none."""
    shown = fmt.quantity(_HALF)
    return "." if shown == fmt.MASK else shown[1:-1]


@dataclass(frozen=True, slots=True)
class Named:
    """An asset or a place: letter avatar, the short name, what it is in grey, and a badge where it needs one."""

    symbol: str
    name: str
    note: str = ""
    is_square: bool = False
    badge: str = ""

    @property
    def text(self) -> str:
        """Return what is read out."""
        return " ".join(part for part in (self.name, self.note, self.badge) if part)


class Words(Struct, frozen=True):
    """Text that may end in an ellipsis."""

    text: str
    tone: str = "text"
    role: str = "cell"
    icon: str = ""
    icon_tone: str = "text_3"


class Figure(Struct, frozen=True):
    """A figure, date or price: right-aligned, never elided."""

    text: str
    tone: str = "text"
    role: str = "cell"
    icon: str = ""
    icon_tone: str = "warn"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity on the decimal point, its fraction in grey."""

    value: Decimal | None
    unit: str = ""
    tone: str = "text"
    has_sign: bool = False

    @property
    def text(self) -> str:
        """Return the quantity as shown."""
        return fmt.quantity(self.value, self.unit, sign=self.has_sign)

    def parts(self) -> tuple[str, str]:
        """Return what stands left of the decimal point, and the point with what follows; masked text has no point."""
        shown = self.text
        number, gap, unit = shown.partition(fmt.THIN)
        whole, point, rest = number.partition(_point())
        return (whole, point + rest + gap + unit) if rest else (number, gap + unit)


@dataclass(frozen=True, slots=True)
class Delta:
    """A change: triangle, sign and colour, always all three; zero is grey and bare."""

    value: Decimal | None
    text: str


@dataclass(frozen=True, slots=True)
class Share:
    """A bar and its figure; floats here are geometry."""

    share: float | None
    text: str
    tone: str = "accent"


@dataclass(frozen=True, slots=True)
class Status:
    """A state in one word: on a tint where it needs a person, quiet where it is the normal one."""

    text: str
    tone: str = "text_3"
    icon: str = ""
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Hash:
    """A hash or record number in mono."""

    text: str
    tone: str = "text_3"


@dataclass(frozen=True, slots=True)
class Spark:
    """A course without axis; floats here are geometry."""

    values: tuple[float, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Actions:
    """Small buttons at the end of a row: (action, icon, what it does)."""

    actions: tuple[tuple[str, str, str], ...]

    @property
    def text(self) -> str:
        """Return what they do, for screen readers."""
        return ", ".join(tip for _, _, tip in self.actions)


Cell = Named | Words | Figure | Quantity | Delta | Share | Status | Hash | Spark | Actions

NOTHING = Words("")


@dataclass(frozen=True, slots=True)
class Heading:
    """The row of a group: it spans all columns and cannot be selected."""

    label: str
    note: str = ""
    right: str = ""
