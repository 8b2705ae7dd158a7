"""docs/services.md says what is read, and a table derived from the catalog keeps it true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from topology import catalog
from topology.catalog.service import Call, Part, Service

PAGE = Path(__file__).parents[2] / "docs" / "services.md"


def test_the_documentation_names_what_is_read_and_nothing_else():
    page = PAGE.read_text()
    documented = [line for line in page.splitlines() if line.count(" | ") == 3]
    assert documented == list(rows()), "docs/services.md should hold:\n\n" + "\n".join(rows())


def rows() -> Iterator[str]:
    """The table: a row for every service whose configuration is read."""
    yield "| service | resources | kinds of edges | reads |"
    for service in catalog.services():
        if not service.calls:
            continue
        kinds = [kind.title for kind in service.kinds if kind.part is not Part.OTHER]
        calls = dict.fromkeys(_named(service, call) for call in service.calls)
        edges = (f"`{kind}`" for kind in sorted(service.edges))
        cells = (", ".join(kinds), ", ".join(edges), ", ".join(calls))
        yield f"| {service.title} | {' | '.join(cell or '–' for cell in cells)} |"


def _named(service: Service, call: Call) -> str:
    """The call, its IAM action where that has another name, and when it is made."""
    action = service.action_of(call)
    operation = "".join(word.capitalize() for word in call.operation.split("_"))
    is_same = action == f"{service.iam_prefix or service.client}:{operation}"
    after = " (functions on a loop only)" if call.on_cycle == "lambda.function" else ""
    after = after or (" (on a loop only)" if call.on_cycle else "")
    return f"`{call.operation}`{'' if is_same else f' (`{action}`)'}{after}"
