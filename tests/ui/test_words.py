"""Words on screen go through translation, and nothing opens an event loop of its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

UI = Path(__file__).parents[2] / "app" / "ui"
SHOWN = {
    "text", "elided", "button", "icon_button", "field", "panel", "page_header", "message", "show_empty", "toast",
    "Pill", "setText", "setToolTip", "setAccessibleName", "setPlaceholderText", "setWindowTitle",
    "addAction", "addSection",
}  # fmt: skip
NAMES = {"Counterfoil"}


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(UI.rglob("*.py")):
        yield str(path.relative_to(UI)), ast.parse(path.read_text("utf-8"))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is_prose(node: ast.expr) -> bool:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node.value in NAMES:
        return False
    return re.search(r"[A-Z][a-z]+|[a-z]+ [a-z]+", node.value) is not None


def test_every_word_on_screen_goes_through_translation() -> None:
    found = [
        (name, node.args[0].lineno, node.args[0].value)
        for name, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _name(node) in SHOWN and node.args and _is_prose(node.args[0])
        if isinstance(node.args[0], ast.Constant)
    ]

    assert found == []


def test_nothing_opens_a_second_event_loop() -> None:
    found = [
        (name, node.lineno)
        for name, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _name(node) in ("exec", "exec_")
    ]

    assert found == []


def test_nothing_waits_for_a_future_on_the_main_thread() -> None:
    found = [
        (name, node.lineno)
        for name, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _name(node) in ("result", "run_until_complete") and name != "loop.py"
    ]

    assert found == []


def test_no_slot_is_a_lambda_that_holds_its_object() -> None:
    found = [
        (name, node.lineno)
        for name, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _name(node) == "connect" and any(isinstance(a, ast.Lambda) for a in node.args)
    ]

    assert found == []
