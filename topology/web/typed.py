"""What somebody typed into an address or a form."""

from __future__ import annotations

LONGEST = 9  # digits: more than any row or reading is numbered by


def number(text: str) -> int | None:
    """A whole number of plain digits; None for everything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None
