"""SNS: subscriptions of every protocol, other accounts, filter policies and their scope."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, items, read, resources, wanted
from topology.catalog import sns
from topology.graph import Filter, Meaning

LISTED = "sns/list_subscriptions.every_protocol"
TO_QUEUE = items(LISTED)[1]


def test_it_reads_a_subscription_of_every_protocol_that_can_go_on():
    found = edges(read(LISTED))
    assert [(e.kind, e.target, e.meaning) for e in found] == [
        ("sns.sub.lambda", arn("lambda", "function:mail"), Meaning.TRIGGERS),
        ("sns.sub.sqs", arn("sqs", "jobs"), Meaning.FORWARDS),
        ("sns.sub.firehose", arn("firehose", "deliverystream/archive"), Meaning.FORWARDS),
        ("sns.sub.https", "https://hooks.example.com", Meaning.TRIGGERS),
        ("sns.sub.sqs", arn("sqs", "unconfirmed", "444455556666"), Meaning.FORWARDS),
        ("sns.sub.lambda", arn("lambda", "function:gone"), Meaning.TRIGGERS),
        ("sns.sub.sqs", arn("sqs", "jobs"), Meaning.FORWARDS),
    ]
    assert found[-1].source == arn("sns", "theirs", "444455556666")


def test_neither_a_secret_in_an_address_nor_a_persons_is_kept():
    said = repr(read(LISTED))
    assert "canary" not in said
    assert "somebody" not in said
    assert "7700" not in said


def test_it_keeps_a_subscription_that_is_not_confirmed_or_is_deleted_dormant():
    asleep = {edge.target: edge.dormant for edge in edges(read(LISTED)) if edge.dormant}
    assert asleep == {
        arn("sqs", "unconfirmed", "444455556666"): "the subscription is not confirmed yet",
        arn("lambda", "function:gone"): "the subscription is deleted",
    }


def test_the_filter_of_a_listed_subscription_is_unread_until_its_attributes_are():
    to_function, *_ = edges(read(LISTED))
    assert to_function.filter == Filter("sns.policy.attributes", "")


def test_attributes_are_asked_only_where_there_are_any():
    asked = [s["SubscriptionArn"] for s in wanted(sns.attributes, items(LISTED))]
    assert [arn.rpartition(":")[2] for arn in asked] == ["s-1", "s-2", "s-3", "s-4", "s-9"]


def test_what_another_account_subscribed_is_asked_of_our_own_topic():
    foreign = items("sns/list_subscriptions_by_topic.another_account")
    asked = [s["Owner"] for s in wanted(sns.foreign_attributes, foreign)]
    assert asked == ["444455556666"]


def test_a_filter_policy_keeps_its_scope():
    first, _ = edges(read("sns/get_subscription_attributes.body_filter", TO_QUEUE))
    assert first.filter == Filter("sns.policy.body", '{"status": ["new"]}')


def test_a_subscription_without_a_policy_has_no_filter_and_the_same_identity():
    [edge] = edges(read("sns/get_subscription_attributes.no_filter", TO_QUEUE))
    assert edge.filter is None
    assert edge.id == edges(read(LISTED))[1].id


def test_a_subscriptions_dead_letters_hear_what_it_hears():
    _, dead = edges(read("sns/get_subscription_attributes.body_filter", TO_QUEUE))
    assert (dead.kind, dead.source, dead.target) == (
        "sns.sub.redrive",
        arn("sns", "news"),
        arn("sqs", "news-dead"),
    )
    assert dead.filter == Filter("sns.policy.body", '{"status": ["new"]}')
    assert dead.meaning is Meaning.ON_FAILURE


def test_a_role_for_feedback_of_any_protocol_logs_deliveries_and_failures():
    facts = read("sns/get_topic_attributes.feedback", {"TopicArn": arn("sns", "news.fifo")})
    groups = [edge for edge in edges(facts) if edge.kind == "sns.feedback"]
    folder = "log-group:sns/eu-west-1/111122223333/news.fifo"
    assert [(edge.target, edge.meaning) for edge in groups] == [
        (arn("logs", folder), Meaning.WRITES),
        (arn("logs", f"{folder}/Failure"), Meaning.ON_FAILURE),
    ]
    assert {edge.source for edge in groups} == {arn("sns", "news.fifo")}
    assert resources(facts)[0].attributes == {"policy": None, "fifo": True}


def test_a_topic_without_such_a_role_logs_nothing():
    facts = read("sns/get_topic_attributes.partners", {"TopicArn": arn("sns", "news")})
    assert edges(facts) == []
    assert resources(facts)[0].attributes["fifo"] is False


def test_a_subscription_of_firehose_keeps_the_role_it_puts_records_with():
    [edge] = edges(read("sns/get_subscription_attributes.firehose", items(LISTED)[2]))
    assert (edge.kind, edge.attributes["role"], edge.attributes["raw"]) == (
        "sns.sub.firehose",
        "arn:aws:iam::111122223333:role/sns-to-firehose",
        True,
    )
