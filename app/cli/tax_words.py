"""Words that the commands about tax share: countries, options, files of text."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from app.core.errors import InputError, UsageError
from app.core.tax.jurisdictions import JURISDICTIONS

Country = StrEnum("Country", {code.upper(): code for code in JURISDICTIONS})  # type: ignore[misc]


def options(words: list[str]) -> dict[str, str]:
    """Return options given as NAME=VALUE."""
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name or name in found:
            fact = "is given twice" if name in found else "is not NAME=VALUE"
            raise UsageError(f"The option {word!r} {fact}.", hint="Example: --option taxpayer=company")
        found[name] = value
    return found


def text(file: Path) -> str:
    """Return the text of a file; InputError where it cannot be read."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"The file cannot be read: {error.strerror}.", hint="Check it.", where=str(file)) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"Byte {error.start} is not UTF-8.", hint="Save the file as CSV in UTF-8.", where=str(file)
        ) from error
