"""Has a package read by a process of its own, which can be killed and takes nothing along."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from topology.evidence.code.limits import ANSWER, PATIENCE, SECONDS
from topology.evidence.code.readers import Deployed

Facts = dict[str, Any]
ROOT = Path(__file__).parents[3]  # from where the child finds this package
INHERITED = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG")  # and no credentials


class UnreadError(Exception):
    """Code that was not read. The message says why, in words, and quotes nothing of it."""


def read_apart(
    function: IO[bytes],
    layers: Sequence[tuple[str, IO[bytes]]],
    deployed: Deployed,
    sha256: str,
    unread: Sequence[str] = (),
) -> Facts:
    """The attribute ``code`` of a function (see ``kept``); raises ``UnreadError``.

    ``layers`` are files by name in their order, ``unread`` sentences about what is not there.
    """
    files = [function, *(file for _, file in layers)]
    for file in files:
        file.flush()
    request = {
        "function": function.fileno(),
        "layers": [[name, file.fileno()] for name, file in layers],
        "runtime": deployed.runtime,
        "handler": deployed.handler,
        "steered_by": deployed.steered_by,
        "sha256": sha256,
        "unread": unread,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "topology.evidence.code"],
            input=json.dumps(request).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it may quote what it reads
            cwd=ROOT,
            env={name: os.environ[name] for name in INHERITED if name in os.environ},
            pass_fds=[file.fileno() for file in files],
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadError("reading it takes too long") from None
    if done.returncode == -signal.SIGXCPU:
        raise UnreadError(f"reading it takes more than {SECONDS} seconds of a processor")
    if done.returncode or len(done.stdout) > ANSWER:
        raise UnreadError("its reader gave up")
    answer = json.loads(done.stdout)
    if "unread" in answer:
        raise UnreadError(answer["unread"])
    facts: Facts = answer["code"]
    return facts
