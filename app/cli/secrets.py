"""Passphrases and API secrets: from a prompt, an open file or a file, never from an argument or the environment."""

from __future__ import annotations

import getpass
import json
import os
import stat
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.cli.interrupts import asking
from app.core.errors import InputError, UsageError, VaultLockedError
from app.core.model.accounts import Credentials

_LONGEST = 65_536
_COINBASE_FILE = {"name": "apiKey", "privateKey": "secret"}
"""The key file that Coinbase offers for download names its fields otherwise."""


def from_descriptor(number: int) -> list[str]:
    """Return the lines of an open file, which is closed."""
    try:
        with os.fdopen(number, "rb") as stream:
            return _lines(stream.read(_LONGEST + 1))
    except OSError as error:
        message = f"Open file {number} cannot be read: {error.strerror}."
        raise UsageError(message, hint=f"Example: --passphrase-fd {number} {number}< FILE") from error


def from_file(path: Path) -> list[str]:
    """Return the lines of a file; a file that others may read is said on standard error."""
    content = _content(path)
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        print(f"{path} can be read by other users of this computer. Run: chmod 600 {path}", file=sys.stderr)
    return _lines(content)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_LONGEST + 1)
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}."
        raise InputError(message, hint="Check the path and its rights.", where=str(path)) from error


def _lines(content: bytes) -> list[str]:
    """Return lines as editors end them; any other sign is part of a passphrase, however odd it is."""
    if len(content) > _LONGEST:
        message = f"There are more than {_LONGEST:,} bytes, too many for a passphrase or a key."
        raise InputError(message, hint="Name the right file.")
    try:
        text = content.decode("utf-8-sig")
        return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]
    except UnicodeDecodeError as error:
        message = "The passphrase is not UTF-8 text."
        raise InputError(message, hint="Save the file as UTF-8.") from error


def prompt(question: str) -> str:
    """Ask for a passphrase on the terminal without showing the answer."""
    if not sys.stdin.isatty():
        message = "No passphrase was given and there is no terminal to ask on."
        raise VaultLockedError(message, hint="Use --passphrase-fd N or --passphrase-file PATH.")
    return _ask(question)


def _ask(question: str) -> str:
    with asking():
        return getpass.getpass(f"{question}: ", stream=sys.stderr)


def prompt_twice(question: str) -> str:
    """Ask for something new; InputError where the two answers differ."""
    first = prompt(question)
    if prompt(f"{question} again") != first:
        message = "The two passphrases differ."
        raise InputError(message, hint="Nothing was changed; try again.")
    return first


def credentials(path: Path | None, fields: Sequence[str]) -> Credentials:
    """Return the words that a venue asks for, from a file or from prompts."""
    if path is None and not sys.stdin.isatty():
        message = f"The venue's {' and '.join(fields)} were not given and there is no terminal to ask on."
        raise UsageError(message, hint="Use --secrets-file PATH.")
    if path is None:
        return Credentials({field: _ask(field) for field in fields})
    given = _fields(path)
    missing = [field for field in fields if not given.get(field)]
    if missing:
        message = f"The field {' and '.join(missing)} is missing; the file has {', '.join(sorted(given)) or 'none'}."
        raise InputError(
            message, hint=f"Write one line each: {' '.join(f'{field}=…' for field in fields)}", where=str(path)
        )
    return Credentials({field: given[field] for field in fields})


def _fields(path: Path) -> Mapping[str, str]:
    text = "\n".join(from_file(path)).strip()
    if text.startswith("{"):
        return _json_fields(path, text)
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().replace("\\n", "\n") for name, value in pairs}


def _json_fields(path: Path, text: str) -> Mapping[str, str]:
    try:
        value = json.loads(text)
    except ValueError as error:
        message = "The file starts like JSON but is none."
        raise InputError(message, hint='Expected: {"apiKey": "…", "secret": "…"}', where=str(path)) from error
    return {_COINBASE_FILE.get(name, name): str(secret) for name, secret in value.items()}
