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


@pytest.fixture(scope="module", autouse=True)
def _unpaced():
    with pytest.MonkeyPatch.context() as patch:
        for service in catalog.services():
            patch.setattr(service, "rate", None)
        yield
