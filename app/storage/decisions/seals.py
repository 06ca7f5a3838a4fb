"""Seals of tax years as they are sealed: a small record that names its files, each of which is a record of its own."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from app.core.model.period_seals import PeriodSeal, SealedPart


def seal_fields(one: PeriodSeal) -> dict[str, Any]:
    """Return what is sealed of a seal."""
    return {
        "engine": one.engine,
        "head": bytes.fromhex(one.head),
        "jurisdiction": one.jurisdiction,
        "output": bytes.fromhex(one.output),
        "parts": [[part.name, bytes.fromhex(part.hash), bytes.fromhex(part.record)] for part in one.parts],
        "previous": bytes.fromhex(one.previous),
        "program": one.program,
        "question": dict(one.question),
        "reason": one.reason,
        "seal": bytes.fromhex(one.seal),
        "version": one.version,
        "year": one.year,
    }


def read_seal(fields: Mapping[str, Any], recorded_ns: int, record: str) -> PeriodSeal:
    """Return the seal of a sealed body."""
    return PeriodSeal(
        fields["jurisdiction"],
        fields["year"],
        fields["version"],
        fields["seal"].hex(),
        fields["output"].hex(),
        tuple(SealedPart(name, hashed.hex(), kept.hex()) for name, hashed, kept in fields["parts"]),
        fields["head"].hex(),
        fields["engine"],
        fields["program"],
        fields["question"],
        fields["previous"].hex(),
        fields["reason"],
        recorded_ns,
        record,
    )


def file_fields(name: str, content: bytes) -> dict[str, Any]:
    """Return what is sealed of a file under a seal."""
    return {"content": zlib.compress(content), "name": name}


def read_file(fields: Mapping[str, Any]) -> bytes:
    """Return the bytes of a sealed file; ValueError where there are none to be had."""
    try:
        return zlib.decompress(fields["content"])
    except (zlib.error, KeyError, TypeError) as error:
        message = f"no readable content: {error}"
        raise ValueError(message) from error
