"""The keyring: asked on a thread of its own, never trusted to answer, absent where it keeps nothing or keeps it in clear."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringError, PasswordDeleteError

from app.connectors import secrets
from app.connectors.secrets import SystemKeyring
from app.core.errors import VaultError


class Kept(KeyringBackend):
    """A keyring in memory."""

    priority = 1
    name = "Kept in memory"

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.secrets.pop((service, username), None) is None:
            raise PasswordDeleteError(username)


class Locked(Kept):
    """A keyring that nobody unlocked."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringError("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringError("locked")


class Hanging(Kept):
    """A keyring that waits for a person who never comes."""

    is_over = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.is_over.wait()
        return None


@pytest.fixture
def backend() -> Iterator[Kept]:
    before = keyring.get_keyring()
    made = Kept()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_a_secret_is_kept_read_and_forgotten(backend: Kept) -> None:
    system = SystemKeyring()
    assert system.name == "Kept in memory"
    system.write("unlock/1", bytes(range(256)))
    assert system.read("unlock/1") == bytes(range(256))
    system.erase("unlock/1")
    system.erase("unlock/1")

    assert system.read("unlock/1") is None
    assert backend.secrets == {}


@pytest.mark.parametrize("chosen", [null.Keyring, fail.Keyring])
def test_a_keyring_that_keeps_nothing_is_none(backend: Kept, chosen: type[KeyringBackend]) -> None:
    keyring.set_keyring(chosen())
    system = SystemKeyring()

    assert (system.name, system.read("x")) == ("", None)
    system.erase("x")
    with pytest.raises(VaultError, match="did not keep"):
        system.write("x", b"secret")


def test_a_keyring_that_keeps_secrets_in_clear_is_none(backend: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Kept, "__module__", "keyrings.alt.file")

    assert SystemKeyring().name == ""


def test_a_locked_keyring_gives_nothing_and_says_so_when_it_should_keep(backend: Kept) -> None:
    keyring.set_keyring(Locked())
    system = SystemKeyring()

    assert system.read("x") is None
    with pytest.raises(VaultError, match="did not keep"):
        system.write("x", b"secret")


def test_a_keyring_that_does_not_answer_is_asked_once(backend: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_ANSWER_SECONDS", 0.05)
    keyring.set_keyring(Hanging())
    system = SystemKeyring()

    assert system.name == "Kept in memory"
    assert system.read("x") is None
    assert system.name == ""
    Hanging.is_over.set()


def test_what_is_no_secret_of_ours_is_none(backend: Kept) -> None:
    backend.secrets["counterfoil", "x"] = "not base64!"

    assert SystemKeyring().read("x") is None


def test_what_a_person_asks_about_the_keyring_has_the_systems_name(
    backend: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Kept, "__module__", "keyring.backends.SecretService")

    assert SystemKeyring().name == "Secret Service"
