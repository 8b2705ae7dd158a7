"""Reads functions written in JavaScript and TypeScript."""

from __future__ import annotations

from collections.abc import Mapping

from topology.evidence.code.reading import Doubt, Reading


def read_javascript(files: Mapping[str, bytes], handler: str) -> Reading:
    """What the code in a package (path to bytes) does with AWS from a ``handler`` on.

    Nothing is executed and nothing raised: what cannot be read is a doubt.
    """
    try:
        from topology.evidence.code.javascript.reader import read
    except ImportError:
        reason = "Code in JavaScript is read once the extra is there: install loopscope[code]."
        return Reading("javascript", len(files), doubts=(Doubt("", 0, reason),))
    return read(files, handler)
