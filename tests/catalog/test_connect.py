"""Connect: the functions and bots of a contact centre, and where its records go."""

from __future__ import annotations

from botocore.loaders import create_loader
from botocore.model import ServiceModel

from tests.catalog.recorded import arn, edges, items, read, resources
from tests.world import World, allow
from topology.catalog import connect
from topology.graph import Meaning
from topology.inference.writes import permitted_writes

[INSTANCE] = items("connect/list_instances.one")
STORED = read("connect/list_instance_storage_configs.every_kind", INSTANCE)


def test_an_instance_is_kept_by_its_arn():
    [instance] = resources(read("connect/list_instances.one"))
    assert (instance.arn, instance.kind) == (INSTANCE["Arn"], "connect.instance")
    assert "canary" not in repr(instance)


def test_its_flows_may_invoke_the_functions_and_the_bots_that_are_added_to_it():
    [function] = edges(read("connect/list_lambda_functions.one", INSTANCE))
    [bot] = edges(read("connect/list_bots.both_versions", INSTANCE))
    assert (function.kind, function.meaning) == ("connect.lambda", Meaning.TRIGGERS)
    assert function.target == arn("lambda", "function:caller")
    assert bot.target == arn("lex", "bot-alias/BOT1234567/ALIAS12345")


def test_records_go_to_buckets_and_streams_but_video_carries_nothing_on():
    found = edges(STORED)
    assert {(edge.kind, edge.label, edge.meaning) for edge in found} == {
        ("connect.storage", "AGENT_EVENTS", Meaning.FORWARDS)
    }
    assert [edge.target for edge in found] == [
        "arn:aws:s3:::recordings",
        arn("kinesis", "stream/agents"),
        arn("firehose", "deliverystream/contacts"),
    ]
    assert found[0].attributes["prefix"] == "connect/calls"
    assert "canary" not in repr(STORED)


def test_whoever_may_start_a_flow_or_a_contact_writes_to_the_instance():
    for named in (f"{INSTANCE['Arn']}/contact-flow/*", INSTANCE["Arn"]):
        world = World()
        world.resources += resources(read("connect/list_instances.one"))
        world.function("caller", allow("connect:StartTaskContact", named))
        [write] = permitted_writes(world.graph()).writes
        assert write.edge.target == INSTANCE["Arn"]


def test_every_kind_of_record_but_video_is_asked_for():
    model = ServiceModel(create_loader().load_service_model("connect", "service-2"), "connect")
    known = model.shape_for("InstanceStorageResourceType").enum
    assert {*connect.STORED, "MEDIA_STREAMS"} == set(known)
