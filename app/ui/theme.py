"""The look: tokens read once, then colours, fonts, palette and sizes by the name of their role.

Painted widgets ask here while they paint, so that a theme switch needs no restart.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

THEMES = Path(__file__).resolve().parents[2] / "resources" / "themes"
MODES = ("dark", "light", "contrast")
SCHEMES = ("standard", "blue-orange", "asia", "vivid")


@dataclass(frozen=True, slots=True)
class Look:
    """What a person may choose about the look.

    Attributes:
        scale: Factor on the 13 px base; 1.0 is 100 %.
        density: Device pixels a logical pixel; None asks the screen. Pictures at 200 % set it.
    """

    mode: str = "dark"
    scheme: str = "standard"
    scale: float = 1.0
    density: float | None = None
    is_reduced: bool = False


_now: list[Look] = [Look()]


def look() -> Look:
    """Return the look in use."""
    return _now[0]


def use(**changes: object) -> None:
    """Change parts of the look; `apply` then brings it to the screen."""
    _now[0] = replace(_now[0], **changes)  # type: ignore[arg-type]
    font.cache_clear()


@lru_cache(maxsize=8)
def _tokens(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((THEMES / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def hex_of(role: str) -> str:
    """Return the colour of a role as #RRGGBB or #RRGGBBAA; a literal colour is its own."""
    if role.startswith("#"):
        return role
    tokens = _tokens(_now[0].mode)
    found: str = tokens["updown"][_now[0].scheme][role] if role in ("up", "down") else tokens["colors"][role]
    return found


def has(role: str) -> bool:
    """Tell whether there is such a colour."""
    return role in ("up", "down") or role in _tokens(_now[0].mode)["colors"]


def color(role: str, alpha: float | None = None) -> QColor:
    """Return the colour of a role, which is nobody's to change; tokens write #RRGGBBAA where Qt reads #AARRGGBB."""
    now = _now[0]
    return _color(role, alpha, now.mode, now.scheme)


@lru_cache(maxsize=512)
def _color(role: str, alpha: float | None, _mode: str, _scheme: str) -> QColor:
    value = hex_of(role)
    made = QColor(f"#{value[7:9]}{value[1:7]}") if len(value) == len("#RRGGBBAA") else QColor(value)
    if alpha is not None:
        made.setAlphaF(alpha)
    return made


def series(index: int) -> str:
    """Return one of the eight chart colours."""
    tints: list[str] = _tokens(_now[0].mode)["series"]
    return tints[index % len(tints)]


def diverging(role: str) -> str:
    """Return the colour of "negative", "zero" or "positive" in a matrix."""
    found: str = _tokens(_now[0].mode)["diverging"][role]
    return found


def mix(left: str, right: str, share: float) -> QColor:
    """Return a colour between two roles; share 0 is the left one."""
    one, two = color(left), color(right)
    parts = ((one.red(), two.red()), (one.green(), two.green()), (one.blue(), two.blue()))
    return QColor(*(round(a * (1 - share) + b * share) for a, b in parts))


def px(pixels: float) -> int:
    """Return a length at the chosen scale."""
    return round(pixels * _now[0].scale)


def size(name: str) -> int:
    """Return a named length of the grid at the chosen scale."""
    return px(_tokens("shape")["size"][name])


def motion(name: str) -> int:
    """Return a duration in milliseconds; 0 where motion is reduced."""
    length: int = _tokens("shape")["motion"][name]
    still_needed = ("toast", "toast_with_undo", "skeleton_delay")
    return length if not _now[0].is_reduced or name in still_needed else 0


def elevation(level: int) -> tuple[int, int, QColor]:
    """Return offset, blur and colour of a shadow."""
    spec = _tokens("shape")["elevation"][str(level)]
    return spec["y"], spec["blur"], color(_tokens(_now[0].mode)["shadows"][str(level)])


def density() -> float:
    """Return device pixels a logical pixel."""
    if _now[0].density is not None:
        return _now[0].density
    screens = QGuiApplication.screens()
    return screens[0].devicePixelRatio() if screens else 1.0


@lru_cache(maxsize=64)
def font(role: str) -> QFont:
    """Return the font of a role, with tabular figures."""
    kinds = _tokens("shape")["type"]
    spec = kinds["roles"][role]
    made = QFont(kinds["mono" if role.startswith("mono") else "family"])
    made.setPixelSize(px(spec["px"]))
    made.setWeight(QFont.Weight(spec["weight"]))
    if spec["tracking"]:
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spec["tracking"])
    made.setFeature(QFont.Tag("tnum"), 1)
    # Inter writes an x between figures as a multiplication sign: an address would begin with 0×.
    made.setFeature(QFont.Tag("calt"), 0)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def palette() -> QPalette:
    """Return the palette of the look; the platform's own is never trusted."""
    made, role = QPalette(), QPalette.ColorRole
    pairs = (
        (role.Window, "canvas"), (role.Base, "surface"), (role.AlternateBase, "raised"), (role.Button, "raised"),
        (role.WindowText, "text"), (role.Text, "text"), (role.ButtonText, "text"), (role.ToolTipBase, "overlay"),
        (role.ToolTipText, "text"), (role.PlaceholderText, "text_3"), (role.Highlight, "selected"),
        (role.HighlightedText, "text"), (role.Link, "link"), (role.Accent, "accent"), (role.Mid, "border"),
        (role.Dark, "border_subtle"), (role.Light, "raised"),
    )  # fmt: skip
    for target, token in pairs:
        made.setColor(target, color(token))
    for target in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, target, color("text_disabled"))
    return made


def system_mode() -> str:
    """Return the mode that the operating system asks for; dark where it does not say."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return "light" if scheme == Qt.ColorScheme.Light else "dark"


def tell_system(app: QApplication) -> None:
    """Let title bars and native menus follow."""
    light = _now[0].mode == "light"
    app.styleHints().setColorScheme(Qt.ColorScheme.Light if light else Qt.ColorScheme.Dark)
