"""CloudFront: distributions, the functions at their edge, and the origins behind them.

Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListDistributions.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog.service import Call, Fact, Here, Item, Kind, Part, Service
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

DISTRIBUTION = "cloudfront.distribution"
CHANGES = frozenset({"DELETE", "PATCH", "POST", "PUT"})  # methods that may store something

service = Service(
    client="cloudfront",
    title="Amazon CloudFront",
    is_global=True,
    source="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-the-edge.html",
    kinds=(Kind(DISTRIBUTION, "CloudFront distribution", Part.OTHER),),
    edges=("cloudfront.edge",),
)

distributions = Call("list_distributions", items="DistributionList.Items", omits_empty=True)


@service.reads(distributions)
def distribution(here: Here, item: Item) -> Iterator[Fact]:
    """A distribution: requests come by its names, and go on to functions and origins."""
    arn = item["ARN"]
    dormant = "" if item["Enabled"] else "the distribution is switched off"
    yield resource(here, arn, DISTRIBUTION)
    for name in (item["DomainName"], *item["Aliases"].get("Items", ())):
        yield delivery(f"https://{name}", arn, Meaning.FORWARDS, "cloudfront.edge", dormant=dormant)
    behaviours = _behaviours(item)
    for pattern, behaviour in behaviours:
        for function in behaviour.get("LambdaFunctionAssociations", {}).get("Items", ()):
            yield delivery(
                arn,
                function["LambdaFunctionARN"],
                Meaning.TRIGGERS,
                "cloudfront.edge",
                label=f"{pattern} {function['EventType']}",
                dormant=dormant,
            )
    changed = {
        behaviour["TargetOriginId"]
        for _, behaviour in behaviours
        if not CHANGES.isdisjoint(behaviour.get("AllowedMethods", {}).get("Items", ()))
    }
    groups = item.get("OriginGroups", {}).get("Items", ())
    for group in groups:
        if group["Id"] in changed:
            changed |= {member["OriginId"] for member in group["Members"]["Items"]}
    for origin in item["Origins"]["Items"]:
        if "S3OriginConfig" not in origin or origin["Id"] in changed:
            yield delivery(
                arn,
                _end(here, origin),
                Meaning.FORWARDS,
                "cloudfront.edge",
                label=origin["Id"],
                dormant=dormant,
            )


def _behaviours(item: Item) -> list[tuple[str, Item]]:
    """The cache behaviours by the paths they are for."""
    others = item["CacheBehaviors"].get("Items", ())
    named = [(behaviour["PathPattern"], behaviour) for behaviour in others]
    return [("*", item["DefaultCacheBehavior"]), *named]


def _end(here: Here, origin: Item) -> str:
    """A bucket, to which reading is no event; or a host."""
    if "S3OriginConfig" in origin:
        return f"arn:{here.partition}:s3:::{origin['DomainName'].rpartition('.s3')[0]}"
    return f"https://{origin['DomainName']}"
