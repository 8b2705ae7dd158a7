"""Reads functions written in Python."""

from __future__ import annotations

from topology.evidence.code.python.reader import read_python

__all__ = ["read_python"]
