"""What AWS meters on the way round a loop: for each hop and each run, which prices and how often.

Deliveries that cost nothing (S3 notifications, SNS to SQS or Lambda, stream reads by Lambda) are
not listed; what is metered and not known here is named as unpriced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from topology.analysis import words
from topology.analysis.assumptions import Assumptions, Span
from topology.analysis.gain import is_actor
from topology.analysis.loops import Loop, LoopHop
from topology.graph import Resource

KB = 1e-6  # GB
ONCE = Span(1, 1)
PERHAPS = Span(0, 1)
FIREHOSE_RECORD = 5.0  # KB that a record is rounded up to


class Per(StrEnum):
    """What an amount is for."""

    EVENT = "event"  # that takes the hop
    RUN = "run"  # of the actor the hop leads to
    SECOND = "second"  # of such a run


@dataclass(frozen=True, slots=True)
class Charge:
    """``amount`` units of a meter, at a hop of the loop (from 0)."""

    hop: int
    meter: str
    amount: Span
    per: Per
    where: str


# What putting one event into a channel is charged as, by the kind of the channel.
PUT: Mapping[str, tuple[tuple[str, Span], ...]] = {
    # Sent, received and deleted: alone, or ten at once.
    "sqs.queue": (("sqs_request", Span(0.3, 3)),),
    "sns.topic": (("sns_publish", ONCE),),
    "s3.bucket": (("s3_put", ONCE),),
    "s3.accesspoint": (("s3_put", ONCE),),
    "dynamodb.table": (("dynamodb_write", Span(1, 2)),),  # 2: with an index
    "cloudtrail.trail": (("cloudtrail_data_event", PERHAPS),),  # management events are free
    "iot.topic": (("iot_message", ONCE),),
    "pipes.pipe": (("pipes_request", Span(0.1, 1)),),
    "apigateway.restapi": (("api_request", ONCE),),
    "apigateway.httpapi": (("api_request", ONCE),),
    "ses.identity": (("ses_mail", ONCE),),
    "ses.mail": (("ses_mail", ONCE),),
}
FUNCTIONS = ("lambda.function",)
MACHINES = ("states.stateMachine",)
APIS = ("apigateway.restapi", "apigateway.httpapi", "apigateway.websocketapi")
BUSES = ("events.bus", "events.busv2")
# What one delivery is charged as on top, by the beginning of the edge's kind.
DELIVERED: Mapping[str, tuple[str, Span]] = {
    "sns.sub.firehose": ("sns_to_firehose", ONCE),
    "sns.sub.http": ("sns_to_http", ONCE),
    "eb.rule.apidest": ("eventbridge_api_destination", ONCE),
    "scheduler.": ("scheduler_invocation", ONCE),
    "pipe.source.dynamodb": ("dynamodb_stream_read", PERHAPS),
    "iot.": ("iot_rule", Span(1, 2)),  # the rule and its action
    "s3.notif": ("s3_notification", ONCE),
}


def charges(
    loop: Loop, resources: Mapping[str, Resource], assumed: Assumptions
) -> tuple[Charge, ...]:
    """Every charge of one turn, in order of travel."""
    return tuple(
        charge
        for index, hop in enumerate(loop.hops)
        for charge in _charges(index, hop, resources, assumed)
    )


def unpriced(loop: Loop, resources: Mapping[str, Resource]) -> tuple[str, ...]:
    """What on the way runs at a price that is not in the list, each once."""
    found = {
        words.named(resources[hop.edge.target]): None
        for hop in loop.hops
        if is_actor(resources[hop.edge.target])
        and resources[hop.edge.target].kind not in (*FUNCTIONS, *MACHINES, *APIS)
    }
    return tuple(found)


def _charges(
    index: int, hop: LoopHop, resources: Mapping[str, Resource], assumed: Assumptions
) -> Iterator[Charge]:
    edge, source, target = hop.edge, resources[hop.edge.source], resources[hop.edge.target]
    where = words.named(target)
    for meter, amount in PUT.get(target.kind, ()):
        if edge.kind != "sqs.redrive":  # SQS itself moves the message
            yield Charge(index, meter, amount, Per.EVENT, where)
    if target.kind in BUSES:
        # What AWS's own services say, and what stays in an account, may be free.
        amount = ONCE if is_actor(source) and not edge.kind.startswith("eb.") else PERHAPS
        yield Charge(index, "eventbridge_event", amount, Per.EVENT, where)
    if target.kind == "kinesis.stream":
        yield Charge(index, "kinesis_put_unit", PERHAPS, Per.EVENT, where)
        size = Span(0, max(assumed.event_size.high, 1) * KB)
        yield Charge(index, "kinesis_gb", size, Per.EVENT, where)
    if target.kind == "firehose.stream":
        size = Span(FIREHOSE_RECORD * KB, max(assumed.event_size.high, FIREHOSE_RECORD) * KB)
        yield Charge(index, "firehose_gb", size, Per.EVENT, where)
    if target.kind == "logs.loggroup" and edge.kind != "lambda.loggroup":
        size = Span(assumed.event_size.low * KB, assumed.event_size.high * KB)
        yield Charge(index, "logs_gb", size, Per.EVENT, where)
    for beginning, (meter, amount) in DELIVERED.items():
        if edge.kind.startswith(beginning):
            yield Charge(index, meter, amount, Per.EVENT, words.named(source))
    if target.kind in FUNCTIONS:
        yield Charge(index, "lambda_request", ONCE, Per.RUN, where)
        known = target.attributes.get("memory")  # MB
        memory = Span(known / 1024, known / 1024) if known else assumed.memory
        yield Charge(index, "lambda_gb_second", memory, Per.SECOND, where)
        logged = Span(assumed.log_size.low * KB, assumed.log_size.high * KB)
        yield Charge(index, "logs_gb", logged, Per.RUN, f"log of {where}")
    if target.kind in MACHINES:
        if target.attributes.get("type") == "EXPRESS":
            yield Charge(index, "states_express", ONCE, Per.RUN, where)
        else:
            yield Charge(index, "states_transition", assumed.transitions, Per.RUN, where)
