"""Amazon Resource Names, and the canonical key of the resource an ARN names.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

PARTITIONS = ("aws", "aws-cn", "aws-us-gov")

# Resources of which a colon and a revision may follow the name: service, kind, and the kind of the
# resource. Automations are started by ``automation-definition/NAME:VERSION``, a document.
REVISED = {
    ("ecs", "task-definition"): "task-definition",
    ("batch", "job-definition"): "job-definition",
    ("ssm", "automation-definition"): "document",
}
# Services whose ARNs may name a part of a resource, or a version of it.
PARTED = frozenset(
    {"appsync", "cloudformation", "execute-api", "kinesis", "lambda", "logs", "states"}
).union(service for service, _ in REVISED)


class ArnError(ValueError):
    """The text is not an ARN; the message says what is missing."""


@dataclass(frozen=True, order=True, slots=True)
class Arn:
    """The six fields of an ARN. ``resource`` keeps every later colon and slash as written."""

    partition: str
    service: str
    region: str
    account: str
    resource: str

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"

    @property
    def name(self) -> str:
        """The part a person calls the resource by: ``function:orders`` → ``orders``."""
        if self.service == "s3":
            return self.resource
        if self.service == "dynamodb" and "/stream/" in self.resource:
            return self.resource.split("/")[1] + " (stream)"
        for separator in (":", "/"):
            head, found, rest = self.resource.partition(separator)
            if found and rest and "/" not in head:
                return rest
        return self.resource


def parse(text: str) -> Arn:
    """Split an ARN into its fields; raise ``ArnError`` when it is not one."""
    fields = text.split(":", 5)
    if len(fields) != 6 or fields[0] != "arn" or not fields[1] or not fields[2] or not fields[5]:
        raise ArnError(
            f"not an ARN (arn:partition:service:region:account:resource): {text[:120]!r}"
        )
    return Arn(*fields[1:])


def is_arn(text: str) -> bool:
    """Whether ``parse`` would accept the text."""
    try:
        parse(text)
    except ArnError:
        return False
    return True


def name(text: str) -> str:
    """What to call the resource on a page; the text itself where it is no ARN."""
    try:
        return parse(text).name
    except ArnError:
        return text


def canonical(text: str) -> tuple[str, str]:
    """The key of the resource an ARN names, and the qualifier that was cut off.

    A Lambda alias or version, a stream consumer and a log group's ``:*`` name a part of the
    resource: the graph keeps one node per resource and the qualifier stays on the edge. So do
    the revisions of a task or job definition, the versions of a document, the id of a stack and
    the stage, method and path of an API.
    """
    arn = parse(text)
    if arn.service not in PARTED:
        return text, ""
    if arn.service == "lambda" and arn.resource.startswith("function:"):
        _, function, *qualifier = arn.resource.split(":")
        return str(_with(arn, f"function:{function}")), ":".join(qualifier)
    if arn.service == "kinesis" and "/consumer/" in arn.resource:
        stream, _, consumer = arn.resource.partition("/consumer/")
        return str(_with(arn, stream)), consumer
    if arn.service == "logs" and arn.resource.endswith(":*"):
        return str(_with(arn, arn.resource[:-2])), "*"
    if arn.service == "states" and arn.resource.startswith("stateMachine:"):
        _, machine, *qualifier = arn.resource.split(":")
        return str(_with(arn, f"stateMachine:{machine}")), ":".join(qualifier)
    kind, _, rest = arn.resource.partition("/")
    if (arn.service, kind) in REVISED:
        family, _, revision = rest.partition(":")
        return str(_with(arn, f"{REVISED[arn.service, kind]}/{family}")), revision
    if arn.service == "execute-api":
        return str(_with(arn, kind)), rest
    if arn.service == "appsync" and kind == "apis":
        api, _, part = rest.partition("/")
        return str(_with(arn, f"apis/{api}")), part
    if arn.service == "cloudformation" and kind == "stack":
        stack, _, drawn = rest.partition("/")
        return str(_with(arn, f"stack/{stack}")), drawn
    return text, ""


def of_queue_url(url: str, partition: str = "aws") -> str | None:
    """The ARN of the queue behind an SQS URL (new, legacy and emulator hosts), or None.

    Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
    """
    split = urlsplit(url)
    path = split.path.strip("/").split("/")
    host = (split.hostname or "").split(".")
    if split.scheme not in ("http", "https") or len(path) != 2 or not path[0].isdigit():
        return None
    if len(host) > 2 and host[0] == "sqs":
        region = host[1]
    elif len(host) > 2 and host[1] == "queue":
        region = host[0]
    else:
        return None
    return f"arn:{partition}:sqs:{region}:{path[0]}:{path[1]}"


def _with(arn: Arn, resource: str) -> Arn:
    return Arn(arn.partition, arn.service, arn.region, arn.account, resource)
