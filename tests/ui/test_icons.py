"""Every icon that the source names is in the installed package: a missing one is found here, not while painting."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from app.ui import actions, icons
from app.ui.screens import activity_rows, overview_attention

SOURCE = Path(__file__).parents[2] / "app" / "ui"
PLACES = {"glyph": 0, "Glyph": 0, "icon_button": 0, "icon": 0, "pixmap": 0, "show_icon": 0, "set_icon": 1, "button": 2}
"""Which argument of a call names an icon."""
STATES = {
    "failed", "read", "reading", "stopped", "waiting",
    "ambiguous", "differs", "matched", "only ours", "only theirs",
}  # fmt: skip
"""Words that stand beside a tone as well."""
TONES = {"ok", "warn", "danger", "info", "accent", "text_2", "text_3"}


def _words(node: ast.expr | None) -> Iterator[str]:
    """Yield the texts that an expression may become."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _words(node.body)
        yield from _words(node.orelse)


def _named(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = PLACES.get(function, len(node.args))
            yield from _words(node.args[place] if place < len(node.args) else None)
            for keyword in node.keywords:
                yield from _words(keyword.value if keyword.arg == "icon" else None)
        if isinstance(node, ast.Tuple) and len(node.elts) == 2 and set(_words(node.elts[1])) & TONES:
            yield from _words(node.elts[0])


def _from_tables() -> Iterator[str]:
    yield from (action.icon for action in actions.all_actions())
    yield from (icon for _, icon in activity_rows.KINDS.values())
    yield from overview_attention.ICONS.values()
    yield from overview_attention.FALLBACK.values()


def test_every_icon_that_is_named_can_be_drawn() -> None:
    named = set(_from_tables())
    for path in SOURCE.rglob("*.py"):
        named |= set(_named(ast.parse(path.read_text("utf-8"))))
    known = {name.removesuffix(".svg") for name in icons.archive().namelist()}

    assert len(named) > 60
    assert sorted(named - known - TONES - STATES) == []
