"""Many lines and boxes painted at once, straight from an array.

A list of ten thousand QLineF costs more to make than to paint. QPainter also takes the first of an array and their
number; here that is a numpy array of doubles, which QLineF and QRectF are made of.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter
from shiboken6 import wrapInstance

Floats = NDArray[np.float64]


def _first_of(kind: type, numbers: Floats) -> Any:
    """Return the first Qt value of an array that lies in one piece; the array must outlive it."""
    return wrapInstance(numbers.ctypes.data, kind)


def _rows(*columns: Floats | float) -> Floats:
    """Return columns side by side in one piece of memory."""
    length = max(np.size(column) for column in columns)
    rows = np.empty((length, len(columns)), dtype=np.float64)
    for place, column in enumerate(columns):
        rows[:, place] = column
    return rows


def lines(painter: QPainter, x1: Floats, y1: Floats, x2: Floats, y2: Floats) -> None:
    """Paint lines with the pen of the painter."""
    if len(x1):
        numbers = _rows(x1, y1, x2, y2)
        painter.drawLines(_first_of(QLineF, numbers), len(numbers))


def boxes(painter: QPainter, left: Floats, top: Floats, width: float, height: Floats) -> None:
    """Paint boxes of one width with the pen and brush of the painter."""
    if len(left):
        numbers = _rows(left, top, width, height)
        painter.drawRects(_first_of(QRectF, numbers), len(numbers))


def polyline(painter: QPainter, xs: Floats, ys: Floats) -> None:
    """Paint one line through all points; a point that is not a number is a gap."""
    is_known = np.isfinite(ys[:-1]) & np.isfinite(ys[1:])
    lines(painter, xs[:-1][is_known], ys[:-1][is_known], xs[1:][is_known], ys[1:][is_known])
