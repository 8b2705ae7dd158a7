"""STS: who is reading, asked once before the crawl.

Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
"""

from __future__ import annotations

from topology.catalog.service import Call, Service

identity = Call("get_caller_identity")

service = Service(
    client="sts",
    title="AWS STS",
    source="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
    calls=[identity],
)
