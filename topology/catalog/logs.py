"""CloudWatch Logs: log groups, what is subscribed to them, and logs that services deliver.

What may write to a log group is told by configuration alone: the policy that every function is
given allows ``logs:PutLogEvents`` on any group, and functions use it for their own. Metrics that a
log line may carry itself (embedded metric format) are not followed for the same reason.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Subscriptions-recursion-prevention.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from operator import itemgetter

from topology import arn as arns
from topology.catalog.log_policies import PolicyError, account_policy
from topology.catalog.metrics import METRIC, any_metric, metric
from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service, Unread
from topology.catalog.wiring import delivery, end, resource
from topology.graph import Edge, Filter, Meaning

GROUP, DESTINATION = "logs.loggroup", "logs.destination"
DELIVERY_DESTINATION = "logs.deliverydestination"
QUERY = "logs.scheduledquery"
GONE = frozenset({"ResourceNotFoundException"})

service = Service(
    client="logs",
    title="Amazon CloudWatch Logs",
    rate=4.0,  # of 5/s for the filters of one group, which hardly anybody else asks for
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
    kinds=(
        Kind(GROUP, "log group", Part.CHANNEL),
        Kind(DESTINATION, "log destination", Part.CHANNEL),
        Kind(DELIVERY_DESTINATION, "log delivery destination", Part.CHANNEL),
        Kind(QUERY, "scheduled log query", Part.OTHER),
    ),
    edges=(
        "logs.subscription",
        "logs.account_subscription",
        "logs.destination",
        "logs.metricfilter",
        "logs.delivery",
        "logs.scheduledquery",
        "eb.bus.logs",
        "cw.metric",
    ),
    busy=("CreateLogStream", "DeleteLogStream", "StartQuery"),
)


def _takes_filters(group: Item) -> bool:
    """Log groups of this class take no subscription filters, and refuse to be asked for them.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
    """
    return bool(group.get("logGroupClass") != "INFREQUENT_ACCESS")


groups = Call("describe_log_groups", items="logGroups")
filters = Call(
    "describe_subscription_filters",
    items="subscriptionFilters",
    for_each=groups,
    where=_takes_filters,
    parameters={"logGroupName": Of("logGroupName")},
    gone=GONE,
    names=itemgetter("logGroupName"),
)
policies = Call(
    "describe_account_policies",
    items="accountPolicies",
    parameters={"policyType": "SUBSCRIPTION_FILTER_POLICY"},
    token=("nextToken", "nextToken"),
)
policed_groups = Call(
    "describe_log_groups", items="logGroups", for_each=policies, names=itemgetter("policyName")
)
destinations = Call("describe_destinations", items="destinations")
metric_filters = Call("describe_metric_filters", items="metricFilters")
sources = Call("describe_delivery_sources", items="deliverySources")
deliveries = Call(
    "describe_deliveries",
    items="deliveries",
    for_each=sources,
    parameters={"deliverySourceNames": [Of("name")]},
    names=itemgetter("name"),
)
delivery_destinations = Call("describe_delivery_destinations", items="deliveryDestinations")
queries = Call("list_scheduled_queries", items="scheduledQueries")


@service.reads(groups)
def group(here: Here, item: Item) -> Iterator[Fact]:
    """A log group; its ARN is listed with a star for its streams. Without days it keeps all.

    The class DELIVERY keeps what it holds for two days, whatever else is said.
    """
    arn, _ = end(item["arn"])
    days = 2 if item.get("logGroupClass") == "DELIVERY" else item.get("retentionInDays")
    yield resource(here, arn, GROUP, retention_days=days)


@service.reads(filters)
def subscription(here: Here, item: Item, group: Item) -> Iterator[Fact]:
    """A subscription filter of one log group."""
    target, name = item["destinationArn"], item["filterName"]
    yield _subscription(group, target, "logs.subscription", name, _pattern(item), _narrowed(item))


@service.reads(policies)
def policy(here: Here, item: Item) -> Iterator[Fact]:
    """What of an account's subscription policy cannot be read; its edges start at log groups."""
    name = item["policyName"]
    try:
        known = account_policy(item)
    except PolicyError as error:
        yield Unread(name, "MalformedAccountPolicy", f"the policy cannot be read: {error}")
    else:
        if known.excluded is None:
            reason = f"it is not known which log groups {known.selection[:200]!r} selects"
            yield Unread(name, "UnknownSelectionCriteria", reason)


