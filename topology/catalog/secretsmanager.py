"""Secrets Manager: the functions that rotate secrets. Of a secret only its ARN is kept.

Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog.service import Call, Fact, Here, Item, Kind, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

SECRET = "secretsmanager.secret"  # noqa: S105 - the name of a kind

service = Service(
    client="secretsmanager",
    title="AWS Secrets Manager",
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html",
    kinds=(Kind(SECRET, "secret that a function rotates", Part.CHANNEL),),
    writes=(Write("rotate", SECRET, ("secretsmanager:RotateSecret",)),),
    edges=("secrets.rotation",),
)

secrets = Call("list_secrets", items="SecretList")


@service.reads(secrets)
def rotation(here: Here, item: Item) -> Iterator[Fact]:
    """A secret that a function rotates.

    Switched off, it is rotated by no clock, but a call of RotateSecret starts it all the same and
    switches it on again, so the edge is never dormant.
    """
    function = item.get("RotationLambdaARN")
    if function:
        is_on = bool(item.get("RotationEnabled"))
        yield resource(here, item["ARN"], SECRET, rotates_by_itself=is_on)
        yield delivery(item["ARN"], function, Meaning.TRIGGERS, "secrets.rotation")
