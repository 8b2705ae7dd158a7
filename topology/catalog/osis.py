"""OpenSearch Ingestion: pipelines, what feeds them, and the role they read and write under.

Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/creating-pipeline.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import itemgetter

from topology import arn as arns
from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

PIPELINE = "osis.pipeline"
AT_REST = ("STOPPED", "STOPPING", "DELETING", "CREATE_FAILED", "START_FAILED")
# Of the pipeline's YAML (or JSON, which is YAML), which may hold passwords, only the values of
# these keys are looked at.
VALUE = r"""(?:^|[{{,])[ \t-]*["']?{key}["']?[ \t]*:[ \t]*["']?([^\s"'#,}}]+)"""
ROLE, QUEUE, TABLE, STREAM, CLUSTER = (
    re.compile(VALUE.format(key=key), re.MULTILINE)
    for key in ("sts_role_arn", "queue_url", "table_arn", "stream_(?:name|arn)", "arn")
)

service = Service(
    client="osis",
    title="Amazon OpenSearch Ingestion",
    source="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/pipeline-config-reference.html",
    kinds=(Kind(PIPELINE, "ingestion pipeline", Part.ACTOR),),
    writes=(Write("ingest", PIPELINE, ("osis:Ingest",)),),
    edges=("osis.pipeline",),
)

pipelines = Call("list_pipelines", items="Pipelines", token=("NextToken", "NextToken"))
description = Call(
    "get_pipeline",
    for_each=pipelines,
    parameters={"PipelineName": Of("PipelineName")},
    gone=frozenset({"ResourceNotFoundException"}),
    names=itemgetter("PipelineArn"),
)


@service.reads(description)
def pipeline(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """A pipeline, one actor per role it takes, and one edge per source its configuration names."""
    known = item["Pipeline"]
    arn, status = known["PipelineArn"], known.get("Status", "")
    body = known.get("PipelineConfigurationBody", "")
    dormant = f"the pipeline is {status}" if status in AT_REST else ""
    named = dict.fromkeys(
        filter(arns.is_arn, (known.get("PipelineRoleArn", ""), *ROLE.findall(body)))
    )
    roles = list(named)
    yield resource(here, arn, PIPELINE, role=roles[0] if roles else None)
    for role in roles[1:]:
        part = f"{arn}/role/{role.rpartition('/')[2]}"
        yield resource(here, part, PIPELINE, role=role)
        yield delivery(arn, part, Meaning.TRIGGERS, "osis.pipeline", label="role")
    for source in _sources(here, body):
        yield delivery(source, arn, Meaning.TRIGGERS, "osis.pipeline", dormant=dormant)


def _sources(here: Here, body: str) -> Iterator[str]:
    """What feeds a pipeline: queues that hear of a bucket, tables, clusters and streams."""
    for url in QUEUE.findall(body):
        if queue := arns.of_queue_url(url, here.partition):
            yield queue
    yield from filter(arns.is_arn, TABLE.findall(body))
    for arn in filter(arns.is_arn, CLUSTER.findall(body)):
        if arns.parse(arn).service == "kafka":
            yield arn
    for stream in STREAM.findall(body):
        is_arn = arns.is_arn(stream)
        home = f"arn:{here.partition}:kinesis:{here.region}:{here.account}:stream/{stream}"
        yield stream if is_arn else home
