"""Key slots: known bytes, the floor, and what a passphrase must be."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.core.errors import InputError, VaultDamagedError
from app.storage import key_slots
from app.storage.key_slots import check_strength, keyring_slot, open_by_passphrase, open_by_secret, passphrase_slot
from app.storage.keys import derived, sealed, unsealed
from app.storage.stretching import FLOOR, Stretching, calibrated
from tests.storage.vaults import PASSPHRASE

VAULT = bytes(range(16))
KEY = bytes(range(32))
# Wrapped by this program once. The next test opens it with other implementations of the same standards.
WRAPPED = bytes.fromhex(
    "354d5546e3898bf754fef0502cfdca03a0e7bd27e61f09cf680bf48625b7e7a92bf60c2e4c88dc32f5432181dbcecc30e54e"
    "ebe5cdafe5ca7bab63e71a07ad2172bc1f2896d93980c0b22a3d4cfc1f72"
)
FIELDS = {"kdf": "argon2id", "lanes": 4, "memory_kib": 65_536, "passes": 3, "salt": bytes(16)}
CONTEXT = (
    b"\xa3\x64kind\x6apassphrase\x65vault\x50" + VAULT + b"\x66fields\xa5\x63kdf\x68argon2id\x64salt\x50" + bytes(16)
    + b"\x65lanes\x04\x66passes\x03\x6amemory_kib\x1a\x00\x01\x00\x00"
)  # fmt: skip


def hkdf(key: bytes, salt: bytes, purpose: bytes, length: int) -> bytes:
    """RFC 5869, written out."""
    extracted = hmac.digest(salt, key, hashlib.sha256)
    made, block, number = b"", b"", 1
    while len(made) < length:
        block = hmac.digest(extracted, block + b"counterfoil/" + purpose + bytes([number]), hashlib.sha256)
        made, number = made + block, number + 1
    return made[:length]


def known_slot() -> key_slots.KeySlot:
    return key_slots.read_slot({"kind": "passphrase", "fields": FIELDS, "wrapped": WRAPPED})


def test_a_slot_that_was_written_once_opens_for_ever() -> None:
    assert open_by_passphrase(known_slot(), PASSPHRASE, VAULT) == KEY


def test_the_same_slot_opens_with_other_implementations_of_the_standards() -> None:
    wrapper = Argon2id(salt=bytes(16), length=32, iterations=3, lanes=4, memory_cost=65_536).derive(PASSPHRASE)
    made = hkdf(wrapper, WRAPPED[:32], b"sealed-value", 44)

    assert ChaCha20Poly1305(made[:32]).decrypt(made[32:], WRAPPED[32:], CONTEXT) == KEY


def test_keys_are_derived_as_the_standard_says() -> None:
    assert derived(KEY, VAULT, b"database", 48) == hkdf(KEY, VAULT, b"database", 48)


def test_another_passphrase_opens_nothing() -> None:
    assert open_by_passphrase(known_slot(), PASSPHRASE + b"!", VAULT) is None


def test_a_slot_of_another_vault_opens_nothing() -> None:
    assert open_by_passphrase(known_slot(), PASSPHRASE, VAULT[::-1]) is None


def test_two_slots_of_one_passphrase_share_no_bytes() -> None:
    one, other = (passphrase_slot(PASSPHRASE, KEY, VAULT, FLOOR) for _ in range(2))

    assert not {one.wrapped[:32], one.fields["salt"]} & {other.wrapped[:32], other.fields["salt"]}


def test_a_passphrase_typed_as_one_sign_or_two_is_the_same() -> None:
    slot = passphrase_slot("Übermut tut selten gut".encode(), KEY, VAULT, FLOOR)

    assert open_by_passphrase(slot, "U\u0308bermut tut selten gut".encode(), VAULT) == KEY


def test_the_keyring_opens_with_its_secret_only() -> None:
    slot, secret = keyring_slot(KEY, VAULT)

    assert open_by_secret(slot, secret, VAULT) == KEY
    assert open_by_secret(slot, secret[::-1], VAULT) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("memory_kib", 65_535), ("memory_kib", 8), ("passes", 2), ("lanes", 0), ("memory_kib", 1 << 40), ("passes", "3")],
)
def test_costs_below_the_floor_or_beyond_use_are_refused_before_any_work(field: str, value: object) -> None:
    record = {"kind": "passphrase", "fields": {**FIELDS, field: value}, "wrapped": WRAPPED}

    with pytest.raises(VaultDamagedError):
        key_slots.read_slot(record)


def test_costs_are_authenticated_with_the_key_they_wrap() -> None:
    slot = key_slots.read_slot({"kind": "passphrase", "fields": {**FIELDS, "passes": 4}, "wrapped": WRAPPED})

    assert open_by_passphrase(slot, PASSPHRASE, VAULT) is None


def test_calibration_never_goes_below_the_floor() -> None:
    assert calibrated(0.0001) == FLOOR


def test_calibration_spends_memory_before_passes() -> None:
    found = calibrated(0.7)

    assert found.memory_kib > FLOOR.memory_kib or found.passes > FLOOR.passes
    assert found.passes == FLOOR.passes or found.memory_kib % 1_024 == 0


def test_a_slot_of_a_later_kind_is_kept_as_it_is() -> None:
    record = {"kind": "hardware", "fields": {"credential": b"\x01"}, "wrapped": b"\x02"}

    assert key_slots.read_slot(record).as_record() == record


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (b"short", "it has 5 characters, at least 12"),
        (b"aaaaaaaaaaaaaaaa", "1 different characters"),
        (b"abababab abab", "2 different characters"),
        (b"password1234", "little more than 'password'"),
        ("äöü".encode() * 3, "it has 9 characters"),
    ],
)
def test_a_weak_passphrase_is_refused_with_the_reason(words: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        check_strength(words)


def test_a_sentence_is_a_passphrase() -> None:
    check_strength(PASSPHRASE)


@pytest.mark.parametrize("place", [0, 31, 32, 40, -1])
def test_a_sealed_value_with_one_other_bit_does_not_open(place: int) -> None:
    content = bytearray(sealed(KEY, b"value", b"context"))
    content[place] ^= 1

    assert unsealed(KEY, bytes(content), b"context") is None


def test_a_sealed_value_opens_only_in_its_context() -> None:
    content = sealed(KEY, b"value", b"context")

    assert unsealed(KEY, content, b"other") is None
    assert unsealed(KEY, content[:20], b"context") is None
    assert unsealed(KEY, content, b"context") == b"value"


def test_stretching_is_a_value() -> None:
    assert Stretching(65_536, 3, 4) == FLOOR
