"""The options that say which AWS account, shared by the commands that read one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from topology import crawl
from topology.catalog.policy import EVIDENCE


def add(parser: ArgumentParser) -> None:
    """Declare them."""
    aws = parser.add_argument_group("AWS account (boto3's usual chain unless given)")
    aws.add_argument("--profile", default="", help="a profile of your AWS configuration")
    aws.add_argument("--role-arn", default="", help="a role to assume")
    aws.add_argument("--external-id", default="", help="the external id that the role asks for")
    aws.add_argument(
        "--region",
        action="append",
        default=[],
        metavar="REGION",
        dest="regions",
        help="a Region to read (repeatable; default: every enabled one)",
    )
    aws.add_argument(
        "--evidence",
        action="append",
        default=[],
        choices=sorted(EVIDENCE),
        help="also read what confirms a write, of what may lie on loops: the code of functions, "
        "or metrics, traces and trails (repeatable; loopscope policy --evidence prints the "
        "permissions)",
    )


def connection(options: dict[str, Any]) -> crawl.Connection:
    """The connection that was asked for."""
    return crawl.Connection(options["profile"], options["role_arn"], options["external_id"])
