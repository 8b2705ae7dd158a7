"""ARNs of what other services call by a short name: roles, buckets, log groups.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from topology import arn as arns
from topology.catalog.service import Here


def arn_of(here: Here, service: str, resource: str, region: str = "") -> str:
    """The ARN of a resource of the account being read, in its Region unless another is given."""
    return f"arn:{here.partition}:{service}:{region or here.region}:{here.account}:{resource}"


def role(here: Here, name: str | None) -> str | None:
    """A role given by its ARN or, with its path, by its name; None stays None."""
    if not name:
        return None
    return name if arns.is_arn(name) else f"arn:{here.partition}:iam::{here.account}:role/{name}"


def bucket(here: Here, location: str) -> str:
    """The bucket of ``bucket``, ``bucket/prefix``, ``s3://bucket/prefix`` or an ARN of them."""
    place = location.removeprefix("s3://").removeprefix(f"arn:{here.partition}:s3:::")
    return f"arn:{here.partition}:s3:::{place.partition('/')[0]}"


def log_group(here: Here, name: str, region: str = "") -> str:
    """A log group of the account being read."""
    return arn_of(here, "logs", f"log-group:{name}", region)
