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
ALWAYS_SEVERAL = {"%n others", "%s assets", "Prices of %s sources cannot be read.", "needs %n days, there are %h"}
"""Counts that are never one: what is one is told in other words there, or is no question."""


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


def _counts_of_one_word(node: ast.AST) -> str:
    """Return the sentence of a count that has one word for one and for several, such as "%n rows"."""
    if not (isinstance(node, ast.Call) and _name(node) == "replace" and isinstance(node.func, ast.Attribute)):
        return ""
    said, by = node.func.value, node.args
    is_said = isinstance(said, ast.Call) and _name(said) == "tr" and isinstance(said.args[0], ast.Constant)
    is_count = len(by) == 2 and isinstance(by[0], ast.Constant) and isinstance(by[1], ast.Call)
    if not (is_said and is_count and isinstance(said, ast.Call) and isinstance(by[1], ast.Call)):
        return ""
    text, sign = getattr(said.args[0], "value", ""), getattr(by[0], "value", "")
    return text if _name(by[1]) == "count" and re.search(rf"{sign}( \w+)? \w+(?<!s)s\b", text) else ""


def test_a_count_has_a_word_for_one_and_a_word_for_several() -> None:
    found = {text for _, tree in _trees() for node in ast.walk(tree) if (text := _counts_of_one_word(node))}

    assert found == ALWAYS_SEVERAL
