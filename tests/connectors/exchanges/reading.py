"""What tests of venues read with: a place with the real registry, entries as short texts, samples of ccxt's sources."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.connectors.exchanges.rows import Read
from app.core.clock import iso
from app.core.ledger.entries import Entry
from app.core.model.pages import Page
from app.core.model.registry import StaticAssetRegistry
from app.core.money import plain
from tests.storage.journal_books import ACCOUNT, SOURCE

ASSETS = StaticAssetRegistry.from_json(
    (Path(__file__).parents[3] / "resources" / "data" / "assets.json").read_text("utf-8")
)


@dataclass
class Place:
    """An account at a venue."""

    venue: str
    account: str = ACCOUNT
    source: str = SOURCE
    asked: list[str] = field(default_factory=list)

    def asset(self, native_id: str) -> str:
        return ASSETS.resolve(self.venue, native_id).asset_id


def shown(entry: Entry) -> str:
    """Return an entry as "kind space:id: [place/]quantity asset [role], …"."""
    legs = ", ".join(
        f"{'' if leg.sub_place == 'spot' else leg.sub_place + '/'}{plain(leg.quantity)} {leg.asset}"
        f"{'' if leg.role == 'principal' else ' ' + leg.role.value}"
        for leg in entry.legs
    )
    part = f"/{entry.identity.part}" if entry.identity.part else ""
    return f"{entry.kind.value} {entry.identity.space}:{entry.identity.native_id}{part}: {legs}"


def entries(read: Read) -> list[str]:
    """Return what was read as short texts."""
    return [shown(one.entry) for one in read.candidates]


def faults(read: Read) -> list[str]:
    """Return why rows were quarantined."""
    return [finding.message for finding in read.findings]


def page(read: Read, content: Any, *, stream: str = "stream", normaliser: str = "test/1") -> Page:
    """Return rows that were read as a page of the interface."""
    return Page(
        stream=stream,
        content=json.dumps(content).encode(),
        media_type="application/json",
        read_at=1_700_000_000_000_000_000,
        candidates=read.candidates,
        cursor="1",
        normaliser=normaliser,
        findings=read.findings,
    )


def moment(entry: Entry) -> str:
    """Return when an entry happened, with the digits that its source gave."""
    return iso(entry.at, entry.resolution)


def recorded(folder: Path, *path: str) -> Any:
    """Return a recorded answer with exact numbers."""
    return json.loads(folder.joinpath("exchanges", *path).read_text("utf-8"), parse_float=Decimal)


def in_json(rows: Any) -> Any:
    """Return rows as they go over the wire."""
    return json.loads(json.dumps(rows, default=str))


def ccxt_comments(exchange: str, method: str) -> list[str]:
    """Return the blocks of comments inside one method of an installed exchange class."""
    spec = importlib.util.find_spec("ccxt")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    source = Path(spec.submodule_search_locations[0]) / "async_support" / f"{exchange}.py"
    text = source.read_text("utf-8")
    spans = [
        (node.lineno, node.end_lineno or node.lineno)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == method
    ]
    assert spans, f"ccxt {importlib.metadata.version('ccxt')} has no {exchange}.{method}"
    lines = text.splitlines()
    return [block for first, last in spans for block in _blocks(lines[first:last])]


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    block: list[str] = []
    for line in [*lines, ""]:
        if line.lstrip().startswith("#"):
            block.append(re.sub(r"^\s*# ?", "", line))
        elif block:
            yield "\n".join(block)
            block = []


def ccxt_samples(exchange: str, method: str) -> list[Any]:
    """Return the answers that ccxt keeps as comments inside one method, where they are sound JSON."""
    return [value for block in ccxt_comments(exchange, method) for value in _values(block)]


def _values(text: str) -> Iterator[Any]:
    start = 0
    while match := re.compile(r"[\[{]").search(text, start):
        end = _balanced(text, match.start())
        if end is None:
            start = match.start() + 1
            continue
        cleaned = re.sub(r"(?m)(?<![:\"])//[^\"\n]*$", "", text[match.start() : end])
        cleaned = re.sub(r",(\s*[}\]])", r"\1", cleaned)
        try:
            yield json.loads(cleaned, parse_float=Decimal)
            start = end
        except ValueError:
            start = match.start() + 1


def _balanced(text: str, start: int) -> int | None:
    depth, quoted, escaped = 0, False, False
    for index in range(start, len(text)):
        letter = text[index]
        if quoted:
            quoted = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            quoted = True
        elif letter in "{[":
            depth += 1
        elif letter in "}]":
            depth -= 1
            if not depth:
                return index + 1
    return None
