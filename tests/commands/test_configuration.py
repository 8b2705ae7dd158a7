"""docs/configuration.md lists what is read from the environment, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
READ = re.compile(r"""(?:env\.\w+\(|environ\.get\()["'](\w+)["']""")
BY_CONSTANTS = {"LOOPSCOPE_DEBUG", "LOOPSCOPE_TOKEN"}  # read by the name of a constant
OF_OTHERS = {"AWS_ENDPOINT_URL", "PYTHONPATH", "CONTENT_LENGTH"}  # boto3's, Python's, WSGI's


def test_it_documents_every_variable_that_is_read():
    read = {
        name
        for package in ("config", "accounts", "topology")
        for path in (ROOT / package).rglob("*.py")
        for name in READ.findall(path.read_text())
    }
    table = (ROOT / "docs" / "configuration.md").read_text()
    documented = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert documented == (read - OF_OTHERS) | BY_CONSTANTS
