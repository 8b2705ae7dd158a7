"""Pieces of code in a file of text, each under a line ``=== name``."""

from __future__ import annotations

from pathlib import Path


def sections(file: Path) -> dict[str, str]:
    """The pieces by their names, in the order of the file."""
    found = [piece.partition("\n") for piece in file.read_text().split("=== ")[1:]]
    return {name: text.rstrip("\n") for name, _, text in found}
