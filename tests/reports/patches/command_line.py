"""An ``aws`` that writes down what it is asked and answers from a file: the wire of a patch."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

SCRIPT = """#!{python}
import json, os, sys
asked = {{"words": sys.argv[1:], "files": {{}}}}
for word in sys.argv[1:]:
    if word.startswith("file://"):
        with open(word.removeprefix("file://")) as given:
            asked["files"][word] = json.load(given)
with open({log!r}, "a") as log:
    log.write(json.dumps(asked) + "\\n")
with open({answers!r}) as known:
    answer = json.load(known).get(" ".join(sys.argv[1:3]))
if answer is not None:
    print(answer if isinstance(answer, str) else json.dumps(answer))
"""


@dataclass
class CommandLine:
    """A folder in which commands are run; ``asked`` are the calls so far, in order."""

    folder: Path
    answers: Mapping[str, Any] = field(default_factory=dict)

    def run(self, commands: str) -> list[dict[str, Any]]:
        """Run commands in a shell; the calls they made: words, and the files they handed over."""
        if shutil.which("jq") is None:
            pytest.skip("no jq on this machine: the commands are only parsed")
        log, known, program = (self.folder / name for name in ("log", "answers.json", "aws"))
        log.write_text("")
        known.write_text(json.dumps(dict(self.answers)))
        script = SCRIPT.format(python=sys.executable, log=str(log), answers=str(known))
        program.write_text(script)
        program.chmod(0o755)
        path = f"{self.folder}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-eu", "-c", commands],
            cwd=self.folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in log.read_text().splitlines()]
