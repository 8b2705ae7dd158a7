"""Other ways to ask the same account: ``python peers.py WAY URL [FILE]`` prints its seconds.

``cartography``: one call after the other, as Cartography publishes its way: for every function its
policy, aliases and mappings, for every bucket its place and seven details, for every queue,
topic and rule one. ``aiobotocore``: the requests of FILE (a crawl's own), 64 at once on one
event loop.

Source: https://github.com/cartography-cncf/cartography/tree/master/cartography/intel/aws
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

KEYS = {"aws_access_key_id": "AKIAEXAMPLE", "aws_secret_access_key": "secret"}
AT_ONCE = 64
BUCKET_DETAILS = (
    "get_bucket_acl",
    "get_bucket_policy",
    "get_bucket_encryption",
    "get_bucket_versioning",
    "get_public_access_block",
    "get_bucket_ownership_controls",
    "get_bucket_logging",
)


def cartography(url: str) -> None:
    """The five services in which a wide account is wide."""
    from functools import partial

    import boto3
    from botocore.config import Config

    config = Config(s3={"addressing_style": "path"})
    region = "eu-west-1"
    client = partial(boto3.client, endpoint_url=url, region_name=region, config=config, **KEYS)
    functions = client("lambda")
    for page in functions.get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            name = function["FunctionName"]
            _ask(functions, "get_policy", FunctionName=name)
            list(functions.get_paginator("list_aliases").paginate(FunctionName=name))
            list(functions.get_paginator("list_event_source_mappings").paginate(FunctionName=name))
    queues = client("sqs")
    for queue in queues.list_queues(MaxResults=1000)["QueueUrls"]:
        _ask(queues, "get_queue_attributes", QueueUrl=queue, AttributeNames=["All"])
    buckets = client("s3")
    for bucket in buckets.list_buckets()["Buckets"]:
        for operation in ("head_bucket", *BUCKET_DETAILS):
            _ask(buckets, operation, Bucket=bucket["Name"])
    topics = client("sns")
    for page in topics.get_paginator("list_topics").paginate():
        for topic in page["Topics"]:
            _ask(topics, "get_topic_attributes", TopicArn=topic["TopicArn"])
    list(topics.get_paginator("list_subscriptions").paginate())
    events = client("events")
    for page in events.get_paginator("list_rules").paginate():
        for rule in page["Rules"]:
            list(events.get_paginator("list_targets_by_rule").paginate(Rule=rule["Name"]))


def _ask(client: Any, operation: str, **parameters: Any) -> None:
    from botocore.exceptions import ClientError

    with suppress(ClientError):  # "there is none" is an answer
        getattr(client, operation)(**parameters)


async def aiobotocore(url: str, path: str) -> None:
    """Every request of a crawl, as fast as one event loop sends them."""
    from aiobotocore.session import get_session
    from botocore import xform_name
    from botocore.config import Config

    requests = json.loads(Path(path).read_text())
    session, gate = get_session(), asyncio.Semaphore(AT_ONCE)
    config = Config(s3={"addressing_style": "path"}, max_pool_connections=AT_ONCE)
    clients: dict[tuple[str, str], Any] = {}
    known = set(session.get_available_services())
    for service, region, _, _ in requests:
        if service in known and (service, region) not in clients:
            made = session.create_client(
                service, region_name=region, endpoint_url=url, config=config, **KEYS
            )
            clients[service, region] = await made.__aenter__()

    async def ask(service: str, region: str, operation: str, parameters: dict[str, Any]) -> None:
        async with gate:
            # "There is none" is an answer, and some operations are newer than this botocore.
            with suppress(Exception):
                await getattr(clients[service, region], xform_name(operation))(**parameters)

    await asyncio.gather(*(ask(*each) for each in requests if each[0] in known))
    for client in clients.values():
        await client.__aexit__(None, None, None)


if __name__ == "__main__":
    way, url, *files = sys.argv[1:]
    began = time.perf_counter()
    if way == "aiobotocore":
        try:
            import uvloop

            uvloop.install()
        except ImportError:
            pass
        asyncio.run(aiobotocore(url, *files))
    else:
        cartography(url)
    print(round(time.perf_counter() - began, 2))
