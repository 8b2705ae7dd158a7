"""CodePipeline: sources, actions of every kind, and the buckets of artifacts."""

from __future__ import annotations

from tests.catalog.recorded import HERE, arn, edges, read, resources, unread
from topology import filters
from topology.catalog.service import Mention
from topology.graph import Meaning
from topology.sets import strings
from topology.sets.events import EventSet

SHOP = arn("codepipeline", "shop")
EVERY = "codepipeline/get_pipeline.every_kind"
POLLING_DISABLED = "codepipeline/get_pipeline.polling_disabled"
UNPOLLED = "the source is not polled: a rule or a webhook starts the pipeline"


def test_a_pipeline_acts_with_its_role():
    [shop] = resources(read(EVERY, {}))
    assert (shop.arn, shop.kind, shop.name) == (SHOP, "codepipeline.pipeline", "shop")
    assert shop.attributes == {"role": "arn:aws:iam::111122223333:role/pipeline"}


def test_a_source_that_is_not_polled_is_dormant_and_its_rule_starts_the_pipeline():
    found = [edge for edge in edges(read(EVERY, {})) if edge.kind == "codepipeline.source"]
    assert {(edge.target, edge.meaning) for edge in found} == {(SHOP, Meaning.TRIGGERS)}
    connection = f"arn:aws:codeconnections:{HERE.region}:{HERE.account}:connection/0a1b"
    assert [(edge.label, edge.source, edge.dormant) for edge in found] == [
        ("Source/bucket", "arn:aws:s3:::sources", ""),
        ("Source/told", "arn:aws:s3:::told", UNPOLLED),
        ("Source/repository", arn("codecommit", "shop"), ""),
        ("Source/image", arn("ecr", "repository/shop"), UNPOLLED),
        ("Source/connected", connection, ""),
        ("Source/unheard", connection, "DetectChanges is off"),
        ("Source/github", "https://github.com", ""),
    ]


def test_a_bucket_starts_a_pipeline_by_one_object():
    heard = filters.heard(edges(read(EVERY, {}))[0].filter)

    def events(key):
        put = strings.literal("ObjectCreated:Put")
        return EventSet.scalars({("eventName",): put, ("s3", "object", "key"): key})

    assert (heard & events(strings.literal("shop.zip"))).witness()
    assert (heard & events(strings.literal("other.zip"))).witness() is None


def test_polling_that_aws_switched_off_leaves_connections_awake():
    bucket, connection = [
        edge for edge in edges(read(POLLING_DISABLED, {})) if edge.kind == "codepipeline.source"
    ]
    assert (bucket.dormant, connection.dormant) == (UNPOLLED, "")


def test_an_action_starts_or_writes_what_its_configuration_names():
    found = [edge for edge in edges(read(EVERY, {})) if edge.kind == "codepipeline.action"]
    assert {edge.source for edge in found} == {SHOP}
    starts, writes = Meaning.TRIGGERS, Meaning.WRITES
    assert [(edge.label, edge.target, edge.meaning) for edge in found] == [
        ("Rest/build", arn("codebuild", "project/shop"), starts),
        ("Rest/check", "arn:aws:lambda:eu-central-1:111122223333:function:check", starts),
        ("Rest/order", arn("states", "stateMachine:order"), starts),
        ("Rest/next", arn("codepipeline", "docs"), starts),
        ("Rest/approve", arn("sns", "approvals"), writes),
        ("Rest/service", arn("ecs", "service/shop/web"), starts),
        ("Rest/shift", arn("codedeploy", "deploymentgroup:shop/live"), starts),
        ("Rest/stack", arn("cloudformation", "stack/shop"), starts),
        ("Rest/site", "arn:aws:s3:::site", writes),
        ("Rest/gate", arn("lambda", "function:gate"), starts),
        ("artifacts", "arn:aws:s3:::artifacts", writes),
    ]


def test_artifacts_may_have_a_bucket_in_every_region():
    found = [edge for edge in edges(read(POLLING_DISABLED, {})) if edge.label == "artifacts"]
    assert [edge.target for edge in found] == ["arn:aws:s3:::near", "arn:aws:s3:::far"]


def test_only_what_no_role_of_the_pipeline_tells_is_unread():
    assert [(gap.resource, gap.code, gap.reason.split()[0]) for gap in unread(read(EVERY, {}))] == [
        (SHOP, "SourceNotUnderstood", "Source/own"),
        (SHOP, "DynamicTarget", "Rest/elsewhere"),
    ]


def test_plain_variables_are_mentioned_and_nothing_secret_is_kept():
    facts = read(EVERY, {})
    mentions = [fact for fact in facts if isinstance(fact, Mention)]
    assert [(m.actor, m.variable) for m in mentions] == [(SHOP, "BUCKET"), (SHOP, "TOKEN")]
    assert "canary" not in repr(facts)
