"""One seeded account per module, read as fast as the emulator answers."""

from __future__ import annotations

import pytest

from tests.rig import account, estate
from topology import catalog


@pytest.fixture(scope="module")
def seeded(emulator):
    """An account with one of everything; tests of a module share it and only read."""
    one = account.fresh(emulator)
    estate.seed(one)
    return one


@pytest.fixture(autouse=True)
def _unpaced(monkeypatch):
    for service in catalog.services():
        monkeypatch.setattr(service, "rate", None)
