"""API Gateway's REST APIs: what their methods call, who authorizes, where their logs go.

Methods are read as they are, not as a stage last deployed them.

Source: https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from operator import itemgetter
from typing import Any

from topology.catalog import api_integrations, named
from topology.catalog.api_integrations import INTEGRATION, NOT_TOLD, Reached, stated
from topology.catalog.sdk_calls import Target
from topology.catalog.service import (
    Call,
    Fact,
    Here,
    Item,
    Kind,
    Of,
    Part,
    Service,
    Unread,
    Write,
)
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

REST_API = "apigateway.restapi"
ADDRESS = "apigateway.address"
GET = "apigateway:GET"
GONE = frozenset({"NotFoundException"})

service = Service(
    client="apigateway",
    title="Amazon API Gateway (REST APIs)",
    rate=1.25,  # of 2.5/s for the resources of an API
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html",
    within=(
        "arn:{partition}:apigateway:*::/apis",
        "arn:{partition}:apigateway:*::/apis/*",
        "arn:{partition}:apigateway:*::/domainnames",
        "arn:{partition}:apigateway:*::/domainnames/*",
        "arn:{partition}:apigateway:*::/restapis",
        "arn:{partition}:apigateway:*::/restapis/*",
    ),
    kinds=(
        Kind(REST_API, "REST API", Part.ACTOR),
        Kind(INTEGRATION, "integration of an API with a role of its own", Part.ACTOR),
        Kind(ADDRESS, "web address of an API", Part.OTHER),
    ),
    writes=(Write("invoke", REST_API, ("execute-api:Invoke",)),),
    edges=(
        "apigw.rest.lambda",
        "apigw.rest.service",
        "apigw.rest.authorizer",
        "apigw.accesslogs",
        "apigw.address",
    ),
)

apis = Call("get_rest_apis", items="items", parameters={"limit": 500}, action=GET, omits_empty=True)
resources = Call(
    "get_resources",
    items="items",
    for_each=apis,
    parameters={"restApiId": Of("id"), "embed": ["methods"], "limit": 500},
    action=GET,
    gone=GONE,
    names=itemgetter("id"),
    omits_empty=True,
)
stages = Call(
    "get_stages",
    items="item",
    for_each=apis,
    parameters={"restApiId": Of("id")},
    action=GET,
    gone=GONE,
    names=itemgetter("id"),
    omits_empty=True,
)
authorizers = Call(
    "get_authorizers",
    items="items",
    for_each=apis,
    parameters={"restApiId": Of("id"), "limit": 500},
    action=GET,
    gone=GONE,
    names=itemgetter("id"),
    omits_empty=True,
)


def _variables(stage: Item) -> list[Mapping[str, str]]:
    """The variables of a stage, and those of its canary."""
    own = stage.get("variables", {})
    canary = stage.get("canarySettings", {}).get("stageVariableOverrides", {})
    return [own, *([{**own, **canary}] if canary else [])]


# The same lists once more for every stage with variables, on which their URIs may depend.
stage_resources = Call(
    "get_resources",
    items="items",
    for_each=stages,
    where=lambda stage: any(_variables(stage)),
    parameters={"restApiId": Of("id", above=1), "embed": ["methods"], "limit": 500},
    action=GET,
    gone=GONE,
    names=itemgetter("stageName"),
    omits_empty=True,
)
stage_authorizers = Call(
    "get_authorizers",
    items="items",
    for_each=stages,
    where=lambda stage: any(_variables(stage)),
    parameters={"restApiId": Of("id", above=1), "limit": 500},
    action=GET,
    gone=GONE,
    names=itemgetter("stageName"),
    omits_empty=True,
)


@service.reads(apis)
def api(here: Here, item: Item) -> Iterator[Fact]:
    """A REST API, who else may call it, and its own web address."""
    arn = _arn(here, item)
    found = resource(here, arn, REST_API, policy=_policy(item))
    yield replace(found, name=item.get("name", found.name))
    yield from addressed(here, arn, item["id"], item.get("disableExecuteApiEndpoint", False))


def addressed(
    here: Here, api: str, name: str, is_disabled: bool, scheme: str = "https"
) -> Iterator[Fact]:
    """The web address AWS gives an API: whoever sends a request there calls it."""
    suffix = "amazonaws.com.cn" if here.partition == "aws-cn" else "amazonaws.com"
    address = f"{scheme}://{name}.execute-api.{here.region}.{suffix}"
    dormant = "the API's own address is switched off" if is_disabled else ""
    yield resource(here, address, ADDRESS)
    yield delivery(address, api, Meaning.TRIGGERS, "apigw.address", dormant=dormant)


@service.reads(resources)
def methods(here: Here, item: Item, api: Item) -> Iterator[Fact]:
    """What the methods of a resource call, as far as no stage has a say in it."""
    for label, method, integration in _integrations(item):
        if not api_integrations.has_variables(str(integration.get("uri", ""))):
            yield from _integrated(here, api, item, label, method, integration)


@service.reads(stage_resources)
def methods_of_stage(here: Here, item: Item, stage: Item, api: Item) -> Iterator[Fact]:
    """What the methods of a resource call on one stage."""
    for label, method, integration in _integrations(item):
        uri = str(integration.get("uri", ""))
        if api_integrations.has_variables(uri):
            for variables in _variables(stage):
                known = {**integration, "uri": api_integrations.with_variables(uri, variables)}
                if not api_integrations.has_variables(known["uri"]):
                    yield from _integrated(here, api, item, label, method, known)


@service.reads(authorizers)
def authorizer(here: Here, item: Item, api: Item) -> Iterator[Fact]:
    """The function that is asked before a method, as far as no stage has a say in it."""
    if not api_integrations.has_variables(item.get("authorizerUri", "")):
        yield from authorized(_arn(here, api), item["name"], item.get("authorizerUri"))


@service.reads(stage_authorizers)
def authorizer_of_stage(here: Here, item: Item, stage: Item, api: Item) -> Iterator[Fact]:
    """The function that is asked before a method on one stage."""
    uri = item.get("authorizerUri", "")
    if api_integrations.has_variables(uri):
        for variables in _variables(stage):
            known = api_integrations.with_variables(uri, variables)
            if not api_integrations.has_variables(known):
                yield from authorized(_arn(here, api), item["name"], known)


@service.reads(stages)
def logs(here: Here, item: Item, api: Item) -> Iterator[Fact]:
    """Where a stage writes what was asked of it, and how it went about it."""
    arn, stage = _arn(here, api), item["stageName"]
    destination = item.get("accessLogSettings", {}).get("destinationArn")
    if destination:
        yield delivery(arn, destination, Meaning.WRITES, "apigw.accesslogs", label=stage)
    levels = {each.get("loggingLevel", "OFF") for each in item.get("methodSettings", {}).values()}
    if levels - {"OFF"}:
        group = named.log_group(here, f"API-Gateway-Execution-Logs_{api['id']}/{stage}")
        label = f"{stage} (execution)"
        yield delivery(arn, group, Meaning.WRITES, "apigw.accesslogs", label=label)


def authorized(
    api: str, name: str, uri: str | None, kind: str = "apigw.rest.authorizer"
) -> Iterator[Fact]:
    """The function behind an authorizer's URI; other kinds of authorizers have none."""
    if not uri:
        return
    function = api_integrations.function(uri)
    if function:
        yield delivery(api, function, Meaning.TRIGGERS, kind, label=name)
    else:
        yield Unread(api, NOT_TOLD, f"authorizer {name} asks what is not told")