@service.reads(policed_groups)
def account_subscription(here: Here, item: Item, policy: Item) -> Iterator[Fact]:
    """The account's subscription of every log group but those it leaves out."""
    try:
        known = account_policy(policy)
    except PolicyError:
        return  # said of the policy itself
    if not _takes_filters(item) or item["logGroupName"] in (known.excluded or ()):
        return
    kind, name = "logs.account_subscription", policy["policyName"]
    narrowed = {} if known.excluded is not None else {"selection": known.selection}
    yield _subscription(item, known.destination, kind, name, known.pattern, narrowed)


@service.reads(destinations)
def destination(here: Here, item: Item) -> Iterator[Fact]:
    """A destination that log groups of other accounts may be subscribed to."""
    yield resource(here, item["arn"], DESTINATION)
    yield delivery(item["arn"], item["targetArn"], Meaning.FORWARDS, "logs.destination")


@service.reads(metric_filters)
def metric_filter(here: Here, item: Item) -> Iterator[Fact]:
    """A metric filter: log events that match it become values of metrics."""
    group = f"arn:{here.partition}:logs:{here.region}:{here.account}:log-group"
    for transformation in item["metricTransformations"]:
        found = metric(here, transformation["metricNamespace"], transformation["metricName"])
        yield resource(here, found, METRIC)
        edge = delivery(
            f"{group}:{item['logGroupName']}",
            found,
            Meaning.FORWARDS,
            "logs.metricfilter",
            label=item["filterName"],
            filter=_pattern(item),
        )
        yield replace(edge, attributes=_narrowed(item))
        yield resource(here, any_metric(here), METRIC)
        yield delivery(found, any_metric(here), Meaning.FORWARDS, "cw.metric")


@service.reads(deliveries)
def delivered(here: Here, item: Item, source: Item) -> Iterator[Fact]:
    """Logs that a service delivers of a resource, on their way to a delivery destination.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    """
    if item["deliverySourceName"] != source["name"]:
        return
    is_off = source.get("status") == "INACTIVE"
    for arn in source["resourceArns"]:
        is_bus = arns.parse(arn).service == "events"
        yield delivery(
            arn,
            item["deliveryDestinationArn"],
            Meaning.FORWARDS,
            "eb.bus.logs" if is_bus else "logs.delivery",
            label=source["name"],
            dormant="the delivery source is INACTIVE" if is_off else "",
            log_type=source.get("logType"),
        )


@service.reads(delivery_destinations)
def delivery_destination(here: Here, item: Item) -> Iterator[Fact]:
    """Where deliveries end: a log group, a bucket or a Firehose stream."""
    yield resource(here, item["arn"], DELIVERY_DESTINATION)
    target = item.get("deliveryDestinationConfiguration", {}).get("destinationResourceArn")
    if target:  # X-Ray has none
        bucket, _, _ = target.partition("/") if ":s3:::" in target else (target, "", "")
        yield delivery(item["arn"], bucket, Meaning.FORWARDS, "logs.delivery")


@service.reads(queries)
def query(here: Here, item: Item) -> Iterator[Fact]:
    """A query that runs by the clock, and the bucket for its results: events enter here."""
    arn = item["scheduledQueryArn"]
    yield resource(here, arn, QUERY, expression=item.get("scheduleExpression"))
    results = item.get("destinationConfiguration", {}).get("s3Configuration")
    if results:
        bucket = results["destinationIdentifier"].removeprefix("s3://").partition("/")[0]
        yield delivery(
            arn,
            bucket if arns.is_arn(bucket) else f"arn:{here.partition}:s3:::{bucket}",
            Meaning.FORWARDS,
            "logs.scheduledquery",
            dormant="the scheduled query is DISABLED" if item.get("state") == "DISABLED" else "",
        )


def _subscription(
    group: Item,
    target: str,
    kind: str,
    name: str,
    pattern: Filter | None,
    narrowed: Mapping[str, object],
) -> Edge:
    is_function = arns.parse(target).service == "lambda"
    meaning = Meaning.TRIGGERS if is_function else Meaning.FORWARDS
    edge = delivery(group["arn"], target, meaning, kind, label=name, filter=pattern)
    return replace(edge, attributes={**edge.attributes, **narrowed})


def _pattern(item: Item) -> Filter | None:
    """The pattern, if it is compared with the log event as it was written."""
    if item.get("applyOnTransformedLogs"):
        return None
    pattern = item.get("filterPattern", "")
    return Filter("logs.pattern", pattern) if pattern.strip() else None


def _narrowed(item: Item) -> dict[str, object]:
    """What else may keep a log event back, and is not modelled."""
    found: dict[str, object] = {}
    if item.get("applyOnTransformedLogs") and item.get("filterPattern", "").strip():
        found["transformed"] = True
    if item.get("fieldSelectionCriteria"):
        found["selection"] = item["fieldSelectionCriteria"]
    return found
