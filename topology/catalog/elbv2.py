"""Elastic Load Balancing: functions behind a load balancer, and the access logs of these.

A target group says whom it calls; which listener sends a request there adds no way for events.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

TARGET_GROUP = "elasticloadbalancing.targetgroup"
LOAD_BALANCER = "elasticloadbalancing.loadbalancer"

service = Service(
    client="elbv2",
    title="Elastic Load Balancing",
    iam_prefix="elasticloadbalancing",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html",
    kinds=(
        Kind(TARGET_GROUP, "target group", Part.OTHER),
        Kind(LOAD_BALANCER, "load balancer", Part.OTHER),
    ),
    edges=("elbv2.lambda", "elbv2.accesslogs"),
)

target_groups = Call("describe_target_groups", items="TargetGroups")
health = Call(
    "describe_target_health",
    items="TargetHealthDescriptions",
    for_each=target_groups,
    where=lambda group: bool(group.get("TargetType") == "lambda"),
    parameters={"TargetGroupArn": Of("TargetGroupArn")},
    gone=frozenset({"TargetGroupNotFound"}),
    names=itemgetter("TargetGroupArn"),
)
load_balancers = Call("describe_load_balancers", items="LoadBalancers")
attributes = Call(
    "describe_load_balancer_attributes",
    for_each=load_balancers,
    parameters={"LoadBalancerArn": Of("LoadBalancerArn")},
    gone=frozenset({"LoadBalancerNotFound"}),
    names=itemgetter("LoadBalancerArn"),
)

# What a load balancer may write down, by the beginning of its attributes' names.
LOGS = ("access_logs", "connection_logs", "health_check_logs")


@service.reads(health)
def target(here: Here, item: Item, group: Item) -> Iterator[Fact]:
    """The function behind a target group; one that no load balancer uses is not called."""
    arn = group["TargetGroupArn"]
    yield resource(here, arn, TARGET_GROUP)
    yield delivery(
        arn,
        item["Target"]["Id"],
        Meaning.TRIGGERS,
        "elbv2.lambda",
        dormant="" if group.get("LoadBalancerArns", True) else "no load balancer uses it",
    )


@service.reads(attributes)
def logs(here: Here, item: Item, load_balancer: Item) -> Iterator[Fact]:
    """One edge for every kind of log that is written to a bucket."""
    arn = load_balancer["LoadBalancerArn"]
    yield resource(here, arn, LOAD_BALANCER)
    known = {each["Key"]: each.get("Value", "") for each in item.get("Attributes", ())}
    for kind in LOGS:
        if bucket := known.get(f"{kind}.s3.bucket"):
            is_on = known.get(f"{kind}.s3.enabled") == "true"
            yield delivery(
                arn,
                f"arn:{here.partition}:s3:::{bucket}",
                Meaning.WRITES,
                "elbv2.accesslogs",
                label=kind,
                dormant="" if is_on else f"{kind}.s3.enabled is not true",
                prefix=known.get(f"{kind}.s3.prefix", ""),
            )
