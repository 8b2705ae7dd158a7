"""What can be changed about each kind of edge, by how the kind begins, and what a change costs.

A cost is an order of preference: what a change takes away from those who need the delivery.
"""

from __future__ import annotations

from enum import IntEnum


class Effort(IntEnum):
    """What a change costs: narrowing what is heard least, another design most."""

    NARROW = 1  # a clause more in a filter
    AFFIX = 2  # a prefix or suffix on the trigger
    SWITCH = 3  # a mapping, rule or subscription goes silent
    SEPARATE = 4  # a bucket or queue of its own
    PERMISSION = 5  # a role may no longer
    CODE = 6  # the definition itself has to change


# Kinds of edges, by how they begin, that a switch or a single call ends, and brings back.
SWITCHES = (
    "s3.notif.",
    "s3.replication",
    "esm.",
    "eb.rule.",
    "sns.sub.",
    "pipe.source.",
    "scheduler.",
    "logs.subscription",
    "logs.account_subscription",
    "logs.metricfilter",
    "iot.rule",
    "iot.republish",
)
# Those that name a bucket, queue, topic or log group to write to, which may be another one.
OUTLETS = (
    "s3.logging",
    "s3.inventory",
    "cloudtrail.out",
    "firehose.dest",
    "lambda.async.",
    "lambda.dlq",
    "lambda.loggroup",
    "esm.onfailure",
    "sqs.redrive",
    "sns.sub.redrive",
    "sns.feedback",
    "eb.rule.dlq",
    "eb.bus.dlq",
    "scheduler.dlq",
    "pipe.dlq",
    "pipe.logs",
)
# What AWS does by itself, or what follows from something else: there is nothing to change.
NATURE = (
    "cloudtrail.data",
    "sfn.status",
    "ses.mail",
    "cw.metric",
    "cw.alarm.event",
    "kinesis.channel",
)

# Kinds that lead on from a pipe: whatever takes them was polled by it.
POLLED_BEFORE = ("pipe.target.", "pipe.enrichment")
