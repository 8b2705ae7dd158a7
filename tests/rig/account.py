"""An AWS account of its own for one test, inside the emulator every test shares."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import boto3

from topology.crawl import Connection, Identity

_numbers = itertools.count(1)


def fresh(endpoint_url: str) -> Account:
    """An account nothing was ever made in; its number is unique in this machine's test run."""
    return Account(f"{os.getpid() % 10**6:06d}{next(_numbers):06d}", endpoint_url)


@dataclass(frozen=True)
class Account:
    """An account: clients to seed it with, and the connection Loopscope reads it by."""

    id: str
    endpoint_url: str
    region: str = field(default="eu-west-1")

    @cached_property
    def session(self) -> boto3.Session:
        """Credentials of this account: the emulator tells accounts apart by who signed."""
        sts = boto3.client("sts", region_name=self.region, endpoint_url=self.endpoint_url)
        role = sts.assume_role(RoleArn=self.role_arn, RoleSessionName="test")["Credentials"]
        return boto3.Session(
            role["AccessKeyId"], role["SecretAccessKey"], role["SessionToken"], self.region
        )

    def client(self, service: str, region: str = "") -> Any:
        """A client that seeds: it goes straight to the emulator."""
        return self.session.client(
            service, region_name=region or self.region, endpoint_url=self.endpoint_url
        )

    @property
    def role_arn(self) -> str:
        """The role Loopscope assumes."""
        return f"arn:aws:iam::{self.id}:role/loopscope"

    @property
    def identity(self) -> Identity:
        """What ``identify`` says of the connection."""
        return Identity("aws", self.id, self.role_arn)

    @property
    def connection(self) -> Connection:
        """How Loopscope reads the account."""
        return Connection(role_arn=self.role_arn, endpoint_url=self.endpoint_url)

    def through(self, url: str) -> Connection:
        """The same connection by way of a proxy."""
        return replace(self.connection, endpoint_url=url)

    def arn(self, service: str, resource: str, region: str = "") -> str:
        """An ARN of this account."""
        return f"arn:aws:{service}:{region or self.region}:{self.id}:{resource}"
