"""Proofs as files that a short script can follow: the chains of the journal, and the records of the seals."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

from app.core.errors import ChainBrokenError
from app.core.journal.chain import SIGNING_CONTEXT
from app.core.journal.records import parse_header, record_hash
from app.core.model.period_seals import PeriodSeal
from app.core.model.proofs import ChainProof, RecordProof
from app.core.seal.hashes import canonical

CHAINS = "proofs/chains.json"
SEALS = "proofs/seals.json"
_ED25519 = bytes.fromhex("302a300506032b6570032100")
"""Begins an Ed25519 key in the form that other programs read."""


def chain_files(chains: Sequence[ChainProof]) -> dict[str, bytes]:
    """Return every chain as a table of its headers, with what its newest commit is signed with."""
    files: dict[str, bytes] = {}
    listed: list[dict[str, str]] = []
    for number, chain in enumerate(chains, start=1):
        start, head = f"proofs/chain-{number}", record_hash(chain.headers[-1])
        lines = ["number,kind,header", *(_line(header) for header in chain.headers), ""]
        files[f"{start}/records.csv"] = "\n".join(lines).encode()
        files[f"{start}/device.pem"] = _pem(chain.public_key)
        files[f"{start}/signed.bin"] = SIGNING_CONTEXT + head
        files[f"{start}/signature.bin"] = chain.signature
        listed.append({"device": chain.device, "head": head.hex(), "records": f"{start}/records.csv"})
    return {CHAINS: canonical(listed), **files}


def _line(header: bytes) -> str:
    read = parse_header(header)
    return f"{read.seq},{read.kind},{header.hex()}"


def seals_file(seals: Sequence[PeriodSeal], opened: Mapping[str, RecordProof]) -> bytes:
    """Return every version of a sealed year with its parts and with what opens its record, oldest first."""
    told = [
        {
            **opening(opened[one.record]),
            "version": str(one.version),
            "seal": one.seal,
            "output": one.output,
            "reason": one.reason,
            "parts": [[part.name, part.hash, part.record] for part in one.parts],
        }
        for one in seals
    ]
    return canonical(told)


def opening(one: RecordProof) -> dict[str, str]:
    """Return what shows that a record says what it says."""
    salt, body = secret(one)
    return {"record": one.hash, "salt": salt.hex(), "body": body.hex()}


def secret(one: RecordProof) -> tuple[bytes, bytes]:
    """Return salt and body of a record; ChainBrokenError where they are gone."""
    if one.salt is None or one.body is None:
        message = f"What record {one.number} ({one.kind}) says was erased."
        raise ChainBrokenError(message, hint="Run counterfoil vault verify.", where=f"record {one.hash}")
    return one.salt, one.body


def _pem(key: bytes) -> bytes:
    coded = base64.b64encode(_ED25519 + key).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{coded}\n-----END PUBLIC KEY-----\n".encode()
