"""Containers as ECS and Batch define them: what their environment mentions, where their logs go.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog.named import arn_of, bucket, log_group
from topology.catalog.service import Fact, Here, Item, Mention
from topology.catalog.wiring import delivery
from topology.graph import Meaning

# What a FireLens output names as its destination, by the plugin's ``Name``. Other options may hold
# keys and tokens. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html
STREAMS = {
    "firehose": ("delivery_stream", "firehose", "deliverystream/"),
    "kinesis_firehose": ("delivery_stream", "firehose", "deliverystream/"),
    "kinesis": ("stream", "kinesis", "stream/"),
    "kinesis_streams": ("stream", "kinesis", "stream/"),
    "cloudwatch": ("log_group_name", "logs", "log-group:"),
    "cloudwatch_logs": ("log_group_name", "logs", "log-group:"),
}


def mentions(actor: str, container: Item) -> Iterator[Mention]:
    """What a container's environment mentions; ``secrets`` name secrets and stay unread."""
    for variable in container.get("environment", ()):
        if "name" in variable and "value" in variable:
            yield Mention(actor, variable["name"], variable["value"])


def logs(
    here: Here, actor: str, container: Item, kind: str, *, unless_said: str = ""
) -> Iterator[Fact]:
    """An edge to where a container's log goes; ``unless_said`` is the group of one that is silent
    about it."""
    configuration = container.get("logConfiguration") or {}
    options = configuration.get("options") or {}
    driver = configuration.get("logDriver", "awslogs" if unless_said else "")
    if driver == "awslogs":
        group = options.get("awslogs-group", unless_said)
        if group:
            target = log_group(here, group, options.get("awslogs-region", ""))
            yield delivery(actor, target, Meaning.WRITES, kind)
    elif driver == "awsfirelens":
        yield from _routed(here, actor, options, kind)


def _routed(here: Here, actor: str, options: Item, kind: str) -> Iterator[Fact]:
    plugin = options.get("Name", "")
    if plugin == "s3" and options.get("bucket"):
        yield delivery(actor, bucket(here, options["bucket"]), Meaning.WRITES, kind)
    elif plugin in STREAMS:
        option, service, head = STREAMS[plugin]
        if options.get(option):
            target = arn_of(here, service, head + options[option], options.get("region", ""))
            yield delivery(actor, target, Meaning.WRITES, kind)
