"""AppSync: data sources of every type, authorizers, merged and Event APIs, addresses."""

from __future__ import annotations

from tests.catalog.recorded import HERE, arn, edges, items, read, resources, unread, wanted
from topology.catalog import appsync
from topology.graph import Meaning

APIS = "appsync/list_graphql_apis.two"
SOURCES = "appsync/list_data_sources.every_type"
LIVE = "appsync/list_apis.one"
SHOP, ALL = items(APIS)
API = arn("appsync", "apis/q7")
T, W = Meaning.TRIGGERS, Meaning.WRITES


def reached(facts):
    return [(edge.label, edge.kind, edge.target, edge.meaning) for edge in edges(facts)]


def test_an_api_is_reached_by_its_address_and_by_the_endpoint_that_rules_name():
    facts = read(APIS)
    named = [each for each in resources(facts) if each.kind == "appsync.graphqlapi"]
    assert [(each.arn, each.name) for each in named] == [
        (API, "shop"),
        (arn("appsync", "apis/m1"), "all"),
    ]
    addresses = [edge for edge in edges(facts) if edge.kind == "appsync.address"]
    assert [(edge.source, edge.target) for edge in addresses] == [
        ("https://abc5.appsync-api.eu-west-1.amazonaws.com", API),
        (arn("appsync", "endpoints/graphql-api/abc5"), API),
    ]


def test_every_authorizer_is_asked_and_requests_are_logged():
    assert reached(read(APIS))[2:] == [
        ("", "appsync.authorizer", arn("lambda", "function:authorize"), T),
        ("", "appsync.authorizer", arn("lambda", "function:ask"), T),
        ("", "appsync.logs", arn("logs", "log-group:/aws/appsync/apis/q7"), W),
    ]


def test_every_data_source_is_an_edge_to_what_it_calls():
    kind = "appsync.datasource"
    orders = arn("dynamodb", "table/orders").replace("eu-west-1", "us-east-1")
    assert reached(read(SOURCES, SHOP)) == [
        ("answer", kind, arn("lambda", "function:answer"), T),
        ("orders", kind, orders, W),
        ("orders", kind, f"{API}#orders", T),
        ("tell", kind, arn("events", "event-bus/orders"), W),
        ("signed", kind, "https://sqs.eu-west-1.amazonaws.com", T),
        ("signed", kind, f"{API}#signed", T),
        ("plain", kind, "https://api.example.com", T),
        ("rows", kind, arn("rds", "cluster:rows"), T),
        ("find", kind, "https://search.eu-west-1.es.amazonaws.com", T),
        ("think", kind, f"{API}#think", T),
    ]


def test_where_a_request_tells_the_target_the_data_sources_role_answers():
    roles = {each.name: each.attributes.get("calls") for each in resources(read(SOURCES, SHOP))}
    assert roles == {
        "orders": [
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
        ],
        "signed": None,
        "think": None,
    }


def test_a_data_source_that_does_not_say_what_it_calls_is_unread():
    [gap] = unread(read(SOURCES, SHOP))
    assert (gap.resource, gap.reason) == (API, "data source new does not say what it calls")


def test_neither_descriptions_nor_secrets_nor_mail_addresses_are_kept():
    for facts in (read(APIS), read(SOURCES, SHOP), read(LIVE)):
        assert "canary" not in repr(facts)


def test_a_merged_api_calls_its_source_apis():
    assert wanted(appsync.merged, [SHOP, ALL]) == [ALL]
    [edge] = edges(read("appsync/list_source_api_associations.one", ALL))
    assert (edge.kind, edge.source, edge.target) == (
        "appsync.merged",
        arn("appsync", "apis/m1"),
        API,
    )


def test_an_event_api_has_handlers_an_authorizer_logs_and_an_address():
    [api] = items(LIVE)
    facts = read(LIVE)
    assert reached(facts) == [
        ("", "appsync.address", api["apiArn"], T),
        ("", "appsync.authorizer", arn("lambda", "function:authorize"), T),
        ("", "appsync.logs", arn("logs", "log-group:/aws/appsync/apis/e3"), W),
    ]
    [source] = items("appsync/list_data_sources.events")
    [edge] = edges(appsync.event_data_source(HERE, source, api))
    assert (edge.kind, edge.source, edge.target) == (
        "appsync.events",
        api["apiArn"],
        arn("lambda", "function:publish"),
    )
