"""Every kind of event edge AWS offers is read, told by other means, or named as unread with why.

``event_edges.json`` lists them, with the calls that reveal them: 205 kinds, as of 2026-11-23.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from topology import catalog

HERE = Path(__file__).parent
EDGES = {edge["id"]: edge for edge in json.loads((HERE / "event_edges.json").read_text())}
PAGE = HERE.parents[1] / "docs" / "services.md"
ROW = re.compile(r"^\| `([a-z0-9._\-]+)` \| (.+) \|$", re.MULTILINE)


def documented(title):
    """The rows of one section of the page: an edge's kind, and what is said of it."""
    _, _, section = PAGE.read_text().partition(f"## {title}\n")
    return dict(ROW.findall(section.partition("\n## ")[0]))


def stated():
    return {kind for service in catalog.services() for kind in service.edges}


def test_every_kind_of_edge_is_read_told_otherwise_or_named_as_unread():
    otherwise, unread = documented("Told by other means"), documented("Not read, and why")
    for kind, because in unread.items():
        print(f"not read: {kind}: {because}")  # noqa: T201 - what falls short is said aloud
    assert not EDGES.keys() - stated() - otherwise.keys() - unread.keys()
    assert (otherwise.keys() | unread.keys()) <= EDGES.keys()


def test_what_is_read_is_not_said_to_be_unread():
    assert not documented("Not read, and why").keys() & stated()
    assert not documented("Told by other means").keys() & stated()


def test_the_most_important_kinds_are_all_read_or_told():
    missing = documented("Not read, and why").keys()
    assert not [kind for kind in missing if EDGES[kind]["tier"] == 1]


@pytest.mark.parametrize("kind", sorted(stated() & EDGES.keys()))
def test_an_edge_is_read_by_calls_that_reveal_it(kind):
    """At least one of the calls that AWS documents for it is planned."""
    planned = {
        f"{service.client}.{call.operation}".replace("_", "").lower()
        for service in catalog.services()
        for call in service.calls
    }
    assert planned & {read.replace("_", "").lower() for read in EDGES[kind]["reads"]}
