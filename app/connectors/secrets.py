"""The operating system's keyring, where this computer has one that keeps secrets."""

from __future__ import annotations

import base64
import binascii
import importlib
import queue
import threading
from collections.abc import Callable
from typing import Any

from app.core.errors import VaultError

_SERVICE = "counterfoil"
_ASKED_SECONDS = 3.0
_ANSWER_SECONDS = 20.0
"""Long enough for a person to unlock the keyring, which may ask for it."""
_UNSAFE = ("keyring.backends.null", "keyring.backends.fail", "keyrings.alt")
"""Backends that keep nothing, or keep it in clear."""
_NAMES = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "Secret Service",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}


class SystemKeyring:
    """Asks the keyring on a thread of its own; one that does not answer in time counts as none from then on."""

    def __init__(self) -> None:
        """Ask nothing yet: that happens at the first use."""
        self._lock = threading.Lock()
        self._backend: Any = None
        self._name: str | None = None
        self._tasks: queue.SimpleQueue[tuple[Callable[[], Any], queue.SimpleQueue[Any]]] = queue.SimpleQueue()

    @property
    def name(self) -> str:
        """Return what the person calls it, or "" where this computer has none."""
        with self._lock:
            if self._name is None:
                threading.Thread(target=self._work, name="keyring", daemon=True).start()
                self._name = ""
                self._backend, self._name = self._asked(_usable, _ASKED_SECONDS) or (None, "")
            return self._name

    def read(self, key: str) -> bytes | None:
        """Return the secret, None where there is none."""
        if not self.name:
            return None
        kept = self._answered(lambda: self._backend.get_password(_SERVICE, key))
        try:
            return None if kept is None else base64.b64decode(kept, validate=True)
        except (binascii.Error, ValueError):
            return None

    def write(self, key: str, secret: bytes) -> None:
        """Keep a secret; VaultError where the keyring does not take it."""
        if self.name:
            text = base64.b64encode(secret).decode()
            self._answered(lambda: self._backend.set_password(_SERVICE, key, text))
        if self.read(key) != secret:
            message = "The keyring of this computer did not keep the secret."
            raise VaultError(message, hint="Unlock the keyring, or go on without it.")

    def erase(self, key: str) -> None:
        """Forget a secret; nothing happens where there is none."""
        if self.name and self.read(key) is not None:
            self._answered(lambda: self._backend.delete_password(_SERVICE, key))

    def _answered(self, ask: Callable[[], Any]) -> Any:
        with self._lock:
            return self._asked(ask, _ANSWER_SECONDS) if self._name else None

    def _asked(self, ask: Callable[[], Any], patience: float) -> Any:
        """Return the backend's answer, None where it fails; after a time-out it is asked no more."""
        answer: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._tasks.put((ask, answer))
        try:
            return answer.get(timeout=patience)
        except queue.Empty:
            self._name = ""
            return None

    def _work(self) -> None:
        while True:
            ask, answer = self._tasks.get()
            try:
                answer.put(ask())
            except Exception:  # noqa: BLE001 - each backend has errors of its own; what fails is as if it were not there
                answer.put(None)


def _usable() -> tuple[Any, str]:
    """Return the backend that keeps secrets, and its name; ("", None) where there is none."""
    library = importlib.import_module("keyring")
    chosen = library.get_keyring()
    for backend in (*getattr(chosen, "backends", ()), chosen):
        module = type(backend).__module__
        if not module.startswith((*_UNSAFE, "keyring.backends.chainer")):
            return backend, _NAMES.get(module, str(backend.name))
    return None, ""
