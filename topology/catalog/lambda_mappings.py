"""What an event source mapping polls, a Kafka topic at a time, and how it goes about it.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from topology import arn as arns
from topology.catalog.service import Item
from topology.graph import Filter, canonical_json

KAFKA, KAFKA_LANGUAGE = "kafka://", "lambda.criteria.kafka"

# What a mapping polls, by the service of its ARN: the edge's kind and its filter's language.
POLLED = {
    "sqs": ("esm.sqs.lambda", "lambda.criteria.sqs"),
    "kinesis": ("esm.kinesis.lambda", "lambda.criteria.kinesis"),
    "dynamodb": ("esm.dynamodb.lambda", "lambda.criteria.dynamodb"),
    "kafka": ("esm.msk.lambda", KAFKA_LANGUAGE),
    "mq": ("esm.mq.lambda", "lambda.criteria.mq"),
    "rds": ("esm.docdb.lambda", "lambda.criteria.documentdb"),
}
SELF_MANAGED_KAFKA = ("esm.selfkafka.lambda", KAFKA_LANGUAGE)
SWITCHED_OFF = ("Disabled", "Disabling", "Deleting")  # any other state polls, or soon will

# What says how often a batch comes back and how many are worked on at once.
PACE = {
    "batch_size": "BatchSize",
    "batching_window": "MaximumBatchingWindowInSeconds",
    "parallelization": "ParallelizationFactor",
    "max_retries": "MaximumRetryAttempts",
    "max_age": "MaximumRecordAgeInSeconds",
    "tumbling_window": "TumblingWindowInSeconds",
    "bisects": "BisectBatchOnFunctionError",
}


@dataclass(frozen=True, slots=True)
class Polled:
    """One source of a mapping; ``part`` is what of it is read, where that is not all."""

    source: str
    kind: str
    language: str
    part: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return self.part or arns.name(self.source)


def polled(item: Item) -> Iterator[Polled]:
    """Every source of a mapping; nothing where it names none.

    Brokers of a cluster that is not AWS's stand for it all; a mapping names some of them.
    """
    source = item.get("EventSourceArn")
    if source is None:
        endpoints = item.get("SelfManagedEventSource", {}).get("Endpoints", {})
        for brokers in filter(None, endpoints.values()):
            for part in _parts(item) or ("",):
                yield Polled(f"{KAFKA}{min(brokers)}", *SELF_MANAGED_KAFKA, part)
        return
    family = arns.parse(source).service
    kind, language = POLLED.get(family, (f"esm.{family}.lambda", f"lambda.criteria.{family}"))
    for part in _parts(item) or ("",):
        yield Polled(source, kind, language, part)


def criteria(item: Item, source: Polled) -> Filter | None:
    """The mapping's filter; an empty document where there is one that AWS could not decrypt.

    That a mapping hears one topic of a cluster is told as one more field of its patterns.
    """
    if "FilterCriteriaError" in item:
        return Filter(source.language, "")
    found = item.get("FilterCriteria", {})
    if source.part and source.language == KAFKA_LANGUAGE:
        found = _of_topic(found, source.part)
    return Filter(source.language, canonical_json(found)) if found.get("Filters") else None


def discarded_to(item: Item, source: Polled) -> tuple[str, dict[str, Any]]:
    """Where discarded batches go, and what is known of it: a topic of the cluster it came from."""
    destination: str = item.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")
    if not destination.startswith(KAFKA):
        return destination, {}
    return source.source, {"topic": destination.removeprefix(KAFKA)}


def pace(item: Item) -> dict[str, object]:
    """How the mapping batches, repeats and scales: numbers, as far as it says so."""
    found = {name: item[key] for name, key in PACE.items() if key in item}
    if "MaximumConcurrency" in item.get("ScalingConfig", {}):
        found["max_concurrency"] = item["ScalingConfig"]["MaximumConcurrency"]
    if "MaximumPollers" in item.get("ProvisionedPollerConfig", {}):
        found["max_pollers"] = item["ProvisionedPollerConfig"]["MaximumPollers"]
    if "ReportBatchItemFailures" in item.get("FunctionResponseTypes", ()):
        found["partial_batch"] = True
    return found


def _of_topic(found: Item, topic: str) -> Item:
    """Criteria narrowed to one topic; as they are where a pattern is none that can be read."""
    try:
        patterns = [json.loads(each["Pattern"]) for each in found.get("Filters", ())] or [{}]
        narrowed = [{"topic": [topic], **pattern} for pattern in patterns]
    except (ValueError, TypeError, KeyError):
        return found
    return {"Filters": [{"Pattern": canonical_json(each)} for each in narrowed]}


def _parts(item: Item) -> tuple[str, ...]:
    """The topics of a cluster, the queues of a broker, the collection of a database."""
    documents = item.get("DocumentDBEventSourceConfig", {})
    names = (documents.get("DatabaseName"), documents.get("CollectionName"))
    collection = ".".join(filter(None, names))
    return (*item.get("Topics", ()), *item.get("Queues", ()), *filter(None, (collection,)))
