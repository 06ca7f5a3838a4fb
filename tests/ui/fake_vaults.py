"""Vault files that are not there: what the unlock screen and the first run need of a store, with faults on demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from app.core.model.views import VaultInfo
from app.core.ports import Keyring, Runtime, VaultStore
from tests.ui.fake_runtime import fake_runtime

PASSPHRASE = "correct horse battery staple"


class FakeKeyring:
    """A computer with a keyring."""

    name = "Secret Service"

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def read(self, key: str) -> bytes | None:
        return self.kept.get(key)

    def write(self, key: str, secret: bytes) -> None:
        self.kept[key] = secret

    def erase(self, key: str) -> None:
        self.kept.pop(key, None)


class FakeVaults:
    """One vault wherever it is asked for; `failing` names faults of "open" and "describe"."""

    def __init__(
        self, failing: Mapping[str, Exception] | None = None, *, slots: tuple[str, ...] = ("passphrase",)
    ) -> None:
        self.failing = dict(failing or {})
        self.slots = slots
        self.asked: list[tuple[Path, bytes | None, str | None, bool]] = []

    def describe(self, path: Path) -> VaultInfo:
        self._fail("describe")
        return VaultInfo(str(path), "7f3c", True, 1, 0, 0, (), "", (), self.slots, "keyring", 8_412_160)  # noqa: FBT003

    def has_keyring_slot(self, path: Path) -> bool:
        return "keyring" in self.slots

    def open(
        self, path: Path, passphrase: bytes | None, *, book: str | None = None, accept_older: bool = False
    ) -> object:
        self.asked.append((path, passphrase, book, accept_older))
        self._fail("open")
        message = "the fake opens nothing; give it a fault"
        raise AssertionError(message)

    def _fail(self, name: str) -> None:
        if name in self.failing:
            raise self.failing[name]


def runtime_with_vaults(folder: Path, vaults: FakeVaults | None = None) -> Runtime:
    """Return a runtime whose vaults answer."""
    store = cast("VaultStore", vaults or FakeVaults(slots=("passphrase", "keyring")))
    keyring: Keyring = FakeKeyring()
    return replace(fake_runtime(folder), vaults=store, keyring=keyring)
