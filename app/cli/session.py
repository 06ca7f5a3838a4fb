"""One run of the command line: its words, its output, the vault it opens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import typer

from app.cli import secrets
from app.cli.arguments import Globals
from app.cli.output import Output
from app.core.errors import InputError, InterruptedByUserError, VaultLockedError, VaultRolledBackError
from app.core.model.accounts import Account
from app.core.ports import Runtime
from app.services.accounts import listed, meant
from app.services.vault import VaultService
from app.services.workspace import Workspace


@dataclass(slots=True)
class Session:
    """What a command needs; made once per run and handed through typer's context."""

    runtime: Runtime
    words: Globals
    output: Output
    vaults: VaultService = field(init=False)
    _lines: list[str] | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        """Make the vault service."""
        self.vaults = VaultService(self.runtime)

    @property
    def path(self) -> Path:
        """Return the vault that is meant."""
        return self.words.vault or self.vaults.default_path()

    @property
    def has_passphrase(self) -> bool:
        """Tell whether a passphrase was given without a prompt."""
        return self.words.passphrase_fd is not None or self.words.passphrase_file is not None

    def _given(self) -> list[str] | None:
        if self._lines is None and self.words.passphrase_fd is not None:
            self._lines = secrets.from_descriptor(self.words.passphrase_fd)
        if self._lines is None and self.words.passphrase_file is not None:
            self._lines = secrets.from_file(self.words.passphrase_file)
        return self._lines

    def passphrase(self, question: str = "Passphrase") -> str:
        """Return the passphrase: the first line of what was given, or the answer to a prompt."""
        lines = self._given()
        if lines is None:
            return secrets.prompt(question)
        if not lines or not lines[0]:
            message = "The passphrase that was given is empty."
            raise VaultLockedError(message, hint="Write it into the first line.")
        return lines[0]

    def new_passphrase(self, *, line: int = 0) -> str:
        """Return a new passphrase: a line of what was given, or the answer to a prompt, asked twice."""
        lines = self._given()
        if lines is None:
            return secrets.prompt_twice("New passphrase")
        if len(lines) <= line or not lines[line]:
            message = f"The new passphrase is missing: line {line + 1} of what was given is empty."
            raise InputError(message, hint="Write the old one into the first line and the new one into the second.")
        return lines[line]

    @asynccontextmanager
    async def unlocked(self) -> AsyncIterator[Workspace]:
        """Open the vault, lend it, lock it again whatever happens."""
        path = self.path
        if not self.vaults.exists(path):
            message = f"There is no vault at {path}."
            raise VaultLockedError(message, hint="Make one with: counterfoil vault init, or name another with --vault.")
        by_keyring = not self.has_passphrase and self.vaults.has_keyring_slot(path)
        words = None if by_keyring else self.passphrase()
        workspace = await self.opened(words)
        try:
            yield workspace
        finally:
            await workspace.lock()

    async def opened(self, passphrase: str | None) -> Workspace:
        """Open the vault; whoever asks locks it."""
        accept_older = self.words.accept_older
        try:
            return await self.vaults.unlock(self.path, passphrase, book=self.words.book, accept_older=accept_older)
        except VaultRolledBackError as error:
            hint = f"{error.hint} Then repeat the command with --accept-older.".lstrip()
            raise VaultRolledBackError(error.message, hint=hint, where=error.where) from error


def session(context: typer.Context) -> Session:
    """Return the run's session."""
    return cast("Session", context.obj)


def run(work: Awaitable[int | None]) -> None:
    """Run a command's work to its end and end the process with its status."""
    try:
        status = asyncio.run(_awaited(work))
    except KeyboardInterrupt as pressed:
        message = "Interrupted."
        raise InterruptedByUserError(message, hint="Everything done so far is kept.") from pressed
    raise typer.Exit(status or 0)


async def _awaited(work: Awaitable[int | None]) -> int | None:
    return await work


async def account_ids(workspace: Workspace, names: list[str]) -> tuple[str, ...]:
    """Return ids of accounts given by id or name; InputError names what there is."""
    if not names:
        return ()
    known = await workspace.portfolio.accounts()
    return tuple(_account_id(known, name) for name in names)


def _account_id(known: tuple[Account, ...], name: str) -> str:
    found = meant(known, name)
    if found is None:
        message = f"{name!r} names no account."
        raise InputError(message, hint=f"There are: {listed(known)}.")
    return found.account_id
