"""What Tab stops at, in the order in which a person reads: as widgets are laid out, not as they were made."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLayout, QSplitter, QWidget


def focus_stops(root: QWidget) -> list[QWidget]:
    """Return what Tab stops at inside a widget."""
    return [widget for widget in _inside(root, None) if _is_stop(widget, root)]


def move_focus(root: QWidget, *, forward: bool) -> bool:
    """Put the focus on the stop after the focused widget, or before it; False where there is none."""
    focused = QApplication.focusWidget()
    order = list(_inside(root, focused))
    places = [place for place, widget in enumerate(order) if _is_stop(widget, root)]
    if not places:
        return False
    # What has the focus without being a stop, such as what stands in place of a table, lies between two of them.
    at = order.index(focused) if focused in order else -1 if forward else len(order)
    if forward:
        target = next((place for place in places if place > at), places[0])
    else:
        target = next((place for place in reversed(places) if place < at), places[-1])
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    order[target].setFocus(reason)
    return True


def _is_stop(widget: QWidget, root: QWidget) -> bool:
    """Tell whether Tab stops here; what hands the focus on, as the viewport of a chart does, would hold it for ever."""
    is_stop = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
    return is_stop and widget.isEnabled() and widget.isVisibleTo(root)


def _inside(widget: QWidget, focused: QWidget | None) -> Iterator[QWidget]:
    """Yield everything inside a widget: what its layout or its splitter holds in its order, then what floats.

    What is hidden is left out with all that is in it: of all places only one is seen, and to look through the others
    takes longer than a turn may. Only where the focus is in it, hidden as it may just have been, it is a place to go
    on from.
    """
    laid_out: list[QWidget] = []
    layout = widget.layout()
    if isinstance(widget, QSplitter):
        parts = (widget.widget(place) for place in range(widget.count()))
        laid_out = [part for part in parts if part is not None]
    elif layout is not None:
        laid_out = list(_held(layout))
    others = [
        child
        for child in widget.children()
        if isinstance(child, QWidget) and child not in laid_out and not child.isWindow()
    ]
    for child in (*laid_out, *others):
        if not child.isHidden() or (focused is not None and (child is focused or child.isAncestorOf(focused))):
            yield child
            yield from _inside(child, focused)


def _held(layout: QLayout) -> Iterator[QWidget]:
    for number in range(layout.count()):
        item = layout.itemAt(number)
        held, inner = (None, None) if item is None else (item.widget(), item.layout())
        if held is not None:
            yield held
        elif inner is not None:
            yield from _held(inner)
