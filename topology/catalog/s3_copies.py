"""S3: what a bucket's configuration copies elsewhere: replicas, access logs, inventories.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-what-is-isnot-replicated.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog.service import Here, Item
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Filter, Meaning, Resource, canonical_json

INVENTORY = "s3.inventory"

# A deletion of a version is never replicated, and a delete marker only where a rule says so.
REPLICATED = (
    "s3:ObjectAcl:*",
    "s3:ObjectAnnotation:*",
    "s3:ObjectCreated:*",
    "s3:ObjectRetention:*",
    "s3:ObjectTagging:*",
)
MARKERS = "s3:ObjectRemoved:DeleteMarkerCreated"


def replications(source: str, configuration: Item) -> Iterator[Edge]:
    """One edge per rule of a bucket's replication."""
    for rule in configuration["Rules"]:
        yield delivery(
            source,
            rule["Destination"]["Bucket"],
            Meaning.FORWARDS,
            "s3.replication",
            label=rule.get("ID", ""),
            filter=_replicated(rule),
            dormant="" if rule["Status"] == "Enabled" else "the replication rule is Disabled",
        )


def _replicated(rule: Item) -> Filter:
    """What a rule replicates, as a notification's filter: its prefix is one of keys too.

    A rule of the first version has no ``Filter`` and replicates delete markers. Of tags it is
    only said that there are some: which objects carry them is not known.
    """
    chosen = rule.get("Filter", {})
    both = chosen.get("And", {})
    prefix = rule.get("Prefix") or chosen.get("Prefix") or both.get("Prefix") or ""
    rules = [{"Name": "prefix", "Value": prefix}] if prefix else []
    if chosen.get("Tag") or both.get("Tags"):
        rules.append({"Name": "tag", "Value": ""})
    has_markers = "Filter" not in rule or (
        rule.get("DeleteMarkerReplication", {}).get("Status") == "Enabled"
    )
    events = sorted({*REPLICATED, MARKERS} if has_markers else REPLICATED)
    heard = {"Events": events, "Filter": {"Key": {"FilterRules": rules}}}
    return Filter("s3.notification", canonical_json(heard))


def access_log(here: Here, source: str, logging: Item) -> Edge:
    """Where S3 writes down every request to a bucket; whoever may read the logs stays there."""
    return delivery(
        source,
        f"arn:{here.partition}:s3:::{logging['TargetBucket']}",
        Meaning.WRITES,
        "s3.logging",
        prefix=logging.get("TargetPrefix", ""),
    )


def inventory(here: Here, bucket: str, configuration: Item) -> Iterator[Resource | Edge]:
    """An inventory is written by the clock, so it is a beginning and no answer to an event."""
    name, target = configuration["Id"], configuration["Destination"]["S3BucketDestination"]
    arn = f"arn:{here.partition}:s3:{here.region}:{here.account}:inventory/{bucket}/{name}"
    frequency = configuration.get("Schedule", {}).get("Frequency", "")
    yield resource(here, arn, INVENTORY, frequency=frequency)
    yield delivery(
        arn,
        target["Bucket"],
        Meaning.WRITES,
        INVENTORY,
        label=name,
        dormant="" if configuration["IsEnabled"] else "the inventory is disabled",
        prefix=target.get("Prefix", ""),
    )
