"""Line icons from the installed Lucide package, tinted by role as they are drawn."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.ui import theme


@lru_cache(maxsize=1)
def archive() -> zipfile.ZipFile:
    """Return the drawings of the installed package."""
    spec = find_spec("justmyresource_lucide")
    if spec is None or spec.origin is None:
        message = "the package justmyresource-lucide is not installed; run scripts/setup"
        raise FileNotFoundError(message)
    return zipfile.ZipFile(Path(spec.origin).parent / "icons.zip")


@lru_cache(maxsize=512)
def _drawn(name: str, tint: str, side: int, density: float, stroke: float) -> QPixmap:
    drawing = archive().read(f"{name}.svg").decode().replace("currentColor", tint)
    drawing = drawing.replace('stroke-width="2"', f'stroke-width="{stroke}"')
    made = QPixmap(round(side * density), round(side * density))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, side * density, side * density))
    painter.end()
    made.setDevicePixelRatio(density)
    return made


def pixmap(name: str, role: str = "text_2", side: int = 16, stroke: float = 1.75) -> QPixmap:
    """Return an icon in the colour of a role, sharp at the screen's density."""
    return _drawn(name, theme.hex_of(role), theme.px(side), theme.density(), stroke)


def icon(name: str, role: str = "text_2", side: int = 16) -> QIcon:
    """Return an icon for a button; `style.apply` tints it anew when the theme changes."""
    return QIcon(pixmap(name, role, side))
