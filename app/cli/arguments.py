"""Words of the command line that every command takes: found before or after the command's own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import UsageError

_FLAGS = ("--json", "--accept-older")
_VALUES = {
    "--vault": "vault",
    "--book": "book",
    "--passphrase-fd": "passphrase_fd",
    "--passphrase-file": "passphrase_file",
    "--secrets-file": "secrets_file",
}
HIGHEST_FD = 2**31 - 1
GLOBAL_HELP = (
    "Every command also takes: --vault PATH, --book NAME, --passphrase-fd N or --passphrase-file PATH, "
    "--secrets-file PATH, --json (one JSON document on standard output), --accept-older (go on with a vault that is "
    "older than it was on this computer)."
)


@dataclass(frozen=True, slots=True)
class Globals:
    """What the words that every command takes say."""

    is_json: bool = False
    vault: Path | None = None
    book: str | None = None
    passphrase_fd: int | None = None
    passphrase_file: Path | None = None
    secrets_file: Path | None = None
    accept_older: bool = False


def wants_json(argv: Sequence[str]) -> bool:
    """Tell whether `--json` is asked for, even where the rest cannot be understood."""
    own = argv[: argv.index("--")] if "--" in argv else argv
    return "--json" in own


def split(argv: Sequence[str]) -> tuple[Globals, list[str]]:
    """Return the global words and the rest in its order; what follows `--` is left alone."""
    found: dict[str, str] = {}
    rest: list[str] = []
    words = iter(argv)
    for word in words:
        name, equals, value = word.partition("=")
        if word == "--":
            rest.extend([word, *words])
        elif word in _FLAGS:
            found[word] = ""
        elif name in _VALUES:
            found[name] = value if equals else _following(name, words)
        else:
            rest.append(word)
    return _globals(found), rest


def _following(name: str, words: Iterator[str]) -> str:
    value = next(words, None)
    if value is None:
        message = f"{name} needs a value."
        raise UsageError(message, hint=GLOBAL_HELP)
    return value


def _globals(found: dict[str, str]) -> Globals:
    if "--passphrase-fd" in found and "--passphrase-file" in found:
        message = "--passphrase-fd and --passphrase-file exclude each other."
        raise UsageError(message, hint="Give one of them.")
    return Globals(
        is_json="--json" in found,
        vault=_path(found.get("--vault")),
        book=found.get("--book"),
        passphrase_fd=_number("--passphrase-fd", found.get("--passphrase-fd")),
        passphrase_file=_path(found.get("--passphrase-file")),
        secrets_file=_path(found.get("--secrets-file")),
        accept_older="--accept-older" in found,
    )


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text).expanduser()


def _number(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or int(text) > HIGHEST_FD:
        message = f"{name} {text!r} is not the number of an open file."
        raise UsageError(message, hint=f"Example: {name} 3 3< FILE")
    return int(text)
