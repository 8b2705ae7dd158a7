"""AWS WAF: where a web ACL logs the requests it sees.

Source: https://docs.aws.amazon.com/waf/latest/developerguide/logging-destinations.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog.service import Call, Fact, Here, Item, Kind, Part, Service
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

WEB_ACL = "wafv2.webacl"

service = Service(
    client="wafv2",
    title="AWS WAF",
    source="https://docs.aws.amazon.com/waf/latest/developerguide/logging.html",
    kinds=(Kind(WEB_ACL, "web ACL", Part.OTHER),),
    edges=("waf.logs",),
)

# Those of CloudFront's web ACLs can be asked for in us-east-1 only and are not read.
logging = Call(
    "list_logging_configurations",
    items="LoggingConfigurations",
    parameters={"Scope": "REGIONAL"},
    token=("NextMarker", "NextMarker"),
    omits_empty=True,
)


@service.reads(logging)
def logs(here: Here, item: Item) -> Iterator[Fact]:
    """The places a web ACL logs to; requests begin outside."""
    yield resource(here, item["ResourceArn"], WEB_ACL)
    for destination in item["LogDestinationConfigs"]:
        yield delivery(
            item["ResourceArn"],
            destination,
            Meaning.WRITES,
            "waf.logs",
            label=item.get("LogScope", ""),
        )
