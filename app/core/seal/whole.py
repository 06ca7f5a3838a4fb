"""A whole tax year as files: its sections as JSON and its tables as CSV, in the order in which they are hashed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.core.seal.hashes import parsed
from app.core.seal.sections import SECTIONS, SealSource, Sections, section_bytes, sections_of, until, year_document
from app.core.seal.tables import tables_of

_SECTION, _TABLE = "year/", "tables/"


@dataclass(frozen=True, slots=True)
class WholeYear:
    """The canonical output of a year.

    Attributes:
        files: By name, in the order of the seal.
        end_ns: The moment before which everything lies that the figures follow from; 0 where it was not made here.
    """

    sections: Sections
    files: dict[str, bytes]
    end_ns: int = 0

    @property
    def document(self) -> bytes:
        """Return the one canonical document."""
        return year_document({name: self.files[section_file(name)] for name in self.sections})


def section_file(name: str) -> str:
    """Return the name of the sealed file of a section."""
    return f"{_SECTION}{name}.json"


def made_of(source: SealSource) -> WholeYear:
    """Return the canonical output of a year."""
    sections = sections_of(source)
    files = {section_file(name): content for name, content in section_bytes(sections).items()}
    files |= {f"{_TABLE}{name}": content for name, content in tables_of(sections).items()}
    return WholeYear(sections, files, until(source.profile, source.year))


def read_whole(files: Mapping[str, Callable[[], bytes]]) -> WholeYear:
    """Return the canonical output of sealed files; forms and evidence beside it are left alone.

    An older generation of the computation may not have had every section.
    """
    found = {name: read() for name, read in files.items() if name.startswith((_SECTION, _TABLE))}
    sections = {name: parsed(found[section_file(name)]) for name in SECTIONS if section_file(name) in found}
    return WholeYear(sections, found)