def _integrations(item: Item) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The integrations of a resource: their method and path, method alone, and what they are."""
    for method, known in sorted(item.get("resourceMethods", {}).items()):
        if known.get("methodIntegration"):
            yield f"{method} {item['path']}", method, known["methodIntegration"]


def _integrated(
    here: Here, api: Item, item: Item, label: str, method: str, integration: dict[str, Any]
) -> Iterator[Fact]:
    arn, kind = _arn(here, api), integration.get("type")
    uri, role = integration.get("uri", ""), integration.get("credentials", "")
    if kind == "MOCK":
        return
    if kind in ("HTTP", "HTTP_PROXY"):
        target = integration.get("integrationTarget", "")
        reached = api_integrations.requested(target or uri)
        edge = "apigw.rest.service"
    elif (function := api_integrations.function(uri)) is not None:
        reached = Reached((Target(function, ""),)) if function else UNKNOWN_FUNCTION
        edge = "apigw.rest.lambda"
    else:
        reached = api_integrations.integrated(
            here, uri, integration.get("httpMethod", method), role, sent(integration)
        )
        edge = "apigw.rest.service"
    place = f"restapis/{api['id']}/resources/{item['id']}/methods/{method}/integration"
    own = f"arn:{here.partition}:apigateway:{here.region}:{here.account}:/{place}"
    yield from stated(here, arn, edge, label, reached, own)


UNKNOWN_FUNCTION = Reached(fault="calls a function that the request or a stage tells")


def sent(integration: Mapping[str, Any]) -> Iterator[str]:
    """What an integration sends: its templates, and its parameters as ``name=value``."""
    yield from (integration.get("requestTemplates") or {}).values()
    for name, value in (integration.get("requestParameters") or {}).items():
        is_constant = value.startswith("'") and value.endswith("'")
        yield f"{name.rpartition('.')[2]}={value.strip(chr(39)) if is_constant else '$'}"


def _arn(here: Here, api: Item) -> str:
    return named.arn_of(here, "execute-api", api["id"])


def _policy(api: Item) -> str | None:
    """The API's resource policy, which AWS gives with its quotes escaped."""
    policy: str | None = api.get("policy")
    if policy and policy.startswith('{\\"'):
        try:
            return str(json.loads(f'"{policy}"'))
        except ValueError:
            return policy  # a malformed policy, which is a gap
    return policy
