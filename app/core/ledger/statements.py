"""What a file is that people take for a statement and that is none."""

from __future__ import annotations

_OTHERS = {
    b"PK\x03\x04": "a ZIP archive or an Excel workbook. Unpack it, or save the sheet as CSV.",
    b"%PDF": "a PDF document. Export the statement as CSV.",
    b"\x1f\x8b": "a gzip archive. Unpack it first.",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook. Save the sheet as CSV.",
}


def no_text(head: bytes) -> str:
    """Return what a file is, and what to do, from its first bytes; "" where it may be text."""
    if not head.strip():
        return "empty. Export the statement again."
    return next((what for magic, what in _OTHERS.items() if head.startswith(magic)), "")
