"""What is kept of a reading: facts in JSON, none of the code itself (docs/design.md §9)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from topology.evidence.code.reading import CodeCall, Reading
from topology.sets.recipe_json import to_json


def to_facts(reading: Reading, sha256: str) -> dict[str, Any]:
    """The attribute ``code`` of a function whose package has this ``CodeSha256``."""
    return {
        "sha256": sha256,
        "language": reading.language,
        "complete": reading.is_complete,
        "files": reading.files,
        "doubts": [asdict(doubt) for doubt in sorted(set(reading.doubts), key=_place)],
        "calls": [_call(call) for call in sorted(reading.calls, key=_place)],
        "uses": sorted(set(reading.uses)),
        "sdk": list(reading.sdk),
        "hints": sorted(set(reading.hints)),
    }


def _place(found: Any) -> tuple[str, int, str]:
    return found.file, found.line, repr(found)


def _call(call: CodeCall) -> dict[str, Any]:
    return {
        "file": call.file,
        "line": call.line,
        "service": call.service,
        "operation": call.operation,
        "target": to_json(call.target),
        "key": None if call.key is None else to_json(call.key),
        "fields": [[name, to_json(recipe)] for name, recipe in call.fields],
        "guarded": call.guarded,
        "reached": call.is_reached,
    }
