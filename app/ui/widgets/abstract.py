"""Bases of widgets that leave something to whoever derives from them: one that leaves it out too cannot be made."""

from __future__ import annotations

from abc import ABCMeta
from typing import Any

from PySide6.QtWidgets import QWidget


class AbstractWidget(ABCMeta, type(QWidget)):  # type: ignore[misc]
    """The class of widgets with abstract methods; Qt's own way of making objects does not look for them."""

    def __call__(cls, *args: Any, **named: Any) -> Any:
        """Make a widget; TypeError where a method is still abstract."""
        if cls.__abstractmethods__:
            left = ", ".join(sorted(cls.__abstractmethods__))
            message = f"{cls.__name__} is abstract: it leaves out {left}."
            raise TypeError(message)
        return super().__call__(*args, **named)
