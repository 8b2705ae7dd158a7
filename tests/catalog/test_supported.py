"""docs/services.md says what is read, and a table derived from the catalog keeps it true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from topology import catalog
from topology.catalog.service import Part

PAGE = Path(__file__).parents[2] / "docs" / "services.md"


def test_the_documentation_names_what_is_read_and_nothing_else():
    page = PAGE.read_text()
    documented = page[page.index("| service |") :].splitlines()
    assert documented == list(rows()), "docs/services.md should hold:\n\n" + "\n".join(rows())


def rows() -> Iterator[str]:
    """The table: a row for every service whose configuration is read."""
    yield "| service | resources | reads | IAM actions |"
    yield "|---|---|---|---|"
    for service in catalog.services():
        if not service.calls:
            continue
        kinds = [kind.title for kind in service.kinds if kind.part is not Part.OTHER]
        calls = dict.fromkeys(f"`{call.operation}`" for call in service.calls)
        actions = dict.fromkeys(f"`{service.action_of(call)}`" for call in service.calls)
        cells = (service.title, ", ".join(kinds) or "–", ", ".join(calls), ", ".join(actions))
        yield f"| {' | '.join(cells)} |"
