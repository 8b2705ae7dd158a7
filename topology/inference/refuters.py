"""What AWS itself refuses: rules of the platform that end a way which configuration allows.

Each rule is a small function of one delivery: an edge, its two ends, and how what takes it
arrived. A rule that is only a best effort of AWS's makes a hop uncertain, and never a proof.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from topology.catalog.awslambda import FUNCTION
from topology.catalog.logs import DELIVERY_DESTINATION
from topology.graph import Edge, Meaning, Resource
from topology.verdict import Cannot, Hop, Unknown


class Mark(StrEnum):
    """How something arrived, where AWS treats it differently from then on."""

    FORWARDED = "forwarded by a bus"
    SUBSCRIBED = "delivered by a custom event bus"
    REPLICA = "written by S3 replication"
    POLLED = "invoked by an event source mapping"
    TRAILED = "delivered by CloudTrail"


Marks: TypeAlias = frozenset[Mark]
UNMARKED: Marks = frozenset()

BUS_TO_BUS = "eb.rule.bus"
SUBSCRIBER = "eb2.subscriber"
REPLICATION = "s3.replication"
TRAIL_FILE = "cloudtrail.out"
POLLING = "esm."
POLLING_FAILED = "esm.onfailure"
ASYNCHRONOUS_ONLY = ("lambda.async.onsuccess", "lambda.async.onfailure", "lambda.dlq")
LOGS = "logs."
ACCOUNT_LOGS = "logs.account_subscription"
CHANGES = "An alarm acts only when its state changes."
MEASURED = {
    "cw.metric": "What comes of it depends on the values of the metric.",
    "cw.logalarm": "What comes of it depends on what the query finds in the log.",
    "cw.composite": CHANGES,
    "cw.alarm": CHANGES,
    "cw.alarm.event": CHANGES,
    "cw.metricstream": "Which metrics the stream includes was not read.",
}
DELIVERED_LOGS = ("eb.bus.logs", "logs.delivery")
TELLS_OF_MAIL = ("ses.events", "ses.identity")
ALWAYS_TOLD = frozenset({"SEND", "DELIVERY"})
MARKING = {
    BUS_TO_BUS: frozenset({Mark.FORWARDED}),
    SUBSCRIBER: frozenset({Mark.SUBSCRIBED}),
    REPLICATION: frozenset({Mark.REPLICA}),
    TRAIL_FILE: frozenset({Mark.TRAILED}),
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """An edge about to be taken, by something that arrived at its source with these marks."""

    edge: Edge
    source: Resource
    target: Resource
    marks: Marks = UNMARKED


def marks_after(edge: Edge) -> Marks:
    """The marks of what takes an edge. A write by code starts afresh, whatever came before it."""
    if edge.kind.startswith(POLLING) and edge.kind != POLLING_FAILED:
        return frozenset({Mark.POLLED})
    return MARKING.get(edge.kind, UNMARKED)


def refute(delivery: Delivery) -> Cannot | None:
    """The reason why this delivery is never made; None where no rule forbids it."""
    for rule in RULES:
        if found := rule(delivery):
            return found
    return None


def dormant(delivery: Delivery) -> Cannot | None:
    """What is switched off delivers nothing."""
    reason = delivery.edge.dormant
    return Cannot(f"{reason[:1].upper()}{reason[1:].rstrip('.')}.") if reason else None


def never_runs(delivery: Delivery) -> Cannot | None:
    """A function without concurrency does nothing; what it was sent still goes to its failures.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
    and https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """
    has_none = delivery.source.attributes.get("reserved_concurrency") == 0
    if has_none and delivery.edge.meaning is not Meaning.ON_FAILURE:
        name = delivery.source.name
        return Cannot(f"The function *{name}* never runs: its reserved concurrency is 0.")
    return None


def second_bus(delivery: Delivery) -> Cannot | None:
    """A Classic bus hands an event to another bus once only.

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html
    """
    if delivery.edge.kind == BUS_TO_BUS and Mark.FORWARDED in delivery.marks:
        return Cannot(
            "EventBridge hands an event from bus to bus only once: this one came from another "
            "bus already. A function that publishes it again in between would close the loop."
        )
    return None


def replica_of_a_replica(delivery: Delivery) -> Cannot | None:
    """S3 does not replicate what replication wrote.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-what-is-isnot-replicated.html
    """
    if delivery.edge.kind == REPLICATION and Mark.REPLICA in delivery.marks:
        return Cannot("S3 does not replicate again what replication wrote.")
    return None


def own_trail_file(delivery: Delivery) -> Cannot | None:
    """A trail may leave out what CloudTrail delivers to it, but nothing else that happens there.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Trail.html
    """
    if delivery.edge.attributes.get("suppresses") and Mark.TRAILED in delivery.marks:
        return Cannot("The trail suppresses recursive logging.")
    return None


def own_log_group(delivery: Delivery) -> Cannot | None:
    """An account's log policy leaves out the log group of the function it delivers to.

    Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
    """
    function = delivery.target
    own = function.attributes.get("log_group") or f"/aws/lambda/{function.name}"
    is_function = function.kind == FUNCTION
    if delivery.edge.kind == ACCOUNT_LOGS and is_function and delivery.source.name == own:
        return Cannot(
            f"A log policy of the account does not deliver to the function *{function.name}* "
            "what that function logs itself."
        )
    return None


def destination_of_a_poll(delivery: Delivery) -> Cannot | None:
    """Destinations and dead letters of a function are for its asynchronous invocations.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    if delivery.edge.kind in ASYNCHRONOUS_ONLY and Mark.POLLED in delivery.marks:
        return Cannot(
            "A destination takes the results of asynchronous invocations; an event source "
            "mapping invokes the function synchronously."
        )
    return None


