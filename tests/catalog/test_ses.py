"""SES: identities and what is told of their mail, and the rules for mail that is received."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import HERE, arn, edges, items, read, resources, wanted
from topology.catalog import ses
from topology.graph import Edge, Meaning, Resource
from topology.sets import strings
from topology.sets.events import EventSet

IDENTITIES = "ses/list_identities.both_types"
NOTIFIED = "ses/get_identity_notification_attributes.topics"
RECEIVED = "ses/describe_active_receipt_rule_set.every_action"
[PAGE] = items(IDENTITIES)
TOPIC = arn("sns", "mail")
DOMAIN, ADDRESSES = arn("ses", "identity/example.com"), arn("ses", "identity")
MAIL, INTERNET = arn("ses", "mail"), "smtp://anybody"
SUPPORT = arn("ses", "receipt-rule-set/inbound:receipt-rule/support")
OFF = arn("ses", "receipt-rule-set/inbound:receipt-rule/off")


def test_a_domain_is_an_identity_and_all_addresses_are_one_channel():
    facts = read(IDENTITIES)
    assert [(each.arn, each.kind) for each in resources(facts)] == [
        (ADDRESSES, "ses.address"),
        (DOMAIN, "ses.identity"),
        (MAIL, "ses.mail"),
    ]
    assert [(each.kind, each.source, each.target) for each in edges(facts)] == [
        ("ses.mail", ADDRESSES, MAIL),
        ("ses.mail", DOMAIN, MAIL),
        ("ses.mail", MAIL, INTERNET),
    ]


def test_without_identities_there_is_no_mail_and_nothing_more_is_asked():
    assert not read("ses/list_identities.none")
    pages = [PAGE, *items("ses/list_identities.none")]
    assert wanted(ses.notifications, pages) == [PAGE]


def test_a_gap_does_not_say_whose_addresses_were_asked_for():
    assert ses.notifications.names is not None
    assert ses.notifications.names(PAGE) == "4 identities"


def test_topics_are_told_what_becomes_of_an_identitys_mail():
    found = edges(read(NOTIFIED, PAGE))
    assert {each.kind for each in found} == {"ses.identity"}
    assert [(e.source, e.label, e.target, e.attributes["events"]) for e in found] == [
        (ADDRESSES, "example.org: bounce", TOPIC, ["BOUNCE"]),
        (DOMAIN, "example.com: bounce", TOPIC, ["BOUNCE"]),
        (DOMAIN, "example.com: complaint", TOPIC, ["COMPLAINT"]),
        (DOMAIN, "example.com: delivery", arn("sns", "delivered"), ["DELIVERY"]),
    ]


def test_mail_that_anybody_sends_may_come_to_every_rule_of_the_active_set():
    facts = read(RECEIVED)
    found = [each for each in edges(facts) if each.kind == "ses.mail"]
    assert [(each.source, each.target) for each in found] == [
        (INTERNET, SUPPORT),
        (INTERNET, OFF),
    ]
    assert [(each.arn, each.attributes) for each in resources(facts)] == [
        (SUPPORT, {"domains": [".example.net", "example.com", "example.org"]}),
        (OFF, {"domains": []}),
    ]


def test_a_rule_leads_to_what_its_actions_name_and_tells_their_topics():
    found = [each for each in edges(read(RECEIVED)) if each.kind == "ses.receipt"]
    assert [(each.source, each.label, each.target, each.meaning) for each in found[:-1]] == [
        (SUPPORT, "1", "arn:aws:s3:::mail", Meaning.FORWARDS),
        (SUPPORT, "1/topic", TOPIC, Meaning.FORWARDS),
        (SUPPORT, "2", "arn:aws:s3:::mail", Meaning.FORWARDS),
        (SUPPORT, "3", arn("lambda", "function:answer"), Meaning.TRIGGERS),
        (SUPPORT, "4/topic", TOPIC, Meaning.FORWARDS),
        (SUPPORT, "5", arn("workmail", "organization/m-1"), Meaning.TRIGGERS),
        (SUPPORT, "6", arn("connect", "instance/1"), Meaning.TRIGGERS),
        (SUPPORT, "7/topic", TOPIC, Meaning.FORWARDS),
        (SUPPORT, "9/topic", arn("sns", "stopped"), Meaning.FORWARDS),
    ]
    assert found[0].attributes == {"prefix": "support/"}
    assert found[3].attributes == {"qualifier": "live"}
    assert len({each.id for each in found}) == len(found)


def test_it_keeps_a_disabled_receipt_rule_dormant():
    *_, off = edges(read(RECEIVED))
    assert (off.source, off.dormant) == (OFF, "the receipt rule is disabled")


def test_a_region_that_receives_no_mail_has_no_rules():
    assert not read("ses/describe_active_receipt_rule_set.none")
    assert not list(ses.receipt_rules(HERE, {}))  # what stands for an error that says so


@pytest.mark.parametrize("facts", [read(IDENTITIES), read(NOTIFIED, PAGE), read(RECEIVED)])
def test_nobodys_address_is_kept_nor_what_mail_is_answered_with(facts):
    assert "canary" not in repr(facts)


@pytest.mark.parametrize(
    ("prefix", "key", "may_be"),
    [
        ("support/", "support/1", True),
        ("support/", "in/1", False),
        ("", "in/1", True),
    ],
)
def test_mail_in_a_bucket_has_a_key_below_the_actions_prefix(prefix, key, may_be):
    attributes = {"prefix": prefix} if prefix else {}
    bucket = "arn:aws:s3:::mail"
    edge = Edge(SUPPORT, bucket, Meaning.FORWARDS, "ses.receipt", attributes=attributes)
    found = ses.received(
        EventSet.anything(), edge, Resource(bucket, "s3.bucket", HERE.account, HERE.region, "mail")
    )
    heard = EventSet.scalars({("s3", "object", "key"): strings.literal(key)})
    assert ((found & heard).witness() is not None) is may_be
