"""What AWS itself refuses: rules of the platform that end a way which configuration allows.

Each rule is a small function over one edge and the marks of what arrives at its source.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

from topology.graph import Edge
from topology.verdict import Cannot


class Mark(StrEnum):
    """How something arrived, where AWS treats it differently from then on."""

    FORWARDED = "forwarded by a bus"
    REPLICA = "written by S3 replication"
    POLLED = "invoked by an event source mapping"


Marks: TypeAlias = frozenset[Mark]
UNMARKED: Marks = frozenset()

BUS_TO_BUS = "eb.rule.bus"
REPLICATION = "s3.replication"
POLLING = "esm."
POLLING_FAILED = "esm.onfailure"
ASYNCHRONOUS_ONLY = ("lambda.async.onsuccess", "lambda.async.onfailure", "lambda.dlq")


def marks_after(edge: Edge) -> Marks:
    """The marks of what takes an edge. A write by code starts afresh, whatever came before it."""
    if edge.kind == BUS_TO_BUS:
        return frozenset({Mark.FORWARDED})
    if edge.kind == REPLICATION:
        return frozenset({Mark.REPLICA})
    if edge.kind.startswith(POLLING) and edge.kind != POLLING_FAILED:
        return frozenset({Mark.POLLED})
    return UNMARKED


def refute(edge: Edge, marks: Marks) -> Cannot | None:
    """The reason why nothing with these marks takes the edge; None where no rule forbids it."""
    found = (rule(edge, marks) for rule in RULES)
    return next(filter(None, found), None)


def dormant(edge: Edge, marks: Marks) -> Cannot | None:
    """What is switched off delivers nothing."""
    if edge.dormant:
        return Cannot(f"{edge.dormant[:1].upper()}{edge.dormant[1:].rstrip('.')}.")
    return None


def second_bus(edge: Edge, marks: Marks) -> Cannot | None:
    """A Classic bus hands an event to another bus once only.

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html
    """
    if edge.kind == BUS_TO_BUS and Mark.FORWARDED in marks:
        return Cannot(
            "EventBridge hands an event from bus to bus only once: this one came from another "
            "bus already. A function that publishes it again in between would close the loop."
        )
    return None


def replica_of_a_replica(edge: Edge, marks: Marks) -> Cannot | None:
    """S3 does not replicate what replication wrote.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-what-is-isnot-replicated.html
    """
    if edge.kind == REPLICATION and Mark.REPLICA in marks:
        return Cannot("S3 does not replicate again what replication wrote.")
    return None


def destination_of_a_poll(edge: Edge, marks: Marks) -> Cannot | None:
    """Destinations and dead letters of a function are for its asynchronous invocations.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    if edge.kind in ASYNCHRONOUS_ONLY and Mark.POLLED in marks:
        return Cannot(
            "A destination takes the results of asynchronous invocations; an event source "
            "mapping invokes the function synchronously."
        )
    return None


def failure_of_no_poll(edge: Edge, marks: Marks) -> Cannot | None:
    """A mapping's failure destination takes only what the mapping polled.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
    """
    if edge.kind == POLLING_FAILED and Mark.POLLED not in marks:
        return Cannot("An event source mapping's failure destination takes only what it polled.")
    return None


RULES: tuple[Callable[[Edge, Marks], Cannot | None], ...] = (
    dormant,
    second_bus,
    replica_of_a_replica,
    destination_of_a_poll,
    failure_of_no_poll,
)
