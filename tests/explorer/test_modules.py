"""The pages' modules: the pure ones are tried by node, and all keep to what the pages allow."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MODULES = sorted((HERE.parents[1] / "static" / "explorer").rglob("*.js"))
LINES = 250
NEVER = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")
ELSEWHERE = re.compile(r"https?://(?!www\.w3\.org/)")


def test_node_finds_every_pure_module_as_its_tests_say() -> None:
    if not shutil.which("node"):
        if os.environ.get("CI"):
            pytest.fail("node is not on this machine: install it")
        pytest.skip("node is not on this machine")
    command = ["node", "--test", *map(str, sorted(HERE.glob("*.test.mjs")))]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_is_short_makes_no_markup_of_text_and_loads_nothing_from_elsewhere(
    module: Path,
) -> None:
    source = module.read_text(encoding="utf-8")
    assert source.startswith("// "), "says in a line what it is"
    assert source.count("\n") < LINES
    assert not NEVER.search(source)
    assert not ELSEWHERE.search(source)
