"""Conditions on what the caller chooses: they narrow the events a write raises, without a doubt."""

import pytest

from tests.inference.estate import HOME, allow, deny, document, function, resource, role, written
from topology import catalog
from topology.graph import Evidence
from topology.sets.events import EventSet, Path, compare
from topology.sets.strings import StringSet, literal, one_of
from topology.verdict import Always, Cannot, Sometimes, Unknown

BUS = f"arn:aws:events:eu-west-1:{HOME}:event-bus/shop"
TABLE = f"arn:aws:dynamodb:eu-west-1:{HOME}:table/orders"
CHANNELS = (
    resource(BUS, "events.bus"),
    resource(TABLE, "dynamodb.table", partition_key="customer"),
)


def source(*names, operator="StringEquals"):
    return {"Condition": {operator: {"events:source": list(names)}}}


def one(*statements, channels=CHANNELS):
    """The only write, and the events it raises."""
    found = written(role(*statements), function(), channels=channels, writes=catalog.writes())
    (write,) = found.writes
    hub = found.hubs.get(write.edge.target)
    return write, hub.events_of(hub.channels[0]) if hub else write.events


def hears(events, **fields):
    """Whether a rule with these fields hears the events: a word of the verdict."""
    demand: dict[Path, StringSet] = {
        (path.replace("_", "-"),): literal(text) for path, text in fields.items()
    }
    return type(compare(events, EventSet.demands(demand)))


@pytest.mark.parametrize(("to", "evidence"), [(BUS, "permitted"), ("*", "permitted-any")])
def test_an_allow_of_one_source_raises_only_that(to, evidence):
    write, events = one(allow("events:PutEvents", to, **source("shop.orders")))
    assert write.edge.evidence is Evidence(evidence)
    assert isinstance(write.hop, Always)
    assert 'where `events:source` is "shop.orders"' in write.hop.because
    assert "policy *write-results*, statement 1" in write.hop.because
    assert hears(events, source="shop.orders") is Always
    assert hears(events, source="shop.mail") is Cannot


@pytest.mark.parametrize(
    ("statements", "raised", "not_raised"),
    [
        ([source("a"), source("b")], ["a", "b"], ["c"]),
        ([source("a", "b")], ["a", "b"], ["c"]),
        ([source("a*", operator="StringLike")], ["a", "ab"], ["b"]),
        ([source("A", operator="StringEqualsIgnoreCase")], ["a", "A"], ["b"]),
        ([source("a", operator="StringNotEquals")], ["b"], ["a"]),
        ([source("a*", operator="StringNotLike")], ["b"], ["ab"]),
        ([source("a", operator="StringEqualsIfExists")], ["a"], ["b"]),
        ([source("a", operator="ForAllValues:StringEquals")], ["a"], ["b"]),
        ([source("a", operator="ForAnyValue:StringEquals")], ["a"], ["b"]),
        ([source("a"), {}], ["a", "b"], ["aws.s3"]),
    ],
)
def test_several_allows_are_a_union(statements, raised, not_raised):
    write, events = one(*(allow("events:PutEvents", BUS, **each) for each in statements))
    assert isinstance(write.hop, Always)
    assert all(hears(events, source=each) is not Cannot for each in raised)
    assert all(hears(events, source=each) is Cannot for each in not_raised)


@pytest.mark.parametrize("to", [BUS, "*"])
def test_a_deny_of_one_source_takes_it_out(to):
    write, events = one(allow("events:*", to), deny("events:*", "*", **source("shop.orders")))
    assert isinstance(write.hop, Always)
    assert hears(events, source="shop.orders") is Cannot
    assert hears(events, source="shop.mail") is Sometimes


@pytest.mark.parametrize("to", [BUS, "*"])
def test_a_deny_of_all_that_is_allowed_leaves_nothing(to):
    statements = allow("events:*", to, **source("a")), deny("*", "*", **source("a", "b"))
    write, _ = one(*statements)
    assert isinstance(write.hop, Cannot)
    assert "statement 2 denies it" in write.hop.because


