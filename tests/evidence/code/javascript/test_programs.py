"""The keys that programs put, run by Node itself, are among those that their recipes make."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from tests.evidence.code.javascript.programs import program
from topology.evidence.code.javascript import read_javascript
from topology.sets import strings
from topology.sets.made import is_derived, made
from topology.sets.recipes import Recipe
from topology.sets.strings import ANY, StringSet

pytest.importorskip("tree_sitter")

PROGRAMS = int(os.environ.get("PROGRAMS", "300"))
FIRST = int(os.environ.get("FIRST_PROGRAM", "0"))
KEY = ("Records", "*", "s3", "object", "key")
KEYS = (
    "in/a.csv",
    "a.csv.csv",
    "in//b/./c d+e.csv",
    "../x/.csv",
    "a/b///",
    "😀.csv",
    "İ é.CSV",
    " x\u00a0",
    ".",
)
VARIABLES = {"PREFIX": "p/", "EMPTY": "", "PATH": os.environ.get("PATH", "")}


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not there")
def test_what_is_put_is_what_the_recipes_tell() -> None:
    sources = [program(seed) for seed in range(FIRST, FIRST + PROGRAMS)]
    runs = [(source, quote_plus(key, safe="/")) for source in sources for key in KEYS]
    put = _run(runs)
    told = {source: _recipes(source) for source in sources}
    assert sum(len(keys) for keys in put) > len(runs) / 2
    recipes = [recipe for source in sources for recipe in told[source]]
    assert sum(map(is_derived, recipes)) > PROGRAMS / 8  # what may be anything proves nothing
    for (source, key), keys in zip(runs, put, strict=True):
        sets = [_made(recipe, key) for recipe in told[source]]
        for each in keys:
            assert any(each in found for found in sets), f"{each!r} of {key!r}:\n{source}"


def _run(runs: list[tuple[str, str]]) -> list[list[str]]:
    """The keys that each run puts; halves of characters go to AWS as signs of replacement."""
    given = json.dumps([{"source": source, "key": key} for source, key in runs])
    done = subprocess.run(
        ["node", str(Path(__file__).parent / "run.js")],
        input=given.encode(),
        capture_output=True,
        check=True,
        env=VARIABLES,
        timeout=120,
    )
    found: list[list[str]] = json.loads(done.stdout)
    return [
        [each.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for each in keys]
        for keys in found
    ]


def _recipes(source: str) -> list[Recipe]:
    reading = read_javascript({"index.js": source.encode()}, "index.handler")
    return [call.key for call in reading.calls if call.key is not None]


def _made(recipe: Recipe, key: str) -> StringSet:
    def brought(path: tuple[str, ...]) -> StringSet:
        return strings.one_of([key]) if path == KEY else ANY

    def setting(name: str) -> StringSet:
        return strings.one_of([VARIABLES[name]]) if name in VARIABLES else ANY

    return made(recipe, brought, setting)
