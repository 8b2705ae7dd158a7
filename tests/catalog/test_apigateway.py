"""REST APIs: integrations of every kind, stage variables, authorizers, logs and addresses."""

from __future__ import annotations

import json

import pytest

from tests.catalog.recorded import HERE, arn, edges, items, read, resources, unread, wanted
from topology.catalog import apigateway
from topology.graph import Meaning

APIS = "apigateway/get_rest_apis.two"
METHODS = "apigateway/get_resources.every_integration"
STAGES = "apigateway/get_stages.logs_and_variables"
AUTHORIZERS = "apigateway/get_authorizers.every_type"
SHOP, INNER = items(APIS)
API = arn("execute-api", "a1b2c3")
PROD, TEST, HALF = items(STAGES)
T, W = Meaning.TRIGGERS, Meaning.WRITES


def integration(resource, method):
    return arn("apigateway", f"/restapis/a1b2c3/resources/{resource}/methods/{method}/integration")


def reached(facts):
    return [(edge.label, edge.kind, edge.target, edge.meaning) for edge in edges(facts)]


def on(stage):
    return [
        fact
        for item in items(METHODS)
        for fact in apigateway.methods_of_stage(HERE, item, stage, SHOP)
    ]


def test_an_api_is_called_by_its_name_and_keeps_its_policy():
    shop, _, inner, _ = resources(read(APIS))
    assert (shop.arn, shop.kind, shop.name) == (API, "apigateway.restapi", "shop")
    assert json.loads(shop.attributes["policy"])["Statement"][0]["Effect"] == "Allow"
    assert (inner.name, inner.attributes["policy"]) == ("inner", None)


def test_a_policy_without_escapes_or_that_is_broken_is_kept_as_it_is():
    plain, _, broken, _ = resources(read("apigateway/get_rest_apis.odd_policies"))
    assert json.loads(plain.attributes["policy"])["Version"] == "2012-10-17"
    assert broken.attributes["policy"] == '{\\"Version\\'


def test_an_api_is_reached_by_its_own_address_unless_that_is_switched_off():
    on_air, off = edges(read(APIS))
    assert (on_air.source, on_air.target, on_air.kind, on_air.dormant) == (
        "https://a1b2c3.execute-api.eu-west-1.amazonaws.com",
        API,
        "apigw.address",
        "",
    )
    assert off.dormant == "the API's own address is switched off"


def test_every_integration_is_an_edge_to_what_it_reaches():
    service = "apigw.rest.service"
    assert reached(read(METHODS, SHOP)) == [
        ("POST /orders", "apigw.rest.lambda", arn("lambda", "function:place"), T),
        ("POST /queue", service, arn("sqs", "jobs"), W),
        ("PUT /queue", service, arn("sqs", "later"), W),
        ("POST /topic", service, arn("sns", "news"), W),
        ("PUT /topic", service, integration("r4", "PUT"), T),
        ("DELETE /files/{key}", service, "arn:aws:s3:::uploads", W),
        ("POST /files/{key}", service, integration("r5", "POST"), T),
        ("PUT /files/{key}", service, "arn:aws:s3:::uploads", W),
        ("POST /items", service, arn("dynamodb", "table/items"), W),
        ("POST /run", service, arn("states", "stateMachine:order"), T),
        ("PUT /run", service, arn("states", "stateMachine:quick"), T),
        ("POST /events", service, arn("events", "event-bus/orders"), W),
        ("PUT /events", service, arn("events", "event-bus/default"), W),
        ("PUT /events", service, arn("events", "event-bus/orders"), W),
        ("POST /stream", service, arn("kinesis", "stream/clicks"), W),
        ("PUT /stream", service, arn("firehose", "deliverystream/archive"), W),
        ("POST /out", service, "https://api.example.com", T),
        ("PUT /out", service, arn("elasticloadbalancing", "listener/app/in/50dc/f2f7"), T),
        ("POST /build", service, arn("codebuild", "project/site"), T),
        ("POST /build", service, integration("rd", "POST"), T),
        ("PUT /odd", service, integration("rb", "PUT"), T),
    ]


