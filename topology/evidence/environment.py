"""Environment variables: which known resource a value names. The value itself goes no further.

Of Systems Manager, parameters are not read (``catalog/ssm.py``), so their names match nothing here.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from typing import Literal
from urllib.parse import urlsplit

from topology import arn as arns
from topology import catalog
from topology.catalog.service import Mention, Part
from topology.catalog.sqs import QUEUE
from topology.graph import Resource

# Of a value that names no resource of this observation, only what has the whole shape of an ARN
# of a service we model may stay: anything looser could let a secret through.
ARN = re.compile(
    r"arn:(aws|aws-cn|aws-us-gov):[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:[A-Za-z0-9._:/$@+=,-]{1,512}"
)


# Hosts that AWS gives to APIs, functions and load balancers: nobody chose them.
HOST = re.compile(
    r"[a-z0-9-]+\.(execute-api|lambda-url|appsync-api)\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws)"
    r"|[A-Za-z0-9.-]+\.elb\.amazonaws\.com(\.cn)?"
)


# What the words of a variable's name say is done with the thing that it names. In doubt nothing.
WRITTEN = re.compile(
    "OUT|OUTPUTS?|OUTBOUND|OUTGOING|DEST|DESTINATION|TARGET|SINK|DLQ|DEADLETTER|PUBLISH(ER)?"
    "|WRITE[RS]?|SEND(ER)?|PRODUCER?|EMIT|RESULTS?"
)
READ = re.compile("INPUTS?|INBOUND|INCOMING|SOURCE|SRC|FROM|ORIGIN|READ(ER|S|ONLY)?|CONSUMER?")
SENT_AS = re.compile("EVENTS?|E?MAIL|ADDRESS|IDENTITY")  # SOURCE and FROM are the sender's there
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def direction(variable: str) -> Literal["writes", "reads", ""]:
    """What the name of a variable says is done with what it names: ``OUTPUT_BUCKET`` is written.

    Empty where it says neither, or both.
    """
    words = [word.upper() for word in WORD.findall(variable)]
    writes = any(map(WRITTEN.fullmatch, words))
    reads = any(map(READ.fullmatch, words)) and not any(map(SENT_AS.fullmatch, words))
    if reads == writes:
        return ""
    return "reads" if reads else "writes"


def named(
    mentions: Iterable[Mention],
    resources: Iterable[Resource],
    partition: str,
    addresses: Container[str] = (),
) -> Mapping[str, list[dict[str, str]]]:
    """For each actor ARN, its variables and what they name: ``{"variable": …, "names": ARN}``.

    ``"direction"`` is there too where the variable's own name tells one.
    A value names a resource by its ARN, its name, its queue URL or an ``s3://`` address, and an
    API by its URL, of which scheme and host are kept: AWS's own, or one of ``addresses``. One
    name may be a queue's and a topic's: both are kept.
    """
    kinds = catalog.kinds()
    by_name: dict[str, list[str]] = {}
    for resource in resources:
        if kinds[resource.kind].part is not Part.OTHER:
            by_name.setdefault(resource.arn, []).append(resource.arn)
            by_name.setdefault(resource.name, []).append(resource.arn)
        if resource.kind == QUEUE:
            by_name.setdefault(f"/{resource.account}/{resource.name}", []).append(resource.arn)
    found: dict[str, set[tuple[str, str]]] = {}
    for mention in mentions:
        for arn in _names(mention.value.strip(), by_name, partition, addresses):
            found.setdefault(mention.actor, set()).add((mention.variable, arn))
    return {
        actor: [_mention(variable, arn) for variable, arn in sorted(pairs)]
        for actor, pairs in found.items()
    }


def _mention(variable: str, arn: str) -> dict[str, str]:
    told = direction(variable)
    return {"variable": variable, "names": arn} | ({"direction": told} if told else {})


def _names(
    value: str, by_name: Mapping[str, list[str]], partition: str, addresses: Container[str]
) -> list[str]:
    if arns.is_arn(value):
        value, _ = arns.canonical(value)
    if value in by_name:
        return by_name[value]
    if ARN.fullmatch(value) and arns.parse(value).service in _modelled():
        return [value]
    if value.startswith("s3://"):
        return by_name.get(urlsplit(value).netloc, [])
    if value.startswith(("http://", "https://")):
        try:
            return _behind(value, by_name, partition, addresses)
        except ValueError:  # brackets in it enclose no address
            return []
    return []


def _behind(
    url: str, by_name: Mapping[str, list[str]], partition: str, addresses: Container[str]
) -> list[str]:
    """A queue by its URL, also behind a host that tells no Region, or an address of an API."""
    queue = arns.of_queue_url(url, partition)
    if queue is not None:
        return [queue] if ARN.fullmatch(queue) else []
    split = urlsplit(url)
    if known := by_name.get(split.path):
        return known
    host = split.hostname or ""
    address = f"https://{host}"
    return [address] if address in addresses or HOST.fullmatch(host) else []


def _modelled() -> frozenset[str]:
    return frozenset(
        kind.name.split(".")[0] for kind in catalog.kinds().values() if kind.part is not Part.OTHER
    )
