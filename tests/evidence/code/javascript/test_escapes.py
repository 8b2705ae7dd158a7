"""Nothing that can call AWS is passed over: it is a call that is found, or a doubt.

``escapes.txt`` holds modules of their own, ``modules.txt`` packages of two: the handler's first.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evidence.code.javascript.sections import sections
from topology.evidence.code.javascript import read_javascript

pytest.importorskip("tree_sitter")

HERE = Path(__file__).parent
ALONE, IN_TWO = sections(HERE / "escapes.txt"), sections(HERE / "modules.txt")
BESIDE = {"code.txt": b"", "build/x.node": b""}


def ending(source: str) -> str:
    """What a module's file is called, by the way it exports."""
    return "mjs" if "export const" in source or "export default" in source else "js"


@pytest.mark.parametrize("name", ALONE)
def test_it_finds_the_call_or_doubts(name: str) -> None:
    source = ALONE[name]
    files = {f"index.{ending(source)}": source.encode(), **BESIDE}
    reading = read_javascript(files, "index.handler")
    assert not reading.is_complete or reading.calls


@pytest.mark.parametrize("name", IN_TWO)
def test_it_finds_the_call_in_another_module_or_doubts(name: str) -> None:
    first, _, second = IN_TWO[name].partition("\n--- other\n")
    end = ending(first)
    files = {f"index.{end}": first.encode(), f"other.{end}": second.encode()}
    reading = read_javascript(files, "index.handler")
    assert not reading.is_complete or reading.calls