def test_an_integration_keeps_the_alias_it_calls():
    assert edges(read(METHODS, SHOP))[0].attributes == {"qualifier": "live"}


@pytest.mark.parametrize(
    ("recording", "above"), [(METHODS, [SHOP]), (STAGES, [SHOP]), (AUTHORIZERS, [SHOP])]
)
def test_neither_templates_nor_variables_nor_headers_are_kept(recording, above):
    assert "canary" not in repr(read(recording, *above)).lower()
    assert "canary" not in repr(on(PROD))


def test_where_only_the_request_tells_the_target_the_integrations_role_answers():
    roles = {
        each.name: (each.attributes["role"].rpartition("/")[2], each.attributes.get("calls"))
        for each in resources(read(METHODS, SHOP))
    }
    assert roles == {
        "PUT /topic": ("api", ["sns:Publish"]),
        "POST /files/{key}": ("api", ["s3:PutObject"]),
        "POST /build": ("api", ["codebuild:StartBuild"]),  # builds tell the default bus
        "PUT /odd": ("api", None),
    }


def test_what_nothing_tells_is_unread():
    assert [(each.resource, each.code, each.reason) for each in unread(read(METHODS, SHOP))] == [
        (API, "TargetNotTold", f"{reason}")
        for reason in (
            "DELETE /topic calls what the request tells, and has no role that would limit it",
            "GET /out sends requests to an address that the request or a stage tells",
            "GET /odd calls a function that the request or a stage tells",
            "POST /odd has a URI that is not understood",
        )
    ]


def test_only_stages_with_variables_are_asked_again():
    assert wanted(apigateway.stage_resources, [PROD, TEST, HALF]) == [PROD, HALF]
    assert wanted(apigateway.stage_authorizers, [PROD, TEST, HALF]) == [PROD, HALF]


def test_variables_are_those_of_each_stage_and_of_its_canary():
    assert reached(on(PROD)) == [
        ("GET /orders", "apigw.rest.lambda", arn("lambda", "function:list-orders"), T),
        ("GET /orders", "apigw.rest.lambda", arn("lambda", "function:list-orders-new"), T),
        ("ANY /host", "apigw.rest.service", "https://v1.example.com", T),
        ("ANY /host", "apigw.rest.service", "https://v1.example.com", T),
    ]


def test_a_call_that_cannot_be_made_on_a_stage_is_not_there():
    assert reached(on(HALF)) == [("ANY /host", "apigw.rest.service", "https://v2.example.com", T)]
    assert not on(TEST)


def test_an_authorizer_is_asked_before_the_methods():
    facts = read(AUTHORIZERS, SHOP)
    asked = ("tokens", "apigw.rest.authorizer", arn("lambda", "function:authorize"), T)
    assert reached(facts) == [asked]
    assert [each.reason for each in unread(facts)] == ["authorizer odd asks what is not told"]


def test_an_authorizer_may_depend_on_the_stage():
    staged = items(AUTHORIZERS)[1]
    found = apigateway.authorizer_of_stage(HERE, staged, PROD, SHOP)
    assert [edge.target for edge in edges(found)] == [
        arn("lambda", "function:list-orders"),
        arn("lambda", "function:list-orders-new"),
    ]
    assert not list(apigateway.authorizer_of_stage(HERE, staged, HALF, SHOP))
    assert not list(apigateway.authorizer_of_stage(HERE, items(AUTHORIZERS)[0], PROD, SHOP))


def test_a_stage_writes_its_logs():
    assert reached(read(STAGES, SHOP)) == [
        ("prod", "apigw.accesslogs", arn("logs", "log-group:access"), W),
        (
            "prod (execution)",
            "apigw.accesslogs",
            arn("logs", "log-group:API-Gateway-Execution-Logs_a1b2c3/prod"),
            W,
        ),
        (
            "test",
            "apigw.accesslogs",
            arn("firehose", "deliverystream/amazon-apigateway-access"),
            W,
        ),
    ]
