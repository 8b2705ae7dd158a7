"""API Gateway's HTTP and WebSocket APIs: what they call, their logs and web addresses.

Source: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/operations.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from operator import itemgetter

from topology.catalog import api_integrations, named
from topology.catalog import apigateway as rest
from topology.catalog.api_integrations import Reached, stated
from topology.catalog.apigateway import ADDRESS, GET, GONE, UNKNOWN_FUNCTION
from topology.catalog.sdk_calls import Target
from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

HTTP_API = "apigateway.httpapi"
WEBSOCKET_API = "apigateway.websocketapi"
INVOKE = ("execute-api:Invoke",)
KINDS = {"HTTP": HTTP_API, "WEBSOCKET": WEBSOCKET_API}

service = Service(
    client="apigatewayv2",
    title="Amazon API Gateway (HTTP and WebSocket APIs)",
    iam_prefix="apigateway",
    rate=3.0,  # of 10/s that all of API Gateway shares
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html",
    within=rest.service.within,
    kinds=(
        Kind(HTTP_API, "HTTP API", Part.ACTOR),
        Kind(WEBSOCKET_API, "WebSocket API", Part.ACTOR),
    ),
    writes=(Write("invoke", HTTP_API, INVOKE), Write("invoke", WEBSOCKET_API, INVOKE)),
    edges=(
        "apigw.http.lambda",
        "apigw.http.service",
        "apigw.ws.service",
        "apigw.http.authorizer",
        "apigw.accesslogs",
        "apigw.address",
    ),
)

apis = Call("get_apis", items="Items", action=GET)
integrations = Call(
    "get_integrations",
    items="Items",
    for_each=apis,
    parameters={"ApiId": Of("ApiId")},
    action=GET,
    gone=GONE,
    names=itemgetter("ApiId"),
)
stages = Call(
    "get_stages",
    items="Items",
    for_each=apis,
    parameters={"ApiId": Of("ApiId")},
    action=GET,
    gone=GONE,
    names=itemgetter("ApiId"),
)
authorizers = Call(
    "get_authorizers",
    items="Items",
    for_each=apis,
    parameters={"ApiId": Of("ApiId")},
    action=GET,
    gone=GONE,
    names=itemgetter("ApiId"),
)
# The same list once more for every stage with variables, on which its URIs may depend.
stage_integrations = Call(
    "get_integrations",
    items="Items",
    for_each=stages,
    where=lambda stage: bool(stage.get("StageVariables")),
    parameters={"ApiId": Of("ApiId", above=1)},
    action=GET,
    gone=GONE,
    names=itemgetter("StageName"),
)
stage_authorizers = Call(
    "get_authorizers",
    items="Items",
    for_each=stages,
    where=lambda stage: bool(stage.get("StageVariables")),
    parameters={"ApiId": Of("ApiId", above=1)},
    action=GET,
    gone=GONE,
    names=itemgetter("StageName"),
)
domains = Call("get_domain_names", items="Items", action=GET)
mappings = Call(
    "get_api_mappings",
    items="Items",
    for_each=domains,
    parameters={"DomainName": Of("DomainName")},
    token=("NextToken", "NextToken"),
    action=GET,
    gone=GONE,
    names=itemgetter("DomainName"),
)
routing = Call(
    "list_routing_rules",
    items="RoutingRules",
    for_each=domains,
    where=lambda domain: domain.get("RoutingMode", "API_MAPPING_ONLY") != "API_MAPPING_ONLY",
    parameters={"DomainName": Of("DomainName")},
    gone=GONE,
    names=itemgetter("DomainName"),
)


@service.reads(apis)
def api(here: Here, item: Item) -> Iterator[Fact]:
    """An HTTP or WebSocket API, neither of which has a policy of its own, and its web address."""
    arn = _arn(here, item["ApiId"])
    kind = KINDS.get(item["ProtocolType"], HTTP_API)
    found = resource(here, arn, kind, policy=None)
    yield replace(found, name=item.get("Name", found.name))
    is_disabled = item.get("DisableExecuteApiEndpoint", False)
    scheme = "wss" if kind == WEBSOCKET_API else "https"
    yield from rest.addressed(here, arn, item["ApiId"], is_disabled, scheme)


@service.reads(integrations)
def integration(here: Here, item: Item, api: Item) -> Iterator[Fact]:
    """What an integration calls, as far as no stage has a say in it."""
    if not _depends(item):
        yield from _integrated(here, item, api)


@service.reads(stage_integrations)
def integration_of_stage(here: Here, item: Item, stage: Item, api: Item) -> Iterator[Fact]:
    """What an integration calls on one stage."""
    if _depends(item):
        variables = stage.get("StageVariables", {})
        known = dict(item)
        if "IntegrationUri" in item:
            uri = item["IntegrationUri"]
            known["IntegrationUri"] = api_integrations.with_variables(uri, variables)
        known["RequestParameters"] = {
            name: api_integrations.with_variables(value, variables)
            for name, value in item.get("RequestParameters", {}).items()
        }
        if not _depends(known):
            yield from _integrated(here, known, api)


@service.reads(authorizers)
def authorizer(here: Here, item: Item, api: Item) -> Iterator[Fact]:
    """The function that is asked before a route, as far as no stage has a say in it."""
    uri = item.get("AuthorizerUri", "")
    if not api_integrations.has_variables(uri):
        arn = _arn(here, api["ApiId"])
        yield from rest.authorized(arn, item["Name"], uri, "apigw.http.authorizer")


@service.reads(stage_authorizers)
def authorizer_of_stage(here: Here, item: Item, stage: Item, api: Item) -> Iterator[Fact]:
    """The function that is asked before a route on one stage."""
    uri = item.get("AuthorizerUri", "")
    if api_integrations.has_variables(uri):
        known = api_integrations.with_variables(uri, stage.get("StageVariables", {}))
        if not api_integrations.has_variables(known):
            arn = _arn(here, api["ApiId"])
            yield from rest.authorized(arn, item["Name"], known, "apigw.http.authorizer")


@service.reads(stages)
def logs(here: Here, item: Item, api: Item) -> Iterator[Fact]:
    """Where a stage writes what was asked of it."""
    destination = item.get("AccessLogSettings", {}).get("DestinationArn")
    if destination:
        source, label = _arn(here, api["ApiId"]), item["StageName"]
        yield delivery(source, destination, Meaning.WRITES, "apigw.accesslogs", label=label)


@service.reads(mappings)
def mapping(here: Here, item: Item, domain: Item) -> Iterator[Fact]:
    """A domain of the owner's that leads to an API, REST APIs among them."""
    yield from _addressed(here, domain, item["ApiId"])


