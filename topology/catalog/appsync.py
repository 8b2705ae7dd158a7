"""AppSync: GraphQL and Event APIs, their data sources, authorizers, logs and addresses.

A data source is called by any resolver or handler of its API, whose code may choose: of its
resolvers nothing is read.

Source: https://docs.aws.amazon.com/appsync/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter
from urllib.parse import urlsplit

from topology.catalog import named
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

GRAPHQL = "appsync.graphqlapi"
EVENTS = "appsync.eventapi"
SOURCE = "appsync.datasource"
ADDRESS = "appsync.address"
GONE = frozenset({"NotFoundException"})
ITEM_WRITES = ["BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem"]

service = Service(
    client="appsync",
    title="AWS AppSync",
    source="https://docs.aws.amazon.com/appsync/latest/devguide/data-source-components.html",
    kinds=(
        Kind(GRAPHQL, "GraphQL API", Part.ACTOR),
        Kind(EVENTS, "Event API", Part.ACTOR),
        Kind(SOURCE, "data source with a role of its own", Part.ACTOR),
        Kind(ADDRESS, "address of an AppSync API", Part.OTHER),
    ),
    writes=(
        Write("query", GRAPHQL, ("appsync:GraphQL",)),
        Write("publish", EVENTS, ("appsync:EventPublish",)),
    ),
    edges=(
        "appsync.datasource",
        "appsync.events",
        "appsync.merged",
        "appsync.authorizer",
        "appsync.logs",
        "appsync.address",
    ),
)

graphql_apis = Call("list_graphql_apis", items="graphqlApis")
event_apis = Call("list_apis", items="apis")
data_sources = Call(
    "list_data_sources",
    items="dataSources",
    for_each=graphql_apis,
    parameters={"apiId": Of("apiId")},
    gone=GONE,
    names=itemgetter("arn"),
)
event_data_sources = Call(
    "list_data_sources",
    items="dataSources",
    for_each=event_apis,
    parameters={"apiId": Of("apiId")},
    gone=GONE,
    names=itemgetter("apiArn"),
)
merged = Call(
    "list_source_api_associations",
    items="sourceApiAssociationSummaries",
    for_each=graphql_apis,
    where=lambda api: api.get("apiType") == "MERGED",
    parameters={"apiId": Of("apiId")},
    gone=GONE,
    names=itemgetter("arn"),
)


@service.reads(graphql_apis)
def graphql_api(here: Here, item: Item) -> Iterator[Fact]:
    """A GraphQL API: who calls its web address, or its endpoint from a rule, calls it."""
    arn = item["arn"]
    found = resource(here, arn, GRAPHQL)
    yield replace(found, name=item.get("name", found.name))
    host = urlsplit(item.get("uris", {}).get("GRAPHQL", "")).hostname
    if host:
        yield from _addressed(here, arn, f"https://{host}")
        endpoint = f"endpoints/graphql-api/{host.partition('.')[0]}"
        yield from _addressed(here, arn, named.arn_of(here, "appsync", endpoint))
    for provider in (item, *item.get("additionalAuthenticationProviders", ())):
        yield from _authorized(arn, provider)
    if item.get("logConfig"):
        yield _logged(here, arn, item)


@service.reads(event_apis)
def event_api(here: Here, item: Item) -> Iterator[Fact]:
    """An Event API, to which whoever may publish publishes by its web address."""
    arn = item["apiArn"]
    found = resource(here, arn, EVENTS)
    yield replace(found, name=item.get("name", found.name))
    host = item.get("dns", {}).get("HTTP")
    if host:
        yield from _addressed(here, arn, f"https://{host}")
    config = item.get("eventConfig", {})
    for provider in config.get("authProviders", ()):
        yield from _authorized(arn, provider)
    if config.get("logConfig"):
        yield _logged(here, arn, item)


@service.reads(data_sources)
def data_source(here: Here, item: Item, api: Item) -> Iterator[Fact]:
    """What the resolvers of a GraphQL API call."""
    yield from _called(here, item, api["arn"], "appsync.datasource")


@service.reads(event_data_sources)
def event_data_source(here: Here, item: Item, api: Item) -> Iterator[Fact]:
    """What the handlers of an Event API's channels call."""
    yield from _called(here, item, api["apiArn"], "appsync.events")


@service.reads(merged)
def source_api(here: Here, item: Item, api: Item) -> Iterator[Fact]:
    """A merged API answers with the resolvers of its source APIs."""
    yield delivery(api["arn"], item["sourceApiArn"], Meaning.TRIGGERS, "appsync.merged")


def _called(here: Here, item: Item, api: str, kind: str) -> Iterator[Fact]:
    """What a data source is, and its role where that may lead elsewhere, too."""
    name, role = item["name"], item.get("serviceRoleArn")
    targets = list(_targets(here, item))
    for target in targets:
        yield delivery(api, target, Target(target, "").meaning, kind, label=name)
    if not targets and item.get("type") not in ("NONE", "AMAZON_BEDROCK_RUNTIME"):
        reason = f"data source {name} does not say what it calls"
        yield Unread(api, "TargetNotTold", reason)
    leads_on = item.keys() & {"dynamodbConfig", "httpConfig"} or not targets
    if role and leads_on and item.get("type") != "NONE":
        arn = item["dataSourceArn"]
        # One request may write to several tables; a signed one may be any call of AWS.
        is_table = "dynamodbConfig" in item
        calls = {"calls": [f"dynamodb:{each}" for each in ITEM_WRITES]} if is_table else {}
        own = f"{api}#{name}"
        actor = resource(here, own, SOURCE, role=role, **calls)
        yield replace(actor, name=name)
        yield delivery(api, own, Meaning.TRIGGERS, kind, label=name, data_source=arn)


def _targets(here: Here, item: Item) -> Iterator[str]:
    """The function, table, bus, cluster or web address behind a data source."""
    if function := item.get("lambdaConfig", {}).get("lambdaFunctionArn"):
        yield function
    if table := item.get("dynamodbConfig"):
        region = table.get("awsRegion", "")
        yield named.arn_of(here, "dynamodb", f"table/{table['tableName']}", region)
    if bus := item.get("eventBridgeConfig", {}).get("eventBusArn"):
        yield bus
    database = item.get("relationalDatabaseConfig", {}).get("rdsHttpEndpointConfig", {})
    if cluster := database.get("dbClusterIdentifier"):
        yield cluster
    for config in ("httpConfig", "openSearchServiceConfig", "elasticsearchConfig"):
        split = urlsplit(item.get(config, {}).get("endpoint", ""))
        if split.hostname:
            yield f"{split.scheme}://{split.hostname}"


def _addressed(here: Here, api: str, address: str) -> Iterator[Fact]:
    yield resource(here, address, ADDRESS)
    yield delivery(address, api, Meaning.TRIGGERS, "appsync.address")


def _authorized(api: str, provider: Item) -> Iterator[Fact]:
    """The function that is asked before a request, if one is."""
    function = provider.get("lambdaAuthorizerConfig", {}).get("authorizerUri")
    if function:
        yield delivery(api, function, Meaning.TRIGGERS, "appsync.authorizer")


def _logged(here: Here, api: str, item: Item) -> Fact:
    group = named.log_group(here, f"/aws/appsync/apis/{item['apiId']}")
    return delivery(api, group, Meaning.WRITES, "appsync.logs")
