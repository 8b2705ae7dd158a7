"""CloudWatch Logs: subscriptions of one group and of all, destinations, metrics, deliveries."""

from __future__ import annotations

from tests.catalog.recorded import HERE, arn, edges, items, read, resources, unread, wanted
from topology.catalog import logs
from topology.graph import Filter, Meaning

GROUPS = items("logs/describe_log_groups.classes")
INDEX, WORK, ARCHIVE, DELIVERED = GROUPS
FILTERS = "logs/describe_subscription_filters"
POLICIES = "logs/describe_account_policies"


def group(name):
    return arn("logs", f"log-group:{name}")


def account_wide(recorded):
    """What an account's policies state of every log group."""
    return [
        fact
        for policy in items(f"{POLICIES}.{recorded}")
        for each in GROUPS
        for fact in logs.account_subscription(HERE, each, policy)
    ]


def test_it_calls_a_log_group_by_its_arn_without_the_star_of_its_streams():
    found = resources(read("logs/describe_log_groups.classes"))
    assert [(each.arn, each.name) for each in found][:2] == [
        (group("/aws/lambda/index"), "/aws/lambda/index"),
        (group("/aws/lambda/work"), "/aws/lambda/work"),
    ]


def test_it_reads_for_how_long_a_log_group_keeps_its_lines():
    found = resources(read("logs/describe_log_groups.classes"))
    assert [each.attributes["retention_days"] for each in found] == [None, 30, None, 2]


def test_it_does_not_ask_a_class_of_groups_that_takes_no_filters():
    assert wanted(logs.filters, GROUPS) == [INDEX, WORK, DELIVERED]


def test_it_reads_several_filters_of_a_group_to_every_kind_of_destination():
    found = edges(read(f"{FILTERS}.every_destination", WORK))
    assert {each.kind for each in found} == {"logs.subscription"}
    assert {each.source for each in found} == {group("/aws/lambda/work")}
    assert [(each.label, each.target, each.meaning) for each in found] == [
        ("errors", arn("lambda", "function:index"), Meaning.TRIGGERS),
        ("everything", arn("kinesis", "stream/logs"), Meaning.FORWARDS),
        ("archive", arn("firehose", "deliverystream/archive"), Meaning.FORWARDS),
        ("security", arn("logs", "destination:security", "444455556666"), Meaning.FORWARDS),
    ]
    assert found[0].attributes == {"qualifier": "live"}


def test_an_empty_pattern_is_no_filter():
    found = edges(read(f"{FILTERS}.every_destination", WORK))
    assert [each.filter for each in found] == [
        Filter("logs.pattern", "ERROR -DEBUG"),
        None,
        None,
        Filter("logs.pattern", '{ $.level = "ERROR" }'),
    ]


def test_a_pattern_over_transformed_events_is_not_compared_with_what_was_written():
    transformed, centralized = edges(read(f"{FILTERS}.narrowed", WORK))
    assert (transformed.filter, transformed.attributes) == (None, {"transformed": True})
    assert centralized.attributes == {"selection": '@aws.region = "eu-west-1"'}


def test_a_policy_of_the_account_subscribes_every_group_that_can_be():
    found = edges(account_wide("every_group"))
    assert [each.source for each in found] == [
        group("/aws/lambda/index"),
        group("/aws/lambda/work"),
        group("/shop/delivered"),
    ]
    assert {(each.kind, each.target, each.label) for each in found} == {
        ("logs.account_subscription", arn("kinesis", "stream/logs"), "all-logs")
    }
    assert {each.filter for each in found} == {Filter("logs.pattern", "ERROR")}
    assert not read(f"{POLICIES}.every_group")


def test_a_policy_of_the_account_leaves_out_the_groups_it_names():
    found = edges(account_wide("all_but_one"))
    assert [each.source for each in found] == [group("/aws/lambda/work"), group("/shop/delivered")]
    assert {(each.meaning, each.filter) for each in found} == {(Meaning.TRIGGERS, None)}


def test_a_selection_that_is_not_understood_may_take_every_group_and_is_a_gap():
    found = edges(account_wide("not_understood"))
    assert {each.label for each in found} == {"of-a-shop"}
    assert len(found) == 3
    assert {each.attributes["selection"] for each in found} == {'LogGroupNamePrefix = "/shop"'}


