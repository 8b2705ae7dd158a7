"""Reads one package in a process of its own: ``apart`` starts it and may kill it at any time.

A request on standard input, an answer on standard output, both JSON; files by number. It gets no
credentials, and no more memory and time than it may take.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import Any

from topology.evidence.code.archive import Archive
from topology.evidence.code.kept import to_facts
from topology.evidence.code.limits import ANSWER, MEMORY, SECONDS, PackageError
from topology.evidence.code.readers import Deployed, read
from topology.evidence.code.reading import Doubt


def main() -> None:
    """Answer one request."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer = json.dumps(_answer(json.load(sys.stdin)))
    if len(answer) > ANSWER:
        answer = json.dumps({"unread": "more is found in it than is kept"})
    sys.stdout.write(answer)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    try:
        archive = Archive(os.fdopen(request["function"], "rb"))
        unread = [Doubt("", 0, reason) for reason in request["unread"]]
        for name, number in request["layers"]:
            try:
                archive.add_layer(os.fdopen(number, "rb"))
            except PackageError as error:
                unread.append(Doubt("", 0, f"Layer {name} was not read: {error}."))
        deployed = Deployed(request["runtime"], request["handler"], tuple(request["steered_by"]))
        return {"code": to_facts(read(archive, deployed, unread), request["sha256"])}
    except PackageError as error:
        return {"unread": str(error)}
    except MemoryError:
        return {"unread": f"reading it takes more than {MEMORY >> 20} MB"}


if __name__ == "__main__":
    main()
