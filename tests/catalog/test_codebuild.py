"""CodeBuild: projects, what their environment mentions, and what builds write."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, read, resources
from topology.catalog.service import Mention
from topology.graph import Meaning

SHOP = arn("codebuild", "project/shop")
OUTPUTS = "codebuild/batch_get_projects.outputs"
PLAIN = "codebuild/batch_get_projects.plain"


def test_a_project_builds_with_its_role():
    [shop] = resources(read(OUTPUTS, "shop"))
    assert (shop.arn, shop.kind, shop.name) == (SHOP, "codebuild.project", "shop")
    assert shop.attributes == {"role": "arn:aws:iam::111122223333:role/service-role/build"}


def test_builds_write_artifacts_cache_and_logs():
    found = edges(read(OUTPUTS, "shop"))
    assert {(edge.source, edge.kind, edge.meaning) for edge in found} == {
        (SHOP, "codebuild.out", Meaning.WRITES)
    }
    assert [(edge.label, edge.target) for edge in found] == [
        ("artifacts", "arn:aws:s3:::artifacts"),
        ("cache", "arn:aws:s3:::caches"),
        ("artifacts", "arn:aws:s3:::reports"),
        ("logs", "arn:aws:s3:::build-logs"),
        ("logs", arn("logs", "log-group:/builds/shop")),
    ]


def test_a_project_that_says_nothing_logs_to_its_own_group_and_one_that_logs_nothing_nowhere():
    found = edges(read(PLAIN, "bare"))
    assert [(edge.source, edge.target) for edge in found] == [
        (arn("codebuild", "project/bare"), arn("logs", "log-group:/aws/codebuild/bare"))
    ]


def test_only_plain_variables_are_mentioned_and_nothing_secret_is_kept():
    facts = read(OUTPUTS, "shop")
    mentions = [fact for fact in facts if isinstance(fact, Mention)]
    assert [(m.actor, m.variable) for m in mentions] == [(SHOP, "BUCKET"), (SHOP, "TOKEN")]
    assert "canary" not in repr(facts)