def test_a_policy_that_cannot_be_read_is_a_gap_and_says_nothing_of_what_it_holds():
    facts = read(f"{POLICIES}.not_understood")
    assert [(each.resource, each.code) for each in unread(facts)] == [
        ("of-a-shop", "UnknownSelectionCriteria"),
        ("no-document", "MalformedAccountPolicy"),
        ("no-destination", "MalformedAccountPolicy"),
        ("odd", "MalformedAccountPolicy"),
        ("pattern", "MalformedAccountPolicy"),
    ]
    assert "canary" not in repr(facts)


def test_a_destination_passes_on_to_a_stream_in_any_region():
    facts = read("logs/describe_destinations.both")
    assert [(each.kind, each.source, each.target) for each in edges(facts)] == [
        (
            "logs.destination",
            arn("logs", "destination:security"),
            arn("kinesis", "stream/security"),
        ),
        (
            "logs.destination",
            arn("logs", "destination:archive"),
            "arn:aws:firehose:eu-central-1:111122223333:deliverystream/archive",
        ),
    ]
    assert {each.kind for each in resources(facts)} == {"logs.destination"}
    assert "canary" not in repr(facts)


def test_a_metric_filter_leads_to_each_metric_and_to_whatever_looks_at_any():
    facts = read("logs/describe_metric_filters.two")
    found = [each for each in edges(facts) if each.kind == "logs.metricfilter"]
    assert [(each.source, each.target, each.label, each.filter) for each in found] == [
        (
            group("/aws/lambda/work"),
            arn("cloudwatch", "metric/Shop/Errors"),
            "errors",
            Filter("logs.pattern", "ERROR"),
        ),
        (
            group("/aws/lambda/work"),
            arn("cloudwatch", "metric/Shop/Failed"),
            "errors",
            Filter("logs.pattern", "ERROR"),
        ),
        (group("/aws/lambda/index"), arn("cloudwatch", "metric/Shop/Lines"), "lines", None),
    ]
    assert found[-1].attributes["selection"]
    anywhere = [each for each in edges(facts) if each.kind == "cw.metric"]
    assert {each.target for each in anywhere} == {arn("cloudwatch", "metric/any")}
    assert {each.source for each in anywhere} == {each.target for each in found}
    assert "canary" not in repr(facts)


def test_logs_of_a_bus_are_delivered_and_those_of_other_resources_too():
    bus, gone = items("logs/describe_delivery_sources.bus")
    [logged] = edges(read("logs/describe_deliveries.two_sources", bus))
    assert (logged.kind, logged.source, logged.target, logged.dormant) == (
        "eb.bus.logs",
        arn("events", "event-bus/orders"),
        arn("logs", "delivery-destination:group"),
        "",
    )
    assert (logged.label, logged.attributes) == ("orders-info", {"log_type": "INFO_LOGS"})
    [other] = edges(read("logs/describe_deliveries.two_sources", gone))
    assert (other.kind, other.dormant) == ("logs.delivery", "the delivery source is INACTIVE")
    assert other.source == "arn:aws:cloudfront::111122223333:distribution/E1"


def test_a_delivery_ends_in_a_log_group_a_bucket_or_a_stream():
    facts = read("logs/describe_delivery_destinations.every_type")
    assert [(each.kind, each.target) for each in edges(facts)] == [
        ("logs.delivery", group("/aws/vendedlogs/orders")),
        ("logs.delivery", "arn:aws:s3:::access-logs"),
        ("logs.delivery", arn("firehose", "deliverystream/archive")),
    ]
    assert len(resources(facts)) == 4


def test_a_scheduled_query_writes_its_results_by_the_clock():
    facts = read("logs/list_scheduled_queries.two")
    assert [(each.kind, each.target, each.dormant) for each in edges(facts)] == [
        ("logs.scheduledquery", "arn:aws:s3:::reports", ""),
        ("logs.scheduledquery", "arn:aws:s3:::reports", "the scheduled query is DISABLED"),
    ]
    report, *_ = resources(facts)
    assert report.attributes == {"expression": "cron(0 8 * * ? *)"}
