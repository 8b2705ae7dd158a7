"""Seed the demo account from its stories, and say how its owner signs in."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import ModuleType

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from topology.demo import stories
from topology.demo.emulator import HOST, DemoError
from topology.demo.shop import Shop
from topology.verdict import LoopVerdict

DEMO_REGIONS = ("eu-west-1", "us-east-1")
KEY = "demo"  # the emulator accepts any access key, and knows one account


def environment(endpoint_url: str) -> dict[str, str]:
    """The environment in which boto3 sees the demo account and nothing of the person's own."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_DEFAULT_REGION": DEMO_REGIONS[0],
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": HOST,
        "no_proxy": HOST,  # Python reads this one first
    }


def seed(endpoint_url: str) -> None:
    """Tell every story to the account at this endpoint; telling them again changes nothing.

    Raises ``DemoError`` naming the story and the call that failed.
    """
    shops = {region: Shop(_session(region), endpoint_url) for region in DEMO_REGIONS}
    for story in _stories():
        try:
            story.build(shops[story.REGION])
        except (BotoCoreError, ClientError) as error:
            raise DemoError(
                f"Could not seed {story.__name__} at {endpoint_url}: {error}"
            ) from error


def expected() -> Mapping[str, LoopVerdict | None]:
    """The verdict of the loop through each function of the account; None: it is on no loop."""
    return {name: verdict for story in _stories() for name, verdict in story.EXPECTED.items()}


@cache
def _stories() -> tuple[ModuleType, ...]:
    """Every module of ``stories``: a REGION, the verdicts EXPECTED, and what to build."""
    names = sorted(module.name for module in pkgutil.iter_modules(stories.__path__))
    return tuple(importlib.import_module(f"{stories.__name__}.{name}") for name in names)


def _session(region: str) -> boto3.session.Session:
    return boto3.session.Session(KEY, KEY, region_name=region)
