"""The audit log: every record of the journal as a line, and what is asked for of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogLine:
    """One record.

    Attributes:
        number: Its place in the vault, from 1.
        seq: Its place in the chain of its device.
        device: Fingerprint of the device that sealed it, in hex.
        words: What it says, with figures in [[…]]; what of it was erased says so.
        source: Which account or connection told it; "" for a person's own word and what the vault itself writes.
        is_of_person: A person said it.
        entry_id: The entry that it is about; "" where there is none, or several.
    """

    number: int
    seq: int
    kind: str
    device: str
    recorded_ns: int
    hash: str
    words: str
    source: str = ""
    is_of_person: bool = False
    entry_id: str = ""


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which records are asked for.

    Attributes:
        kinds: None given is every kind.
        hash: Beginning of the record's hash, in hex.
        seq: Its place in the chain of its device; of several devices, each has one.
    """

    kinds: tuple[str, ...] = ()
    hash: str = ""
    seq: int | None = None