@service.reads(routing)
def routed(here: Here, item: Item, domain: Item) -> Iterator[Fact]:
    """A rule by which a domain leads to an API."""
    for action in item.get("Actions", ()):
        yield from _addressed(here, domain, action["InvokeApi"]["ApiId"])


def _addressed(here: Here, domain: Item, name: str) -> Iterator[Fact]:
    address = f"https://{domain['DomainName'].lower()}"
    yield resource(here, address, ADDRESS)
    yield delivery(address, _arn(here, name), Meaning.TRIGGERS, "apigw.address")


def _integrated(here: Here, item: Item, api: Item) -> Iterator[Fact]:
    """The edges of an integration. Its name is drawn at random, so they have no label."""
    arn, kind = _arn(here, api["ApiId"]), item.get("IntegrationType")
    uri, role = item.get("IntegrationUri", ""), item.get("CredentialsArn", "")
    services = "apigw.ws.service" if api["ProtocolType"] == "WEBSOCKET" else "apigw.http.service"
    if kind == "MOCK":
        return
    if item.get("IntegrationSubtype"):
        reached, edge = _first_class(here, item, role), services
    elif kind in ("HTTP", "HTTP_PROXY"):
        reached, edge = api_integrations.requested(uri), services
    elif (function := api_integrations.function(uri)) is not None:
        reached = Reached((Target(function, ""),)) if function else UNKNOWN_FUNCTION
        edge = "apigw.http.lambda"
    else:
        method = item.get("IntegrationMethod", "POST")
        known = {
            "requestTemplates": item.get("RequestTemplates"),
            "requestParameters": item.get("RequestParameters"),
        }
        sent = rest.sent(known)
        reached, edge = api_integrations.integrated(here, uri, method, role, sent), services
    place = f"apis/{api['ApiId']}/integrations/{item['IntegrationId']}"
    own = f"arn:{here.partition}:apigateway:{here.region}:{here.account}:/{place}"
    yield from stated(here, arn, edge, "", reached, own)


def _first_class(here: Here, item: Item, role: str) -> Reached:
    """An integration that names service and operation: ``SQS-SendMessage``."""
    name, _, rest_of_name = item["IntegrationSubtype"].partition("-")
    given: Mapping[str, str] = item.get("RequestParameters", {})
    there = replace(here, region=given.get("Region", here.region))
    operation = rest_of_name.partition("-")[0]
    parameters: Mapping[str, object] = given
    if (name, operation) == ("EventBridge", "PutEvents"):
        parameters = {"Entries": [given]}
    return api_integrations.of_call(there, name, operation, role, [parameters])


def _depends(item: Item) -> bool:
    """Whether an integration depends on the variables of a stage."""
    texts = (item.get("IntegrationUri", ""), *item.get("RequestParameters", {}).values())
    return any(map(api_integrations.has_variables, texts))


def _arn(here: Here, name: str) -> str:
    return named.arn_of(here, "execute-api", name)