def test_two_keys_are_narrowed_at_once():
    both = {"events:source": "a", "events:detail-type": ["x", "y"]}
    _, events = one(allow("events:*", BUS, Condition={"StringEquals": both}))
    assert hears(events, source="a", detail_type="x") is Sometimes
    assert hears(events, source="a", detail_type="z") is Cannot
    assert hears(events, source="b", detail_type="x") is Cannot


def test_each_statement_keeps_its_own_pair_of_values():
    def pair(source, detail_type):
        keys = {"events:source": source, "events:detail-type": detail_type}
        return allow("events:PutEvents", BUS, Condition={"StringEquals": keys})

    _, events = one(pair("a", "x"), pair("b", "y"))
    assert hears(events, source="a", detail_type="x") is not Cannot
    assert hears(events, source="a", detail_type="y") is Cannot


@pytest.mark.parametrize("to", [BUS, "*"])
def test_another_condition_still_makes_it_uncertain_and_narrows_as_well(to):
    condition = {"StringEquals": {"events:source": "a", "aws:PrincipalTag/team": "x"}}
    write, events = one(allow("events:PutEvents", to, Condition=condition))
    assert isinstance(write.hop, Unknown)
    assert "aws:PrincipalTag/team" in write.hop.because
    assert "asks StringEquals of `events:source`" not in write.hop.because
    assert hears(events, source="b") is Cannot


@pytest.mark.parametrize(
    "condition", [source("${aws:PrincipalTag/app}"), source("1", operator="NumericEquals")]
)
def test_a_condition_that_is_not_understood_keeps_every_event_and_the_doubt(condition):
    write, events = one(allow("events:PutEvents", BUS, **condition))
    assert isinstance(write.hop, Unknown)
    assert hears(events, source="b") is Sometimes


def test_a_buses_own_policy_narrows_too():
    policy = document({**deny("events:*", BUS, **source("a")), "Principal": "*"})
    _, events = one(allow("events:*"), channels=[resource(BUS, "events.bus", policy=policy)])
    assert hears(events, source="a") is Cannot
    assert hears(events, source="b") is Sometimes


def test_a_boundary_narrows_too():
    arn = f"arn:aws:iam::{HOME}:policy/limits"
    limits = resource(arn, "iam.policy", document=document(allow("*", **source("a"))))
    bounded = role(allow("events:PutEvents", BUS), boundary=arn)
    found = written(bounded, limits, function(), channels=CHANNELS[:1], writes=catalog.writes())
    assert hears(found.writes[0].events, source="b") is Cannot


def leading_keys(operator, *values):
    return {"Condition": {operator: {"dynamodb:LeadingKeys": list(values)}}}


def record_of(customer):
    key = ("dynamodb", "Keys", "customer", "S")
    return EventSet.demands({key: literal(customer), ("eventName",): one_of(["INSERT", "MODIFY"])})


def test_leading_keys_narrow_the_records_of_a_stream():
    condition = leading_keys("ForAllValues:StringEquals", "test")
    write, events = one(allow("dynamodb:PutItem", TABLE, **condition))
    assert isinstance(write.hop, Always)
    assert isinstance(compare(events, record_of("test")), Always)
    assert isinstance(compare(events, record_of("real")), Cannot)


@pytest.mark.parametrize("operator", ["ForAnyValue:StringEquals", "StringEquals"])
def test_a_key_that_only_one_item_of_a_batch_must_have_narrows_nothing(operator):
    write, events = one(allow("dynamodb:PutItem", TABLE, **leading_keys(operator, "test")))
    assert isinstance(write.hop, Unknown)
    assert not isinstance(compare(events, record_of("real")), Cannot)


def test_keys_of_a_table_whose_partition_key_is_not_known_are_not_followed():
    table = resource(TABLE, "dynamodb.table")
    condition = leading_keys("ForAllValues:StringEquals", "test")
    for to in (TABLE, "*"):
        write, _ = one(allow("dynamodb:PutItem", to, **condition), channels=[table])
        assert isinstance(write.hop, Unknown)