def failure_of_no_poll(delivery: Delivery) -> Cannot | None:
    """A mapping's failure destination takes only what the mapping polled.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
    """
    if delivery.edge.kind == POLLING_FAILED and Mark.POLLED not in delivery.marks:
        return Cannot("An event source mapping's failure destination takes only what it polled.")
    return None


RULES: tuple[Callable[[Delivery], Cannot | None], ...] = (
    dormant,
    never_runs,
    second_bus,
    replica_of_a_replica,
    own_trail_file,
    own_log_group,
    destination_of_a_poll,
    failure_of_no_poll,
)


def in_doubt(delivery: Delivery, hop: Hop) -> Hop:
    """The hop as it was decided, less certain where AWS may not take it, or may stop it."""
    because = next(filter(None, (doubt(delivery) for doubt in DOUBTS)), "")
    if because and not isinstance(hop, Cannot):
        return Unknown(because, hop.witness, hop.counterexample)
    return hop


def comes_back_to_a_custom_bus(delivery: Delivery) -> str:
    """A Custom Event Bus looks for events that come back to it; it finds some of them.

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-what-is.html
    """
    if delivery.edge.kind == SUBSCRIBER and Mark.SUBSCRIBED in delivery.marks:
        return (
            "EventBridge may find that the event came from a custom event bus already and stop "
            "it (LOOP_DETECTED), but does so as a best effort only."
        )
    return ""


def moves_an_alarm(delivery: Delivery) -> str:
    """An alarm acts when its state changes, which depends on values and thresholds.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
    """
    return MEASURED.get(delivery.edge.kind, "")


def is_logged(delivery: Delivery) -> str:
    """What a service delivers of a resource's logs is set at the resource, by level and type.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    """
    if delivery.edge.kind in DELIVERED_LOGS and delivery.source.kind != DELIVERY_DESTINATION:
        return f"What is logged of *{delivery.source.name}* depends on its own settings."
    return ""


def is_selected_otherwise(delivery: Delivery) -> str:
    """A log event may be kept back by its fields, or compared after it was transformed.

    Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html
    """
    if not delivery.edge.kind.startswith(LOGS):
        return ""
    if delivery.edge.attributes.get("transformed"):
        return "The pattern is compared with what the log group's transformer makes of the event."
    if delivery.edge.attributes.get("selection"):
        return "Which log events are selected is not decided by the pattern alone."
    return ""


def becomes_of_mail(delivery: Delivery) -> str:
    """What is told of mail depends on those who receive it, once it was sent and delivered.

    Source: https://docs.aws.amazon.com/ses/latest/dg/monitor-using-event-publishing.html
    """
    told = delivery.edge.attributes.get("events")
    if delivery.edge.kind in TELLS_OF_MAIL and told and not ALWAYS_TOLD.intersection(told):
        return f"Mail leads to this only by what becomes of it: {', '.join(sorted(told))}."
    return ""


DOUBTS: tuple[Callable[[Delivery], str], ...] = (
    comes_back_to_a_custom_bus,
    moves_an_alarm,
    is_logged,
    is_selected_otherwise,
    becomes_of_mail,
)
