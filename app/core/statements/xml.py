"""XML of others, read without what makes it dangerous: no document type, no entities, no depth without end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from app.core.errors import InputError

_DEEPEST = 50
_MOST = 2_000_000
"""Elements of a file: more is something else."""


@dataclass(slots=True)
class Node:
    """An element; its name is without namespace and in small letters."""

    tag: str
    line: int
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return what it is looked for by."""
        return self.tag.casefold()

    @property
    def text(self) -> str:
        """Return its own text."""
        return "".join(self.parts).strip()

    def words(self) -> str:
        """Return the first text in it or below it."""
        return self.text or next((found for one in self.children if (found := one.words())), "")

    def first(self, name: str) -> Node | None:
        """Return the first element of a name below it."""
        return next(self.every(name), None)

    def every(self, name: str) -> Iterator[Node]:
        """Yield the elements of a name below it, in their order."""
        for one in self.children:
            if one.name == name:
                yield one
            yield from one.every(name)


class _Reading:
    """Builds the tree."""

    def __init__(self) -> None:
        self.top = Node("", 0, {})
        self._open = [self.top]
        self._count = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._said
        # Entities can grow without end, or name files and addresses; no statement needs one.
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > _DEEPEST or self._count > _MOST:
            raise self._fault("The file has more elements, or deeper ones, than any statement")
        named = {_local(name).casefold(): value for name, value in attributes.items()}
        node = Node(_local(tag), self.parser.CurrentLineNumber, named)
        self._open[-1].children.append(node)
        self._open.append(node)

    def _end(self, _tag: str) -> None:
        self._open.pop()

    def _said(self, text: str) -> None:
        self._open[-1].parts.append(text)

    def _refuse(self, *_told: object) -> None:
        raise self._fault("The file declares a document type or an entity, which no statement needs")

    def _fault(self, fact: str) -> InputError:
        return InputError(f"Line {self.parser.CurrentLineNumber}: {fact}.", hint="Choose the statement itself.")


def parse(text: str) -> Node:
    """Return the outermost element; InputError names the line that cannot be read."""
    reading = _Reading()
    # The text is decoded already, whatever its declaration says.
    content = text.lstrip("\ufeff \t\r\n").encode()
    parser = reading.parser
    try:
        parser.Parse(_undeclared(content), True)  # noqa: FBT003 - expat's own
    except expat.ExpatError as error:
        told = expat.ErrorString(error.code)
        raise InputError(f"Line {error.lineno}: this is no XML: {told}.", hint="Choose the file as it came.") from error
    return reading.top.children[0]


def _undeclared(content: bytes) -> bytes:
    """Return the content without a declaration of its encoding; its lines keep their numbers."""
    if not content.startswith(b"<?xml"):
        return content
    end = content.find(b"?>")
    return content if end < 0 else b"\n" * content[:end].count(b"\n") + content[end + 2 :]


def _local(name: str) -> str:
    return name.rpartition(":")[2]
