"""Patches of permissions, and of writers that get a place of their own.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
"""

from __future__ import annotations

import json

from topology import arn as arns
from topology.analysis.changes import Forbid, Separate
from topology.graph import Edge
from topology.reports.patches.in_words import forbidden, sentence
from topology.reports.patches.table import Resources, says
from topology.reports.patches.tongues import (
    AFTER,
    Patch,
    aws,
    cloudformation,
    edited,
    encoded,
    lines,
    region,
    terraform,
)

US_EAST = "us-east-1"  # the one region that a new bucket may not name


@says(Forbid)
def denied(change: Forbid, edge: Edge, resources: Resources) -> Patch:
    """A policy of its own with an explicit Deny: whatever allows it stays, so it is soon undone."""
    templates = [
        cloudformation(
            "AWS::IAM::RolePolicy",
            {
                "RoleName": _role(role),
                "PolicyName": change.name,
                "PolicyDocument": change.document,
            },
        )
        for role in change.roles
    ]
    return Patch(
        f"{forbidden(change)} A narrower Allow does the same for good.",
        lines(*(_put(role, change.name, change.document) for role in change.roles)),
        lines(*(_delete(role, change.name) for role in change.roles)),
        templates[0] if len(templates) == 1 else json.dumps(_named(templates), indent=2),
        "\n\n".join(
            terraform(
                "aws_iam_role_policy",
                {"name": change.name, "role": _role(role), "policy": encoded(change.document)},
                name=f"cut_{number}" if len(change.roles) > 1 else "this",
            )
            for number, role in enumerate(change.roles, start=1)
        ),
    )


def _named(templates: list[str]) -> dict[str, object]:
    return {f"Cut{number}": json.loads(each) for number, each in enumerate(templates, start=1)}


@says(Separate)
def own_place(change: Separate, edge: Edge, resources: Resources) -> Patch:
    """Make a bucket or queue, let the role write there, name it in the environment.

    The environment is replaced as a whole and may hold secrets, which the files then hold too.
    """
    old, new = arns.name(change.source), arns.name(change.target)
    place = region(change.actor)
    which = {"function_name": change.actor, "region": place}
    get = aws("lambda", "get-function-configuration", **which)
    put = aws("lambda", "update-function-configuration", environment=f"file://{AFTER}", **which)
    program = (
        "{Variables: (.Environment.Variables | with_entries(if (.key | IN($names[])) "
        "then .value |= (split($old) | join($new)) else . end))}"
    )
    name = f"{change.forbid.name}-instead"
    allowed = _allowing(change)
    grants = (
        lines(_put(role, name, allowed), _put(role, change.forbid.name, change.forbid.document))
        for role in change.forbid.roles
    )
    removed = (
        lines(_delete(role, name), _delete(role, change.forbid.name))
        for role in change.forbid.roles
    )
    is_function = ":lambda:" in change.actor
    return Patch(
        f"{sentence(change, edge, resources)} Whoever reads from the old one has to read from the "
        "new one. The two files hold the function's environment: delete them afterwards.",
        lines(
            _made(change.target, place),
            *grants,
            edited(get, program, put, names=list(change.variables), old=old, new=new),
        )
        if is_function
        else "",
        lines(edited(get, program, put, names=list(change.variables), old=new, new=old), *removed)
        if is_function
        else "",
        cloudformation(
            "AWS::Lambda::Function",
            {"Environment": {"Variables": dict.fromkeys(change.variables, new)}},
        ),
        terraform(
            "aws_s3_bucket" if ":s3:::" in change.target else "aws_sqs_queue",
            {"bucket" if ":s3:::" in change.target else "name": new},
        ),
    )


def _allowing(change: Separate) -> dict[str, object]:
    """The same actions on the new place."""
    where = change.target + ("/*" if ":s3:::" in change.target else "")
    statement = {"Effect": "Allow", "Action": list(change.forbid.actions), "Resource": [where]}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _made(arn: str, place: str | None) -> str:
    name = arns.name(arn)
    if ":s3:::" in arn:
        elsewhere = f"LocationConstraint={place}" if place and place != US_EAST else None
        return aws(
            "s3api",
            "create-bucket",
            bucket=name,
            region=place,
            create_bucket_configuration=elsewhere,
        )
    fifo = json.dumps({"FifoQueue": "true"}) if name.endswith(".fifo") else None
    return aws("sqs", "create-queue", queue_name=name, attributes=fifo, region=region(arn))


def _put(role: str, name: str, document: object) -> str:
    return aws(
        "iam",
        "put-role-policy",
        role_name=_role(role),
        policy_name=name,
        policy_document=json.dumps(document),
    )


def _delete(role: str, name: str) -> str:
    return aws("iam", "delete-role-policy", role_name=_role(role), policy_name=name)


def _role(arn: str) -> str:
    """A role's name: its ARN has a path in front of it."""
    return arn.rpartition("/")[2]
