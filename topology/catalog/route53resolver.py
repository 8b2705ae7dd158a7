"""Route 53 Resolver: where the DNS queries of a network are logged.

Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog.service import Call, Fact, Here, Item, Kind, Part, Service
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

CONFIGURATION = "route53resolver.querylog"

service = Service(
    client="route53resolver",
    title="Amazon Route 53 Resolver",
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs.html",
    kinds=(Kind(CONFIGURATION, "DNS query log", Part.OTHER),),
    edges=(CONFIGURATION,),
)

configurations = Call("list_resolver_query_log_configs", items="ResolverQueryLogConfigs")


@service.reads(configurations)
def query_log(here: Here, item: Item) -> Iterator[Fact]:
    """A query log: of this account or shared with it, and of no use while no network has it."""
    yield resource(here, item["Arn"], CONFIGURATION)
    yield delivery(
        item["Arn"],
        item["DestinationArn"],
        Meaning.WRITES,
        CONFIGURATION,
        label=item.get("Name", ""),
        dormant="" if item.get("AssociationCount", 1) else "no VPC is associated with it",
    )
