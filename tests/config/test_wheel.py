"""What is installed: everything that a program of ours opens lies in its packages."""

from __future__ import annotations

from pathlib import Path

import pytest
from setuptools.dist import Distribution

ROOT = Path(__file__).parents[2]
PACKAGES = ("accounts", "config", "static", "topology")


def test_a_wheel_brings_every_file_of_its_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    distribution = Distribution({"script_name": "setup.py"})
    distribution.parse_config_files(["pyproject.toml"])
    distribution.get_command_obj("build_py").ensure_finalized()
    build = distribution.get_command_obj("build_py")
    brought = {Path(name).relative_to(build.build_lib) for name in build.get_outputs(False)}
    there = {
        path.relative_to(ROOT)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {path.suffix for path in there} >= {".py", ".html", ".js", ".css", ".json", ".svg"}
    assert there - brought == set()
