"""HTTP and WebSocket APIs: integrations, stage variables, authorizers, domains."""

from __future__ import annotations

from tests.catalog.recorded import HERE, arn, edges, items, read, resources, unread, wanted
from topology.catalog import apigatewayv2
from topology.graph import Meaning

APIS = "apigatewayv2/get_apis.both"
HTTP = "apigatewayv2/get_integrations.http"
WEBSOCKET = "apigatewayv2/get_integrations.websocket"
STAGES = "apigatewayv2/get_stages.logs_and_variables"
AUTHORIZERS = "apigatewayv2/get_authorizers.both"
WEB, CHAT = items(APIS)
DEFAULT, DEV = items(STAGES)
OWN, NEW = items("apigatewayv2/get_domain_names.two")
T, W = Meaning.TRIGGERS, Meaning.WRITES


def reached(facts):
    return [(edge.kind, edge.target, edge.meaning) for edge in edges(facts)]


def test_both_kinds_of_apis_have_names_and_addresses():
    facts = read(APIS)
    found = [each for each in resources(facts) if each.kind != "apigateway.address"]
    assert [(each.arn, each.kind, each.name, each.attributes) for each in found] == [
        (arn("execute-api", "h1"), "apigateway.httpapi", "web", {"policy": None}),
        (arn("execute-api", "w1"), "apigateway.websocketapi", "chat", {"policy": None}),
    ]
    assert [(edge.kind, edge.source, edge.dormant) for edge in edges(facts)] == [
        ("apigw.address", "https://h1.execute-api.eu-west-1.amazonaws.com", ""),
        (
            "apigw.address",
            "wss://w1.execute-api.eu-west-1.amazonaws.com",
            "the API's own address is switched off",
        ),
    ]


def test_every_integration_of_an_http_api_is_an_edge():
    service = "apigw.http.service"
    elsewhere = arn("kinesis", "stream/clicks").replace("eu-west-1", "us-east-1")
    assert reached(read(HTTP, WEB)) == [
        ("apigw.http.lambda", arn("lambda", "function:web"), T),
        ("apigw.http.lambda", arn("lambda", "function:old"), T),
        (service, arn("sqs", "jobs"), W),
        (service, arn("events", "event-bus/default"), W),
        (service, elsewhere, W),
        (service, arn("states", "stateMachine:order"), T),
        (service, arn("apigateway", "/apis/h1/integrations/i7"), T),
        (service, "https://api.example.com", T),
        (service, arn("elasticloadbalancing", "listener/app/in/50dc/f2f7"), T),
    ]


def test_two_aliases_of_one_function_are_two_edges():
    old = edges(read(HTTP, WEB))[1]
    assert (old.label, old.attributes) == ("live", {"qualifier": "live"})


def test_where_only_the_request_tells_the_target_the_integrations_role_answers():
    [actor] = resources(read(HTTP, WEB))
    assert (actor.kind, actor.attributes) == (
        "apigateway.integration",
        {"role": "arn:aws:iam::111122223333:role/api", "calls": ["sqs:SendMessage"]},
    )


def test_variables_are_those_of_each_stage():
    assert wanted(apigatewayv2.stage_integrations, [DEFAULT, DEV]) == [DEFAULT]
    facts = [
        fact
        for item in items(HTTP)
        for fact in apigatewayv2.integration_of_stage(HERE, item, DEFAULT, WEB)
    ]
    assert reached(facts) == [
        ("apigw.http.lambda", arn("lambda", "function:staged"), T),
        ("apigw.http.service", arn("kinesis", "stream/staged"), W),
    ]


def test_a_call_that_cannot_be_made_on_a_stage_is_not_there():
    for item in items(HTTP):
        assert not list(apigatewayv2.integration_of_stage(HERE, item, DEV, WEB))


def test_a_websocket_api_calls_services_as_a_rest_api_does():
    facts = read(WEBSOCKET, CHAT)
    assert reached(facts) == [
        ("apigw.http.lambda", arn("lambda", "function:chat"), T),
        ("apigw.ws.service", arn("sqs", "jobs"), W),
    ]
    [gap] = unread(facts)
    assert (gap.resource, gap.code) == (arn("execute-api", "w1"), "TargetNotTold")


def test_nothing_that_is_sent_is_kept():
    read_all = [read(HTTP, WEB), read(WEBSOCKET, CHAT), read(STAGES, WEB)]
    read_all.append(read("apigatewayv2/list_routing_rules.one", NEW))
    assert "canary" not in repr(read_all).lower()


def test_an_authorizer_is_asked_before_the_routes():
    authorize = ("apigw.http.authorizer", arn("lambda", "function:authorize"), T)
    assert reached(read(AUTHORIZERS, WEB)) == [authorize]
    staged = items(AUTHORIZERS)[2]
    found = apigatewayv2.authorizer_of_stage(HERE, staged, DEFAULT, WEB)
    assert reached(found) == [("apigw.http.authorizer", arn("lambda", "function:staged"), T)]
    assert not list(apigatewayv2.authorizer_of_stage(HERE, staged, DEV, WEB))


def test_a_stage_writes_its_logs():
    [edge] = edges(read(STAGES, WEB))
    assert (edge.kind, edge.label, edge.target) == (
        "apigw.accesslogs",
        "$default",
        arn("logs", "log-group:access"),
    )


def test_a_domain_leads_to_the_apis_it_is_mapped_to():
    [mapped] = edges(read("apigatewayv2/get_api_mappings.one", OWN))
    assert (mapped.kind, mapped.source, mapped.target) == (
        "apigw.address",
        "https://api.example.com",
        arn("execute-api", "a1b2c3"),
    )


def test_rules_of_a_domain_are_read_where_it_has_any():
    assert wanted(apigatewayv2.routing, [OWN, NEW]) == [NEW]
    [routed] = edges(read("apigatewayv2/list_routing_rules.one", NEW))
    assert (routed.source, routed.target) == ("https://new.example.com", arn("execute-api", "h1"))
