"""CodeCommit: repositories and what their pushes trigger."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, items, read, resources
from topology.graph import Meaning

SHOP = arn("codecommit", "shop")
[REPOSITORY] = items("codecommit/list_repositories.one")


def test_it_reads_repositories():
    [shop] = resources(read("codecommit/list_repositories.one"))
    assert (shop.arn, shop.kind, shop.name) == (SHOP, "codecommit.repository", "shop")


def test_a_trigger_starts_a_function_or_tells_a_topic_and_keeps_its_custom_data_to_itself():
    facts = read("codecommit/get_repository_triggers.two", REPOSITORY)
    assert {(edge.source, edge.kind) for edge in edges(facts)} == {(SHOP, "codecommit.trigger")}
    build, tell = edges(facts)
    assert (build.target, build.meaning) == (arn("lambda", "function:build"), Meaning.TRIGGERS)
    assert build.attributes == {
        "qualifier": "live",
        "branches": ["dev", "main"],
        "events": ["createReference", "updateReference"],
    }
    assert (tell.target, tell.meaning) == (arn("sns", "pushed"), Meaning.FORWARDS)
    assert "canary" not in repr(facts)


def test_a_repository_without_triggers_has_no_edge():
    assert not read("codecommit/get_repository_triggers.none", REPOSITORY)
