"""What the sources promise about themselves: small files, documented, and no nested event loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
TESTS = APP.parent / "tests"
LONGEST_FILE = 400
LONGEST_FUNCTION = 40


def sources(folder: Path) -> list[Path]:
    """Return the sources below a folder."""
    return sorted(folder.rglob("*.py"))


def nested_loops(source: str) -> Iterator[int]:
    """Yield the lines that call `exec` or `exec_` of something: a nested loop stalls every asyncio task."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in {"exec", "exec_"}:
            yield node.lineno


def function_lengths(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield each function's name and its lines without decorators and docstring."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node, clean=False) or ""
            end = node.end_lineno or node.lineno
            yield node.name, end - node.lineno + 1 - (len(text.splitlines()) if text else 0)


def test_no_file_of_the_program_or_its_tests_is_longer_than_400_lines() -> None:
    paths = [*sources(APP), *sources(TESTS)]
    lengths = {str(path.relative_to(APP.parent)): len(path.read_text("utf-8").splitlines()) for path in paths}

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_of_the_program_is_longer_than_40_lines() -> None:
    lengths = {
        f"{path.relative_to(APP)}:{name}": length
        for path in sources(APP)
        for name, length in function_lengths(ast.parse(path.read_text("utf-8")))
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_no_module_of_tests_is_a_helper_of_another() -> None:
    found = [
        f"{path.relative_to(TESTS)}: {node.module}"
        for path in sources(TESTS)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2].startswith("test_")
    ]

    assert found == []


def test_the_window_opens_no_nested_event_loop() -> None:
    found = [f"{path.name}:{line}" for path in sources(APP / "ui") for line in nested_loops(path.read_text("utf-8"))]

    assert found == []


@pytest.mark.parametrize("call", ["dialog.exec()", "QMenu(self).exec_(point)", "run = box.exec"])
def test_a_nested_event_loop_is_seen(call: str) -> None:
    assert list(nested_loops(f"x = 1\n{call}\n")) == [2]


def test_every_package_of_the_program_says_what_it_is_for() -> None:
    folders = {path.parent for path in sources(APP)}
    packages = {folder: folder / "__init__.py" for folder in folders}
    silent = [
        str(folder.relative_to(APP.parent))
        for folder, start in packages.items()
        if not start.is_file() or not ast.get_docstring(ast.parse(start.read_text("utf-8")))
    ]

    assert sorted(silent) == []
