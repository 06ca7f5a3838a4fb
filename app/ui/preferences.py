"""What the window remembers on this computer: looks, sizes, keys. Nothing names a person, a vault or an asset."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from app.ui import theme
from app.ui.format import Mask

FOLLOW_SYSTEM = "system"
LOCK_AFTER = (1, 5, 15, 30, 60, 0)
"""Minutes to choose from; 0 is never."""


class Preferences:
    """Typed access to the window's settings file."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the settings."""
        self._kept = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)

    def _text(self, name: str, default: str) -> str:
        found = self._kept.value(name, default)
        return found if isinstance(found, str) else default

    def _is_on(self, name: str, *, default: bool = False) -> bool:
        return self._text(name, "yes" if default else "no") == "yes"

    def keep(self, name: str, value: str | bool | int) -> None:  # noqa: FBT001
        """Remember a value."""
        self._kept.setValue(name, ("yes" if value else "no") if isinstance(value, bool) else str(value))

    @property
    def mode(self) -> str:
        """Return dark, light, contrast or system."""
        found = self._text("look/mode", FOLLOW_SYSTEM)
        return found if found in (*theme.MODES, FOLLOW_SYSTEM) else FOLLOW_SYSTEM

    @property
    def scheme(self) -> str:
        """Return the pair of colours for up and down."""
        found = self._text("look/scheme", "standard")
        return found if found in theme.SCHEMES else "standard"

    @property
    def is_reduced(self) -> bool:
        """Tell whether motion is reduced."""
        return self._is_on("look/reduced-motion")

    @property
    def is_rail_narrow(self) -> bool:
        """Tell whether the person has folded the rail."""
        return self._is_on("look/narrow-rail")

    @property
    def mask(self) -> Mask:
        """Return how much is hidden."""
        found = self._text("mask", "0")
        return Mask(int(found)) if found in ("0", "1", "2") else Mask.NOTHING

    @property
    def lock_after(self) -> int:
        """Return the minutes without a touch after which the vault locks; 0 is never."""
        found = self._text("lock/minutes", "15")
        return int(found) if found.isdecimal() and int(found) in LOCK_AFTER else 15

    @property
    def period(self) -> str:
        """Return the period that was last looked at."""
        return self._text("scope/period", "ytd")

    @property
    def inspector_width(self) -> int:
        """Return the width of the inspector in pixels at 100 %."""
        found = self._text("window/inspector", "372")
        return int(found) if found.isdecimal() else 372

    def geometry(self) -> QByteArray | None:
        """Return where the window stood."""
        found = self._kept.value("window/geometry")
        return found if isinstance(found, QByteArray) else None

    def keep_geometry(self, geometry: QByteArray) -> None:
        """Remember where the window stands."""
        self._kept.setValue("window/geometry", geometry)

    def keys(self, action_id: str) -> tuple[str, ...] | None:
        """Return the person's own keys of an action; None where the usual ones hold, empty where there are none."""
        found = self._kept.value(f"keys/{action_id}")
        if not isinstance(found, str):
            return None
        return tuple(part for part in found.split(";") if part)

    def keep_keys(self, action_id: str, keys: tuple[str, ...] | None) -> None:
        """Remember the person's own keys of an action, or go back to the usual ones."""
        if keys is None:
            self._kept.remove(f"keys/{action_id}")
        else:
            self._kept.setValue(f"keys/{action_id}", ";".join(keys))

    def save(self) -> None:
        """Write to disk now."""
        self._kept.sync()


def use(preferences: Preferences) -> None:
    """Take the look from the preferences; `style.apply` then brings it to the screen."""
    mode = theme.system_mode() if preferences.mode == FOLLOW_SYSTEM else preferences.mode
    theme.use(mode=mode, scheme=preferences.scheme, is_reduced=preferences.is_reduced)
