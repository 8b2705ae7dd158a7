"""A workspace to look at, and somebody who looks."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.web.scene import Scene, scene


@pytest.fixture
def shop(db: None) -> Scene:
    """A workspace with the example report."""
    return scene()


@pytest.fixture
def viewer(shop: Scene, client: Client) -> Client:
    """A browser of somebody who may look."""
    client.force_login(shop.viewer)
    return client
