"""What persons said of transfers, as it is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.model.transfer_links import TransferLink


def link_fields(link: TransferLink) -> dict[str, Any]:
    """Return what is sealed of a word on a transfer."""
    return {
        "deposits": [bytes.fromhex(one) for one in link.deposits],
        "reason": link.reason,
        "transfer": link.is_transfer,
        "withdrawals": [bytes.fromhex(one) for one in link.withdrawals],
    }


def read_link(fields: Mapping[str, Any], recorded_ns: int, record: str) -> TransferLink:
    """Return the word of a sealed body."""
    withdrawals, deposits = (tuple(one.hex() for one in fields[side]) for side in ("withdrawals", "deposits"))
    return TransferLink(withdrawals, deposits, fields["transfer"], fields["reason"], recorded_ns, record)
