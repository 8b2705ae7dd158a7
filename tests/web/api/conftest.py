"""A workspace, and programs that call its API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from accounts import tokens
from accounts.models import ApiToken, Membership, Role, User, Workspace
from tests.web.scene import Scene, scene

Bearer = Callable[..., Client]


@pytest.fixture(autouse=True)
def _calls_are_counted_anew() -> None:
    cache.clear()


@pytest.fixture
def shop(db: None) -> Scene:
    """A workspace with the example report."""
    return scene()


@pytest.fixture
def bearer(shop: Scene) -> Bearer:
    """Make a program that has a token of a member: ``bearer(shop.admin, "crawl")``."""

    def make(user: User, *scopes: str, space: Workspace = shop.workspace) -> Client:
        member = Membership.objects.get(user=user, workspace=space)
        _, token = tokens.make(member, "test", scopes)
        return of_token(token)

    return make


def of_token(token: str) -> Client:
    """A program with a token, whatever that is worth."""
    return Client(headers={"Authorization": f"Bearer {token}"})


__all__ = ["ApiToken", "Bearer", "Role"]
