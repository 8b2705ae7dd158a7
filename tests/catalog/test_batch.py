"""Batch: families with the roles of every revision, and where the logs of jobs go."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, read, resources, unread
from tests.rig.answers import recording
from topology import crawl
from topology.catalog.service import Mention
from topology.graph import Meaning

EVERY = "batch/describe_job_definitions.every_kind"
REPORT = arn("batch", "job-definition/report")


def role(name):
    return f"arn:aws:iam::111122223333:role/{name}"


def test_every_revision_states_its_role_under_its_family():
    ten, nine, *others = resources(read(EVERY))
    assert {ten.arn, nine.arn} == {REPORT}
    assert ten.attributes["versions"] == {"10": role("report")}
    assert nine.attributes["versions"] == {"9": role("older")}
    assert [(each.name, each.attributes["role"]) for each in others] == [
        ("tasks", role("tasks")),
        ("nodes", role("rest")),
        ("pods", None),
        ("bare", None),
    ]


def test_the_newest_revisions_role_stands_whatever_the_order(aws, proxy):
    proxy.answer(recording(EVERY), "batch.DescribeJobDefinitions")
    observation = crawl.observe(aws.through(proxy.url), aws.identity, aws.region)
    [report] = [each for each in observation.resources if each.arn == REPORT]
    assert report.attributes["role"] == role("report")
    assert report.attributes["versions"] == {"9": role("older"), "10": role("report")}
    assert "canary" not in repr(observation)


def test_a_job_writes_its_log_where_its_definition_says_or_to_the_group_of_batch():
    found = edges(read(EVERY))
    assert {(edge.kind, edge.meaning) for edge in found} == {("batch.logs", Meaning.WRITES)}
    assert [(edge.source.rpartition("/")[2], edge.target) for edge in found] == [
        ("report", arn("logs", "log-group:/aws/batch/job")),
        ("report", arn("logs", "log-group:/batch/report")),
        ("nodes", arn("logs", "log-group:/aws/batch/job")),
        ("nodes", arn("logs", "log-group:/aws/batch/job")),
    ]


def test_what_containers_mention_is_in_no_repr_and_the_rest_is_nowhere():
    facts = read(EVERY)
    mentions = [fact for fact in facts if isinstance(fact, Mention)]
    assert [m.variable for m in mentions] == ["BUCKET", "PASSWORD", "QUEUE", "TOPIC"]
    assert "canary" not in repr(facts)


def test_roles_that_cannot_be_followed_are_unread():
    assert [(gap.resource, gap.code) for gap in unread(read(EVERY))] == [
        (arn("batch", "job-definition/nodes:2"), "SeveralRoles"),
        (arn("batch", "job-definition/pods:1"), "RoleOutsideBatch"),
    ]
